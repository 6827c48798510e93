package io.gamemesh.core.region;

import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.voxel.BulkEdit;
import io.gamemesh.core.voxel.SectionChanges;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.v1.BlockEdit;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RemoteEdit;
import io.gamemesh.protocol.v1.RemoteEditResult;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToServer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.IntArrayList;

/** Checks and makes edits; those beyond the border are made by the neighbour, on this player's behalf. */
final class Editing {

    private static final double REACH = 6.5;
    // Half a block, and a body's height and more.
    private static final double REACH_OF_A_BODY = 0.5 + Motion.HEIGHT + 0.1;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long REMOTE_NANOS = NANOS_PER_SECOND;
    // The index is the number on the wire.
    private static final List<EditOutcome> OUTCOMES = List.of(EditOutcome.values());

    private static final class Waiting {
        final Viewer viewer;
        final long request;
        final UndoableEdit edit;
        final long deadlineNanos;
        // Still kept, as the neighbour may say that the edit has been overruled.
        boolean accepted;

        Waiting(Viewer viewer, long request, UndoableEdit edit, long deadlineNanos) {
            this.viewer = viewer;
            this.request = request;
            this.edit = edit;
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** An edit by a player of this region. */
    private record Own(Editing editing, Viewer viewer, long request, UndoableEdit edit)
            implements EditConflicts.Author {

        @Override
        public long player() {
            return viewer.entityId;
        }

        @Override
        public void overruled() {
            viewer.undoable.remove(edit);
            editing.answer(viewer.session, request, EditOutcome.CONFLICT);
        }
    }

    /** An edit by a player of a neighbour. */
    private record Foreign(Editing editing, long player, Neighbour from, long request) implements EditConflicts.Author {

        @Override
        public void overruled() {
            editing.answer(from, request, EditOutcome.CONFLICT);
        }
    }

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Borders.BlockListener listener;
    private final Consumer<SectionChanges> sectionListener;
    private final Outbox outbox;
    private final EditConflicts conflicts = new EditConflicts();
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private final IntArrayList near = new IntArrayList();
    private long lastRequest;
    private boolean refilled;
    private long refilledNanos;
    private double refill;
    private double bulkRefill;
    // Blocks that all players together may still change in this tick by edits of many: one edit's worth.
    private int bulkEditsLeft;

    Editing(
            RegionSettings settings,
            RegionState state,
            Borders borders,
            Borders.BlockListener listener,
            Consumer<SectionChanges> sectionListener,
            Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.listener = listener;
        this.sectionListener = sectionListener;
        this.outbox = outbox;
    }

    static int number(EditOutcome outcome) {
        return OUTCOMES.indexOf(outcome);
    }

    /** To be called before the first {@link #refill} of a tick: a second is a second, however few ticks it had. */
    void beginTick(long nowNanos) {
        long passed = refilled ? Math.clamp(nowNanos - refilledNanos, 0, NANOS_PER_SECOND) : 0;
        refilled = true;
        refilledNanos = nowNanos;
        refill = (double) settings.limits().editsPerSecond() * passed / NANOS_PER_SECOND;
        bulkRefill = (double) settings.limits().bulkEditBlocks() * passed / NANOS_PER_SECOND;
        bulkEditsLeft = settings.limits().bulkEditBlocks();
    }

    void refill(Viewer viewer) {
        viewer.editAllowance = Math.min(settings.limits().editsPerSecond(), viewer.editAllowance + refill);
        viewer.bulkEditAllowance = Math.min(settings.limits().bulkEditBlocks(), viewer.bulkEditAllowance + bulkRefill);
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
            long lastBefore = state.history.lastId();
            UndoableEdit next = new UndoableEdit.Here(lastBefore + 1, lastBefore + 1);
            EditConflicts.Author author = new Own(this, viewer, edit.request(), next);
            EditOutcome outcome =
                    make(edit.x(), edit.y(), edit.z(), edit.block(), author, travelNanos(viewer), nowNanos);
            answer(viewer.session, edit.request(), outcome);
            remember(viewer, lastBefore, outcome);
        } else {
            forward(viewer, edit, nowNanos);
        }
    }

    void refuse(long session, ToServer.Edit edit) {
        answer(session, edit.request(), EditOutcome.NOT_NOW);
    }

    private EditOutcome objection(int row, ToServer.BlockEdit edit) {
        if (!settings.blocks().has(edit.block())) {
            return EditOutcome.UNKNOWN_BLOCK;
        }
        if (!reaches(row, edit.x(), edit.y(), edit.z(), REACH)) {
            return EditOutcome.OUT_OF_REACH;
        }
        if (!settings.geometry().contains(edit.x(), edit.y(), edit.z())) {
            return EditOutcome.OUT_OF_WORLD;
        }
        return EditOutcome.ACCEPTED;
    }

