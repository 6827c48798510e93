package io.gamemesh.core.region;

import io.gamemesh.core.motion.Motion;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.v1.BlockEdit;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RemoteEdit;
import io.gamemesh.protocol.v1.RemoteEditResult;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToServer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.IntArrayList;

/** Checks and makes edits; those beyond the border are made by the neighbour, on this player's behalf. */
final class Editing {

    private static final double REACH = 6.5;
    // Half a block, and a body's height and more.
    private static final double REACH_OF_A_BODY = 0.5 + Motion.HEIGHT + 0.1;
    private static final long REMOTE_NANOS = 1_000_000_000;
    // The index is the number on the wire.
    private static final List<EditOutcome> OUTCOMES = List.of(EditOutcome.values());

    private record Waiting(long session, long request, long deadlineNanos) {}

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Borders.BlockListener listener;
    private final Outbox outbox;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private final IntArrayList near = new IntArrayList();
    private long lastRequest;

    Editing(
            RegionSettings settings,
            RegionState state,
            Borders borders,
            Borders.BlockListener listener,
            Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.listener = listener;
        this.outbox = outbox;
    }

    static int number(EditOutcome outcome) {
        return OUTCOMES.indexOf(outcome);
    }

    void refill(Viewer viewer) {
        double rate = settings.limits().editsPerSecond();
        viewer.editAllowance = Math.min(rate, viewer.editAllowance + rate / settings.tickRate());
    }

    void request(Viewer viewer, int row, ToServer.BlockEdit edit, long nowNanos) {
        if (viewer.editAllowance < 1) {
            answer(viewer.session, edit.request(), EditOutcome.RATE_LIMITED);
            return;
        }
        viewer.editAllowance--;
        EditOutcome objection = objection(row, edit);
        if (objection != EditOutcome.ACCEPTED) {
            answer(viewer.session, edit.request(), objection);
        } else if (state.owns(edit.x(), edit.y(), edit.z())) {
            answer(viewer.session, edit.request(), make(edit.x(), edit.y(), edit.z(), edit.block()));
        } else {
            forward(viewer, edit, nowNanos);
        }
    }

    void refuse(long session, ToServer.BlockEdit edit) {
        answer(session, edit.request(), EditOutcome.NOT_NOW);
    }

    private EditOutcome objection(int row, ToServer.BlockEdit edit) {
        if (!settings.blocks().has(edit.block())) {
            return EditOutcome.UNKNOWN_BLOCK;
        }
        double dx = edit.x() + 0.5 - state.entities.x[row];
        double dy = edit.y() + 0.5 - (state.entities.y[row] + Motion.EYE_HEIGHT);
        double dz = edit.z() + 0.5 - state.entities.z[row];
        if (dx * dx + dy * dy + dz * dz > REACH * REACH) {
            return EditOutcome.OUT_OF_REACH;
        }
        if (!settings.geometry().contains(edit.x(), edit.y(), edit.z())) {
            return EditOutcome.OUT_OF_WORLD;
        }
        return EditOutcome.ACCEPTED;
    }

    private EditOutcome make(int x, int y, int z, int block) {
        if (settings.blocks().isSolid(block) && isOccupied(x, y, z)) {
            return EditOutcome.OCCUPIED;
        }
        if (state.terrain.editCount() >= settings.limits().maxEdits()) {
            return EditOutcome.NOT_NOW;
        }
        short id = (short) block;
        if (state.terrain.block(x, y, z) != id) {
            state.edit(x, y, z, id);
            listener.changed(x, y, z, id);
            borders.edited(x, y, z, id);
        }
        return EditOutcome.ACCEPTED;
    }

    private boolean isOccupied(int x, int y, int z) {
        Entities entities = state.entities;
        entities.near(x + 0.5, y + 0.5, z + 0.5, REACH_OF_A_BODY, near);
        for (int i = 0; i < near.size(); i++) {
            int row = near.getInt(i);
            if (Motion.overlaps(entities.x[row], entities.y[row], entities.z[row], x, y, z)) {
                return true;
            }
        }
        for (Departure departure : state.departures()) {
            Entity entity = departure.entity;
            if (Motion.overlaps(entity.x(), entity.y(), entity.z(), x, y, z)) {
                return true;
            }
        }
        return false;
    }

    private void answer(long session, long request, EditOutcome outcome) {
        if (outcome != EditOutcome.ACCEPTED) {
            outbox.refused++;
        }
        outbox.send(session, new ToClient.EditResult(request, outcome));
    }

    // Beyond the border.

    private void forward(Viewer viewer, ToServer.BlockEdit edit, long nowNanos) {
        Leaf leaf = borders.leafAt(edit.x(), edit.y(), edit.z());
        Neighbour neighbour = leaf == null ? null : borders.get(leaf.region());
        if (neighbour == null || !neighbour.hasAuthority) {
            answer(viewer.session, edit.request(), EditOutcome.NOT_NOW);
            return;
        }
        waiting.put(++lastRequest, new Waiting(viewer.session, edit.request(), nowNanos + REMOTE_NANOS));
        outbox.toPeer(
                neighbour.region,
                neighbour.epoch,
                PeerMessage.newBuilder()
                        .setRemoteEdit(RemoteEdit.newBuilder()
                                .setRequest(lastRequest)
                                .setEdit(BlockEdit.newBuilder()
                                        .setX(edit.x()
                                                - (int) neighbour.bounds.min().x())
                                        .setY(edit.y()
                                                - (int) neighbour.bounds.min().y())
                                        .setZ(edit.z()
                                                - (int) neighbour.bounds.min().z())
                                        .setBlock(edit.block()))));
    }

    void receive(Neighbour from, RemoteEdit message) {
        BlockEdit edit = message.getEdit();
        int x = edit.getX() + (int) state.bounds.min().x();
        int y = edit.getY() + (int) state.bounds.min().y();
        int z = edit.getZ() + (int) state.bounds.min().z();
        EditOutcome outcome;
        if (!settings.blocks().has(edit.getBlock())) {
            outcome = EditOutcome.UNKNOWN_BLOCK;
        } else if (!state.owns(x, y, z)) {
            outcome = EditOutcome.NOT_NOW;
        } else {
            outcome = make(x, y, z, edit.getBlock());
        }
        outbox.toPeer(
                from.region,
                from.epoch,
                PeerMessage.newBuilder()
                        .setRemoteEditResult(RemoteEditResult.newBuilder()
                                .setRequest(message.getRequest())
                                .setOutcome(number(outcome))));
    }

    void receive(RemoteEditResult message) {
        Waiting asked = waiting.remove(message.getRequest());
        if (asked == null) {
            return;
        }
        boolean known = message.getOutcome() >= 0 && message.getOutcome() < OUTCOMES.size();
        answer(asked.session(), asked.request(), known ? OUTCOMES.get(message.getOutcome()) : EditOutcome.NOT_NOW);
    }

    /** Who has waited for too long is told so; the block itself is shown as it is, whatever became of it. */
    void expire(long nowNanos) {
        for (Iterator<Waiting> it = waiting.values().iterator(); it.hasNext(); ) {
            Waiting asked = it.next();
            if (nowNanos < asked.deadlineNanos()) {
                return;
            }
            it.remove();
            answer(asked.session(), asked.request(), EditOutcome.NOT_NOW);
        }
    }
}
