package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.HashSet;
import java.util.Set;

/** Which processes are known dead: those that Kubernetes reports as terminated, and those that people have declared dead. */
final class Deaths {

    private final Set<ServerId> terminated = new HashSet<>();
    final DeclaredDeaths declared = new DeclaredDeaths();

    boolean isDead(ServerId process) {
        return terminated.contains(process) || declared.isBelieved(process.incarnation());
    }

    boolean isTerminated(ServerId process) {
        return terminated.contains(process);
    }

    /** Takes in a report of Kubernetes; false if it is not news. */
    boolean terminated(ServerId process) {
        return terminated.add(process);
    }

    void forgetMesh() {
        terminated.clear();
    }
}
