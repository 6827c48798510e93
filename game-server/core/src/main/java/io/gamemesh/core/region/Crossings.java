package io.gamemesh.core.region;

import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.v1.BodyState;
import io.gamemesh.protocol.v1.EntityArrived;
import io.gamemesh.protocol.v1.EntityDismissed;
import io.gamemesh.protocol.v1.EntityLeft;
import io.gamemesh.protocol.v1.EntityRefused;
import io.gamemesh.protocol.v1.EntityState;
import io.gamemesh.protocol.v1.ItemState;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.v1.PlayerMotion;
import io.gamemesh.protocol.v1.PlayerState;
import io.gamemesh.protocol.v1.Vec3d;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Entities that go over borders. One that leaves is the other region's from then on; the message is repeated until that
 * region says it has arrived, and applied there once however often it comes. So none is lost and none is there twice,
 * whatever the network does.
 */
final class Crossings {

    private static final long RESEND_NANOS = 250_000_000;
    private static final int MAX_REMEMBERED = 1 << 20;
    private static final long MAX_ITEM_TICKS = 1L << 40;

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Outbox outbox;
    long out;
    long in;
    long repeatsIgnored;

    Crossings(RegionSettings settings, RegionState state, Borders borders, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.outbox = outbox;
    }

    // Outwards.

    void step(long nowNanos) {
        Entities entities = state.entities;
        // From the last row: one that leaves is replaced by the last.
        for (int row = entities.count - 1; row >= 0; row--) {
            double outside = state.bounds.distance(entities.x[row], entities.y[row], entities.z[row]);
            if (outside > Margin.CROSSING_METRES) {
                leave(row);
            } else if (outside > 0) {
                keepInReach(row);
            }
        }
        for (Departure departure : state.departures()) {
            if (departure.nextSendNanos == Long.MIN_VALUE) {
                departure.sinceNanos = nowNanos;
            }
            if (nowNanos >= departure.nextSendNanos) {
                send(departure, nowNanos);
            }
        }
    }

    private void leave(int row) {
        Entities entities = state.entities;
        Leaf leaf = borders.leafAt(entities.x[row], entities.y[row], entities.z[row]);
        if (leaf == null || leaf.authority() == null || leaf.region().equals(settings.region())) {
            holdBack(row, Margin.CROSSING_METRES);
        } else {
            state.depart(row, leaf.region());
        }
    }

    /** The world's outermost border is a wall. */
    private void keepInReach(int row) {
        Entities entities = state.entities;
        if (!settings.geometry().contains(entities.x[row], entities.y[row], entities.z[row])) {
            holdBack(row, 0);
        }
    }

    private void holdBack(int row, double margin) {
        Entities entities = state.entities;
        Vec3 min = state.bounds.min();
        Vec3 max = state.bounds.max();
        entities.x[row] = clamp(entities.x[row], min.x() - margin, max.x() + margin);
        entities.y[row] = clamp(entities.y[row], min.y() - margin, max.y() + margin);
        entities.z[row] = clamp(entities.z[row], min.z() - margin, max.z() + margin);
        entities.vy[row] = Math.max(entities.vy[row], 0);
        Viewer viewer = entities.viewer[row];
        if (viewer != null) {
            Body confirmed = viewer.controls.confirmed;
            confirmed.x = clamp(confirmed.x, min.x() - margin, max.x() + margin);
            confirmed.y = clamp(confirmed.y, min.y() - margin, max.y() + margin);
            confirmed.z = clamp(confirmed.z, min.z() - margin, max.z() + margin);
            confirmed.vy = Math.max(confirmed.vy, 0);
        }
    }

    private static double clamp(double value, double min, double max) {
        // The greatest coordinate itself belongs to the next region.
        return Math.clamp(value, min, Math.nextDown(max));
    }

