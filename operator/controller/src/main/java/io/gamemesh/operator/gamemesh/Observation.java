package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.planner.coordinator.MeshView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation has seen, from which the status follows.
 *
 * @param validity    of the present spec
 * @param spec        the last valid one; null if there never was one
 * @param statefulSet the servers'; null if there is none (yet)
 * @param view        how the coordinator sees the mesh; null if it does not (yet)
 * @param troubles    why pods cannot start
 * @param scalers     HorizontalPodAutoscalers that set the number of servers, by name
 * @param podScalers  HorizontalPodAutoscalers that set the StatefulSet's number of pods, in vain, by name
 * @param storeFaults why servers cannot get into the database that keeps the world
 * @param failures    dependents that could not be written, each with what the API server said
 */
record Observation(
        Validity validity,
        @Nullable GameMeshSpec spec,
        @Nullable StatefulSet statefulSet,
        @Nullable MeshView view,
        List<String> troubles,
        List<String> scalers,
        List<String> podScalers,
        List<String> storeFaults,
        List<String> failures) {

    Observation {
        troubles = List.copyOf(troubles);
        scalers = List.copyOf(scalers);
        podScalers = List.copyOf(podScalers);
        storeFaults = List.copyOf(storeFaults);
        failures = List.copyOf(failures);
    }
}
