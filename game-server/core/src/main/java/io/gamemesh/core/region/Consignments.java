package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.ConsignmentReceived;
import io.gamemesh.protocol.v1.ConsignmentSent;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.WireFormatException;
import java.util.Map;

/**
 * Offers and parcels that go over borders, as entities do: repeated until the other region says that it has them, and applied
 * there once, however often they come, after all that has a lower number. So none is lost and none is there twice, whatever
 * the network does.
 */
final class Consignments {

    private static final long RESEND_NANOS = 250_000_000;

    private final RegionState state;
    private final Borders borders;
    private final Crossings crossings;
    private final Deliveries deliveries;
    private final Trading trading;
    private final Outbox outbox;

    Consignments(
            RegionState state,
            Borders borders,
            Crossings crossings,
            Deliveries deliveries,
            Trading trading,
            Outbox outbox) {
        this.state = state;
        this.borders = borders;
        this.crossings = crossings;
        this.deliveries = deliveries;
        this.trading = trading;
        this.outbox = outbox;
    }

    // Outwards.

    void step(long nowNanos) {
        if (state.consignments == 0) {
            return;
        }
        for (Map.Entry<RegionId, RegionState.Outbound> link : state.outbound.entrySet()) {
            Neighbour to = borders.get(link.getKey());
            if (to == null || !to.hasAuthority) {
                continue;
            }
            for (Map.Entry<Long, RegionState.Sending> each :
                    link.getValue().consignments.entrySet()) {
                if (nowNanos >= each.getValue().nextSendNanos) {
                    each.getValue().nextSendNanos = nowNanos + RESEND_NANOS;
                    send(to, link.getValue(), each.getKey(), each.getValue().consignment);
                }
            }
        }
    }

    private void send(Neighbour to, RegionState.Outbound link, long crossing, Consignment consignment) {
        ConsignmentSent.Builder message = ConsignmentSent.newBuilder()
                .setCrossing(crossing)
                .setOldestUnanswered(link.oldestUnanswered())
                .setLineage(state.lineage);
        ConsignmentCodec.put(message, consignment);
        outbox.toPeer(to.region, to.epoch, PeerMessage.newBuilder().setConsignment(message));
    }

    void receive(RegionId from, ConsignmentReceived message) {
        RegionState.Outbound link = state.outbound.get(from);
        // An answer to what the region had sent before its state was lost is none to what has the number now.
        if (link != null
                && message.getLineage() == state.lineage
                && link.consignments.containsKey(message.getCrossing())) {
            state.settle(from, link, message.getCrossing());
        }
    }

    // Inwards; the engine has checked regions and epochs.

    void receive(Neighbour from, ConsignmentSent message) {
        Crossings.Admission admission = crossings.admit(
                from.region, message.getLineage(), message.getCrossing(), message.getOldestUnanswered());
        switch (admission) {
            case Crossings.Fresh(Arrivals arrivals) -> apply(from, arrivals, message);
            case Crossings.Applied _ -> answer(from, message);
            case Crossings.Late _ -> {
                // Its sender has had an answer.
            }
            case Crossings.Impossible _ -> outbox.refused++;
        }
    }

    private void apply(Neighbour from, Arrivals arrivals, ConsignmentSent message) {
        if (!arrivals.hasAllBefore(message.getCrossing())) {
            // What comes before it may be the player that it is for. It is repeated.
            return;
        }
        Consignment consignment;
        try {
            consignment = ConsignmentCodec.of(message);
        } catch (WireFormatException e) {
            outbox.refused++;
            return;
        }
        switch (consignment) {
            case Offer offer -> {
                if (state.offers.containsKey(offer.trade())) {
                    outbox.refused++;
                    return;
                }
                trading.receive(from.region, arrivals, message.getCrossing(), offer);
            }
            case Parcel parcel -> {
                state.receive(from.region, arrivals, message.getCrossing(), parcel, deliveries.delivery(parcel));
                deliveries.delivered(parcel);
            }
        }
        answer(from, message);
    }

    private void answer(Neighbour to, ConsignmentSent message) {
        outbox.toPeer(
                to.region,
                to.epoch,
                PeerMessage.newBuilder()
                        .setConsignmentReceived(ConsignmentReceived.newBuilder()
                                .setCrossing(message.getCrossing())
                                .setLineage(message.getLineage())));
    }
}