    private void send(Departure departure, long nowNanos) {
        departure.nextSendNanos = nowNanos + RESEND_NANOS;
        Neighbour to = borders.get(departure.to);
        RegionState.Outbound link = state.outbound.get(departure.to);
        if (to == null || !to.hasAuthority || link == null) {
            return;
        }
        Viewer viewer = departure.viewer;
        // It was last stepped in the tick in which it left.
        EntityLeft.Builder left = EntityLeft.newBuilder()
                .setAgeMicros(Math.max(nowNanos - departure.sinceNanos, 0) / 1000)
                .setEntityId(departure.entity.id())
                .setHop(departure.entity.hop())
                .setEntity(departure.entity.toProto(state.tick, viewer == null ? 0 : viewer.lastInput, viewer == null))
                .setCrossing(departure.crossing)
                .setOldestUnanswered(link.oldestUnanswered())
                .setLineage(state.lineage);
        if (viewer != null) {
            left.setMotion(motion(departure.entity, viewer.controls));
        }
        outbox.toPeer(to.region, to.epoch, PeerMessage.newBuilder().setLeft(left));
    }

    private static PlayerMotion motion(Entity entity, Controls controls) {
        Body place = controls.confirmed;
        if (controls.owed <= 0) {
            place = new Body();
            entity.place(place);
        }
        return PlayerMotion.newBuilder()
                .setPosition(Vec3d.newBuilder().setX(place.x).setY(place.y).setZ(place.z))
                .setVelocity(Vec3d.newBuilder().setX(place.vx).setY(place.vy).setZ(place.vz))
                .setGrounded(place.grounded)
                .setOwed(Math.max(controls.owed, 0))
                .build();
    }

    /** The session that has gone with the entity, if there is one. */
    @Nullable Viewer receive(RegionId from, EntityArrived message, long nowNanos) {
        Departure departure = state.departure(message.getEntityId());
        if (departure == null || !departure.to.equals(from) || departure.entity.hop() != message.getHop()) {
            return null;
        }
        state.settle(departure);
        out++;
        Neighbour at = borders.get(from);
        if (at != null) {
            borders.showArrived(at, departure.entity, nowNanos);
        }
        if (departure.dismissed) {
            tellDismissed(departure.entity.id(), from);
        }
        Viewer viewer = departure.viewer;
        if (viewer != null) {
            Entity entity = departure.entity;
            outbox.put(new RegionOutput.Crossed(
                    viewer.session,
                    new EntityId(entity.id()),
                    entity.hop(),
                    entity.playerId(),
                    entity.name(),
                    new Vec3(entity.x(), entity.y(), entity.z()),
                    viewer.lastInput,
                    departure.sinceNanos,
                    departure.to));
        }
        return viewer;
    }

    /**
     * The player of an entity has left the world: removes the entity, wherever it has gone from here, unless somebody looks through
     * its eyes again.
     *
     * @param remove takes the row of an entity that is here
     */
    void dismiss(long entityId, IntConsumer remove) {
        int row = state.entities.row(entityId);
        Departure departure = state.departure(entityId);
        Departed.Trace gone = state.departed.get(entityId);
        if (row != Entities.NONE) {
            if (state.entities.kind[row] == EntityKind.PLAYER && state.entities.viewer[row] == null) {
                remove.accept(row);
            }
        } else if (departure != null) {
            departure.dismissed = departure.viewer == null;
        } else if (gone != null) {
            tellDismissed(entityId, gone.to());
        }
    }

    private void tellDismissed(long entityId, RegionId region) {
        Neighbour at = borders.get(region);
        if (at != null && at.hasAuthority) {
            outbox.toPeer(
                    at.region,
                    at.epoch,
                    PeerMessage.newBuilder()
                            .setDismissed(EntityDismissed.newBuilder().setEntityId(entityId)));
        }
    }

    // Inwards; the engine has checked regions and epochs.

