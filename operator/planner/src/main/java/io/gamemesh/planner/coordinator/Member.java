package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.Capacity;
import io.gamemesh.planner.ServerLoad;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Register;

/** One registered process, as this leader knows it. */
final class Member {

    /** Weight of one heartbeat in the load that the planner sees, so that a moment's peak moves nothing. */
    private static final double SMOOTHING = 0.1;

    static final long NO_STREAM = -1;

    final ServerId id;
    long stream = NO_STREAM;
    Capacity capacity = Capacity.UNKNOWN;
    String peerAddress = "";
    String internalPlayerAddress = "";
    String advertised = "";
    ServerLoad load = ServerLoad.IDLE;
    int entities;
    double smoothedLoad;
    double presentLoad;
    double smoothedCpu;
    double smoothedMemory;
    long heardAt;
    boolean draining;
    long drainCompleteAgainAt = Long.MIN_VALUE;
    boolean wantsFullMap;
    boolean stockTaken;

    Member(ServerId id) {
        this.id = id;
    }

    void registered(long newStream, Register register, long now) {
        stream = newStream;
        capacity = new Capacity(
                nonNegative(register.getCapacity().getMaxPlayers()),
                nonNegative(register.getCapacity().getCpuMillis()),
                Math.max(0, register.getCapacity().getMemoryBytes()),
                Math.max(0, register.getCapacity().getBandwidthBytesPerSecond()));
        peerAddress = register.getPeerAddress();
        internalPlayerAddress = register.getInternalPlayerAddress();
        advertised = "";
        heardAt = now;
        wantsFullMap = true;
        stockTaken = false;
    }

    private static int nonNegative(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }

    void heartbeat(ServerLoad newLoad, int newEntities, double score, long now) {
        load = newLoad;
        entities = newEntities;
        presentLoad = score;
        smoothedLoad = smooth(smoothedLoad, score);
        smoothedCpu = smooth(smoothedCpu, newLoad.cpu());
        smoothedMemory = smooth(smoothedMemory, newLoad.memory());
        heardAt = now;
    }

    /** What is no number from a server counts as nothing, or it would stay forever. */
    private static double smooth(double before, double value) {
        return before + ((value >= 0 && value < Double.POSITIVE_INFINITY ? value : 0) - before) * SMOOTHING;
    }

    boolean connected() {
        return stream != NO_STREAM;
    }
}
