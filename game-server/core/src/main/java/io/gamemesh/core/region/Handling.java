package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToServer;

/** What players ask to be done with items. A request that has been done is not done again, however often it comes. */
final class Handling {

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Deliveries deliveries;
    private final PickUps pickUps;
    private final Trading trading;

    Handling(
            RegionSettings settings,
            RegionState state,
            Borders borders,
            Deliveries deliveries,
            PickUps pickUps,
            Trading trading) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.deliveries = deliveries;
        this.pickUps = pickUps;
        this.trading = trading;
    }

    void request(Viewer viewer, int row, ToServer.ItemRequest request, long nowNanos) {
        if (request.request() <= state.entities.belongings[row].lastRequest()) {
            deliveries.answer(viewer.session, request.request(), ItemOutcome.REPEATED);
            return;
        }
        // One that edits and one that trades are equally busy.
        if (viewer.editAllowance < 1) {
            deliveries.answer(viewer.session, request.request(), ItemOutcome.RATE_LIMITED);
            return;
        }
        viewer.editAllowance--;
        switch (request) {
            case ToServer.DropItem drop -> answer(viewer, drop, drop(viewer, row, drop));
            case ToServer.PickUpItem pickUp -> pickUp(viewer, row, pickUp, nowNanos);
            case ToServer.OfferTrade offer -> trading.offer(viewer, row, offer);
            case ToServer.AnswerTrade answer -> answer(viewer, answer, trading.answer(viewer, row, answer));
        }
    }

    void refuse(long session, ToServer.ItemRequest request) {
        deliveries.answer(session, request.request(), ItemOutcome.NOT_NOW);
    }

    private void answer(Viewer viewer, ToServer.ItemRequest request, ItemOutcome outcome) {
        deliveries.answer(viewer.session, request.request(), outcome);
    }

    private ItemOutcome drop(Viewer viewer, int row, ToServer.DropItem drop) {
        if (!state.entities.belongings[row].items().covers(ItemCounts.of(drop.item(), drop.count()))) {
            return ItemOutcome.MISSING;
        }
        if (state.population() >= settings.limits().maxEntities()) {
            return ItemOutcome.NOT_NOW;
        }
        double yaw = Quantized.toRadians16(drop.yaw());
        double pitch = Quantized.toRadians16(drop.pitch());
        double speed = Quantized.toMetres(drop.speed());
        double level = -speed * Math.cos(pitch);
        Entity item = deliveries.thrown(
                drop.item(),
                drop.count(),
                deliveries.hands(row),
                level * Math.sin(yaw),
                speed * Math.sin(pitch),
                level * Math.cos(yaw));
        state.drop(row, drop.request(), item);
        deliveries.tell(viewer, row);
        return ItemOutcome.DONE;
    }

    private void pickUp(Viewer viewer, int row, ToServer.PickUpItem pickUp, long nowNanos) {
        int itemRow = state.entities.row(pickUp.entityId());
        if (itemRow != Entities.NONE) {
            answer(viewer, pickUp, pickUp(viewer, row, pickUp, itemRow));
        } else if (state.departure(pickUp.entityId()) != null) {
            answer(viewer, pickUp, ItemOutcome.NOT_NOW);
        } else {
            pickUpBeyond(viewer, row, pickUp, nowNanos);
        }
    }

    private ItemOutcome pickUp(Viewer viewer, int row, ToServer.PickUpItem pickUp, int itemRow) {
        Entities entities = state.entities;
        if (entities.kind[itemRow] != EntityKind.ITEM) {
            return ItemOutcome.GONE;
        }
        if (!pickUps.isInReach(itemRow, deliveries.place(row), PickUps.REACH)) {
            return ItemOutcome.OUT_OF_REACH;
        }
        if (entities.amount[itemRow] > ItemCounts.MAX_STACK
                || !entities.belongings[row].items().hasRoomFor(state.stack(itemRow))) {
            return ItemOutcome.FULL;
        }
        state.pickUp(row, pickUp.request(), itemRow);
        // Rows move where one goes.
        deliveries.tell(viewer, entities.row(viewer.entityId));
        return ItemOutcome.DONE;
    }

    /** It belongs to the neighbour, which sends it, if it is there when that hears of it. */
    private void pickUpBeyond(Viewer viewer, int row, ToServer.PickUpItem pickUp, long nowNanos) {
        Vec3 place = deliveries.place(row);
        for (Neighbour neighbour : borders.all()) {
            Ghosts.Ghost ghost = neighbour.ghosts.get(pickUp.entityId());
            if (ghost == null || ghost.kind() != EntityKind.ITEM) {
                continue;
            }
            if (!PickUps.isInReach(
                    deliveries.worldX(ghost),
                    deliveries.worldY(ghost),
                    deliveries.worldZ(ghost),
                    place,
                    PickUps.REACH)) {
                answer(viewer, pickUp, ItemOutcome.OUT_OF_REACH);
            } else if (!pickUps.ask(viewer, pickUp.request(), neighbour, pickUp.entityId(), place, nowNanos)) {
                answer(viewer, pickUp, ItemOutcome.NOT_NOW);
            }
            return;
        }
        answer(viewer, pickUp, ItemOutcome.GONE);
    }
}
