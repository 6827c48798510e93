package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges between players. What is offered is out of the hands of who offers, in the region of the one who may accept; that
 * region alone decides what becomes of it, and sends a parcel with either what was wanted or what was offered.
 */
final class Trading {

    private static final double REACH = 8;
    private static final int MAX_OFFERS_TO_ONE = 8;
    private static final int MAX_OFFERS = 1024;

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Deliveries deliveries;
    private final Outbox outbox;
    private final long patienceTicks;

    Trading(RegionSettings settings, RegionState state, Borders borders, Deliveries deliveries, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.patienceTicks = (long) Wire.TRADE_SECONDS * settings.tickRate();
    }

    // Who offers.

    /** Answered in the end, or at once if it cannot be offered. */
    void offer(Viewer viewer, int row, ToServer.OfferTrade wanted) {
        ItemOutcome outcome = objection(viewer, row, wanted);
        int partner = state.entities.row(wanted.partner());
        Neighbour neighbour = partner == Entities.NONE ? neighbourOf(wanted.partner()) : null;
        if (outcome == ItemOutcome.DONE) {
            outcome = neighbour == null ? objection(row, partner) : objection(row, neighbour, wanted.partner());
        }
        if (outcome != ItemOutcome.DONE) {
            deliveries.answer(viewer.session, wanted.request(), outcome);
            return;
        }
        Offer offer = new Offer(
                settings.wildlife().ids().getAsLong(),
                viewer.entityId,
                wanted.partner(),
                wanted.request(),
                wanted.gives(),
                wanted.wants(),
                deliveries.place(row));
        if (neighbour == null) {
            state.offer(row, held(offer, settings.region()));
            tellOffered(offer);
        } else {
            state.offer(row, neighbour.region, offer);
        }
        deliveries.tell(viewer, row);
    }

    private Offer.Held held(Offer offer, RegionId home) {
        return new Offer.Held(offer, home, state.tick + patienceTicks);
    }

    private ItemOutcome objection(Viewer viewer, int row, ToServer.OfferTrade wanted) {
        ItemCounts items = state.entities.belongings[row].items();
        if (!items.covers(wanted.gives())) {
            return ItemOutcome.MISSING;
        }
        if (!items.minus(wanted.gives()).hasRoomFor(wanted.wants())) {
            return ItemOutcome.FULL;
        }
        if (wanted.partner() == viewer.entityId) {
            return ItemOutcome.GONE;
        }
        return hasOffered(viewer.entityId) ? ItemOutcome.NOT_NOW : ItemOutcome.DONE;
    }

