package io.gamemesh.core.replication;

/**
 * How it stands with a region's replication.
 *
 * @param backupsInSync backups without whose grants the region does not act, so that any of them may take over
 * @param backlogBytes of log that are kept for backups
 * @param heldOutputs outputs that wait for backups or the store
 * @param suspended true while the region stands still, since a lease that it needs has run out
 */
public record ReplicationStats(int backupsInSync, long backlogBytes, int heldOutputs, boolean suspended) {}
