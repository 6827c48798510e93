package io.gamemesh.cluster.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What bots have written down of what happened to them, read while they go on writing. Times are microseconds since 1970 by the
 * clock of this machine, which is theirs. Used by one thread.
 */
final class PlayersJournal {

    private static final long NEVER = Long.MAX_VALUE;

    /** A block. */
    record Place(int x, int y, int z) {}

    /**
     * What one of the players wanted a block to be.
     *
     * @param askedAt when
     * @param answeredAt when its outcome was told; {@link Long#MAX_VALUE} if it was not, so that it may be done at any time
     * @param accepted true if it was told that it is done
     */
    record Edit(Place place, int block, long askedAt, long answeredAt, boolean accepted) {}

    /** The first snapshot at a server, or after a pause, that shows where an input has led that was made then. */
    private record Played(long at, String server, long made, long gap) {}

    private final Path file;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Long, Edit> edits = new HashMap<>();
    private final Map<Long, String> editors = new HashMap<>();
    private final Map<Place, List<Long>> editsOf = new HashMap<>();
    private final Map<String, TreeMap<Long, String>> servers = new TreeMap<>();
    private final Map<String, List<Played>> played = new TreeMap<>();
    private final Map<String, List<Long>> lost = new TreeMap<>();
    private long read;

    PlayersJournal(Path file) {
        this.file = file;
    }

    /** Takes in what has been written since the last time. */
    void read() {
        try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
            input.seek(read);
            byte[] more = new byte[(int) (input.length() - read)];
            input.readFully(more);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (byte each : more) {
                if (each == '\n') {
                    take(json.readTree(line.toByteArray()));
                    read += line.size() + 1L;
                    line.reset();
                } else {
                    line.write(each);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the players' journal can't be read", e);
        }
    }

    private void take(JsonNode event) {
        long at = event.get("at").asLong();
        String player = event.get("player").asText();
        switch (event.get("event").asText()) {
            case "came" ->
                servers.computeIfAbsent(player, any -> new TreeMap<>())
                        .put(at, event.get("server").asText());
            case "lost" ->
                lost.computeIfAbsent(player, any -> new ArrayList<>()).add(at);
            case "played" ->
                played.computeIfAbsent(player, any -> new ArrayList<>())
                        .add(new Played(
                                at,
                                event.get("server").asText(),
                                event.get("made").asLong(),
                                event.get("gap").asLong()));
            case "asked" -> {
                Place place = place(event);
                long number = event.get("edit").asLong();
                edits.put(number, new Edit(place, event.get("block").asInt(), at, NEVER, false));
                editors.put(number, player);
                editsOf.computeIfAbsent(place, any -> new ArrayList<>()).add(number);
            }
            case "answered" ->
                answered(event.get("edit").asLong(), event.get("outcome").asText(), at);
            case "overruled" -> overruled(player, place(event));
            default -> {
                // Of no use here.
            }
        }
    }

    private static Place place(JsonNode event) {
        return new Place(
                event.get("x").asInt(), event.get("y").asInt(), event.get("z").asInt());
    }

    private void answered(long number, String outcome, long at) {
        switch (outcome) {
            case "ACCEPTED" ->
                edits.computeIfPresent(number, (_, edit) -> new Edit(edit.place, edit.block, edit.askedAt, at, true));
            case "UNANSWERED", "NOT_NOW" -> {
                // It may be done yet, by a neighbour that has not answered in time for instance.
            }
            default -> forget(number);
        }
    }

    /** What was accepted of that player there may be done or not: nobody is told for certain which of them it was. */
    private void overruled(String player, Place place) {
        for (long number : editsOf.getOrDefault(place, List.of())) {
            if (player.equals(editors.get(number))) {
                edits.computeIfPresent(
                        number, (_, edit) -> new Edit(edit.place, edit.block, edit.askedAt, edit.answeredAt, false));
            }
        }
    }

    private void forget(long number) {
        Edit refused = edits.remove(number);
        if (refused != null) {
            List<Long> others = editsOf.get(refused.place);
            if (others != null) {
                others.remove(number);
            }
        }
    }

    /** How many edits players were told are done. */
    long accepted() {
        return edits.values().stream().filter(Edit::accepted).count();
    }

    /** By place all edits that were not refused, of places where one was accepted. */
    Map<Place, List<Edit>> edits() {
        Map<Place, List<Edit>> found = new HashMap<>();
        editsOf.forEach((place, numbers) -> {
            List<Edit> there =
                    numbers.stream().map(edits::get).filter(Objects::nonNull).toList();
            if (there.stream().anyMatch(Edit::accepted)) {
                found.put(place, there);
            }
        });
        return found;
    }

    /** Which players were at which server at that time, by their names. */
    Map<String, String> serversAt(long time) {
        Map<String, String> at = new TreeMap<>();
        servers.forEach((player, came) -> {
            Map.Entry<Long, String> latest = came.floorEntry(time);
            if (latest != null) {
                at.put(player, latest.getValue());
            }
        });
        return at;
    }

    /**
     * When the player was first shown where an input has led that was made after a fault, by another server than the faulty one;
     * null if it was not yet.
     */
    @Nullable Long playsAgain(String player, long faultAt, String faulty) {
        return played.getOrDefault(player, List.of()).stream()
                .filter(each -> each.made >= faultAt && !each.server.equals(faulty))
                .map(Played::at)
                .findFirst()
                .orElse(null);
    }

    /** The longest time in which no input of a player had an effect, of those times that have ended since; 0 if there is none. */
    long longestPause(String player, long since) {
        return played.getOrDefault(player, List.of()).stream()
                .filter(each -> each.at >= since)
                .mapToLong(Played::gap)
                .max()
                .orElse(0);
    }

    /** When players were thrown out or lost their server since. */
    long lost(long since) {
        return lost.values().stream()
                .flatMap(List::stream)
                .filter(at -> at >= since)
                .count();
    }
}
