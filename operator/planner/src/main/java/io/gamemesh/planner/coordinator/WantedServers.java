package io.gamemesh.planner.coordinator;

/** How many game servers a mesh is to have, and which of those that there are are more than that. */
final class WantedServers {

    private final Leadership leadership;

    WantedServers(Leadership leadership) {
        this.leadership = leadership;
    }

    int count() {
        return leadership.spec().replicas();
    }

    /** True for a server that is to be emptied, since the stateful set takes away the highest ordinals first. */
    boolean isSurplus(String server) {
        return ordinal(server) >= count();
    }

    /** The number at the end of a stateful set's pod; 0 for names without one, which no count empties. */
    private static int ordinal(String server) {
        int start = server.length();
        while (start > 0 && Character.isDigit(server.charAt(start - 1))) {
            start--;
        }
        return start == server.length() || server.length() - start > 9 ? 0 : Integer.parseInt(server.substring(start));
    }
}
