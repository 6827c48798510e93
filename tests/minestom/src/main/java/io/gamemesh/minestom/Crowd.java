package io.gamemesh.minestom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** Players that are told what to do a line at a time: {@code play NUMBER}, {@code count} and {@code figures}. */
public interface Crowd {

    /**
     * Lets so many play: those who do already, as far as they are not too many, and more; returns when all of them do and
     * walk their walks.
     */
    void play(int players);

    /** Counts anew from now on. */
    void count();

    /** What has been counted, as one line. */
    String figures();

    /**
     * Does what the lines say and answers each with a line, until there are no more.
     *
     * @throws IOException if they can't be read
     */
    default void obey(BufferedReader lines, PrintStream answers) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "play" -> {
                    play(Integer.parseInt(words[1]));
                    answers.println("playing");
                }
                case "count" -> {
                    count();
                    answers.println("counting");
                }
                case "figures" -> answers.println(figures());
                default ->
                    throw new IllegalArgumentException(
                            "told to '%s', expected play NUMBER, count or figures".formatted(line));
            }
            answers.flush();
        }
    }
}
