package io.gamemesh.core.region;

import io.gamemesh.core.voxel.BulkEdit;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;

/**
 * What one tick changes in a region's state, in order, in the region log format of {@code docs/protocol.md}. A
 * {@link RegionReplica} that is fed every tick of it is equal to the region after each. Nothing is written before
 * {@link #start}; then the buffer is used again from tick to tick.
 */
final class RegionLog {

    static final int TICK = 1;
    static final int SORTED = 2;
    static final int ADDED = 3;
    static final int REMOVED = 4;
    static final int EDITED = 5;
    static final int LEFT = 6;
    static final int SETTLED = 7;
    static final int ARRIVALS_BEGUN = 8;
    static final int FLOOR_RAISED = 9;
    static final int RECOGNISED = 10;
    static final int ARRIVED = 11;
    static final int ROWS = 12;
    static final int EDITED_IN_BULK = 13;
    static final int DROPPED = 14;
    static final int PICKED_UP = 15;
    static final int SENT = 16;
    static final int OFFERED = 17;
    static final int OFFERED_BEYOND = 18;
    static final int OFFER_RECEIVED = 19;
    static final int TRADED = 20;
    static final int OFFER_ENDED = 21;
    static final int PARCEL_RECEIVED = 22;
    static final int CONSIGNMENT_SETTLED = 23;

    // What becomes of a parcel.
    static final int TO_PLAYER = 0;
    static final int ON_GROUND = 1;
    static final int ONWARD = 2;

    private final int tickRate;
    private final WeakState weak;
    private final WireWriter out = new WireWriter(4096);
    private boolean on;
    private boolean starting;
    // Where the entries of the tick begin that are more than what opens it.
    private int entriesFrom;
    private boolean strong;

    RegionLog(Entities entities, int tickRate) {
        this.tickRate = tickRate;
        this.weak = new WeakState(entities, tickRate);
    }

    /** With the next tick, which replicas made of the state as it is until then, and those that listen, can apply. */
    void start() {
        on = true;
        starting = true;
    }

    void stop() {
        on = false;
        starting = false;
        strong = false;
        out.reset();
    }

    /** True until {@link #sorted}: the tick that has begun is the first for some replica. */
    boolean isStarting() {
        return starting;
    }

    /** The tick that has ended last, or nothing; good until the next one begins. */
    ByteBuffer view() {
        return out.view();
    }

    /** Whatever becomes of the region from now on is another tick's. */
    void clear() {
        strong = false;
        out.reset();
    }

    /** Whether the tick that has ended last has an entry besides weak state. */
    boolean isStrong() {
        return strong;
    }

    void begin(long tick) {
        out.reset();
        strong = false;
        if (on) {
            out.u8(TICK).varint(tick);
            entriesFrom = out.length();
        }
    }

    /** The rows are in the order in which a replica restored from a saved state has them. */
    void sorted() {
        if (on) {
            starting = false;
            out.u8(SORTED).u8(tickRate);
            entriesFrom = out.length();
            weak.trackAll();
        }
    }

    /** Tells how all entities are that are not as they were expected to be. */
    void end() {
        if (on) {
            strong = out.length() > entriesFrom;
            weak.writeAll(out.u8(ROWS));
        }
    }

    // Columns.

    void track(int row) {
        if (on) {
            weak.track(row);
        }
    }

    void moved(int from, int to) {
        if (on) {
            weak.moved(from, to);
        }
    }

    // Entries.

    void added(Entity entity) {
        if (on) {
            StateCodec.write(out.u8(ADDED), entity);
        }
    }

    void removed(int row) {
        if (on) {
            out.u8(REMOVED).varint(row);
        }
    }

    void edited(int x, int y, int z, short block, long author) {
        if (on) {
            out.u8(EDITED).i32(x).i32(y).i32(z).u16(Short.toUnsignedInt(block)).i64(author);
        }
    }

