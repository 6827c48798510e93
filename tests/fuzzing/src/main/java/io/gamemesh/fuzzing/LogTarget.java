package io.gamemesh.fuzzing;

import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import java.nio.ByteBuffer;
import java.util.List;

/** A region's log from a saved state on: whatever it makes of that can be saved and restored. */
final class LogTarget implements Target<RegionReplica> {

    private static final int LEAST_BULK_EDIT = 26;
    private static final long MOST_OF_A_BULK_EDIT = 16 << 20;

    private final RegionSettings settings;
    private final byte[] state;
    private final List<byte[]> seeds;

    LogTarget(RegionSettings settings, byte[] state, List<byte[]> seeds) {
        this.settings = settings;
        this.state = state;
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public RegionReplica decode(byte[] input) throws RegionStateException {
        RegionReplica replica = RegionReplica.restore(settings, state);
        for (ByteBuffer tick : Pieces.split(input)) {
            replica.apply(tick);
        }
        return replica;
    }

    @Override
    public void check(byte[] input, RegionReplica replica) {
        StateTarget.requireRestorable(settings, replica);
    }

    @Override
    public long mostAllocated(int length) {
        // An edit generates the section that it is in, one of many blocks some hundred of them.
        return (1 << 20) + 1024L * length + length / LEAST_BULK_EDIT * MOST_OF_A_BULK_EDIT;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
