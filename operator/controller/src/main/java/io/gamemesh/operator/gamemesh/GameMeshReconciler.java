package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.operator.coordination.MeshCoordination;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reconciles a GameMesh: observe, validate, apply the dependents, tell the coordinator, say how it is. Regions and who
 * acts for them are the coordinator's. Conditions, each with the generation that it is about:
 *
 * <ul>
 *   <li>{@code Ready}: all servers that are wanted are ready and all regions have an authority that acts. False with
 *       {@code Invalid}, {@code NotCoordinated}, {@code ServersNotReady} or {@code RegionsNotReady}, the most basic first.
 *   <li>{@code Available}: at least one server takes players.
 *   <li>{@code Progressing}: pods or regions are still on their way to what is wanted, or pods are of an older revision.
 *   <li>{@code Degraded}: a server is silent without being known dead, or a pod cannot start, {@code ServersFailing}; the
 *       Secret of the database that keeps the world is missing or lacks a key, {@code StoreSecretUnusable}; or the API
 *       server refuses a dependent, {@code WritesFailing}.
 *   <li>{@code Autoscaling}: the operator chooses the number of servers. True with {@code AtMaximum} if there would have to be
 *       more than there may be; False with {@code Disabled}, or with {@code Conflict} while a HorizontalPodAutoscaler sets
 *       the floor, or scales the StatefulSet; Unknown with {@code NotCoordinated} while no operator leads.
 *   <li>{@code Valid}: the present spec can be used; if not, its problems are named and the last valid one keeps running.
 * </ul>
 */
@ControllerConfiguration(
        name = "gamemesh",
        generationAwareEventProcessing = false,
        finalizerName = GameMeshReconciler.FINALIZER,
        fieldManager = GameMeshReconciler.FIELD_MANAGER)
@GradualRetry(maxAttempts = GameMeshReconciler.WITHOUT_END, initialInterval = 500, maxInterval = 30_000)
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(name = "account", type = ServerAccount.class),
            @Dependent(name = "secret", type = ServerSecret.class),
            @Dependent(name = "config", type = MeshConfigMap.class, dependsOn = "secret"),
            @Dependent(name = "servers-service", type = ServersService.class),
            @Dependent(name = "query-service", type = QueryService.class),
            @Dependent(name = "players-services", type = PlayersServices.class),
            @Dependent(name = "disruption-budget", type = ServerDisruptionBudget.class),
            @Dependent(
                    name = "servers",
                    type = ServerStatefulSet.class,
                    dependsOn = {"account", "config"})
        })
public class GameMeshReconciler implements Reconciler<GameMesh>, Cleaner<GameMesh> {

    static final String FINALIZER = "gamemesh.io/regions";
    static final String FIELD_MANAGER = "gamemesh-operator";

    static final int WITHOUT_END = -1;

    private static final Duration RETRY_REFUSED = Duration.ofSeconds(10);
    /** A deletion that comes between a status patch and its answer can pass without an event. */
    private static final Duration LOOK_AGAIN_ANYWAY = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final MeshModels models;
    private final SpecArchive archive;
    private final MeshCoordination coordination;
    private final ForeignScalers scalers;
    private final Clock clock;

    GameMeshReconciler(
            MeshModels models,
            SpecArchive archive,
            MeshCoordination coordination,
            ForeignScalers scalers,
            Clock clock) {
        this.models = models;
        this.archive = archive;
        this.coordination = coordination;
        this.scalers = scalers;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, GameMesh>> prepareEventSources(EventSourceContext<GameMesh> context) {
        SimpleInboundEventSource<GameMesh> views = new SimpleInboundEventSource<>("coordinator");
        coordination.onChange(mesh -> views.propagateEvent(new ResourceID(mesh.name(), mesh.namespace())));
        return List.of(views, scalers.eventSource(context));
    }

    @Override
    public UpdateControl<GameMesh> reconcile(GameMesh mesh, Context<GameMesh> context) {
        Validity validity = MeshValidator.validate(mesh.getSpec());
        GameMeshSpec spec = usable(mesh, validity, context).orElse(null);
        List<String> failures = List.of();
        if (spec != null) {
            failures = applyDependents(mesh, spec, context);
            coordination.observe(mesh, spec);
        }
        Observation seen = new Observation(
                validity,
                spec,
                context.getSecondaryResource(StatefulSet.class).orElse(null),
                coordination.view(key(mesh)).orElse(null),
                coordination.troubles(key(mesh)),
                scalers.of(context),
                scalers.ofServers(context),
                spec == null ? List.of() : storeFaults(mesh, spec, context),
                failures);
        return UpdateControl.patchStatus(withStatusOf(mesh, seen))
                .rescheduleAfter(failures.isEmpty() ? LOOK_AGAIN_ANYWAY : RETRY_REFUSED);
    }

    /**
     * Lets go of a mesh once nobody acts for any of its regions; until then the coordinator releases them, within its
     * own time limit. What is left belongs to the GameMesh and goes with it.
     */
    @Override
    public DeleteControl cleanup(GameMesh mesh, Context<GameMesh> context) {
        GameMeshSpec spec =
                usable(mesh, MeshValidator.validate(mesh.getSpec()), context).orElse(null);
        if (spec != null) {
            coordination.observe(mesh, spec);
        }
        if (spec != null && !coordination.released(key(mesh))) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(LOOK_AGAIN);
        }
        coordination.gone(key(mesh));
        return DeleteControl.defaultDelete();
    }

    /** The present spec if it is valid, else the last one that was. */
    private Optional<GameMeshSpec> usable(GameMesh mesh, Validity validity, Context<GameMesh> context) {
        return validity.valid()
                ? Optional.of(mesh.getSpec())
                : context.getSecondaryResource(ConfigMap.class).flatMap(archive::read);
    }

    private List<String> applyDependents(GameMesh mesh, GameMeshSpec spec, Context<GameMesh> context) {
        models.of(
                        mesh,
                        spec,
                        context.getSecondaryResource(StatefulSet.class).orElse(null),
                        coordination.view(key(mesh)).orElse(null))
                .share(context);
        try {
            context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
            return List.of();
        } catch (AggregatedOperatorException failed) {
            return Failures.of(failed);
        }
    }

    /** Asked for each time: whoever makes the Secret need not label it, and nothing else of its kind is watched. */
    private static List<String> storeFaults(GameMesh mesh, GameMeshSpec spec, Context<GameMesh> context) {
        String name = StoreSecret.name(spec);
        return name == null
                ? List.of()
                : StoreSecret.problems(
                        name,
                        context.getClient()
                                .secrets()
                                .inNamespace(mesh.getMetadata().getNamespace())
                                .withName(name)
                                .get());
    }

    private GameMesh withStatusOf(GameMesh mesh, Observation seen) {
        GameMesh patch = new GameMesh();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(mesh.getMetadata().getNamespace())
                .withName(mesh.getMetadata().getName())
                .build());
        patch.setStatus(MeshStatus.of(mesh, seen, clock.instant()));
        return patch;
    }

    private static MeshKey key(GameMesh mesh) {
        return new MeshKey(mesh.getMetadata().getNamespace(), mesh.getMetadata().getName());
    }
}