    /** Applies it unless it has been; either way says that it has arrived. True if the entity is here by it. */
    boolean receive(Neighbour from, EntityLeft left, long nowNanos) {
        switch (admit(from.region, left.getLineage(), left.getCrossing(), left.getOldestUnanswered())) {
            case Fresh(Arrivals arrivals) -> {
                String objection = objection(left);
                if (objection != null) {
                    refuse(from, left, objection);
                    return false;
                }
                boolean here = apply(from.region, arrivals, left, nowNanos);
                answer(from, left);
                return here;
            }
            case Applied _ -> answer(from, left);
            case Late _ -> {
                // Its sender has had an answer.
            }
            case Impossible(String why) -> refuse(from, left, why);
        }
        return false;
    }

    /** What is known of a crossing by its number, before anybody has looked at what crosses. */
    sealed interface Admission {}

    /**
     * It has not been applied.
     *
     * @param arrivals to remember it by
     */
    record Fresh(Arrivals arrivals) implements Admission {}

    /** It has been applied: its sender has to hear so. */
    record Applied() implements Admission {}

    /** A sender whose floor is above the number has its answer: this is a late repeat. */
    record Late() implements Admission {}

    /**
     * No such number can have been given.
     *
     * @param why for people
     */
    record Impossible(String why) implements Admission {}

    /** Looks at the number of something that has come, an entity or a consignment, and learns of the floor. */
    Admission admit(RegionId from, long lineage, long crossing, long oldestUnanswered) {
        if (!isNumber(lineage) || !isNumber(crossing)) {
            return new Impossible("lineage and crossing are " + Long.toUnsignedString(lineage) + " and "
                    + Long.toUnsignedString(crossing) + ", expected up to " + Wire.MAX_VARINT);
        }
        Arrivals arrivals = state.arrivals.get(from);
        if (arrivals == null || arrivals.lineage < lineage) {
            arrivals = state.beginArrivals(from, lineage);
        } else if (arrivals.lineage > lineage) {
            return new Impossible("lineage is " + lineage + ", expected " + arrivals.lineage);
        }
        if (crossing < 1 || Long.compareUnsigned(oldestUnanswered, crossing) > 0) {
            repeatsIgnored++;
            return new Late();
        }
        state.raiseFloor(from, arrivals, oldestUnanswered);
        if (arrivals.has(crossing)) {
            repeatsIgnored++;
            return new Applied();
        }
        return arrivals.size() < MAX_REMEMBERED
                ? new Fresh(arrivals)
                : new Impossible("too many crossings are unanswered: " + arrivals.size());
    }

    private static boolean isNumber(long value) {
        return value >= 0 && value <= Wire.MAX_VARINT;
    }

    private boolean apply(RegionId from, Arrivals arrivals, EntityLeft left, long nowNanos) {
        Entity entity = Entity.of(left.getEntityId(), left.getHop(), left.getEntity(), state.tick);
        int present = state.entities.row(entity.id());
        Viewer viewer = null;
        if (present != Entities.NONE) {
            // Only where a region was lost and made anew can there be an older copy: the higher hop is the entity.
            if (state.entities.hop[present] >= entity.hop()) {
                state.recognise(from, arrivals, left.getCrossing());
                return false;
            }
            viewer = state.entities.viewer[present];
            state.remove(present);
        }
        state.arrive(from, arrivals, left.getCrossing(), entity, viewer, nowNanos);
        in++;
        return true;
    }

