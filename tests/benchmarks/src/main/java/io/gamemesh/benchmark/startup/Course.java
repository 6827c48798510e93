package io.gamemesh.benchmark.startup;

import io.gamemesh.benchmark.server.ProgramImage;
import io.gamemesh.benchmark.server.RunningServer;
import io.gamemesh.benchmark.server.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What one kind of image goes through, several times each, so that two kinds can take turns. */
final class Course {
    private static final int PLAYERS = 60;
    /** As the pods of the other benchmarks have. */
    private static final Setting SETTING = Setting.eightRegions(768);

    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Duration MEASURED = Duration.ofSeconds(30);

    private final ProgramImage image;
    private final List<Double> readyMillis = new ArrayList<>();
    private final List<Double> idleMebibytes = new ArrayList<>();
    private final List<Double> playedMebibytes = new ArrayList<>();
    private final List<Double> cpuMillisPerPlayerSecond = new ArrayList<>();

    Course(ProgramImage image) {
        this.image = image;
    }

    ProgramImage image() {
        return image;
    }

    /** Starts it, and stops it when it is ready. */
    void start() {
        try (RunningServer server = new RunningServer(image, SETTING)) {
            readyMillis.add(server.readyMillis());
        }
    }

    /** Lets it idle, then play until it is warm and for the time that is measured. */
    void play(Duration warmUp) {
        try (RunningServer server = new RunningServer(image, SETTING)) {
            LockSupport.parkNanos(SETTLED.toNanos());
            idleMebibytes.add(server.residentMebibytes());
            try (Bots bots = new Bots(server, PLAYERS, warmUp, MEASURED)) {
                bots.awaitMeasuring(warmUp);
                double cpu = server.cpuSeconds();
                long start = System.nanoTime();
                LockSupport.parkNanos(MEASURED.minusSeconds(2).toNanos());
                double seconds = (System.nanoTime() - start) / 1e9;
                cpuMillisPerPlayerSecond.add((server.cpuSeconds() - cpu) * 1000 / seconds / PLAYERS);
                playedMebibytes.add(server.residentMebibytes());
                bots.awaitEnd(MEASURED.plusMinutes(1));
            }
        }
    }

    List<Double> readyMillis() {
        return readyMillis;
    }

    List<Double> idleMebibytes() {
        return idleMebibytes;
    }

    List<Double> playedMebibytes() {
        return playedMebibytes;
    }

    List<Double> cpuMillisPerPlayerSecond() {
        return cpuMillisPerPlayerSecond;
    }
}
