package io.gamemesh.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened when, to be read by people, and a hash of it, to be compared by tests. */
final class History {

    private final Scheduler scheduler;
    private final List<Long> times = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private long hash = 0xCBF29CE484222325L;

    History(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void add(String line) {
        times.add(scheduler.now());
        lines.add(line);
        mix(scheduler.now());
        mix(line.hashCode());
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x100000001B3L;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    /** The last lines, or those of them that speak of one thing. */
    String tail(int most, String about) {
        List<String> chosen = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0 && chosen.size() < most; i--) {
            if (lines.get(i).contains(about) || lines.get(i).startsWith("FAULT")) {
                chosen.add(String.format(
                        Locale.ROOT, "%10.3f s  %s", times.get(i) / (double) Scheduler.SECOND, lines.get(i)));
            }
        }
        return String.join(System.lineSeparator(), chosen.reversed());
    }
}
