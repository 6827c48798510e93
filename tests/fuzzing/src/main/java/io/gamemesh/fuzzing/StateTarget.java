package io.gamemesh.fuzzing;

import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Saved states of a region, which have one notation. */
final class StateTarget implements Target<RegionReplica> {

    private static final int VERSION_AT = Integer.BYTES;

    private final RegionSettings settings;
    private final List<byte[]> seeds;

    StateTarget(RegionSettings settings, List<byte[]> seeds) {
        this.settings = settings;
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "state";
    }

    @Override
    public RegionReplica decode(byte[] input) throws RegionStateException {
        return RegionReplica.restore(settings, input);
    }

    @Override
    public void check(byte[] input, RegionReplica replica) {
        requireRestorable(settings, replica);
        byte[] again = replica.save();
        // Another version is saved as the present one.
        boolean present = ByteBuffer.wrap(input).getShort(VERSION_AT)
                == ByteBuffer.wrap(again).getShort(VERSION_AT);
        if (present && !Arrays.equals(input, again)) {
            throw new AssertionError("a state is read of " + input.length + " bytes and saved as other " + again.length
                    + ", the first at " + Arrays.mismatch(input, again));
        }
    }

    /** What a replica is now must be a state that another one can begin from. */
    static void requireRestorable(RegionSettings settings, RegionReplica replica) {
        try {
            RegionReplica restored = RegionReplica.restore(settings, replica.save());
            if (restored.checksum() != replica.checksum() || !Arrays.equals(restored.save(), replica.save())) {
                throw new AssertionError("a state is another one when it is saved and restored");
            }
        } catch (RegionStateException e) {
            throw new AssertionError("a state that was read is refused when it was saved", e);
        }
    }

    @Override
    public long mostAllocated(int length) {
        return 256 * 1024 + 128L * length;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
