package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.HasMetadata;
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

/** Watches for HorizontalPodAutoscalers that scale a mesh too, which a user should know. */
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
        return context.getSecondaryResources(HorizontalPodAutoscaler.class).stream()
                .map(scaler -> scaler.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static Set<ResourceID> scaled(HorizontalPodAutoscaler scaler) {
        CrossVersionObjectReference target = scaler.getSpec().getScaleTargetRef();
        boolean ours = HasMetadata.getKind(GameMesh.class).equals(target.getKind())
                && target.getApiVersion() != null
                && target.getApiVersion().startsWith(HasMetadata.getGroup(GameMesh.class) + "/");
        return ours
                ? Set.of(new ResourceID(target.getName(), scaler.getMetadata().getNamespace()))
                : Set.of();
    }
}