    /**
     * How long what a client says takes to come, by half of what the client's acknowledgements do; at most {@link
     * EditConflicts#GREATEST_AGE_NANOS}.
     */
    private long travelNanos(Viewer viewer) {
        long ticks = viewer.seen == null ? 0 : viewer.seen.roundTripTicks();
        return Math.min(
                ticks * TimeUnit.SECONDS.toNanos(1) / (2L * settings.tickRate()), EditConflicts.GREATEST_AGE_NANOS);
    }

    /** @param agoNanos how long ago the player did it; what is more than {@link EditConflicts#GREATEST_AGE_NANOS} counts as that */
    private EditOutcome make(
            int x, int y, int z, int block, EditConflicts.Author author, long agoNanos, long nowNanos) {
        if (settings.blocks().isSolid(block) && isOccupied(x, y, z)) {
            return EditOutcome.OCCUPIED;
        }
        if (state.ownEdits >= settings.limits().maxEdits() && !state.terrain.hasEdit(x, y, z)) {
            return EditOutcome.NOT_NOW;
        }
        short id = (short) block;
        if (state.terrain.block(x, y, z) != id) {
            long doneNanos = nowNanos - Math.clamp(agoNanos, 0, EditConflicts.GREATEST_AGE_NANOS);
            if (conflicts.prevails(x, y, z, author.player(), doneNanos)) {
                return EditOutcome.CONFLICT;
            }
            conflicts.made(x, y, z, author, doneNanos, nowNanos);
            put(x, y, z, id, author.player());
        }
        return EditOutcome.ACCEPTED;
    }