    /** One after the other. */
    private boolean hasOffered(long player) {
        for (Offer.Held held : state.offers.values()) {
            if (held.offer().from() == player) {
                return true;
            }
        }
        if (state.consignments > 0) {
            for (RegionState.Outbound link : state.outbound.values()) {
                for (RegionState.Sending sending : link.consignments.values()) {
                    if (sending.consignment instanceof Offer offer && offer.from() == player) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private ItemOutcome objection(int row, int partner) {
        Entities entities = state.entities;
        if (partner == Entities.NONE
                || entities.kind[partner] != EntityKind.PLAYER
                || entities.viewer[partner] == null) {
            return ItemOutcome.GONE;
        }
        if (!PickUps.isInReach(
                entities.x[partner], entities.y[partner], entities.z[partner], deliveries.place(row), REACH)) {
            return ItemOutcome.OUT_OF_REACH;
        }
        return isBusy(entities.id[partner]) ? ItemOutcome.NOT_NOW : ItemOutcome.DONE;
    }

    private boolean isBusy(long player) {
        int offers = 0;
        for (Offer.Held held : state.offers.values()) {
            offers += held.offer().to() == player ? 1 : 0;
        }
        return offers >= MAX_OFFERS_TO_ONE || state.offers.size() >= MAX_OFFERS;
    }

    private ItemOutcome objection(int row, Neighbour neighbour, long partner) {
        Ghosts.Ghost ghost = neighbour.ghosts.get(partner);
        if (ghost == null || ghost.kind() != EntityKind.PLAYER) {
            return ItemOutcome.GONE;
        }
        Vec3 place = deliveries.place(row);
        if (!PickUps.isInReach(
                deliveries.worldX(ghost), deliveries.worldY(ghost), deliveries.worldZ(ghost), place, REACH)) {
            return ItemOutcome.OUT_OF_REACH;
        }
        return neighbour.hasAuthority ? ItemOutcome.DONE : ItemOutcome.NOT_NOW;
    }

    private @Nullable Neighbour neighbourOf(long entityId) {
        for (Neighbour neighbour : borders.all()) {
            if (neighbour.ghosts.get(entityId) != null) {
                return neighbour;
            }
        }
        return null;
    }

    // Who may accept.

    ItemOutcome answer(Viewer viewer, int row, ToServer.AnswerTrade answer) {
        Offer.Held held = state.offers.get(answer.trade());
        if (held == null || held.offer().to() != viewer.entityId) {
            return ItemOutcome.GONE;
        }
        Offer offer = held.offer();
        if (!answer.accepts()) {
            end(held, ItemOutcome.DECLINED);
            return ItemOutcome.DONE;
        }
        ItemCounts items = state.entities.belongings[row].items();
        if (!items.covers(offer.wants())) {
            return ItemOutcome.MISSING;
        }
        if (!items.minus(offer.wants()).hasRoomFor(offer.gives())) {
            return ItemOutcome.FULL;
        }
        state.trade(row, answer.request(), held, delivery(held, offer.payment()));
        deliveries.tell(viewer, row);
        deliveries.delivered(offer.payment());
        return ItemOutcome.DONE;
    }

    private Delivery delivery(Offer.Held held, Parcel parcel) {
        return held.home().equals(settings.region()) ? deliveries.delivery(parcel) : new Delivery.Onward(held.home());
    }

    private void end(Offer.Held held, ItemOutcome why) {
        Parcel returned = held.offer().returned(why);
        state.endOffer(held, why, delivery(held, returned));
        if (held.home().equals(settings.region())) {
            deliveries.delivered(returned);
        }
        Viewer viewer = viewerOf(held.offer().to());
        if (viewer != null) {
            outbox.send(viewer.session, new ToClient.TradeEnded(held.offer().trade()));
        }
    }

    private @Nullable Viewer viewerOf(long player) {
        int row = state.entities.row(player);
        return row == Entities.NONE ? null : state.entities.viewer[row];
    }

    /** An offer has come from a neighbour; what nobody can accept goes back at once. */
    void receive(RegionId from, Arrivals arrivals, long crossing, Offer offer) {
        Offer.Held held = held(offer, from);
        boolean offered = hasOffered(offer.from());
        boolean busy = isBusy(offer.to());
        state.receive(from, arrivals, crossing, held);
        if (viewerOf(offer.to()) == null) {
            end(held, ItemOutcome.GONE);
        } else if (offered || busy) {
            end(held, ItemOutcome.NOT_NOW);
        } else {
            tellOffered(offer);
        }
    }

    private void tellOffered(Offer offer) {
        Viewer viewer = viewerOf(offer.to());
        if (viewer != null) {
            tellOffered(viewer, offer);
        }
    }

    private void tellOffered(Viewer viewer, Offer offer) {
        outbox.send(
                viewer.session, new ToClient.TradeOffered(offer.trade(), offer.from(), offer.gives(), offer.wants()));
    }

    /** A session has just begun to look through its player's eyes. */
    void tell(Viewer viewer) {
        for (Offer.Held held : state.offers.values()) {
            if (held.offer().to() == viewer.entityId) {
                tellOffered(viewer, held.offer());
            }
        }
    }

    /** Ends what has waited for too long, and what nobody can accept any more. */
    void step() {
        if (state.offers.isEmpty()) {
            return;
        }
        List<Offer.Held> over = new ArrayList<>();
        for (Offer.Held held : state.offers.values()) {
            if (state.tick >= held.until() || isGone(held)) {
                over.add(held);
            }
        }
        for (Offer.Held held : over) {
            end(held, isGone(held) ? ItemOutcome.GONE : ItemOutcome.TIMED_OUT);
        }
    }

    private boolean isGone(Offer.Held held) {
        return state.entities.row(held.offer().to()) == Entities.NONE;
    }
}
