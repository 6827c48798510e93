package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where items come to: into a player's hands, on after a player who has gone to another region, or on the ground, if there is no
 * room, or no such player any more.
 */
final class Deliveries {

    // So that what falls at one place does not lie in one.
    private static final double SCATTER = 1.5;
    private static final double GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
    private static final double INSET = 1;
    private static final Vec3 HANDS = new Vec3(0, 1, 0);

    private final RegionSettings settings;
    private final RegionState state;
    private final Movement movement;
    private final PickUps pickUps;
    private final Outbox outbox;
    private final long lifetimeTicks;

    Deliveries(RegionSettings settings, RegionState state, Movement movement, PickUps pickUps, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.movement = movement;
        this.pickUps = pickUps;
        this.outbox = outbox;
        this.lifetimeTicks = (long) settings.items().lifetimeSeconds() * settings.tickRate();
    }

    /** What shall become of a parcel, as the region is now. */
    Delivery delivery(Parcel parcel) {
        int row = state.entities.row(parcel.to());
        if (row != Entities.NONE && state.entities.kind[row] == EntityKind.PLAYER) {
            return state.entities.belongings[row].items().hasRoomFor(parcel.items())
                    ? new Delivery.ToPlayer(row)
                    : new Delivery.OnGround(scattered(parcel.items(), place(row)));
        }
        if (parcel.forwards() < Parcel.MAX_FORWARDS) {
            // It cannot come before who is still on the way, since it has the higher number.
            Departure departure = state.departure(parcel.to());
            if (departure != null) {
                return new Delivery.Onward(departure.to);
            }
            Departed.Trace gone = state.departed.get(parcel.to());
            if (gone != null) {
                return new Delivery.Onward(gone.to());
            }
        }
        return new Delivery.OnGround(scattered(parcel.items(), inside(parcel.place())));
    }

    private Vec3 inside(Vec3 place) {
        Vec3 min = state.bounds.min();
        Vec3 max = state.bounds.max();
        return movement.clear(
                settings.geometry(),
                new Vec3(
                        Math.clamp(place.x(), min.x() + INSET, max.x() - INSET),
                        Math.clamp(place.y(), min.y() + INSET, max.y() - INSET),
                        Math.clamp(place.z(), min.z() + INSET, max.z() - INSET)));
    }

    double worldX(Ghosts.Ghost ghost) {
        return WorldGeometry.toWorld(ghost.x(), state.bounds.min().x());
    }

    double worldY(Ghosts.Ghost ghost) {
        return WorldGeometry.toWorld(ghost.y(), state.bounds.min().y());
    }

    double worldZ(Ghosts.Ghost ghost) {
        return WorldGeometry.toWorld(ghost.z(), state.bounds.min().z());
    }

    Vec3 place(int row) {
        return new Vec3(state.entities.x[row], state.entities.y[row], state.entities.z[row]);
    }

    /** Where a player throws from: where there is room for what moves as a player does. */
    Vec3 hands(int row) {
        Vec3 feet = place(row);
        Vec3 hands = feet.plus(HANDS);
        return movement.collides(hands.x(), hands.y(), hands.z()) ? feet : hands;
    }

    private List<Entity> scattered(ItemCounts items, Vec3 place) {
        List<Entity> stacks = new ArrayList<>();
        items.forEachStack((item, count) -> {
            double angle = GOLDEN_ANGLE * stacks.size();
            double speed = items.stacks() == 1 ? 0 : SCATTER;
            stacks.add(thrown(item, count, place, speed * Math.cos(angle), 0, speed * Math.sin(angle)));
        });
        return stacks;
    }

    /** A stack that begins to lie there, velocity in m/s. */
    Entity thrown(int item, int count, Vec3 place, double vx, double vy, double vz) {
        return new Entity(
                settings.wildlife().ids().getAsLong(),
                0,
                EntityKind.ITEM,
                place.x(),
                place.y(),
                place.z(),
                vx,
                vy,
                vz,
                0,
                0,
                false,
                "",
                "",
                new Entity.Trait(item, count, state.tick + lifetimeTicks, 0, null));
    }

    /** What a player carries lies where it is: the player goes. */
    void empty(int row) {
        for (Entity stack : scattered(state.entities.belongings[row].items(), place(row))) {
            state.drop(row, 0, stack);
        }
    }

    /** To be called when a parcel has been delivered so: the player is told, if it is here. */
    void delivered(Parcel parcel) {
        int row = state.entities.row(parcel.to());
        boolean due = pickUps.settle(parcel.to(), parcel.request());
        Viewer viewer = row == Entities.NONE ? null : state.entities.viewer[row];
        if (viewer != null) {
            tell(viewer, row);
            if (due && parcel.request() != 0) {
                answer(viewer.session, parcel.request(), parcel.outcome());
            }
        }
    }

    /** What somebody carries is no longer the same. */
    void tell(@Nullable Viewer viewer, int row) {
        if (viewer != null) {
            tell(viewer.session, state.entities.belongings[row]);
        }
    }

    void tell(long session, Belongings belongings) {
        outbox.send(session, new ToClient.Inventory(belongings.lastRequest(), belongings.items()));
    }

    void answer(long session, long request, ItemOutcome outcome) {
        if (outcome != ItemOutcome.DONE) {
            outbox.refused++;
        }
        outbox.send(session, new ToClient.ItemResult(request, outcome));
    }
}
