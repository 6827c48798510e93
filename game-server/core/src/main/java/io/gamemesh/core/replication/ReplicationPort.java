package io.gamemesh.core.replication;

import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;

/** What carries an authority's messages to its backups: in order on each link, and lost only with the link. */
public interface ReplicationPort {

    /** True if the link takes more without queueing it in memory. */
    boolean isReady(ServerId backup, long link);

    /** Sends on that link; nowhere if the link is gone. */
    void send(ServerId backup, long link, ReplicationMessage message);
}