    private void put(int x, int y, int z, short block, long author) {
        state.edit(x, y, z, block, author);
        listener.changed(x, y, z, block);
        borders.edited(x, y, z, block);
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

    // Many at once.

    void request(Viewer viewer, int row, ToServer.BulkEdit edit) {
        answer(viewer.session, edit.request(), outcome(viewer, row, edit));
    }

    private EditOutcome outcome(Viewer viewer, int row, ToServer.BulkEdit edit) {
        if (viewer.editAllowance < 1) {
            return EditOutcome.RATE_LIMITED;
        }
        viewer.editAllowance--;
        int volume = edit.shape().volume();
        if (volume > settings.limits().bulkEditBlocks()) {
            return EditOutcome.NOT_ALLOWED;
        }
        if (!takeBlocks(viewer, volume)) {
            return EditOutcome.RATE_LIMITED;
        }
        EditOutcome objection = objection(row, edit);
        if (objection != EditOutcome.ACCEPTED) {
            return objection;
        }
        long lastBefore = state.history.lastId();
        EditOutcome outcome = make(new BulkEdit(edit.shape(), edit.replaced(), (short) edit.block()), viewer.entityId);
        remember(viewer, lastBefore, outcome);
        return outcome;
    }

    /** Of what the viewer may change in a second, and of what all may in a tick; nothing if that is too little. */
    private boolean takeBlocks(Viewer viewer, int blocks) {
        if (viewer.bulkEditAllowance < blocks || bulkEditsLeft < blocks) {
            return false;
        }
        viewer.bulkEditAllowance -= blocks;
        bulkEditsLeft -= blocks;
        return true;
    }

    private EditOutcome objection(int row, ToServer.BulkEdit edit) {
        EditShape shape = edit.shape();
        if (!settings.blocks().has(edit.block())
                || !settings.blocks().has(edit.replaced().orElse(edit.block()))) {
            return EditOutcome.UNKNOWN_BLOCK;
        }
        double dx = farther(shape.minX(), shape.maxX(), state.entities.x[row]);
        double dy = farther(shape.minY(), shape.maxY(), eyes(row));
        double dz = farther(shape.minZ(), shape.maxZ(), state.entities.z[row]);
        double reach = settings.viewRadius();
        if (dx * dx + dy * dy + dz * dz > reach * reach) {
            return EditOutcome.OUT_OF_REACH;
        }
        if (!settings.geometry().contains(shape.minX(), shape.minY(), shape.minZ())
                || !settings.geometry().contains(shape.maxX(), shape.maxY(), shape.maxZ())) {
            return EditOutcome.OUT_OF_WORLD;
        }
        if (!state.owns(shape.minX(), shape.minY(), shape.minZ())
                || !state.owns(shape.maxX(), shape.maxY(), shape.maxZ())) {
            return EditOutcome.BEYOND_BORDER;
        }
        return EditOutcome.ACCEPTED;
    }

    /** Whether the middle of a block is within a distance of somebody's eyes. */
    private boolean reaches(int row, int x, int y, int z, double reach) {
        double dx = x + 0.5 - state.entities.x[row];
        double dy = y + 0.5 - eyes(row);
        double dz = z + 0.5 - state.entities.z[row];
        return dx * dx + dy * dy + dz * dz <= reach * reach;
    }

    private double eyes(int row) {
        return state.entities.y[row] + Motion.EYE_HEIGHT;
    }

    /** From a place to the middle of the farther one of two blocks, on one axis. */
    private static double farther(int min, int max, double place) {
        return Math.max(Math.abs(min + 0.5 - place), Math.abs(max + 0.5 - place));
    }

    private EditOutcome make(BulkEdit edit, long author) {
        if (settings.blocks().isSolid(edit.block()) && isOccupied(edit)) {
            return EditOutcome.OCCUPIED;
        }
        if (state.ownEdits + edit.shape().volume() > settings.limits().maxEdits() / 2) {
            return EditOutcome.NOT_NOW;
        }
        int _ = state.edit(edit, author, changes -> {
            conflicts.forget(changes);
            sectionListener.accept(changes);
            borders.edited(changes);
        });
        return EditOutcome.ACCEPTED;
    }

    private boolean isOccupied(BulkEdit edit) {
        EditShape shape = edit.shape();
        Entities entities = state.entities;
        double size = Math.max(
                shape.maxX() - shape.minX(), Math.max(shape.maxY() - shape.minY(), shape.maxZ() - shape.minZ()));
        entities.near(
                (shape.minX() + shape.maxX() + 1) / 2.0,
                (shape.minY() + shape.maxY() + 1) / 2.0,
                (shape.minZ() + shape.maxZ() + 1) / 2.0,
                size / 2 + REACH_OF_A_BODY,
                near);
        for (int i = 0; i < near.size(); i++) {
            int row = near.getInt(i);
            if (isInTheWay(edit, entities.x[row], entities.y[row], entities.z[row])) {
                return true;
            }
        }
        for (Departure departure : state.departures()) {
            Entity entity = departure.entity;
            if (isInTheWay(edit, entity.x(), entity.y(), entity.z())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the edit would put a block where a body is that stands there. */
    private boolean isInTheWay(BulkEdit edit, double x, double y, double z) {
        // A body reaches into the blocks next to the one of its feet, and two above it.
        int feetX = (int) Math.floor(x);
        int feetY = (int) Math.floor(y);
        int feetZ = (int) Math.floor(z);
        for (int blockY = feetY; blockY <= feetY + 2; blockY++) {
            for (int blockZ = feetZ - 1; blockZ <= feetZ + 1; blockZ++) {
                for (int blockX = feetX - 1; blockX <= feetX + 1; blockX++) {
                    if (Motion.overlaps(x, y, z, blockX, blockY, blockZ) && puts(edit, blockX, blockY, blockZ)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean puts(BulkEdit edit, int x, int y, int z) {
        if (!edit.covers(x, y, z)) {
            return false;
        }
        int there = state.terrain.block(x, y, z);
        return there != edit.block() && edit.replaced().orElse(there) == there;
    }

    // Taking back.

    private record Earlier(int x, int y, int z, short block) {}

    /** What has been put since, which may be nothing, is the viewer's latest edit, if it was accepted. */
    private void remember(Viewer viewer, long lastBefore, EditOutcome outcome) {
        if (outcome == EditOutcome.ACCEPTED) {
            viewer.edited(new UndoableEdit.Here(lastBefore + 1, state.history.lastId()));
        }
    }

    void request(Viewer viewer, int row, ToServer.Undo undo) {
        answer(viewer.session, undo.request(), undo(viewer, row));
    }

    private EditOutcome undo(Viewer viewer, int row) {
        if (viewer.editAllowance < 1) {
            return EditOutcome.RATE_LIMITED;
        }
        viewer.editAllowance--;
        return switch (viewer.undoable.peekLast()) {
            case null -> EditOutcome.NOTHING_TO_UNDO;
            case UndoableEdit.Beyond _ -> {
                viewer.undoable.removeLast();
                yield EditOutcome.BEYOND_BORDER;
            }
            case UndoableEdit.Here here -> undo(viewer, row, here);
        };
    }

    private EditOutcome undo(Viewer viewer, int row, UndoableEdit.Here latest) {
        if (latest.firstId() < state.history.firstId()) {
            // Nor are those before it remembered. A part of it would be something that nobody has ever seen.
            viewer.undoable.clear();
            return EditOutcome.NOTHING_TO_UNDO;
        }
        int blocks = latest.blocks();
        if (blocks == 0) {
            viewer.undoable.removeLast();
            return EditOutcome.NOTHING_TO_UNDO;
        }
        if (blocks > 1 && !takeBlocks(viewer, blocks)) {
            return EditOutcome.RATE_LIMITED;
        }
        List<Earlier> places = unchanged(latest);
        EditOutcome objection = objection(row, places);
        if (objection != EditOutcome.ACCEPTED) {
            return objection;
        }
        viewer.undoable.removeLast();
        for (Earlier place : places) {
            conflicts.forget(place.x, place.y, place.z);
            put(place.x, place.y, place.z, place.block, viewer.entityId);
        }
        return EditOutcome.ACCEPTED;
    }

    /** Where there is still what the edit has put, and what was there before. */
    private List<Earlier> unchanged(UndoableEdit.Here edit) {
        List<Earlier> places = new ArrayList<>();
        state.history.forEach(edit.firstId(), edit.lastId(), (id, tick, author, x, y, z, from, to) -> {
            if (state.terrain.block(x, y, z) == to) {
                places.add(new Earlier(x, y, z, from));
            }
        });
        return places;
    }

    private EditOutcome objection(int row, List<Earlier> places) {
        for (Earlier place : places) {
            if (!reaches(row, place.x, place.y, place.z, settings.viewRadius())) {
                return EditOutcome.OUT_OF_REACH;
            }
            if (settings.blocks().isSolid(place.block) && isOccupied(place.x, place.y, place.z)) {
                return EditOutcome.OCCUPIED;
            }
        }
        return EditOutcome.ACCEPTED;
    }

    // Beyond the border.

    private void forward(Viewer viewer, ToServer.BlockEdit edit, long nowNanos) {
        Leaf leaf = borders.leafAt(edit.x(), edit.y(), edit.z());
        Neighbour neighbour = leaf == null ? null : borders.get(leaf.region());
        if (neighbour == null || !neighbour.hasAuthority) {
            answer(viewer.session, edit.request(), EditOutcome.NOT_NOW);
            return;
        }
        UndoableEdit beyond = new UndoableEdit.Beyond(++lastRequest);
        viewer.edited(beyond);
        waiting.put(lastRequest, new Waiting(viewer, edit.request(), beyond, nowNanos + REMOTE_NANOS));
        outbox.toPeer(
                neighbour.region,
                neighbour.epoch,
                PeerMessage.newBuilder()
                        .setRemoteEdit(RemoteEdit.newBuilder()
                                .setRequest(lastRequest)
                                .setPlayer(viewer.entityId)
                                .setAgeMillis((int) TimeUnit.NANOSECONDS.toMillis(travelNanos(viewer)))
                                .setEdit(BlockEdit.newBuilder()
                                        .setX(edit.x()
                                                - (int) neighbour.bounds.min().x())
                                        .setY(edit.y()
                                                - (int) neighbour.bounds.min().y())
                                        .setZ(edit.z()
                                                - (int) neighbour.bounds.min().z())
                                        .setBlock(edit.block()))));
    }

    void receive(Neighbour from, RemoteEdit message, long nowNanos) {
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
            outcome = make(
                    x,
                    y,
                    z,
                    edit.getBlock(),
                    new Foreign(this, message.getPlayer(), from, message.getRequest()),
                    TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(message.getAgeMillis())),
                    nowNanos);
        }
        answer(from, message.getRequest(), outcome);
    }

    private void answer(Neighbour to, long request, EditOutcome outcome) {
        outbox.toPeer(
                to.region,
                to.epoch,
                PeerMessage.newBuilder()
                        .setRemoteEditResult(RemoteEditResult.newBuilder()
                                .setRequest(request)
                                .setOutcome(number(outcome))));
    }

    void receive(RemoteEditResult message) {
        Waiting asked = waiting.get(message.getRequest());
        boolean known = message.getOutcome() >= 0 && message.getOutcome() < OUTCOMES.size();
        EditOutcome outcome = known ? OUTCOMES.get(message.getOutcome()) : EditOutcome.NOT_NOW;
        if (asked == null || (asked.accepted && outcome != EditOutcome.CONFLICT)) {
            return;
        }
        asked.accepted = outcome == EditOutcome.ACCEPTED;
        if (!asked.accepted) {
            waiting.remove(message.getRequest());
            asked.viewer.undoable.remove(asked.edit);
        }
        answer(asked.viewer.session, asked.request, outcome);
    }

    /** As for one that goes on elsewhere: who was first before is not part of a region's state. */
    void resume() {
        conflicts.clear();
    }

    /** Who has waited for too long is told so; the block itself is shown as it is, whatever became of it. */
    void expire(long nowNanos) {
        conflicts.expire(nowNanos);
        if (waiting.isEmpty()) {
            return;
        }
        for (Iterator<Waiting> it = waiting.values().iterator(); it.hasNext(); ) {
            Waiting asked = it.next();
            if (nowNanos < asked.deadlineNanos) {
                return;
            }
            it.remove();
            if (!asked.accepted) {
                asked.viewer.undoable.remove(asked.edit);
                answer(asked.viewer.session, asked.request, EditOutcome.NOT_NOW);
            }
        }
    }
}
