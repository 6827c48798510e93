package io.gamemesh.client.bot;

import io.gamemesh.protocol.wire.ItemCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.StringJoiner;

/**
 * What happens to each bot, as it happens: a line of JSON for each event, so that somebody who does things to servers meanwhile
 * can tell what players have noticed, and what they have been told is done. Each line has the time {@code at}, in microseconds
 * since 1970 by the machine's clock, the {@code player} and the {@code event}:
 *
 * <ul>
 *   <li>{@code came}: to a {@code server}
 *   <li>{@code lost}: it is at no server, for that {@code reason}
 *   <li>{@code played}: at a {@code server} a snapshot shows where an input has led that was {@code made} then, the first there or
 *       after a pause that is worth telling; none did so for {@code gap} microseconds
 *   <li>{@code asked}: for an {@code edit}, numbered over all bots, of the block at {@code x}, {@code y}, {@code z} to
 *       {@code block}
 *   <li>{@code answered}: what became of an {@code edit}; {@code UNANSWERED} if nobody said within the time for it
 *   <li>{@code overruled}: what had been accepted at {@code x}, {@code y}, {@code z} was not done after all
 *   <li>{@code items}: it carries {@code items} now, by their numbers
 * </ul>
 *
 * <p>Confined to the event loop.
 */
final class Journal implements AutoCloseable {

    /** What other programs read is there at once. */
    private final Writer out;

    private long edits;

    private Journal(Writer out) {
        this.out = out;
    }

    /** Writes into a file, which is made anew. */
    static Journal open(Path file) throws IOException {
        return new Journal(Files.newBufferedWriter(file));
    }

    /** One that nobody reads. */
    static Journal none() {
        return new Journal(Writer.nullWriter());
    }

    void came(String player, String server) {
        line(player, "came", "\"server\": " + Report.quoted(server));
    }

    void lost(String player, String reason) {
        line(player, "lost", "\"reason\": " + Report.quoted(reason));
    }

    void played(String player, String server, Instant made, long gapMicros) {
        line(
                player,
                "played",
                "\"server\": %s, \"made\": %d, \"gap\": %d".formatted(Report.quoted(server), micros(made), gapMicros));
    }

    /** Returns the number of the edit. */
    long asked(String player, Behaviour.Edit edit) {
        edits++;
        line(
                player,
                "asked",
                "\"edit\": %d, \"x\": %d, \"y\": %d, \"z\": %d, \"block\": %d"
                        .formatted(edits, edit.x(), edit.y(), edit.z(), edit.block()));
        return edits;
    }

    void answered(String player, long edit, String outcome) {
        line(player, "answered", "\"edit\": %d, \"outcome\": %s".formatted(edit, Report.quoted(outcome)));
    }

    void overruled(String player, int x, int y, int z) {
        line(player, "overruled", "\"x\": %d, \"y\": %d, \"z\": %d".formatted(x, y, z));
    }

    void items(String player, ItemCounts items) {
        StringJoiner counts = new StringJoiner(", ", "{", "}");
        items.forEach((item, count) -> counts.add("\"%d\": %d".formatted(item, count)));
        line(player, "items", "\"items\": " + counts);
    }

    private void line(String player, String event, String more) {
        try {
            out.write("{\"at\": %d, \"player\": %s, \"event\": \"%s\", %s}%n"
                    .formatted(micros(Instant.now()), Report.quoted(player), event, more));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the journal can't be written", e);
        }
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
