package io.gamemesh.simulation;

/** Deliberate breaks of the protocol. The checker has to notice each, save the two that other rules make up for. */
public enum Sabotage {
    /** Everything as it is meant to be. */
    NONE,
    /** The coordinator is told that its writes have succeeded before they are made. */
    COMMAND_BEFORE_WRITE,
    /** A server that has closed its stream is taken for dead. */
    REASSIGN_ON_SILENCE,
    /** The highest epoch is not kept. */
    EPOCH_REUSED,
    /** A target is taken to have given up a move as soon as it is asked. */
    CANCEL_NOT_CONFIRMED,
    /** The API server takes any write, whatever version was expected. */
    BLIND_WRITES,
    /** Numbers of processes are not kept. */
    INCARNATION_REUSED,
    /** A deleted region is let go of without its authority having given it up. */
    FINALIZER_REMOVED_EARLY,
    /** What a user declares is believed of processes that were not missed, too. */
    DECLARATIONS_ALWAYS_BELIEVED,
    /** An authority counts its lease from the reply, and takes it for one to what it has sent last. */
    LEASE_FROM_THE_REPLY,
    /** A backup acts as soon as it is told to, whatever it has granted. */
    PROMOTED_WITHOUT_WAITING,
    /** A message that is repeated looks like another crossing. */
    ARRIVED_NOT_DEDUPLICATED,
    /** Messages between regions are taken whatever epochs they are of. */
    NO_FENCING,
    /** A process that is started again goes by the number of the one before. */
    RESTARTED_UNDER_ITS_NUMBER,
    /** A player is told that an edit is done as soon as it is, before any backup has it. */
    ANSWERED_BEFORE_REPLICATED,
    /** An authority drops a backup that is behind by itself, while that may still be told to take over. */
    DROPPED_BEFORE_UNLISTED,
    /** Servers heed a leader whose term is over. */
    LOWER_TERM_HEEDED
}
