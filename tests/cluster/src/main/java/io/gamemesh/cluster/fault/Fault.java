package io.gamemesh.cluster.fault;

/** What happens to a game server. */
public enum Fault {
    /** Its process is killed with SIGKILL. */
    KILL,
    /** Its process is stopped with SIGSTOP: it does nothing, its sockets stay open, and later it goes on where it was. */
    HANG,
    /** Nothing reaches it, and nothing of it reaches anybody. */
    CUT,
    /** Nothing reaches it. */
    DEAF,
    /** Nothing of it reaches anybody. */
    MUTE;

    /** True if it is the network that fails. */
    public boolean isOfTheNetwork() {
        return switch (this) {
            case KILL, HANG -> false;
            case CUT, DEAF, MUTE -> true;
        };
    }
}
