package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.Capacity;
import io.gamemesh.planner.ServerLoad;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.Register;

/** One registered process, as this leader knows it. */
final class Member {

    /** Least weight of one heartbeat in the load that the planner sees, so that a moment's peak moves nothing. */
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
    /** How often it was told to send heartbeats: a process is not told again when the spec changes. */
    int heartbeatMillis;

    private long heartbeats;

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
        heartbeats++;
        smoothedLoad = smooth(smoothedLoad, score);
        smoothedCpu = smooth(smoothedCpu, newLoad.cpu());
        smoothedMemory = smooth(smoothedMemory, newLoad.memory());
        heardAt = now;
    }

    /** The mean of the first few, the first as it is: to begin with nothing would make a busy server idle for a while. */
    private double smooth(double before, double value) {
        return before + (value - before) * Math.max(SMOOTHING, 1.0 / heartbeats);
    }

    /** True once a heartbeat has said what it has to do. */
    boolean measured() {
        return heartbeats > 0;
    }

    boolean connected() {
        return stream != NO_STREAM;
    }
}
