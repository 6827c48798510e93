package io.gamemesh.client;

import io.gamemesh.protocol.wire.Wire;

/** Which part of the snapshots gets lost; of what is sent about as much will. Not thread-safe. */
final class LossMeter {

    private static final double WEIGHT = 1 / 64.0;
    private static final int MAX_GAP = 20;
    private static final int LEAST_INPUTS = 3;

    /** All copies of an input together shall get lost once in so many. */
    private static final double ONCE_IN = 10_000;

    private long region;
    private long tick = -1;
    private double loss;

    /** A snapshot of a tick that is newer than all before has begun to arrive. */
    void snapshot(long ofRegion, long ofTick) {
        if (tick >= 0 && region == ofRegion) {
            long missed = Math.min(ofTick - tick - 1, MAX_GAP);
            for (int i = 0; i < missed; i++) {
                loss += (1 - loss) * WEIGHT;
            }
        }
        loss -= loss * WEIGHT;
        region = ofRegion;
        tick = ofTick;
    }

    /** Of the latest some 64 snapshots; 0 to 1. */
    double loss() {
        return loss;
    }

    /** How many datagrams each input is to be in, 3 to {@link Wire#MAX_INPUTS}. */
    int copies() {
        if (loss <= 0) {
            return LEAST_INPUTS;
        }
        double needed = Math.log(ONCE_IN) / -Math.log(Math.min(loss, 0.9));
        return Math.clamp((long) Math.ceil(needed), LEAST_INPUTS, Wire.MAX_INPUTS);
    }
}
