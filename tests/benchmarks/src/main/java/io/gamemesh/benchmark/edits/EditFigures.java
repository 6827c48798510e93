package io.gamemesh.benchmark.edits;

import java.util.Locale;

/**
 * What players have counted since they were told to.
 *
 * @param edits that they asked for
 * @param refused edits
 * @param applied how many edits of others all of them applied
 * @param p50 of the time from the call for an edit to its application at another player, milliseconds
 * @param p99 of the same
 * @param pingP50 of a round trip to the server, milliseconds
 * @param pingP99 of the same
 * @param late how late calls for edits were, the 99th percentile in milliseconds
 */
record EditFigures(
        long edits, long refused, long applied, double p50, double p99, double pingP50, double pingP99, double late) {
    private static final String WORD = "figures";

    /** As one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %d %d %d %f %f %f %f %f",
                WORD,
                edits,
                refused,
                applied,
                p50,
                p99,
                pingP50,
                pingP99,
                late);
    }

    /**
     * What such a line says.
     *
     * @throws IllegalArgumentException if it is none
     */
    static EditFigures parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 9 || !words[0].equals(WORD)) {
            throw new IllegalArgumentException("the players say '%s', expected their figures".formatted(line));
        }
        return new EditFigures(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Double.parseDouble(words[4]),
                Double.parseDouble(words[5]),
                Double.parseDouble(words[6]),
                Double.parseDouble(words[7]),
                Double.parseDouble(words[8]));
    }
}
