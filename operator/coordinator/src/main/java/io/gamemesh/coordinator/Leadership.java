package io.gamemesh.coordinator;

import java.util.Optional;

/** Who leads among the replicas of the operator. Implementations are safe for use by several threads. */
public interface Leadership {

    /**
     * Says whether this replica leads, for certain: its own renewal still holds on its own monotonic clock.
     *
     * @return true if so
     */
    boolean leading();

    /**
     * Returns where the leader's control plane is.
     *
     * @return host:port, or empty while nobody is known to lead
     */
    Optional<String> leaderAddress();
}
