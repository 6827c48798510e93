package io.gamemesh.core.region;

import io.gamemesh.core.voxel.EditLog;
import io.gamemesh.core.voxel.SectionChanges;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.EntityRefused;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.RemoteEditResult;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToServer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One region: its entities, its edits, its players and its borders. Not thread-safe: one thread at a time accepts and
 * steps. It reads no clock; time comes with {@link #step}.
 */
public final class RegionEngine {

    /** Grows with each change of what {@link #checksum} is made of. */
    public static final int CHECKSUM_VERSION = 1;

    private static final int MAX_QUEUED = 1 << 16;
    // A ticket is as good as new as long as the player is so near to where it says, and for so long.
    private static final double LOCATED_METRES = 8;
    private static final int LOCATED_SECONDS = 5;

    private final RegionSettings settings;
    private final RegionState state;
    private final Outbox outbox;
    private final Borders borders;
    private final Crossings crossings;
    private final Editing editing;
    private final Movement movement;
    private final Creatures creatures;
    private final Items items;
    private final PickUps pickUps;
    private final Trading trading;
    private final Handling handling;
    private final Consignments consignments;
    private final Bodies bodies;
    private final Views views;
    private final TerrainViews terrainViews;
    private final Players players;
    private final ArrayDeque<RegionInput> queue = new ArrayDeque<>();
    private boolean frozen;
    private boolean stepped;

    private RegionEngine(RegionSettings settings, RegionState state, long epoch) {
        this.settings = settings;
        this.state = state;
        this.outbox = new Outbox(settings.region(), requireEpoch(epoch, 1));
        Borders.BlockListener listener = this::onBlockChanged;
        this.borders = new Borders(settings, state, outbox, listener);
        this.crossings = new Crossings(settings, state, borders, outbox);
        this.editing = new Editing(settings, state, borders, listener, this::onSectionChanged, outbox);
        this.movement = new Movement(settings.blocks(), state.terrain, settings.tickRate());
        this.creatures = new Creatures(settings, state, movement);
        this.items = new Items(settings, state, movement);
        this.bodies = new Bodies(state, movement);
        this.views = new Views(settings, state, borders, outbox);
        this.terrainViews = new TerrainViews(settings, state, outbox);
        this.pickUps = new PickUps(state, borders, outbox);
        Deliveries deliveries = new Deliveries(settings, state, movement, pickUps, outbox);
        this.trading = new Trading(settings, state, borders, deliveries, outbox);
        this.handling = new Handling(settings, state, borders, deliveries, pickUps, trading);
        this.consignments = new Consignments(state, borders, crossings, deliveries, trading, outbox);
        this.players = new Players(settings, state, movement, views, deliveries, trading, outbox);
    }

    private static long requireEpoch(long epoch, long least) {
        if (epoch < least) {
            throw new IllegalArgumentException("epoch is " + epoch + ", expected " + least + " or more");
        }
        return epoch;
    }

    /**
     * A region as generated, without entities.
     *
     * @param epoch at which this server acts for it, 1 or more
     */
    public static RegionEngine fresh(RegionSettings settings, long epoch) {
        return new RegionEngine(settings, new RegionState(settings, requireEpoch(epoch, 1)), epoch);
    }

    /**
     * A region that goes on from its state, which another engine has {@link #save saved}.
     *
     * @param epoch at which this server acts for it, higher than that of the engine that saved
     * @throws RegionStateException if the bytes are not the state of that region
     */
    public static RegionEngine restore(RegionSettings settings, long epoch, byte[] state) throws RegionStateException {
        return new RegionEngine(settings, StateCodec.read(settings, state), epoch);
    }

    /**
     * A region that goes on from where a replica is, which is this engine's from now on.
     *
     * @param epoch at which this server acts for it, higher than that of the engine whose log the replica was fed
     */
    public static RegionEngine takeOver(RegionReplica replica, long epoch) {
        return new RegionEngine(replica.state().settings, replica.state(), epoch);
    }

    /**
     * A region that goes on from where a replica is, though it may have been further once: what came after is lost, and
     * neighbours may have seen it.
     *
     * @param epoch at which this server acts for it, higher than any before
     */
    public static RegionEngine recover(RegionReplica replica, long epoch) {
        replica.state().skipCrossings(requireEpoch(epoch, 1));
        return takeOver(replica, epoch);
    }

    /** Takes an input for the next step. Cheap; most of the work is done by the step. */
    public void accept(RegionInput input) {
        switch (input) {
            case RegionInput.Move move -> {
                Viewer viewer = players.viewer(move.session());
                if (viewer != null) {
                    views.acknowledge(viewer, move.inputs().acknowledged());
                    outbox.refused += viewer.controls.offer(move.inputs());
                }
            }
            case RegionInput.Edit _, RegionInput.Handle _, RegionInput.FromPeer _ -> {
                // What is dropped is repeated: by the player, or by the neighbour.
                if (queue.size() < MAX_QUEUED) {
                    queue.add(input);
                } else {
                    outbox.refused++;
                }
            }
            case RegionInput.Join _,
                    RegionInput.Attach _,
                    RegionInput.Disconnected _,
                    RegionInput.Goodbye _,
                    RegionInput.MapChanged _ -> queue.add(input);
        }
    }

    /**
     * One tick: applies what was accepted, moves what moves, and gives what to send. A frozen engine only refuses.
     *
     * @param nowNanos of any monotonic clock, always the same one
     * @param out called during the step, in order
     */
    public void step(long nowNanos, RegionSink out) {
        outbox.open(out);
        if (frozen) {
            state.log.clear();
            refuseQueued(nowNanos);
            return;
        }
        if (!stepped) {
            stepped = true;
            players.beginGrace(nowNanos);
        }
        state.nextTick();
        if (state.log.isStarting()) {
            state.sortEntities();
        }
        for (RegionInput input = queue.poll(); input != null; input = queue.poll()) {
            handle(input, nowNanos);
        }
        editing.beginTick(nowNanos);
        move();
        creatures.step();
        items.step();
        bodies.step();
        crossings.step(nowNanos);
        players.removeAbandoned(nowNanos);
        trading.step();
        consignments.step(nowNanos);
        pickUps.step(nowNanos);
        editing.expire(nowNanos);
        state.log.end();
        state.entities.track();
        borders.step(nowNanos);
        show(nowNanos);
    }

    private void handle(RegionInput input, long nowNanos) {
        switch (input) {
            case RegionInput.Join join -> players.join(join, nowNanos);
            case RegionInput.Attach attach -> players.attach(attach, nowNanos);
            case RegionInput.Edit(long session, var edit) -> {
                Viewer viewer = players.viewer(session);
                int row = viewer == null ? Entities.NONE : state.entities.row(viewer.entityId);
                if (viewer == null || row == Entities.NONE) {
                    editing.refuse(session, edit);
                } else {
                    switch (edit) {
                        case ToServer.BlockEdit one -> editing.request(viewer, row, one, nowNanos);
                        case ToServer.BulkEdit many -> editing.request(viewer, row, many);
                        case ToServer.Undo undo -> editing.request(viewer, row, undo);
                    }
                }
            }
            case RegionInput.Handle(long session, var request) -> {
                Viewer viewer = players.viewer(session);
                int row = viewer == null ? Entities.NONE : state.entities.row(viewer.entityId);
                if (viewer == null || row == Entities.NONE) {
                    handling.refuse(session, request);
                } else {
                    handling.request(viewer, row, request, nowNanos);
                }
            }
            case RegionInput.Disconnected(long session, boolean goodbye) ->
                players.disconnected(session, goodbye, nowNanos);
            case RegionInput.Goodbye(EntityId entity) -> crossings.dismiss(entity.packed(), players::remove);
            case RegionInput.FromPeer fromPeer -> onPeer(fromPeer, nowNanos);
            case RegionInput.MapChanged(var map) -> borders.learn(map);
            case RegionInput.Move _ -> throw new IllegalStateException("inputs are applied when they are accepted");
        }
    }

    // What a tick does.

    private void move() {
        Entities entities = state.entities;
        for (int row = 0; row < entities.count; row++) {
            Viewer viewer = entities.viewer[row];
            if (viewer == null) {
                continue;
            }
            Controls controls = viewer.controls;
            movement.step(entities, row, controls);
            if (controls.turned) {
                entities.yaw[row] = controls.yaw;
                entities.pitch[row] = controls.pitch;
                entities.showParts(row, controls);
            }
            viewer.lastInput = controls.taken();
            editing.refill(viewer);
        }
    }

    private void show(long nowNanos) {
        views.buildScene();
        terrainViews.beginTick(players.viewers());
        Entities entities = state.entities;
        for (int i = 0; i < entities.count; i++) {
            // Another one first each tick, so that none always gets what is left of the tick's sections.
            int row = (int) ((i + state.tick) % entities.count);
            Viewer viewer = entities.viewer[row];
            if (viewer != null) {
                show(viewer, row);
                endIfTooSlow(viewer, nowNanos);
            }
        }
        for (Departure departure : state.departures()) {
            Viewer viewer = departure.viewer;
            if (viewer != null) {
                views.show(viewer, movement.own(departure.entity, viewer.controls));
                endIfTooSlow(viewer, nowNanos);
            }
        }
    }

    private void endIfTooSlow(Viewer viewer, long nowNanos) {
        if (views.isTooSlow(viewer)) {
            players.end(
                    viewer,
                    CloseCode.TOO_SLOW,
                    "the client has not acknowledged for too long what went out of its sight: connect again",
                    nowNanos);
        }
    }

    private void show(Viewer viewer, int row) {
        Entities entities = state.entities;
        double x = entities.x[row];
        double y = entities.y[row];
        double z = entities.z[row];
        if (isToBeLocated(viewer, x, y, z)) {
            viewer.locatedTick = state.tick;
            viewer.locatedX = x;
            viewer.locatedY = y;
            viewer.locatedZ = z;
            outbox.located(viewer.session, viewer.entityId, entities.hop[row], x, y, z);
        }
        views.show(viewer, movement.own(entities, row, viewer.controls));
        terrainViews.stream(viewer, x, y, z);
    }

    /** Once a second there is a look at it, for one player in this tick and for another in that. */
    private boolean isToBeLocated(Viewer viewer, double x, double y, double z) {
        if (viewer.locatedTick == Viewer.NOT_LOCATED) {
            return true;
        }
        if (Math.floorMod(state.tick + viewer.entityId, settings.tickRate()) != 0) {
            return false;
        }
        double dx = x - viewer.locatedX;
        double dy = y - viewer.locatedY;
        double dz = z - viewer.locatedZ;
        return dx * dx + dy * dy + dz * dz >= LOCATED_METRES * LOCATED_METRES
                || state.tick - viewer.locatedTick >= (long) LOCATED_SECONDS * settings.tickRate();
    }

    private void onBlockChanged(int x, int y, int z, short block) {
        terrainViews.changed(x, y, z, block);
    }

    private void onSectionChanged(SectionChanges changes) {
        terrainViews.changed(changes);
    }

    // Neighbours.

    private void onPeer(RegionInput.FromPeer input, long nowNanos) {
        PeerMessage message = input.message();
        RegionId from = new RegionId(message.getFromRegion());
        Neighbour neighbour = borders.get(from);
        String objection = objection(message, neighbour);
        if (neighbour == null || objection != null) {
            outbox.refused++;
            refusal(message, objection == null ? "" : objection)
                    .ifPresent(answer -> outbox.put(new RegionOutput.ToPeer(answer)));
            return;
        }
        if (message.getFromEpoch() > neighbour.epoch) {
            neighbour.raiseEpoch(message.getFromEpoch());
            neighbour.hasAuthority = true;
        }
        switch (message.getBodyCase()) {
            case LEFT -> {
                long underWay = nowNanos - input.receivedNanos().orElse(nowNanos);
                if (crossings.receive(neighbour, message.getLeft(), nowNanos)) {
                    input.follower().ifPresent(follower -> players.follow(follower, message.getLeft(), underWay));
                }
            }
            case ARRIVED -> {
                Viewer gone = crossings.receive(from, message.getArrived(), nowNanos);
                if (gone != null) {
                    players.letGo(gone);
                }
            }
            case ENTITIES -> borders.receive(neighbour, message.getEntities(), nowNanos);
            case EDITS -> borders.receive(neighbour, message.getFromEpoch(), message.getEdits(), nowNanos);
            case REMOTE_EDIT -> editing.receive(neighbour, message.getRemoteEdit(), nowNanos);
            case REMOTE_EDIT_RESULT -> editing.receive(message.getRemoteEditResult());
            case CONSIGNMENT -> consignments.receive(neighbour, message.getConsignment());
            case CONSIGNMENT_RECEIVED -> consignments.receive(from, message.getConsignmentReceived());
            case REMOTE_PICK_UP -> pickUps.receive(neighbour, message.getRemotePickUp());
            case REMOTE_PICK_UP_RESULT -> pickUps.receive(message.getRemotePickUpResult());
            case DISMISSED -> crossings.dismiss(message.getDismissed().getEntityId(), players::remove);
            case REFUSED, HELLO, BODY_NOT_SET -> {
                // A refused crossing is repeated, with what the leaf map says by then.
                outbox.refused++;
            }
        }
    }

    private @Nullable String objection(PeerMessage message, @Nullable Neighbour from) {
        if (message.getToRegion() != region().packed()) {
            return "this is region " + region() + ", the message is for " + new RegionId(message.getToRegion());
        }
        if (message.getToEpoch() != epoch()) {
            return "region " + region() + " is at epoch " + epoch() + ", the message is for " + message.getToEpoch();
        }
        if (from == null) {
            return "region " + new RegionId(message.getFromRegion()) + " is no neighbour of " + region();
        }
        if (message.getFromEpoch() < from.epoch) {
            return "region " + from.region + " is at epoch " + from.epoch + ", the message is of "
                    + message.getFromEpoch();
        }
        return null;
    }

    /**
     * What a server answers to a message for a region that it does not act for; empty where none is due.
     *
     * @param message as it came
     * @param reason for people
     */
    public static Optional<PeerMessage> refusal(PeerMessage message, String reason) {
        PeerMessage.Builder answer = PeerMessage.newBuilder()
                .setFromRegion(message.getToRegion())
                .setFromEpoch(message.getToEpoch())
                .setToRegion(message.getFromRegion())
                .setToEpoch(message.getFromEpoch());
        return switch (message.getBodyCase()) {
            case LEFT ->
                Optional.of(answer.setRefused(EntityRefused.newBuilder()
                                .setEntityId(message.getLeft().getEntityId())
                                .setHop(message.getLeft().getHop())
                                .setReason(reason))
                        .build());
            case REMOTE_EDIT ->
                Optional.of(answer.setRemoteEditResult(RemoteEditResult.newBuilder()
                                .setRequest(message.getRemoteEdit().getRequest())
                                .setOutcome(Editing.number(EditOutcome.NOT_NOW)))
                        .build());
            default -> Optional.empty();
        };
    }

    // Moving the whole region.

    /** Stops the region between two steps: nothing of its state changes until {@link #resume}. */
    public void freeze() {
        frozen = true;
    }

    /** True between {@link #freeze} and {@link #resume}. */
    public boolean frozen() {
        return frozen;
    }

    /**
     * Goes on after {@link #freeze}.
     *
     * @param epoch at which it goes on: its own, or a higher one
     * @throws IllegalArgumentException if the epoch is lower than its own
     */
    public void resume(long epoch) {
        outbox.epoch = requireEpoch(epoch, outbox.epoch);
        frozen = false;
        editing.resume();
    }

    private void refuseQueued(long nowNanos) {
        String reason = "region " + region() + " is on the move";
        for (RegionInput input = queue.poll(); input != null; input = queue.poll()) {
            switch (input) {
                case RegionInput.Join join ->
                    players.refuse(join.session(), CloseCode.NOT_READY, reason + ": try again");
                case RegionInput.Attach attach ->
                    players.refuse(attach.session(), CloseCode.NOT_READY, reason + ": try again");
                case RegionInput.Edit(long session, var edit) -> editing.refuse(session, edit);
                case RegionInput.Handle(long session, var request) -> handling.refuse(session, request);
                case RegionInput.Disconnected(long session, boolean _) ->
                    // Not even a goodbye removes an entity of a frozen region; the grace time will.
                    players.disconnected(session, false, nowNanos);
                case RegionInput.Goodbye _ -> {
                    // As above.
                }
                case RegionInput.FromPeer fromPeer ->
                    refusal(fromPeer.message(), reason)
                            .ifPresent(answer -> outbox.put(new RegionOutput.ToPeer(answer)));
                case RegionInput.MapChanged(var map) -> borders.learn(map);
                case RegionInput.Move _ -> throw new IllegalStateException("inputs are applied when they are accepted");
            }
        }
    }

    /**
     * The region's whole state in the region state format of {@code docs/protocol.md}: equal states are equal bytes.
     * Sessions are not part of it.
     */
    public byte[] save() {
        return StateCodec.write(state);
    }

    /**
     * Engines and replicas in equal states have equal ones, others hardly ever: O(entities), however many edits there
     * are. For comparing within one release: it is no part of any format.
     */
    public long checksum() {
        return Checksum.of(state);
    }

    // Replication.

    /**
     * From the next step on the region's {@link #log} is written, which costs some time: a {@link RegionReplica} made of
     * the state as it is now can apply it from its first tick. To be called for each further replica too.
     */
    public void startLog() {
        state.log.start();
    }

    /** The log is written no more: nobody listens. */
    public void stopLog() {
        state.log.stop();
    }

    /**
     * What the last step has changed, in the region log format of {@code docs/protocol.md}: one tick; empty if the log
     * has not been started or the engine was frozen.
     *
     * @return good until the next step
     */
    public ByteBuffer log() {
        return state.log.view();
    }

    /**
     * Whether the last step's {@link #log} has strong entries: an edit, an entity or an item that has come or gone, and the
     * like. False if the log has not been started or the engine was frozen.
     */
    public boolean loggedStrong() {
        return state.log.isStrong();
    }

    /** By entity of a player with a session: the sequence number of the newest input that was applied. */
    public Map<EntityId, Long> lastInputs() {
        return players.lastInputs();
    }

    /** The sessions of this region, those whose entities are about to cross included. */
    public List<RegionSession> sessions() {
        return players.sessions();
    }

    /** What to report. */
    public RegionStats stats() {
        int playerCount = state.entities.players();
        for (Departure departure : state.departures()) {
            playerCount += departure.entity.isPlayer() ? 1 : 0;
        }
        return new RegionStats(
                state.tick,
                playerCount,
                players.sessionCount(),
                state.population(),
                borders.ghostCount(),
                views.leftOut(),
                state.departureCount(),
                state.terrain.editCount(),
                state.terrain.cachedSections(),
                crossings.out,
                crossings.in,
                crossings.repeatsIgnored,
                outbox.refused,
                movement.inputsDropped(),
                state.items(),
                state.itemsUnderWay(),
                state.itemsCreated,
                state.itemsVanished);
    }

    /**
     * Who has put what where in this region, oldest first: of the last {@value RegionState#EDITS_REMEMBERED} edits, which move
     * with the region, those from an id on.
     *
     * @param id ids grow by one from 1; what is no longer known is left out
     */
    public void forEachEditFrom(long id, EditLog.EntryConsumer consumer) {
        state.history.forEachFrom(id, consumer);
    }

    /** The entities that are in this region, those not counted that have left it. Not in any order. */
    public List<EntityId> entities() {
        List<EntityId> ids = new ArrayList<>(state.entities.count);
        for (int row = 0; row < state.entities.count; row++) {
            ids.add(new EntityId(state.entities.id[row]));
        }
        return ids;
    }

    /** The entities that have left this region and are not known to have arrived. Not in any order. */
    public List<EntityId> departing() {
        List<EntityId> ids = new ArrayList<>(state.departureCount());
        for (Departure departure : state.departures()) {
            ids.add(new EntityId(departure.entity.id()));
        }
        return ids;
    }

    /** The block at a place, edits included; for looking at a region from outside, not for each tick. */
    public short block(int x, int y, int z) {
        return state.terrain.block(x, y, z);
    }

    /** The tick that was stepped last; 0 before the first of a region that begins anew. */
    public long tick() {
        return state.tick;
    }

    /** Which region this is. */
    public RegionId region() {
        return settings.region();
    }

    /** The epoch at which this server acts for it. */
    public long epoch() {
        return outbox.epoch;
    }
}
