package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/** Applies entries of a region's log that are about items; refuses those that would make some or lose some. */
final class ItemEntries {

    private final RegionState state;

    ItemEntries(RegionState state) {
        this.state = state;
    }

    void apply(int entry, WireReader in) throws RegionStateException {
        switch (entry) {
            case RegionLog.DROPPED -> drop(in);
            case RegionLog.PICKED_UP -> pickUp(in);
            case RegionLog.SENT -> send(in);
            case RegionLog.OFFERED -> offer(in);
            case RegionLog.OFFERED_BEYOND -> offerBeyond(in);
            case RegionLog.OFFER_RECEIVED -> receiveOffer(in);
            case RegionLog.TRADED -> trade(in);
            case RegionLog.OFFER_ENDED -> endOffer(in);
            case RegionLog.PARCEL_RECEIVED -> receiveParcel(in);
            case RegionLog.CONSIGNMENT_SETTLED -> settle(in);
            default ->
                throw refused("entry is " + entry + ", expected " + RegionLog.SORTED + " to "
                        + RegionLog.CONSIGNMENT_SETTLED);
        }
    }

    private RegionStateException refused(String what) {
        return RegionReplica.refused(state, what);
    }

    private void drop(WireReader in) throws RegionStateException {
        int row = player(in);
        long request = in.u32("request");
        Entity item = item(in);
        requireHas(row, ItemCounts.of(item.trait().type(), item.trait().amount()));
        state.drop(row, request, item);
    }

    private void pickUp(WireReader in) throws RegionStateException {
        int row = player(in);
        long request = in.u32("request");
        int itemRow = itemRow(in);
        requireRoom(state.entities.belongings[row].items(), state.stack(itemRow));
        state.pickUp(row, request, itemRow);
    }

    private void send(WireReader in) throws RegionStateException {
        int itemRow = itemRow(in);
        RegionId to = elsewhere(in);
        Parcel parcel = ConsignmentCodec.readParcel(in);
        requireSame(parcel.items(), state.stack(itemRow));
        state.send(itemRow, to, parcel);
    }

    private void offer(WireReader in) throws RegionStateException {
        int row = player(in);
        Offer.Held held = held(in);
        requireOf(row, held.offer());
        state.offer(row, held);
    }

    private void offerBeyond(WireReader in) throws RegionStateException {
        int row = player(in);
        RegionId to = elsewhere(in);
        Offer offer = ConsignmentCodec.readOffer(in);
        requireOf(row, offer);
        state.offer(row, to, offer);
    }

    private void requireOf(int row, Offer offer) throws RegionStateException {
        if (offer.from() != state.entities.id[row]) {
            throw refused("entity " + state.entities.id[row] + " makes an offer of " + offer.from());
        }
        requireHas(row, offer.gives());
    }

    private void receiveOffer(WireReader in) throws RegionStateException {
        RegionId from = RegionReplica.region(in);
        Arrivals arrivals = RegionReplica.arrivals(state, from);
        long crossing = RegionReplica.freshCrossing(state, from, arrivals, in);
        state.receive(from, arrivals, crossing, held(in));
    }

    private void trade(WireReader in) throws RegionStateException {
        int row = player(in);
        long request = in.u32("request");
        Offer.Held held = known(in);
        requireHas(row, held.offer().wants());
        requireRoom(
                state.entities.belongings[row].items().minus(held.offer().wants()),
                held.offer().gives());
        if (state.entities.id[row] != held.offer().to()) {
            throw refused("entity " + state.entities.id[row] + " accepts an offer to "
                    + held.offer().to());
        }
        state.trade(row, request, held, delivery(in, held.offer().payment()));
    }

    private void endOffer(WireReader in) throws RegionStateException {
        Offer.Held held = known(in);
        ItemOutcome why = ConsignmentCodec.outcome(in.u8("outcome"));
        state.endOffer(held, why, delivery(in, held.offer().returned(why)));
    }

    private void receiveParcel(WireReader in) throws RegionStateException {
        RegionId from = RegionReplica.region(in);
        Arrivals arrivals = RegionReplica.arrivals(state, from);
        long crossing = RegionReplica.freshCrossing(state, from, arrivals, in);
        Parcel parcel = ConsignmentCodec.readParcel(in);
        state.receive(from, arrivals, crossing, parcel, delivery(in, parcel));
    }

    private void settle(WireReader in) throws RegionStateException {
        RegionId to = elsewhere(in);
        long crossing = in.varint("crossing", 1, Long.MAX_VALUE);
        RegionState.Outbound link = state.outbound.get(to);
        if (link == null || !link.consignments.containsKey(crossing)) {
            throw refused("consignment " + crossing + " to " + to + " has been received, and was never sent");
        }
        state.settle(to, link, crossing);
    }

