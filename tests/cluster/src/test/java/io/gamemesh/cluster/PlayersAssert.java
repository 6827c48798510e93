package io.gamemesh.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** What must be true of players whatever happens to servers meanwhile. */
final class PlayersAssert {

    private static final Duration ALL_THERE = Duration.ofMinutes(2);

    private PlayersAssert() {}

    /**
     * Asks players to leave when all of them are in the world at once, and asserts that none was thrown out. While
     * regions move they may lose sight of each other for a moment, but are not lost themselves.
     *
     * @param players who stay until they are asked
     * @param count how many they are
     */
    static void assertNobodyIsLost(Players players, int count) {
        players.awaitAll(ALL_THERE);
        Players.Report report = players.leave();
        assertThat(report.metric("players"))
                .as("players in the world at the end, of %s", report)
                .isEqualTo(count);
        assertThat(report.metric("disconnects"))
                .as("players thrown out, of %s", report)
                .isZero();
        assertThat(report.metric("malformed"))
                .as("broken messages, of %s", report)
                .isZero();
    }
}
