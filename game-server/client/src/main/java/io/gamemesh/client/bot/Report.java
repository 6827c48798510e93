package io.gamemesh.client.bot;

import io.gamemesh.client.CrossingStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The end of a run as JSON: name, machine, jvm, metrics with units, and what was not as expected. */
final class Report {

    private record Metric(double value, String unit) {}

    private final String name;
    private final SwarmState state;
    private final List<String> disappointments;

    Report(Scenario scenario, SwarmState state) {
        this.name = scenario.name().toLowerCase(Locale.ROOT);
        this.state = state;
        this.disappointments = state.disappointments(scenario);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, json());
    }

    String json() {
        String metrics = metrics().entrySet().stream()
                .map(entry -> "    %s: {\"value\": %s, \"unit\": %s}"
                        .formatted(
                                quoted(entry.getKey()), number(entry.getValue().value), quoted(entry.getValue().unit)))
                .collect(Collectors.joining(",\n"));
        String failures =
                disappointments.stream().map(text -> "\n    " + quoted(text)).collect(Collectors.joining(","));
        return """
                {
                  "name": %s,
                  "machine": %s,
                  "jvm": %s,
                  "servers": [%s],
                  "passed": %s,
                  "failures": [%s],
                  "metrics": {
                %s
                  }
                }
                """.formatted(
                        quoted(name),
                        quoted(machine()),
                        quoted(jvm()),
                        state.servers().stream().map(Report::quoted).collect(Collectors.joining(", ")),
                        disappointments.isEmpty(),
                        failures,
                        metrics);
    }

    private Map<String, Metric> metrics() {
        Map<String, Metric> all = new LinkedHashMap<>();
        all.put("duration_s", new Metric(state.seconds(), "s"));
        all.put("players", new Metric(state.playing(), "players"));
        all.put("players_expected", new Metric(state.players(), "players"));
        all.put("servers", new Metric(state.servers().size(), "servers"));
        all.put("gap_p50_ms", new Metric(state.gaps().percentileMillis(0.5), "ms"));
        all.put("gap_p99_ms", new Metric(state.gaps().percentileMillis(0.99), "ms"));
        all.put("gap_max_ms", new Metric(state.gaps().maxMillis(), "ms"));
        all.put("input_gap_p50_ms", new Metric(state.inputGaps().percentileMillis(0.5), "ms"));
        all.put("input_gap_p99_ms", new Metric(state.inputGaps().percentileMillis(0.99), "ms"));
        all.put("input_gap_max_ms", new Metric(state.inputGaps().maxMillis(), "ms"));
        all.put("ping_p50_ms", new Metric(state.pings().percentileMillis(0.5), "ms"));
        all.put("ping_p99_ms", new Metric(state.pings().percentileMillis(0.99), "ms"));
        all.put(
                "corrections_per_player_s",
                new Metric(state.perPlayerSecond(state.corrections().count()), "1/s"));
        all.put("correction_p99_mm", new Metric(state.corrections().percentileMillis(0.99), "mm"));
        CrossingStatistics crossing = state.crossing();
        all.put("crossings", new Metric(crossing.crossings(), "times"));
        all.put("crossings_between_servers", new Metric(crossing.betweenServers(), "times"));
        all.put("crossing_gap_p50_ms", new Metric(crossing.gaps().percentileMillis(0.5), "ms"));
        all.put("crossing_gap_p99_ms", new Metric(crossing.gaps().percentileMillis(0.99), "ms"));
        all.put("crossing_gap_max_ms", new Metric(crossing.gaps().maxMillis(), "ms"));
        all.put("gap_away_p50_ms", new Metric(crossing.gapsAway().percentileMillis(0.5), "ms"));
        all.put("gap_away_p99_ms", new Metric(crossing.gapsAway().percentileMillis(0.99), "ms"));
        MoveMeter.Moves moves = state.moves();
        all.put("moves", new Metric(moves.frozen().count(), "times"));
        all.put("move_frozen_p50_ms", new Metric(moves.frozen().percentileMillis(0.5), "ms"));
        all.put("move_frozen_p99_ms", new Metric(moves.frozen().percentileMillis(0.99), "ms"));
        all.put("move_frozen_max_ms", new Metric(moves.frozen().maxMillis(), "ms"));
        all.put("move_gap_p50_ms", new Metric(moves.gaps().percentileMillis(0.5), "ms"));
        all.put("move_gap_p99_ms", new Metric(moves.gaps().percentileMillis(0.99), "ms"));
        all.put("move_gap_max_ms", new Metric(moves.gaps().maxMillis(), "ms"));
        all.put("move_gaps", new Metric(moves.gaps().count(), "times"));
        all.put("crossings_foretold", new Metric(crossing.errors().count(), "times"));
        all.put("crossing_error_p50_mm", new Metric(crossing.errors().percentileMillis(0.5), "mm"));
        all.put("crossing_error_p99_mm", new Metric(crossing.errors().percentileMillis(0.99), "mm"));
        all.put("crossing_error_max_mm", new Metric(crossing.errors().maxMillis(), "mm"));
        all.put("snapshots_per_player_s", new Metric(state.perPlayerSecond(state.snapshots()), "1/s"));
        all.put("bytes_per_player_s", new Metric(state.received(), "B/s"));
        all.put("bytes_sent_per_player_s", new Metric(state.sent(), "B/s"));
        all.put("snapshot_bytes_per_player_s", new Metric(state.perPlayerSecond(state.snapshotBytes()), "B/s"));
        all.put("terrain_bytes_per_player_s", new Metric(state.perPlayerSecond(state.terrainBytes()), "B/s"));
        all.put("redirects", new Metric(state.redirects(), "times"));
        all.put("reconnects", new Metric(state.reconnects(), "times"));
        all.put("disconnects", new Metric(state.disconnects(), "times"));
        all.put("errors", new Metric(state.errors(), "times"));
        all.put("malformed", new Metric(state.malformed(), "times"));
        all.put("sightings_expected", new Metric(state.sightingsExpected(), "looks"));
        all.put("sightings", new Metric(state.sightings(), "looks"));
        all.put("missing", new Metric(state.missing(), "times"));
        all.put("misplaced", new Metric(state.misplaced(), "times"));
        all.put("doubled", new Metric(state.doubled(), "times"));
        all.put("replaced", new Metric(state.replaced(), "times"));
        all.put("edits_sent", new Metric(state.editsSent(), "edits"));
        all.put("edits_accepted", new Metric(state.editsAccepted(), "edits"));
        all.put("edits_refused", new Metric(state.editsRefused(), "edits"));
        all.put("edits_seen", new Metric(state.editsSeen(), "sightings"));
        all.put("edits_late", new Metric(state.editsLate(), "sightings"));
        all.put("edits_unseen", new Metric(state.editsUnseen(), "sightings"));
        all.put("edit_seen_p50_ms", new Metric(state.editSeenAfter().percentileMillis(0.5), "ms"));
        all.put("edit_seen_p99_ms", new Metric(state.editSeenAfter().percentileMillis(0.99), "ms"));
        all.put("deals_sent", new Metric(state.dealsSent(), "requests"));
        all.put("deals_done", new Metric(state.dealsDone(), "requests"));
        all.put("items_carried", new Metric(state.itemsCarried(), "items"));
        all.put("bots_cpu", new Metric(state.cpuSeconds() / Math.max(state.seconds(), 0.001), "cores"));
        return all;
    }

    private static String jvm() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return "%d cores, %s %s, %s%s"
                .formatted(
                        runtime.availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"),
                        processor());
    }

    private static String processor() {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return "";
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> ", " + line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return ", processor unknown: " + e.getMessage();
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
    }

    /** RFC 8259, section 7. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
