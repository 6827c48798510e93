package io.gamemesh.client;

/**
 * What a client has noticed of coming from region to region, since it was built or since
 * {@link GameClient#resetStatistics()}.
 *
 * @param crossings how often the player came into another region
 * @param betweenServers how many of them led to another server
 * @param gaps time from the last snapshot of a region to the first of the next one
 * @param gapsAway time between any other two snapshots that follow each other
 * @param errors how far the first word of the next region was from what had been predicted for the same input; where an input
 *     did not outlast the crossing, how far what is predicted has leapt: micrometres take the place of microseconds
 */
public record CrossingStatistics(
        long crossings, long betweenServers, Histogram gaps, Histogram gapsAway, Histogram errors) {

    /** Nothing noticed, as of no client at all. */
    public static CrossingStatistics none() {
        return new CrossingStatistics(0, 0, new Histogram(), new Histogram(), new Histogram());
    }

    /** What two clients, or groups of them, have noticed. */
    public CrossingStatistics plus(CrossingStatistics other) {
        return new CrossingStatistics(
                crossings + other.crossings,
                betweenServers + other.betweenServers,
                sum(gaps, other.gaps),
                sum(gapsAway, other.gapsAway),
                sum(errors, other.errors));
    }

    private static Histogram sum(Histogram one, Histogram other) {
        Histogram sum = one.copy();
        sum.add(other);
        return sum;
    }
}
