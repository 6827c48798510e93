package io.gamemesh.simulation;

import io.gamemesh.protocol.id.RegionId;
import java.util.TreeMap;

/** A region's engine in name only: who is in it, who has left and is not yet known to have arrived. */
final class Engine {

    /**
     * A player that has left for another region.
     *
     * @param hop raised by the crossing
     * @param to where it went
     */
    record Departure(int hop, RegionId to) {}

    final RegionId region;
    long epoch;
    boolean running;

    /** Players in it, with their hop numbers. */
    final TreeMap<Integer, Integer> players = new TreeMap<>();

    final TreeMap<Integer, Departure> departed = new TreeMap<>();

    /** The highest hop of each player that ever came. */
    final TreeMap<Integer, Integer> arrived = new TreeMap<>();

    Engine(RegionId region, long epoch) {
        this.region = region;
        this.epoch = epoch;
    }

    /** The state as it goes over the wire. */
    Engine copy(long newEpoch) {
        Engine copy = new Engine(region, newEpoch);
        copy.players.putAll(players);
        copy.departed.putAll(departed);
        copy.arrived.putAll(arrived);
        return copy;
    }

    /** Takes a player in, once for each hop; false if it was there before with that hop or a later one. */
    boolean takesIn(int player, int hop) {
        if (arrived.getOrDefault(player, -1) >= hop) {
            return false;
        }
        arrived.put(player, hop);
        players.put(player, hop);
        return true;
    }
}
