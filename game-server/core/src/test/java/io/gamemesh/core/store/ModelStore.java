package io.gamemesh.core.store;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store of one region as its rules say that it is: each write is done whole or not at all. */
final class ModelStore {

    static final RegionId REGION = RegionId.of(0, 0, 0, 0);

    private long epoch;
    private @Nullable LogPosition head;
    private @Nullable LogPosition snapshotAt;
    private Bytes snapshot = Bytes.empty();
    private final TreeMap<Long, Bytes> log = new TreeMap<>();

    /** The state of the newest snapshot, and the log of the ticks after it. */
    record Loaded(@Nullable LogPosition head, Bytes snapshot, List<Bytes> log) {}

    Loaded load() {
        return new Loaded(head, snapshot, new ArrayList<>(log.values()));
    }

    void claim(long claimed) {
        assertThatItIsHigher(claimed);
        epoch = claimed;
    }

    private void assertThatItIsHigher(long claimed) {
        if (claimed <= epoch) {
            throw new AssertionError("epoch " + claimed + " is claimed after " + epoch);
        }
    }

    /** As if it had been set up anew. */
    void lose() {
        epoch = 0;
        head = null;
        snapshotAt = null;
        snapshot = Bytes.empty();
        log.clear();
    }

    @Nullable Refusal write(long writer, StoreAction.Write write) {
        if (write instanceof StoreAction.Claim && epoch <= writer) {
            epoch = writer;
            return null;
        }
        if (epoch > writer) {
            return new Refusal.Superseded(REGION, writer, epoch, "somebody");
        }
        if (epoch < writer) {
            return new Refusal.NotClaimed(REGION, writer, epoch);
        }
        return switch (write) {
            case StoreAction.Append append -> append(append.after(), append.batch());
            case StoreAction.WriteSnapshot written -> {
                snapshot(written.tick(), written.state());
                yield null;
            }
            case StoreAction.Claim _ -> null;
        };
    }

    private @Nullable Refusal append(LogPosition after, LogBatch batch) {
        if (batch.firstTick() != after.tick() + 1) {
            throw new AssertionError(batch + " does not follow " + after);
        }
        LogPosition end = new LogPosition(epoch, batch.lastTick());
        if (end.equals(head)) {
            return null;
        }
        if (!after.equals(head)) {
            return new Refusal.NotContiguous(REGION, epoch, after, head);
        }
        long tick = batch.firstTick();
        for (Bytes entry : batch.ticks()) {
            log.put(tick++, entry);
        }
        head = end;
        return null;
    }

    private void snapshot(long tick, Bytes state) {
        if (snapshotAt != null && snapshotAt.epoch() == epoch && snapshotAt.tick() >= tick) {
            return;
        }
        boolean goesOn = head != null && head.epoch() == epoch && head.tick() >= tick;
        snapshotAt = new LogPosition(epoch, tick);
        snapshot = state;
        if (goesOn) {
            log.headMap(tick, true).clear();
        } else {
            log.clear();
            head = snapshotAt;
        }
    }
}
