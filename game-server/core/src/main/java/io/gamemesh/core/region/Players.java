package io.gamemesh.core.region;

import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.v1.EntityLeft;
import io.gamemesh.protocol.v1.PlayerMotion;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.LocalPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Who plays in the region: which session looks through the eyes of which entity, who comes and who goes. */
final class Players {

    /** One of so many entities of a region may be a player who is not there. */
    private static final int ABANDONED_SHARE = 8;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    // More than any player's inputs may be late.
    private static final int MAX_OWED = 1024;
    private static final long MAX_AGE_MICROS = 1_000_000_000;

    private final RegionSettings settings;
    private final RegionState state;
    private final Movement movement;
    private final Views views;
    private final Deliveries deliveries;
    private final Trading trading;
    private final Outbox outbox;
    private final Long2ObjectHashMap<Viewer> viewers = new Long2ObjectHashMap<>();

    Players(
            RegionSettings settings,
            RegionState state,
            Movement movement,
            Views views,
            Deliveries deliveries,
            Trading trading,
            Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.movement = movement;
        this.views = views;
        this.deliveries = deliveries;
        this.trading = trading;
        this.outbox = outbox;
    }

    @Nullable Viewer viewer(long session) {
        return viewers.get(session);
    }

    Iterable<Viewer> viewers() {
        return viewers.values();
    }

    int sessionCount() {
        return viewers.size();
    }

    /** The session's entity is another region's. */
    void letGo(Viewer viewer) {
        viewers.remove(viewer.session);
        views.close(viewer);
    }

