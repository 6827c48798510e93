package io.gamemesh.minestom;

import java.util.Locale;

/**
 * What players have counted since they were told to.
 *
 * @param seconds that passed
 * @param players who play
 * @param bytes of UDP or TCP payload that all of them received
 * @param seen how many others each has in view, on average
 * @param updates of others' positions, a second and for each in view
 * @param least the same for the player who is kept up to date the least
 * @param late how late steps were taken, the 99th percentile in milliseconds
 * @param astray how many of the positions of others that were looked at were not where those are, 0 to 1
 */
public record BotFigures(
        double seconds,
        int players,
        long bytes,
        double seen,
        double updates,
        double least,
        double late,
        double astray) {

    private static final String WORD = "figures";

    /** As one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %f %d %d %f %f %f %f %f",
                WORD,
                seconds,
                players,
                bytes,
                seen,
                updates,
                least,
                late,
                astray);
    }

    /**
     * What such a line says.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static BotFigures parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 9 || !words[0].equals(WORD)) {
            throw new IllegalArgumentException("the players say '%s', expected their figures".formatted(line));
        }
        return new BotFigures(
                Double.parseDouble(words[1]),
                Integer.parseInt(words[2]),
                Long.parseLong(words[3]),
                Double.parseDouble(words[4]),
                Double.parseDouble(words[5]),
                Double.parseDouble(words[6]),
                Double.parseDouble(words[7]),
                Double.parseDouble(words[8]));
    }
}