    void editedInBulk(BulkEdit edit, long author) {
        if (on) {
            edit.shape().write(out.u8(EDITED_IN_BULK));
            out.bool(edit.replaced().isPresent());
            edit.replaced().ifPresent(out::u16);
            out.u16(Short.toUnsignedInt(edit.block())).i64(author);
        }
    }

    void left(int row, RegionId to) {
        if (on) {
            out.u8(LEFT).varint(row).i64(to.packed());
            weak.writeOne(row, out);
        }
    }

    void settled(long entityId) {
        if (on) {
            out.u8(SETTLED).i64(entityId);
        }
    }

    void arrivalsBegun(RegionId from, long lineage) {
        if (on) {
            out.u8(ARRIVALS_BEGUN).i64(from.packed()).varint(lineage);
        }
    }

    void floorRaised(RegionId from, long floor) {
        if (on) {
            out.u8(FLOOR_RAISED).i64(from.packed()).varint(floor);
        }
    }

    void recognised(RegionId from, long crossing) {
        if (on) {
            out.u8(RECOGNISED).i64(from.packed()).varint(crossing);
        }
    }

    void arrived(RegionId from, long crossing, Entity entity) {
        if (on) {
            out.u8(ARRIVED).i64(from.packed()).varint(crossing);
            StateCodec.write(out, entity);
        }
    }

    // Items.

    void dropped(int row, long request, Entity item) {
        if (on) {
            StateCodec.write(out.u8(DROPPED).varint(row).u32(request), item);
        }
    }

    void pickedUp(int row, long request, int itemRow) {
        if (on) {
            out.u8(PICKED_UP).varint(row).u32(request).varint(itemRow);
        }
    }

    void sent(int itemRow, RegionId to, Parcel parcel) {
        if (on) {
            ConsignmentCodec.writeParcel(out.u8(SENT).varint(itemRow).i64(to.packed()), parcel);
        }
    }

    void offered(int row, Offer.Held held) {
        if (on) {
            ConsignmentCodec.writeHeld(out.u8(OFFERED).varint(row), held);
        }
    }

    void offeredBeyond(int row, RegionId to, Offer offer) {
        if (on) {
            ConsignmentCodec.writeOffer(out.u8(OFFERED_BEYOND).varint(row).i64(to.packed()), offer);
        }
    }

    void offerReceived(RegionId from, long crossing, Offer.Held held) {
        if (on) {
            ConsignmentCodec.writeHeld(out.u8(OFFER_RECEIVED).i64(from.packed()).varint(crossing), held);
        }
    }

    void traded(int row, long request, long trade, Delivery ofPayment) {
        if (on) {
            delivery(out.u8(TRADED).varint(row).u32(request).i64(trade), ofPayment);
        }
    }

    void offerEnded(long trade, ItemOutcome why, Delivery ofReturned) {
        if (on) {
            delivery(out.u8(OFFER_ENDED).i64(trade).u8(ConsignmentCodec.number(why)), ofReturned);
        }
    }

    void parcelReceived(RegionId from, long crossing, Parcel parcel, Delivery delivery) {
        if (on) {
            ConsignmentCodec.writeParcel(
                    out.u8(PARCEL_RECEIVED).i64(from.packed()).varint(crossing), parcel);
            delivery(out, delivery);
        }
    }

    void consignmentSettled(RegionId to, long crossing) {
        if (on) {
            out.u8(CONSIGNMENT_SETTLED).i64(to.packed()).varint(crossing);
        }
    }

    private static void delivery(WireWriter out, Delivery delivery) {
        switch (delivery) {
            case Delivery.ToPlayer(int row) -> out.u8(TO_PLAYER).varint(row);
            case Delivery.OnGround(var items) -> {
                out.u8(ON_GROUND).varint(items.size());
                items.forEach(item -> StateCodec.write(out, item));
            }
            case Delivery.Onward(RegionId to) -> out.u8(ONWARD).i64(to.packed());
        }
    }
}
