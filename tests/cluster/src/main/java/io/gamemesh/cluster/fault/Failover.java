package io.gamemesh.cluster.fault;

import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.Players;
import io.gamemesh.crd.v1alpha1.RegionPhase;
import io.gamemesh.crd.v1alpha1.RegionStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Makes one server of a mesh after the other fail while bots of the scenario {@code build} play, and finds out what they notice
 * and whether anything is lost that they were told is done. Used by one thread.
 */
public final class Failover {

    /** Stands for the time of a player who has not come back within {@value #BACK_SECONDS} seconds. */
    public static final Duration NOT_BACK = Duration.ofDays(1);

    private static final int BACK_SECONDS = 45;
    private static final Duration BACK = Duration.ofSeconds(BACK_SECONDS);

    private static final Duration READY = Duration.ofMinutes(4);

    /** For so long a server that hangs or is cut off stays so, that its regions may well have been taken over. */
    private static final Duration LASTS = Duration.ofSeconds(5);

    /** After the end of a fault, in which the server could do something that it must not. */
    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    private final Mesh mesh;
    private final Players players;
    private final int count;
    private final PlayersJournal journal;

    /**
     * @param players who are in the mesh and play until they are asked to leave
     * @param count how many they are
     */
    public Failover(Mesh mesh, Players players, int count) {
        this.mesh = mesh;
        this.players = players;
        this.count = count;
        this.journal = new PlayersJournal(players.journal());
    }

    /**
     * What came of a fault.
     *
     * @param begun when the fault began, at the earliest
     * @param victim the server
     * @param back by player who was at that server: from the beginning of the fault to the first snapshot of another server that
     *     shows where an input has led which this player made after the fault began; {@link #NOT_BACK} if there was none
     * @param longestPauseElsewhere of the other players: the longest time in which no input had an effect
     * @param edits how many of the players' edits had been accepted, since they came
     * @param places how many blocks they are of
     * @param lost a sentence for each of these blocks that is not as players were told
     */
    public record Outcome(
            Fault fault,
            Instant begun,
            String victim,
            Map<String, Duration> back,
            Duration longestPauseElsewhere,
            long edits,
            int places,
            List<String> lost) {

        /** Of all who were affected, when the last was back. */
        public Duration lastBack() {
            return back.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }
    }

    /**
     * Lets the server that most players are at fail, waits until all of them play elsewhere, ends the fault, and looks at the
     * world.
     *
     * @throws ConditionTimeoutException if the mesh does not become whole before
     */
    public Outcome run(Fault fault) {
        awaitCalm();
        String victim = mostPlayed();
        ServerProcess process = ServerProcess.of(mesh, victim);
        Instant begun = process.begin(fault);
        long faultAt = micros(begun);
        try {
            awaitBack(victim, faultAt);
            if (fault != Fault.KILL) {
                sleepUntil(begun.plus(LASTS));
            }
        } finally {
            process.end(fault);
        }
        if (fault != Fault.KILL) {
            sleepUntil(Instant.now().plus(AFTERMATH));
        }
        WorldAudit.Finding world = WorldAudit.of(mesh, journal);
        if (fault == Fault.KILL) {
            // Kubernetes waits longer and longer with each restart of a container, and not with another pod.
            mesh.deletePod(victim);
        }
        Map<String, Duration> back = new TreeMap<>();
        Duration elsewhere = Duration.ZERO;
        for (Map.Entry<String, String> each : journal.serversAt(faultAt).entrySet()) {
            if (each.getValue().equals(victim)) {
                Long at = journal.playsAgain(each.getKey(), faultAt, victim);
                back.put(each.getKey(), at == null ? NOT_BACK : Duration.of(at - faultAt, ChronoUnit.MICROS));
            } else {
                Duration pause = Duration.of(journal.longestPause(each.getKey(), faultAt), ChronoUnit.MICROS);
                elsewhere = pause.compareTo(elsewhere) > 0 ? pause : elsewhere;
            }
        }
        return new Outcome(fault, begun, victim, back, elsewhere, journal.accepted(), world.places(), world.lost());
    }

    /** Servers ready, regions active each with a copy in sync, all players in the world. */
    public void awaitCalm() {
        mesh.awaitReady(READY);
        mesh.awaitThat(
                "a copy of each region in sync",
                READY,
                any -> any.regions().values().stream().allMatch(Failover::isSafe));
        players.awaitInTheWorld(READY);
    }

    private static boolean isSafe(RegionStatus region) {
        return region.phase() == RegionPhase.ACTIVE && region.backups().stream().anyMatch(backup -> backup.inSync());
    }

    private String mostPlayed() {
        journal.read();
        Map<String, Long> playersByServer = journal.serversAt(micros(Instant.now())).values().stream()
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        Collection<String> authorities = mesh.regions().values().stream()
                .map(RegionStatus::authority)
                .map(authority -> authority == null ? "" : authority.server())
                .toList();
        return playersByServer.entrySet().stream()
                .filter(entry -> authorities.contains(entry.getKey()))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new IllegalStateException("none of %d players is at any server".formatted(count)));
    }

    private void awaitBack(String victim, long faultAt) {
        Instant limit = Instant.now().plus(BACK);
        while (isAnyoneAway(victim, faultAt) && Instant.now().isBefore(limit)) {
            sleepUntil(Instant.now().plusMillis(100));
        }
    }

    private boolean isAnyoneAway(String victim, long faultAt) {
        journal.read();
        return journal.serversAt(faultAt).entrySet().stream()
                .filter(each -> each.getValue().equals(victim))
                .anyMatch(each -> journal.playsAgain(each.getKey(), faultAt, victim) == null);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static void sleepUntil(Instant time) {
        Pause.of(Duration.between(Instant.now(), time));
    }
}