    // What belongs to entries.

    private int player(WireReader in) throws RegionStateException {
        return row(in, EntityKind.PLAYER);
    }

    private int itemRow(WireReader in) throws RegionStateException {
        int row = row(in, EntityKind.ITEM);
        if (state.entities.amount[row] > ItemCounts.MAX_STACK) {
            throw refused("entity " + state.entities.id[row] + " is " + state.entities.amount[row]
                    + " items, expected at most " + ItemCounts.MAX_STACK + " of one that is taken");
        }
        return row;
    }

    private int row(WireReader in, int kind) throws RegionStateException {
        int row = RegionReplica.row(state, in);
        if (state.entities.kind[row] != kind) {
            throw refused("entity " + state.entities.id[row] + " is of kind " + state.entities.kind[row] + ", expected "
                    + kind);
        }
        return row;
    }

    private RegionId elsewhere(WireReader in) throws RegionStateException {
        RegionId to = RegionReplica.region(in);
        if (to.equals(state.settings.region())) {
            throw refused("a consignment is for " + to + " itself, expected another region");
        }
        return to;
    }

    private Entity item(WireReader in) throws RegionStateException {
        Entity item = RegionReplica.absent(state, StateCodec.readEntity(state, in, StateCodec.VERSION));
        if (item.kind() != EntityKind.ITEM || item.trait().amount() > ItemCounts.MAX_STACK) {
            throw refused("entity " + item.id() + " is of kind " + item.kind() + " and there "
                    + item.trait().amount() + " times, expected a stack of items");
        }
        return item;
    }

    private Offer.Held held(WireReader in) throws RegionStateException {
        Offer.Held held = ConsignmentCodec.readHeld(in);
        StateCodec.checkHome(state, held);
        if (state.offers.containsKey(held.offer().trade())) {
            throw refused("trade " + held.offer().trade() + " is offered, and has been before");
        }
        return held;
    }

    private Offer.Held known(WireReader in) throws RegionStateException {
        long trade = in.i64("trade");
        Offer.Held held = state.offers.get(trade);
        if (held == null) {
            throw refused("trade " + trade + " comes to an end, and was never offered");
        }
        return held;
    }

    private Delivery delivery(WireReader in, Parcel parcel) throws RegionStateException {
        int which = in.u8("delivery");
        return switch (which) {
            case RegionLog.TO_PLAYER -> {
                int row = player(in);
                if (state.entities.id[row] != parcel.to()) {
                    throw refused("entity " + state.entities.id[row] + " gets a parcel for " + parcel.to());
                }
                requireRoom(state.entities.belongings[row].items(), parcel.items());
                yield new Delivery.ToPlayer(row);
            }
            case RegionLog.ON_GROUND -> new Delivery.OnGround(ground(in, parcel.items()));
            case RegionLog.ONWARD -> {
                if (parcel.forwards() >= Parcel.MAX_FORWARDS) {
                    throw refused("a parcel goes onward that has done so " + parcel.forwards() + " times");
                }
                yield new Delivery.Onward(elsewhere(in));
            }
            default -> throw refused("delivery is " + which + ", expected 0 to " + RegionLog.ONWARD);
        };
    }

    private List<Entity> ground(WireReader in, ItemCounts expected) throws RegionStateException {
        int count = (int) in.varint("items on the ground", 0, ItemCounts.MAX_STACKS);
        List<Entity> items = new ArrayList<>();
        ItemCounts sum = ItemCounts.NONE;
        for (int i = 0; i < count; i++) {
            Entity item = item(in);
            if (items.stream().anyMatch(other -> other.id() == item.id())) {
                throw refused("entity " + item.id() + " comes twice");
            }
            ItemCounts stack = ItemCounts.of(item.trait().type(), item.trait().amount());
            requireRoom(sum, stack);
            sum = sum.plus(stack);
            items.add(item);
        }
        requireSame(sum, expected);
        return items;
    }

    private void requireHas(int row, ItemCounts some) throws RegionStateException {
        if (!state.entities.belongings[row].items().covers(some)) {
            throw refused("entity " + state.entities.id[row] + " gives '" + some + "' and has '"
                    + state.entities.belongings[row].items() + "'");
        }
    }

    private void requireRoom(ItemCounts before, ItemCounts more) throws RegionStateException {
        if (!before.hasRoomFor(more)) {
            throw refused("'" + more + "' come to '" + before + "', for which there is no room");
        }
    }

    private void requireSame(ItemCounts items, ItemCounts expected) throws RegionStateException {
        if (!items.equals(expected)) {
            throw refused("items are '" + items + "', expected '" + expected + "'");
        }
    }
}
