package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Watches for HorizontalPodAutoscalers that scale a mesh, or its StatefulSet, too, which a user should know. */
@Singleton
class ForeignScalers {

    EventSource<?, GameMesh> eventSource(EventSourceContext<GameMesh> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(HorizontalPodAutoscaler.class, GameMesh.class)
                        .withSecondaryToPrimaryMapper(ForeignScalers::scaled)
                        .build(),
                context);
    }

    /** Names of those that scale a mesh, in order. */
    List<String> of(Context<GameMesh> context) {
        return names(context, ForeignScalers::targetsMesh);
    }

    /** Names of those that scale a mesh's StatefulSet, which the operator alone sets, in order. */
    List<String> ofServers(Context<GameMesh> context) {
        return names(context, ForeignScalers::targetsStatefulSet);
    }

    private static List<String> names(Context<GameMesh> context, Predicate<CrossVersionObjectReference> how) {
        return context.getSecondaryResources(HorizontalPodAutoscaler.class).stream()
                .filter(scaler -> how.test(scaler.getSpec().getScaleTargetRef()))
                .map(scaler -> scaler.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** The mesh that it scales, if it is one: its StatefulSet has its name. */
    static Set<ResourceID> scaled(HorizontalPodAutoscaler scaler) {
        CrossVersionObjectReference target = scaler.getSpec().getScaleTargetRef();
        return targetsMesh(target) || targetsStatefulSet(target)
                ? Set.of(new ResourceID(target.getName(), scaler.getMetadata().getNamespace()))
                : Set.of();
    }

    static boolean targetsMesh(CrossVersionObjectReference target) {
        return isOf(target, HasMetadata.getKind(GameMesh.class), HasMetadata.getGroup(GameMesh.class));
    }

    static boolean targetsStatefulSet(CrossVersionObjectReference target) {
        return isOf(target, HasMetadata.getKind(StatefulSet.class), HasMetadata.getGroup(StatefulSet.class));
    }

    private static boolean isOf(CrossVersionObjectReference target, String kind, String group) {
        return kind.equals(target.getKind())
                && target.getApiVersion() != null
                && target.getApiVersion().startsWith(group + "/");
    }
}