    void join(RegionInput.Join join, long nowNanos) {
        int nameBytes = join.name().getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes < 1
                || nameBytes > settings.limits().maxNameBytes()
                || join.playerId().isEmpty()) {
            refuse(
                    join.session(),
                    CloseCode.MALFORMED,
                    "name has " + nameBytes + " bytes, expected 1 to "
                            + settings.limits().maxNameBytes());
            return;
        }
        long present = state.entityOf(join.playerId());
        if (present != 0) {
            rejoin(join, present);
            return;
        }
        RegionInput.Claim claim = join.claim().orElse(null);
        Departed.Trace gone =
                claim == null ? null : state.departed.get(claim.entity().packed());
        // A ticket that is no older than the departure knows more than this region: to send it back would be a circle.
        if (claim != null && gone != null && claim.hop() < gone.hop()) {
            outbox.put(new RegionOutput.JoinElsewhere(join.session(), gone.to()));
            return;
        }
        if (state.population() >= settings.limits().maxEntities()) {
            refuse(
                    join.session(),
                    CloseCode.SERVER_FULL,
                    "region " + settings.region() + " has " + state.population() + " entities, expected less than "
                            + settings.limits().maxEntities());
            return;
        }
        Vec3 position = movement.clear(settings.geometry(), claim == null ? spawn(join.fresh()) : claimed(claim));
        Entity entity = new Entity(
                join.fresh().packed(),
                0,
                EntityKind.PLAYER,
                position.x(),
                position.y(),
                position.z(),
                0,
                0,
                0,
                0,
                0,
                false,
                join.playerId(),
                join.name(),
                Entity.Trait.of(null, beginning(join.playerId())));
        state.add(entity, null, nowNanos);
        look(join.session(), entity.id(), 0, join.view(), join.generates(), false);
    }

    /** What a newcomer carries: something only once, as far as the region remembers. */
    private Belongings beginning(String playerId) {
        return state.outfitted.has(playerId)
                ? Belongings.NONE
                : Belongings.NONE.with(settings.items().starting(), 0);
    }

    private void rejoin(RegionInput.Join join, long entityId) {
        Viewer holder = viewerOf(entityId);
        boolean outdated = join.claim().isPresent()
                && join.claim().get().entity().packed() == entityId
                && join.claim().get().hop() < hopOf(entityId);
        if (holder != null && outdated) {
            refuse(
                    join.session(),
                    CloseCode.BAD_TICKET,
                    "ticket is of hop " + join.claim().get().hop() + " and the player is connected at hop "
                            + hopOf(entityId) + ": join without it");
            return;
        }
        look(join.session(), entityId, 0, join.view(), join.generates(), true);
    }

    /**
     * The session goes on with the player that has just come over a border.
     *
     * @param nanosUnderWay how long the message has been waiting here
     */
    void follow(RegionInput.Follower follower, EntityLeft left, long nanosUnderWay) {
        int row = state.entities.row(left.getEntityId());
        if (row == Entities.NONE || state.entities.kind[row] != EntityKind.PLAYER || !left.hasMotion()) {
            return;
        }
        long lastInput = Integer.toUnsignedLong(left.getEntity().getPlayer().getLastInput());
        Viewer viewer =
                look(follower.session(), left.getEntityId(), lastInput, follower.view(), follower.generates(), true);
        PlayerMotion motion = left.getMotion();
        Body place = new Body();
        place.x = motion.getPosition().getX();
        place.y = motion.getPosition().getY();
        place.z = motion.getPosition().getZ();
        place.vx = motion.getVelocity().getX();
        place.vy = motion.getVelocity().getY();
        place.vz = motion.getVelocity().getZ();
        place.grounded = motion.getGrounded();
        long nanos = nanosUnderWay + Math.min(left.getAgeMicros(), MAX_AGE_MICROS) * 1000;
        long owed = Math.min(motion.getOwed(), MAX_OWED) + ticks(Math.max(nanos, 0));
        movement.arrive(state.entities, row, viewer.controls, place, (int) Math.min(owed, MAX_OWED));
    }

    void attach(RegionInput.Attach attach, long nowNanos) {
        long present = state.entityOf(attach.playerId());
        Viewer looking = present == 0 ? null : viewerOf(present);
        if (looking != null && looking.session == attach.session()) {
            // It has followed the entity already.
            return;
        }
        if (present == attach.entity().packed()) {
            Viewer viewer =
                    look(attach.session(), present, attach.lastInput(), attach.view(), attach.generates(), true);
            Entity entity = entity(present);
            viewer.controls.goOn(entity.vx(), entity.vz(), ticksMissed(nowNanos - attach.sinceNanos()));
            return;
        }
        Departed.Trace gone = state.departed.get(attach.entity().packed());
        if (gone != null) {
            outbox.put(new RegionOutput.JoinElsewhere(attach.session(), gone.to()));
        } else {
            refuse(
                    attach.session(),
                    CloseCode.NOT_READY,
                    "entity " + attach.entity() + " is not in region " + settings.region() + ": connect again");
        }
    }

    /** How many ticks nobody has stepped for one who was under way so long, as far as inputs may come late. */
    private int ticksMissed(long nanos) {
        // The tick at hand is not missed.
        return Math.clamp(ticks(nanos) - 1, 0, movement.reach());
    }

    /** Regions step at their own times within a tick, so to the nearest. */
    private long ticks(long nanos) {
        return Math.round((double) nanos * settings.tickRate() / NANOS_PER_SECOND);
    }

    void refuse(long session, CloseCode code, String reason) {
        outbox.refused++;
        outbox.put(new RegionOutput.JoinRefused(session, code, reason));
    }

    /** From now on the session looks through the entity's eyes, and nobody else does. */
    private Viewer look(long session, long entityId, long lastInput, int view, boolean generates, boolean rejoined) {
        Viewer before = viewerOf(entityId);
        if (before != null && before.session != session) {
            viewers.remove(before.session);
            views.close(before);
            outbox.put(
                    new RegionOutput.Close(before.session, CloseCode.REPLACED, "the same player has connected again"));
        }
        Viewer viewer = new Viewer(session, entityId, lastInput, generates, settings.limits());
        Viewer outdated = viewers.put(session, viewer);
        if (outdated != null) {
            views.close(outdated);
        }
        views.open(viewer, view);
        setViewer(entityId, viewer);
        Entity entity = entity(entityId);
        outbox.put(new RegionOutput.Joined(
                session,
                entity.playerId(),
                new EntityId(entityId),
                entity.hop(),
                rejoined,
                new LocalPosition(views.localX(entity.x()), views.localY(entity.y()), views.localZ(entity.z()))));
        deliveries.tell(session, entity.trait().belongings());
        trading.tell(viewer);
        return viewer;
    }

    void disconnected(long session, boolean goodbye, long nowNanos) {
        Viewer viewer = viewers.remove(session);
        if (viewer == null) {
            return;
        }
        views.close(viewer);
        setViewer(viewer.entityId, null);
        int row = state.entities.row(viewer.entityId);
        if (row == Entities.NONE) {
            return;
        }
        state.entities.aloneSinceNanos[row] = nowNanos;
        if (goodbye) {
            remove(row);
        }
    }

    /** Ends a session: its entity stays for its time, so that the player may connect again. */
    void end(Viewer viewer, CloseCode code, String reason, long nowNanos) {
        outbox.refused++;
        disconnected(viewer.session, false, nowNanos);
        outbox.put(new RegionOutput.Close(viewer.session, code, reason));
    }

    private Entity entity(long entityId) {
        int row = state.entities.row(entityId);
        if (row != Entities.NONE) {
            return state.entities.get(row);
        }
        Departure departure = state.departure(entityId);
        if (departure == null) {
            throw new IllegalStateException(
                    "entity " + new EntityId(entityId) + " is not in region " + settings.region());
        }
        return departure.entity;
    }

    private int hopOf(long entityId) {
        return entity(entityId).hop();
    }

    private @Nullable Viewer viewerOf(long entityId) {
        int row = state.entities.row(entityId);
        if (row != Entities.NONE) {
            return state.entities.viewer[row];
        }
        Departure departure = state.departure(entityId);
        return departure == null ? null : departure.viewer;
    }

    private void setViewer(long entityId, @Nullable Viewer viewer) {
        int row = state.entities.row(entityId);
        Departure departure = state.departure(entityId);
        if (row != Entities.NONE) {
            state.entities.viewer[row] = viewer;
        } else if (departure != null) {
            departure.viewer = viewer;
        }
    }

    // Where players appear.

    private Vec3 spawn(EntityId fresh) {
        Vec3 place = Spawn.place(settings.geometry(), settings.generator(), fresh.counter());
        return state.bounds.contains(place) ? place : inside(place);
    }

    private Vec3 claimed(RegionInput.Claim claim) {
        Vec3 position = claim.position();
        return state.bounds.distance(position) <= Margin.CROSSING_METRES ? position : inside(position);
    }

    private Vec3 inside(Vec3 place) {
        Vec3 min = state.bounds.min();
        Vec3 max = state.bounds.max();
        double inset = 2 * Margin.CROSSING_METRES;
        double x = Math.clamp(place.x(), min.x() + inset, max.x() - inset);
        double z = Math.clamp(place.z(), min.z() + inset, max.z() - inset);
        Vec3 ground = Spawn.onGround(settings.geometry(), settings.generator(), x, z);
        return new Vec3(x, Math.clamp(ground.y(), min.y() + inset, max.y() - inset), z);
    }

    void beginGrace(long nowNanos) {
        for (int row = 0; row < state.entities.count; row++) {
            state.entities.aloneSinceNanos[row] = nowNanos;
        }
    }

    /**
     * Removes those whose time is over, and where too many are alone who has been so for the longest: whoever comes and goes again and
     * again would fill the region otherwise.
     */
    void removeAbandoned(long nowNanos) {
        Entities entities = state.entities;
        long grace = settings.limits().graceSeconds() * NANOS_PER_SECOND;
        int left = 0;
        for (int row = entities.count - 1; row >= 0; row--) {
            if (isAlone(row)) {
                if (nowNanos - entities.aloneSinceNanos[row] >= grace) {
                    remove(row);
                } else {
                    left++;
                }
            }
        }
        for (; left > settings.limits().maxEntities() / ABANDONED_SHARE; left--) {
            remove(longestAlone());
        }
    }

    /** What it carries stays, and lies there. */
    void remove(int row) {
        deliveries.empty(row);
        state.remove(row);
    }

    private boolean isAlone(int row) {
        return state.entities.kind[row] == EntityKind.PLAYER && state.entities.viewer[row] == null;
    }

    private int longestAlone() {
        long[] since = state.entities.aloneSinceNanos;
        int longest = Entities.NONE;
        for (int row = 0; row < state.entities.count; row++) {
            if (isAlone(row) && (longest == Entities.NONE || since[row] - since[longest] < 0)) {
                longest = row;
            }
        }
        return longest;
    }

    /** Of those whose entities are about to cross, the region that they cross to says it. */
    Map<EntityId, Long> lastInputs() {
        Map<EntityId, Long> inputs = new HashMap<>();
        for (Viewer viewer : viewers.values()) {
            if (state.entities.row(viewer.entityId) != Entities.NONE) {
                inputs.put(new EntityId(viewer.entityId), viewer.lastInput);
            }
        }
        return inputs;
    }

    /** The sessions of this region, those whose entities are about to cross included. */
    List<RegionSession> sessions() {
        List<RegionSession> sessions = new ArrayList<>(viewers.size());
        for (Viewer viewer : viewers.values()) {
            Entity entity = entity(viewer.entityId);
            sessions.add(new RegionSession(
                    viewer.session,
                    new EntityId(entity.id()),
                    entity.hop(),
                    entity.playerId(),
                    entity.name(),
                    new Vec3(entity.x(), entity.y(), entity.z())));
        }
        return sessions;
    }
}
