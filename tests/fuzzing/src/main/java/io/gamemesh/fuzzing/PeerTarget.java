package io.gamemesh.fuzzing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Messages of a neighbouring server, one a tick: what each names as regions and epochs is made right, so that the rest of it
 * is looked at. The region goes on, and its log tells a replica all that has come of it.
 */
final class PeerTarget implements Target<RegionEngine> {

    private static final long TICK_NANOS = 50_000_000;

    private final RegionSettings settings;
    private final RegionId neighbour;
    private final LeafMap map;
    private final byte[] state;
    private final List<byte[]> seeds;

    PeerTarget(RegionSettings settings, RegionId neighbour, LeafMap map, byte[] state, List<byte[]> seeds) {
        this.settings = settings;
        this.neighbour = neighbour;
        this.map = map;
        this.state = state;
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "peer";
    }

    @Override
    public RegionEngine decode(byte[] input) throws RegionStateException {
        RegionEngine engine = RegionEngine.restore(settings, Recording.EPOCH, state);
        RegionReplica replica = RegionReplica.restore(settings, state);
        engine.startLog();
        engine.accept(new RegionInput.MapChanged(map));
        long now = 0;
        for (ByteBuffer piece : Pieces.split(input)) {
            PeerMessage message;
            try {
                message = PeerMessage.parseFrom(piece);
            } catch (InvalidProtocolBufferException e) {
                throw new RegionStateException("no message: " + e.getMessage());
            }
            engine.accept(new RegionInput.FromPeer(message.toBuilder()
                    .setFromRegion(neighbour.packed())
                    .setFromEpoch(Recording.EPOCH)
                    .setToRegion(settings.region().packed())
                    .setToEpoch(Recording.EPOCH)
                    .build()));
            now += TICK_NANOS;
            engine.step(now, output -> {});
            replica.apply(engine.log());
        }
        if (replica.checksum() != engine.checksum()) {
            throw new AssertionError("a replica is not equal to its region after what a peer said");
        }
        return engine;
    }

    @Override
    public void check(byte[] input, RegionEngine engine) {
        try {
            if (!Arrays.equals(RegionReplica.restore(settings, engine.save()).save(), engine.save())) {
                throw new AssertionError("a state is another one when it is saved and restored");
            }
        } catch (RegionStateException e) {
            throw new AssertionError("a region is refused when it was saved, after what a peer said", e);
        }
    }

    @Override
    public long mostAllocated(int length) {
        return (1 << 22) + 64 * 1024L * length;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
