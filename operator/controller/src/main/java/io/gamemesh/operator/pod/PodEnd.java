package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;

/**
 * Whether a pod that is being deleted has told all that it ever will: a pure function of its object. The operator holds
 * such pods by a finalizer, since the termination message of a process goes with the pod's object, and nobody could
 * know the process dead if no operator happened to look at that moment.
 */
public final class PodEnd {

    /** Holds a game server's pod until what its end means has been recorded. */
    public static final String FINALIZER = "gamemesh.io/termination";

    private static final Set<String> FINAL_PHASES = Set.of("Failed", "Succeeded");

    private PodEnd() {}

    static boolean held(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null
                && pod.getMetadata().getFinalizers().contains(FINALIZER);
    }

    static boolean complete(Pod pod) {
        boolean neverScheduled = pod.getSpec().getNodeName() == null;
        boolean over =
                pod.getStatus() != null && FINAL_PHASES.contains(pod.getStatus().getPhase());
        return neverScheduled
                || over
                || GameServerContainer.of(pod).map(PodEnd::ended).orElse(false);
    }

    /** Terminated, or about to start for the first time, which a pod that is being deleted never does. */
    private static boolean ended(ContainerStatus container) {
        ContainerState state = container.getState();
        boolean running = state != null && state.getRunning() != null;
        return !running;
    }
}
