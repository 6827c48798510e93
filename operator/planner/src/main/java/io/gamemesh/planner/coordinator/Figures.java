package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.v1.Heartbeat;
import io.gamemesh.protocol.v1.RegionLoad;
import io.gamemesh.protocol.v1.ServerLoad;

/** Which figures of a heartbeat can be true, and what those that cannot are taken for. */
final class Figures {

    /** What a server can use of a limit, as a fraction of it: where there is no hard limit, of what it asked for. */
    static final double MAX_FRACTION = 10;

    /** Ticks are late by more than that only where nothing runs at all: an hour at twenty ticks a second. */
    private static final double MAX_LATENESS = 72_000;

    /** Players of one server or region: ten times what the schema lets a server admit, since crossings are never refused. */
    static final int MAX_PLAYERS = 10_000;

    /** Entities of one region. */
    static final int MAX_ENTITIES = 10_000_000;

    /** Traffic of one server or region: a terabit a second. */
    static final double MAX_BYTES_PER_SECOND = 1.25e11;

    private Figures() {}

    /** Within bounds; what is no number counts as nothing, or it would stay for ever. */
    static double fraction(double said) {
        return said >= 0 ? Math.min(said, MAX_FRACTION) : 0;
    }

    /** Within bounds; above those of an int too, as a negative number says of an unsigned one. */
    static int players(int unsigned) {
        return atMost(MAX_PLAYERS, unsigned);
    }

    /** Within bounds, likewise. */
    static int entities(int unsigned) {
        return atMost(MAX_ENTITIES, unsigned);
    }

    /** Within bounds, likewise. */
    static double bytesPerSecond(long unsigned) {
        return unsigned < 0 ? MAX_BYTES_PER_SECOND : Math.min((double) unsigned, MAX_BYTES_PER_SECOND);
    }

    private static int atMost(int max, int unsigned) {
        return unsigned < 0 ? max : Math.min(unsigned, max);
    }

    /** True if something in a heartbeat is out of all reason. */
    static boolean areOutOfBounds(Heartbeat heartbeat) {
        ServerLoad load = heartbeat.getLoad();
        return isNoFraction(load.getCpu())
                || isNoFraction(load.getMemory())
                || isNoLateness(load.getTick())
                || players(load.getPlayers()) != load.getPlayers()
                || isNoTraffic(load.getBytesSentPerSecond())
                || isNoTraffic(load.getBytesReceivedPerSecond())
                || heartbeat.getRegionsList().stream().anyMatch(Figures::areOutOfBounds);
    }

    private static boolean areOutOfBounds(RegionLoad load) {
        return isNoLateness(load.getTick())
                || players(load.getPlayers()) != load.getPlayers()
                || entities(load.getEntities()) != load.getEntities()
                || isNoTraffic(load.getBytesPerSecond());
    }

    private static boolean isNoFraction(double said) {
        return !(said >= 0 && said <= MAX_FRACTION);
    }

    private static boolean isNoLateness(double said) {
        return !(said >= 0 && said <= MAX_LATENESS);
    }

    private static boolean isNoTraffic(long unsigned) {
        return unsigned < 0 || unsigned > MAX_BYTES_PER_SECOND;
    }
}
