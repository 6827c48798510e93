package io.gamemesh.planner.coordinator;

/** The number at the end of the name of a stateful set's pod. */
final class Ordinal {

    /** Digits of an int that cannot overflow. */
    private static final int MAX_DIGITS = 9;

    private Ordinal() {}

    /** 0 for names without a number, which no count empties, and {@link Integer#MAX_VALUE} for one that is too long. */
    static int of(String server) {
        int start = server.length();
        while (start > 0 && server.charAt(start - 1) >= '0' && server.charAt(start - 1) <= '9') {
            start--;
        }
        if (start == server.length()) {
            return 0;
        }
        return server.length() - start > MAX_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(server.substring(start));
    }
}
