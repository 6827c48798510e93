package io.gamemesh.core.region;

import io.gamemesh.core.voxel.BulkEdit;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * The state of a region that another engine simulates: begun from a saved state and kept equal to it by its log, one
 * tick after the other. An engine that shall {@link RegionEngine#takeOver take over} goes on from it. Not thread-safe.
 */
public final class RegionReplica {

    private final RegionState state;
    private final ItemEntries items;
    private final Box near;
    private final double seconds;

    private RegionReplica(RegionState state) {
        this.state = state;
        this.items = new ItemEntries(state);
        this.near = state.bounds.grown(Margin.METRES);
        this.seconds = 1.0 / state.settings.tickRate();
    }

    /**
     * A replica of what another engine has {@link RegionEngine#save saved}; what comes next is the first tick of the log
     * that the engine started then.
     *
     * @throws RegionStateException if the bytes are not the state of that region
     */
    public static RegionReplica restore(RegionSettings settings, byte[] state) throws RegionStateException {
        return new RegionReplica(StateCodec.read(settings, state));
    }

    /**
     * Applies one tick of the region's log.
     *
     * @param log from position to limit, see {@link RegionEngine#log}
     * @throws RegionStateException if it is not the tick that comes next, or no log at all; the replica may then have
     *     applied a part of it and is good for nothing any more
     */
    public void apply(ByteBuffer log) throws RegionStateException {
        try {
            WireReader in = new WireReader(log);
            int first = in.u8("entry");
            long tick = in.varint("tick", 0, Long.MAX_VALUE);
            if (first != RegionLog.TICK || tick != state.tick + 1) {
                throw refused("entry " + first + " of tick " + tick + " comes first, expected entry " + RegionLog.TICK
                        + " of tick " + (state.tick + 1));
            }
            state.nextTick();
            int entry;
            do {
                entry = in.u8("entry");
                apply(entry, in);
            } while (entry != RegionLog.ROWS);
            in.end("tick " + tick);
            state.entities.track();
        } catch (WireFormatException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private RegionStateException refused(String what) {
        return refused(state, what);
    }

    static RegionStateException refused(RegionState state, String what) {
        return new RegionStateException("log of region " + state.settings.region() + " at tick " + state.tick + ": "
                + what + ". Begin again from a saved state");
    }

    private void apply(int entry, WireReader in) throws RegionStateException {
        switch (entry) {
            case RegionLog.SORTED -> sort(in.u8("tick rate"));
            case RegionLog.ADDED -> add(StateCodec.readEntity(state, in, StateCodec.VERSION));
            case RegionLog.REMOVED -> state.remove(row(state, in));
            case RegionLog.EDITED -> edit(in);
            case RegionLog.EDITED_IN_BULK -> editInBulk(in);
            case RegionLog.LEFT -> leave(in);
            case RegionLog.SETTLED -> settle(in.i64("settled entity"));
            case RegionLog.ARRIVALS_BEGUN -> state.beginArrivals(region(in), in.varint("lineage", 0, Long.MAX_VALUE));
            case RegionLog.FLOOR_RAISED -> {
                RegionId from = region(in);
                state.raiseFloor(from, arrivals(state, from), in.varint("floor", 1, Long.MAX_VALUE));
            }
            case RegionLog.RECOGNISED -> {
                RegionId from = region(in);
                Arrivals arrivals = arrivals(state, from);
                state.recognise(from, arrivals, freshCrossing(state, from, arrivals, in));
            }
            case RegionLog.ARRIVED -> arrive(in);
            case RegionLog.ROWS -> WeakState.readAll(in, state.entities, seconds, near);
            default -> items.apply(entry, in);
        }
    }

    private void sort(int tickRate) throws RegionStateException {
        if (tickRate != state.settings.tickRate()) {
            throw refused("tick rate is " + tickRate + ", expected " + state.settings.tickRate());
        }
        state.sortEntities();
    }

    static int row(RegionState state, WireReader in) throws RegionStateException {
        if (state.entities.count == 0) {
            throw refused(state, "an entry is about an entity, and there is none");
        }
        return (int) in.varint("row", 0, state.entities.count - 1);
    }

    static RegionId region(WireReader in) {
        return new RegionId(in.i64("region"));
    }

    static Arrivals arrivals(RegionState state, RegionId from) throws RegionStateException {
        Arrivals arrivals = state.arrivals.get(from);
        if (arrivals == null) {
            throw refused(state, "a crossing is from " + from + ", from where nothing has come yet");
        }
        return arrivals;
    }

    static long freshCrossing(RegionState state, RegionId from, Arrivals arrivals, WireReader in)
            throws RegionStateException {
        long crossing = in.varint("crossing", 1, Long.MAX_VALUE);
        if (arrivals.has(crossing)) {
            throw refused(state, "crossing " + crossing + " from " + from + " has been applied before");
        }
        return crossing;
    }

    static Entity absent(RegionState state, Entity entity) throws RegionStateException {
        if (state.entities.row(entity.id()) != Entities.NONE || state.departure(entity.id()) != null) {
            throw refused(state, "entity " + entity.id() + " comes, and is there already");
        }
        return entity;
    }

    private void add(Entity entity) throws RegionStateException {
        state.add(absent(state, entity), null, 0);
    }

    private void edit(WireReader in) throws RegionStateException {
        int x = in.i32("edit x");
        int y = in.i32("edit y");
        int z = in.i32("edit z");
        int block = in.u16("edit block");
        StateCodec.checkEdit(state, x, y, z, block);
        state.edit(x, y, z, (short) block, in.i64("edit author"));
    }

    private void editInBulk(WireReader in) throws RegionStateException {
        EditShape shape = EditShape.read(in);
        OptionalInt replaced =
                in.bool("edit replaced flag") ? OptionalInt.of(in.u16("edit replaced")) : OptionalInt.empty();
        int block = in.u16("edit block");
        StateCodec.checkEdit(state, shape.minX(), shape.minY(), shape.minZ(), block);
        StateCodec.checkEdit(state, shape.maxX(), shape.maxY(), shape.maxZ(), replaced.orElse(block));
        int _ = state.edit(new BulkEdit(shape, replaced, (short) block), in.i64("edit author"), changes -> {});
    }

    private void leave(WireReader in) throws RegionStateException {
        int row = row(state, in);
        RegionId to = region(in);
        WeakState.readOne(in, state.entities, row, seconds, near);
        state.depart(row, to);
    }

    private void settle(long entityId) throws RegionStateException {
        Departure departure = state.departure(entityId);
        if (departure == null) {
            throw refused("entity " + entityId + " has arrived elsewhere, and never left");
        }
        state.settle(departure);
    }

    private void arrive(WireReader in) throws RegionStateException {
        RegionId from = region(in);
        Arrivals arrivals = arrivals(state, from);
        long crossing = freshCrossing(state, from, arrivals, in);
        Entity entity = absent(state, StateCodec.readEntity(state, in, StateCodec.VERSION));
        state.arrive(from, arrivals, crossing, entity, null, 0);
    }

    /** The tick that was applied last. */
    public long tick() {
        return state.tick;
    }

    /** As {@link RegionEngine#checksum}. */
    public long checksum() {
        return Checksum.of(state);
    }

    /** As {@link RegionEngine#save}. */
    public byte[] save() {
        return StateCodec.write(state);
    }

    RegionState state() {
        return state;
    }
}
