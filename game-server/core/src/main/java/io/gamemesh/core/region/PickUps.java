package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RemotePickUp;
import io.gamemesh.protocol.v1.RemotePickUpResult;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.WireFormatException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Items beyond the border that players here want to pick up, and the other way round. Whoever has the item sends it as a
 * parcel; so to ask again, or for nothing, makes no second one.
 */
final class PickUps {

    /** From where a player stands, metres. */
    static final double REACH = 5;

    // By as much a player may have moved while it asked.
    private static final double SLACK = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long RESEND_NANOS = NANOS_PER_SECOND / 4;
    private static final long PATIENCE_NANOS = 2 * NANOS_PER_SECOND;
    // What has been answered may still come, and is not to be answered twice.
    private static final long MEMORY_NANOS = 60 * NANOS_PER_SECOND;
    private static final int MAX_WAITING = 1 << 12;

    private record Key(long player, long request) {}

    private static final class Waiting {
        final long session;
        final RegionId at;
        final long entityId;
        final Vec3 place;
        final long sinceNanos;
        long nextSendNanos = Long.MIN_VALUE;
        boolean answered;

        Waiting(long session, RegionId at, long entityId, Vec3 place, long sinceNanos) {
            this.session = session;
            this.at = at;
            this.entityId = entityId;
            this.place = place;
            this.sinceNanos = sinceNanos;
        }
    }

    private final RegionState state;
    private final Borders borders;
    private final Outbox outbox;
    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

    PickUps(RegionState state, Borders borders, Outbox outbox) {
        this.state = state;
        this.borders = borders;
        this.outbox = outbox;
    }

    // For players here.

    /** Asks a neighbour; false if there are too many who wait, or this one waits already. */
    boolean ask(Viewer viewer, long request, Neighbour neighbour, long entityId, Vec3 place, long nowNanos) {
        Key key = new Key(viewer.entityId, request);
        if (waiting.size() >= MAX_WAITING || !neighbour.hasAuthority) {
            return false;
        }
        waiting.putIfAbsent(key, new Waiting(viewer.session, neighbour.region, entityId, place, nowNanos));
        return true;
    }

    /** Somebody's request is answered by a parcel; false if it has been answered before. */
    boolean settle(long player, long request) {
        Waiting asked = waiting.remove(new Key(player, request));
        return asked == null || !asked.answered;
    }

    void receive(RemotePickUpResult message) {
        long request = Integer.toUnsignedLong(message.getRequest());
        Waiting asked = waiting.get(new Key(message.getPlayer(), request));
        if (asked != null && !asked.answered) {
            try {
                answer(asked, request, ConsignmentCodec.outcome(Integer.toUnsignedLong(message.getOutcome())));
            } catch (WireFormatException e) {
                // It is of a later release: what it says is that it was not done.
                answer(asked, request, ItemOutcome.NOT_NOW);
            }
        }
    }

    private void answer(Waiting asked, long request, ItemOutcome outcome) {
        asked.answered = true;
        outbox.refused++;
        outbox.send(asked.session, new ToClient.ItemResult(request, outcome));
    }

    /** Asks again, and tells who has waited for too long: the item comes all the same, if it is on its way. */
    void step(long nowNanos) {
        if (waiting.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<Key, Waiting>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, Waiting> each = all.next();
            Waiting asked = each.getValue();
            if (nowNanos - asked.sinceNanos >= MEMORY_NANOS) {
                all.remove();
            } else if (!asked.answered && nowNanos - asked.sinceNanos >= PATIENCE_NANOS) {
                answer(asked, each.getKey().request(), ItemOutcome.NOT_NOW);
            } else if (!asked.answered && nowNanos >= asked.nextSendNanos) {
                asked.nextSendNanos = nowNanos + RESEND_NANOS;
                send(each.getKey(), asked);
            }
        }
    }

    private void send(Key key, Waiting asked) {
        Neighbour neighbour = borders.get(asked.at);
        if (neighbour != null && neighbour.hasAuthority) {
            outbox.toPeer(
                    neighbour.region,
                    neighbour.epoch,
                    PeerMessage.newBuilder()
                            .setRemotePickUp(RemotePickUp.newBuilder()
                                    .setPlayer(key.player())
                                    .setRequest((int) key.request())
                                    .setEntityId(asked.entityId)
                                    .setPlace(ConsignmentCodec.proto(asked.place))));
        }
    }

    // For players of neighbours.

    void receive(Neighbour from, RemotePickUp message) {
        long request = Integer.toUnsignedLong(message.getRequest());
        int row = state.entities.row(message.getEntityId());
        if (row == Entities.NONE || state.entities.kind[row] != EntityKind.ITEM) {
            if (!isUnderWay(from.region, message.getPlayer(), request)) {
                refuse(from, message, ItemOutcome.GONE);
            }
            return;
        }
        Vec3 place;
        try {
            place = ConsignmentCodec.place(message.getPlace());
        } catch (WireFormatException e) {
            outbox.refused++;
            return;
        }
        if (message.getPlayer() >>> 40 == 0 || !isInReach(row, place, REACH + SLACK)) {
            refuse(from, message, ItemOutcome.OUT_OF_REACH);
        } else if (state.entities.amount[row] > ItemCounts.MAX_STACK) {
            refuse(from, message, ItemOutcome.FULL);
        } else {
            state.send(
                    row,
                    from.region,
                    new Parcel(message.getPlayer(), request, ItemOutcome.DONE, state.stack(row), place, 0));
        }
    }

    /** From who stands there. */
    boolean isInReach(int itemRow, Vec3 place, double reach) {
        Entities entities = state.entities;
        return isInReach(entities.x[itemRow], entities.y[itemRow], entities.z[itemRow], place, reach);
    }

    static boolean isInReach(double x, double y, double z, Vec3 place, double reach) {
        double dx = x - place.x();
        double dy = y - place.y();
        double dz = z - place.z();
        return dx * dx + dy * dy + dz * dz <= reach * reach;
    }

    private boolean isUnderWay(RegionId to, long player, long request) {
        RegionState.Outbound link = state.outbound.get(to);
        if (link == null) {
            return false;
        }
        for (RegionState.Sending sending : link.consignments.values()) {
            if (sending.consignment instanceof Parcel parcel && parcel.to() == player && parcel.request() == request) {
                return true;
            }
        }
        return false;
    }

    private void refuse(Neighbour to, RemotePickUp message, ItemOutcome outcome) {
        outbox.refused++;
        outbox.toPeer(
                to.region,
                to.epoch,
                PeerMessage.newBuilder()
                        .setRemotePickUpResult(RemotePickUpResult.newBuilder()
                                .setPlayer(message.getPlayer())
                                .setRequest(message.getRequest())
                                .setOutcome(ConsignmentCodec.number(outcome))));
    }
}