    private @Nullable String objection(EntityLeft left) {
        var entity = left.getEntity();
        var position = entity.getPosition();
        if (left.getEntityId() >>> 40 == 0 || left.getHop() < 1) {
            return "entity id " + left.getEntityId() + " and hop " + left.getHop()
                    + ", expected an incarnation and at least 1";
        }
        if (!state.bounds.grown(Margin.METRES).contains(position.getX(), position.getY(), position.getZ())) {
            return "position (" + position.getX() + ", " + position.getY() + ", " + position.getZ()
                    + ") is further than " + Margin.METRES + " m from the region";
        }
        var velocity = entity.getVelocity();
        String tooFast = Entity.objectionToVelocity(velocity.getX(), velocity.getY(), velocity.getZ());
        if (tooFast != null) {
            return tooFast;
        }
        if (left.hasMotion()) {
            String motion = objection(left.getMotion());
            if (motion != null) {
                return motion;
            }
        }
        if (!Float.isFinite(entity.getYaw() + entity.getPitch())) {
            return "an angle is no finite number";
        }
        String content = contentObjection(entity);
        if (content != null) {
            return content;
        }
        if (state.departure(left.getEntityId()) != null) {
            return "the entity is just leaving";
        }
        return null;
    }

    private @Nullable String objection(PlayerMotion motion) {
        var position = motion.getPosition();
        var velocity = motion.getVelocity();
        if (!state.bounds.grown(Margin.METRES).contains(position.getX(), position.getY(), position.getZ())) {
            return "by its inputs a player is at (" + position.getX() + ", " + position.getY() + ", " + position.getZ()
                    + "), further than " + Margin.METRES + " m from the region";
        }
        return Entity.objectionToVelocity(velocity.getX(), velocity.getY(), velocity.getZ());
    }

    private @Nullable String contentObjection(EntityState entity) {
        return switch (entity.getKind()) {
            case EntityKind.PLAYER -> objection(entity.getPlayer());
            case EntityKind.CREATURE ->
                entity.getCreature().getSpecies() >>> 16 == 0
                        ? null
                        : "species is " + entity.getCreature().getSpecies() + ", expected 16 bits";
            case EntityKind.ITEM -> objection(entity.getItem());
            case EntityKind.BODY -> objection(entity.getBody());
            default -> "kind is " + entity.getKind() + ", expected a player, a creature, an item or a body";
        };
    }

    private @Nullable String objection(PlayerState player) {
        if (!fits(player.getPlayerId(), 255)
                || !fits(player.getName(), settings.limits().maxNameBytes())) {
            return "a player has the id '" + player.getPlayerId() + "' and the name '" + player.getName()
                    + "', expected an id, and a name of at most "
                    + settings.limits().maxNameBytes() + " bytes";
        }
        try {
            Entity.parts(player);
            Entity.belongings(player);
            return null;
        } catch (WireFormatException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String objection(BodyState body) {
        return PackedRotation.isRotation(body.getRotation()) && Turning.isSpin(body.getSpin())
                ? null
                : "a body is turned by " + Long.toHexString(body.getRotation()) + " and spins by "
                        + Long.toHexString(body.getSpin()) + ", expected a rotation and a spin";
    }

    private static @Nullable String objection(ItemState item) {
        boolean possible = item.getItem() >>> 16 == 0
                && item.getCount() > 0
                && item.getTicksLeft() >= 0
                && item.getTicksLeft() <= MAX_ITEM_TICKS;
        return possible
                ? null
                : "item is " + item.getItem() + ", " + item.getCount() + " times, for " + item.getTicksLeft()
                        + " ticks, expected 16 bits, at least 1, and 0 to " + MAX_ITEM_TICKS;
    }

    private static boolean fits(String text, int maxBytes) {
        return !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    }

    private void answer(Neighbour to, EntityLeft left) {
        outbox.toPeer(
                to.region,
                to.epoch,
                PeerMessage.newBuilder()
                        .setArrived(EntityArrived.newBuilder()
                                .setEntityId(left.getEntityId())
                                .setHop(left.getHop())));
    }

    private void refuse(Neighbour to, EntityLeft left, String reason) {
        outbox.refused++;
        outbox.toPeer(
                to.region,
                to.epoch,
                PeerMessage.newBuilder()
                        .setRefused(EntityRefused.newBuilder()
                                .setEntityId(left.getEntityId())
                                .setHop(left.getHop())
                                .setReason(reason)));
    }
}
