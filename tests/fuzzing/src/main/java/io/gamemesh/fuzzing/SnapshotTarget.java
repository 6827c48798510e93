package io.gamemesh.fuzzing;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Datagrams of snapshots, one after the other. One that is left alone changes nothing, ticks never go back, and whoever
 * listens hears of no entity that is not there.
 */
final class SnapshotTarget implements Target<SnapshotDecoder> {

    private record Heard(int view, long region, long tick, int lastInput, int newest, int received, boolean self) {

        static Heard from(SnapshotDecoder decoder) {
            return new Heard(
                    decoder.view(),
                    decoder.region(),
                    decoder.tick(),
                    decoder.lastInput(),
                    decoder.newestSequence(),
                    decoder.received(),
                    decoder.hasSelf());
        }
    }

    /** What a client would show. */
    private static final class Sight implements SnapshotDecoder.Listener {
        private final SnapshotDecoder decoder;
        private final Set<EntityTrack> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private int view = -1;

        Sight(SnapshotDecoder decoder) {
            this.decoder = decoder;
        }

        private void look() {
            if (view != decoder.view()) {
                view = decoder.view();
                seen.clear();
            }
        }

        @Override
        public void appeared(EntityTrack entity) {
            look();
            seen.add(entity);
            requireNow(entity);
        }

        @Override
        public void changed(EntityTrack entity) {
            look();
            requireSeen(seen.contains(entity), entity);
            requireNow(entity);
        }

        @Override
        public void gone(EntityTrack entity) {
            look();
            requireSeen(seen.remove(entity), entity);
        }

        private static void requireSeen(boolean is, EntityTrack entity) {
            if (!is) {
                throw new AssertionError(entity + " is told of and had not appeared");
            }
        }

        private void requireNow(EntityTrack entity) {
            if (entity.tick() != decoder.tick()) {
                throw new AssertionError(entity + " is told of at tick " + decoder.tick());
            }
        }
    }

    private final int tickRate;
    private final List<byte[]> seeds;

    SnapshotTarget(int tickRate, List<byte[]> seeds) {
        this.tickRate = tickRate;
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "snapshot";
    }

    @Override
    public SnapshotDecoder decode(byte[] input) {
        SnapshotDecoder decoder = new SnapshotDecoder(tickRate);
        Sight sight = new Sight(decoder);
        Heard before = Heard.from(decoder);
        for (ByteBuffer datagram : Pieces.split(input)) {
            boolean applied = decoder.decode(datagram, sight);
            Heard now = Heard.from(decoder);
            if (!applied && !now.equals(before)) {
                throw new AssertionError("a datagram was left alone, but " + before + " became " + now);
            }
            if (now.view() == before.view() && now.tick() < before.tick()) {
                throw new AssertionError("tick " + now.tick() + " comes after " + before.tick());
            }
            before = now;
        }
        return decoder;
    }

    @Override
    public void check(byte[] input, SnapshotDecoder decoder) {
        if (decoder.tick() < 0 || decoder.view() < -1 || decoder.view() > 0xff) {
            throw new AssertionError("snapshots are at view " + decoder.view() + " and tick " + decoder.tick());
        }
        decode(input);
    }

    @Override
    public long mostAllocated(int length) {
        // One entity with the greatest number takes an array with a place for each.
        return (1 << 19) + 256L * length;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
