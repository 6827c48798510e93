package io.gamemesh.client.bot;

import io.gamemesh.client.CrossingStatistics;
import io.gamemesh.client.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a swarm has counted since its last reset; bytes, seconds and numbers over all bots.
 *
 * @param absent who is not in the world, and what of them was seen last
 */
record SwarmState(
        int players,
        int playing,
        List<String> absent,
        List<String> servers,
        double seconds,
        double cpuSeconds,
        Histogram gaps,
        Histogram inputGaps,
        Histogram pings,
        Histogram corrections,
        CrossingStatistics crossing,
        long snapshots,
        long wireReceived,
        long wireSent,
        long snapshotBytes,
        long terrainBytes,
        int redirects,
        int reconnects,
        long malformed,
        int disconnects,
        int errors,
        String latestError,
        long sightingsExpected,
        long sightings,
        long missing,
        long misplaced,
        long doubled,
        int replaced,
        String latestMissing,
        long editsSent,
        long editsAccepted,
        long editsRefused,
        String refusals,
        long editsSeen,
        long editsLate,
        long editsUnseen,
        String latestUnseen,
        Histogram editSeenAfter,
        long dealsSent,
        long dealsDone,
        String dealAnswers,
        long itemsCarried,
        MoveMeter.Moves moves) {

    private static final int ABSENT_NAMED = 3;

    double received() {
        return perPlayerSecond(wireReceived);
    }

    double sent() {
        return perPlayerSecond(wireSent);
    }

    double perPlayerSecond(long amount) {
        return (double) amount / players / Math.max(seconds, 0.001);
    }

    /** One line for people. */
    String line(String phase, double sinceStart) {
        StringBuilder line = new StringBuilder("%4.0fs %-9s %d/%d players on %d servers"
                .formatted(sinceStart, phase, playing, players, servers.size()));
        line.append("  ping %.1f/%.1f ms".formatted(pings.percentileMillis(0.5), pings.percentileMillis(0.99)))
                .append("  gap %.0f/%.0f/%.0f ms"
                        .formatted(gaps.percentileMillis(0.5), gaps.percentileMillis(0.99), gaps.maxMillis()))
                .append("  in %.1f out %.1f kB/s".formatted(received() / 1000, sent() / 1000))
                .append("  redirects %d  missing %d  errors %d".formatted(redirects, missing + misplaced, errors));
        if (editsSent > 0) {
            line.append(
                    "  edits %d of %d, late %d, unseen %d".formatted(editsAccepted, editsSent, editsLate, editsUnseen));
        }
        if (dealsSent > 0) {
            line.append("  deals %d of %d, items %d".formatted(dealsDone, dealsSent, itemsCarried));
        }
        if (!absent.isEmpty()) {
            line.append("  absent: ").append(absentees());
        }
        return line.append("  cpu %.0f %%".formatted(100 * cpuSeconds / Math.max(seconds, 0.001)))
                .toString();
    }

    private String absentees() {
        String named = absent.stream().limit(ABSENT_NAMED).collect(Collectors.joining(", "));
        return absent.size() > ABSENT_NAMED ? named + " and others" : named;
    }

    /** What was expected and is not so; empty if all is well. */
    List<String> disappointments(Scenario scenario) {
        List<String> found = new ArrayList<>();
        if (playing < players) {
            found.add("%d of %d players are in the world, absent: %s. %s"
                    .formatted(playing, players, absentees(), latestError));
        }
        if (disconnects > 0) {
            found.add("players were lost %d times, expected never. Last: %s".formatted(disconnects, latestError));
        }
        if (malformed > 0) {
            found.add(
                    "servers broke the protocol %d times, expected never. Last: %s".formatted(malformed, latestError));
        }
        if (snapshots == 0) {
            found.add("no snapshot came, expected one a tick");
        }
        if (players > 1 && sightingsExpected == 0) {
            found.add("no two players came near each other, expected some");
        }
        if (missing > 0) {
            found.add("players near each other did not see each other for a second %d times, expected never. Last: %s"
                    .formatted(missing, latestMissing));
        }
        if (misplaced > 0) {
            found.add("players saw others in a wrong place for a second %d times, expected never. Last: %s"
                    .formatted(misplaced, latestMissing));
        }
        if (doubled > 0) {
            found.add("players saw somebody twice for a second %d times, expected never. Last: %s"
                    .formatted(doubled, latestMissing));
        }
        if (replaced > 0) {
            found.add("players were made anew %d times, expected never".formatted(replaced));
        }
        if (scenario.builds() && editsAccepted == 0) {
            found.add("none of %d edits was accepted: %s".formatted(editsSent, refusals));
        }
        if (scenario.builds() && players > 1 && editsAccepted > 0 && editsSeen == 0) {
            found.add("nobody was near enough to see any of %d edits, expected some".formatted(editsAccepted));
        }
        if (scenario.trades() && dealsDone == 0) {
            found.add("none of %d requests about items was done: %s. Does the world give players items to begin with?"
                    .formatted(dealsSent, dealAnswers));
        }
        if (editsUnseen > 0) {
            found.add("%d times a player did not see an accepted edit near it within 10 s, expected never. Last: %s"
                    .formatted(editsUnseen, latestUnseen));
        }
        return found;
    }
}
