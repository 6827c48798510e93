package io.gamemesh.core.region;

import static io.gamemesh.core.voxel.SplitMix64.mix;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Parts;
import java.util.Map;

/**
 * A number of 64 bits that differs where states do: the sum of what each of their parts is hashed to, so that the order
 * in which entities lie in their columns does not matter. Edits, of which there may be a million, and those that
 * are remembered with who made them, are summed as they come. It finds mistakes, not forgeries.
 */
final class Checksum {

    // Odd numbers that tell the kinds of part from each other.
    private static final long ENTITY = 0x9E3779B97F4A7C15L;
    private static final long EDIT = 0xC2B2AE3D27D4EB4FL;
    private static final long OUTBOUND = 0x165667B19E3779F9L;
    private static final long ARRIVALS = 0x27D4EB2F165667C5L;
    private static final long DEPARTED = 0x85EBCA77C2B2AE63L;
    private static final long HISTORY = 0xD6E8FEB86659FD93L;
    private static final long CONSIGNMENT = 0xA0761D6478BD642FL;
    private static final long OFFER = 0xE7037ED1A0B428DBL;
    private static final long OUTFITTED = 0x8EBC6AF09C88C6E3L;
    private static final long CREATED = 0x589965CC75374CC3L;

    private Checksum() {}

    static long of(RegionState state) {
        long sum = mix(mix(state.lineage) + state.tick) + state.editSum;
        Entities entities = state.entities;
        for (int row = 0; row < entities.count; row++) {
            sum += ofRow(entities, row);
        }
        for (Map.Entry<RegionId, RegionState.Outbound> link : state.outbound.entrySet()) {
            long key = mix(OUTBOUND ^ link.getKey().packed());
            sum += mix(key + link.getValue().lastCrossing);
            for (Departure departure : link.getValue().unanswered.values()) {
                sum += mix(mix(key + departure.crossing) + of(departure.entity));
            }
            for (Map.Entry<Long, RegionState.Sending> sending :
                    link.getValue().consignments.entrySet()) {
                sum += mix(mix(key + sending.getKey()) + of(sending.getValue().consignment));
            }
        }
        for (Map.Entry<RegionId, Arrivals> link : state.arrivals.entrySet()) {
            Arrivals arrivals = link.getValue();
            long key = mix(mix(ARRIVALS ^ link.getKey().packed()) + arrivals.lineage);
            sum += mix(key + arrivals.floor());
            for (long crossing : arrivals.applied()) {
                sum += mix(mix(key) + crossing);
            }
        }
        return sum + of(state.departed) + mix(HISTORY ^ state.history.checksum()) + ofItems(state);
    }

    private static long ofItems(RegionState state) {
        long sum = mix(mix(CREATED + state.itemsCreated) + state.itemsVanished);
        for (Offer.Held held : state.offers.values()) {
            sum += mix(mix(of(held.offer()) + held.home().packed()) + held.until());
        }
        long hash = OUTFITTED;
        for (String player : state.outfitted.oldestFirst()) {
            hash = mix(hash + player.hashCode());
        }
        return sum + hash;
    }

    private static long of(Consignment consignment) {
        return switch (consignment) {
            case Offer offer -> {
                long hash = mix(mix(OFFER ^ offer.trade()) + offer.from());
                hash = mix(mix(hash + offer.to()) + offer.request());
                hash = mix(mix(hash + of(offer.gives())) + of(offer.wants()));
                yield mix(hash + of(offer.place()));
            }
            case Parcel parcel -> {
                long hash = mix(mix(CONSIGNMENT ^ parcel.to()) + parcel.request());
                hash = mix(mix(hash + ConsignmentCodec.number(parcel.outcome())) + of(parcel.items()));
                yield mix(mix(hash + of(parcel.place())) + parcel.forwards());
            }
        };
    }

    private static long of(ItemCounts items) {
        long[] hash = {1};
        items.forEach((item, count) -> hash[0] = mix(hash[0] + ((long) item << 32) + count));
        return hash[0];
    }

    private static long of(Vec3 place) {
        long hash = mix(Double.doubleToRawLongBits(place.x()));
        hash = mix(hash + Double.doubleToRawLongBits(place.y()));
        return mix(hash + Double.doubleToRawLongBits(place.z()));
    }

    private static long of(Belongings belongings) {
        boolean none = belongings.items().isEmpty() && belongings.lastRequest() == 0;
        return none ? 0 : mix(of(belongings.items()) + belongings.lastRequest());
    }

    private static long of(Departed departed) {
        long hash = DEPARTED;
        // In order: it says which one goes first when there are too many.
        for (Map.Entry<Long, Departed.Trace> gone : departed.oldestFirst()) {
            hash = mix(hash + gone.getKey());
            hash = mix(hash + gone.getValue().hop());
            hash = mix(hash + gone.getValue().to().packed());
        }
        return hash;
    }

    static long ofEdit(int x, int y, int z, short block) {
        long hash = mix(EDIT + x);
        hash = mix(hash + y);
        hash = mix(hash + z);
        return mix(hash + block);
    }

    private static long ofRow(Entities entities, int row) {
        long hash = mix(ENTITY ^ entities.id[row]);
        hash = mix(hash + entities.hop[row]);
        hash = mix(hash + Double.doubleToRawLongBits(entities.x[row]));
        hash = mix(hash + Double.doubleToRawLongBits(entities.y[row]));
        hash = mix(hash + Double.doubleToRawLongBits(entities.z[row]));
        hash = mix(hash + Double.doubleToRawLongBits(entities.vx[row]));
        hash = mix(hash + Double.doubleToRawLongBits(entities.vy[row]));
        hash = mix(hash + Double.doubleToRawLongBits(entities.vz[row]));
        hash = mix(hash + turned(entities.yaw[row], entities.pitch[row], entities.grounded[row]));
        hash = mix(hash + what(entities.kind[row], entities.type[row], entities.amount[row]));
        hash = mix(hash + entities.memory[row]);
        hash = mix(hash + entities.decision[row]);
        if (entities.hasParts[row]) {
            for (int i = row * Entities.PARTS_STRIDE; i < (row + 1) * Entities.PARTS_STRIDE; i++) {
                hash = mix(hash + entities.parts[i]);
            }
        }
        hash = mix(hash + of(entities.belongings[row]));
        return mix(hash + named(entities.playerId[row], entities.name[row]));
    }

    private static long of(Entity entity) {
        long hash = mix(ENTITY ^ entity.id());
        hash = mix(hash + entity.hop());
        hash = mix(hash + Double.doubleToRawLongBits(entity.x()));
        hash = mix(hash + Double.doubleToRawLongBits(entity.y()));
        hash = mix(hash + Double.doubleToRawLongBits(entity.z()));
        hash = mix(hash + Double.doubleToRawLongBits(entity.vx()));
        hash = mix(hash + Double.doubleToRawLongBits(entity.vy()));
        hash = mix(hash + Double.doubleToRawLongBits(entity.vz()));
        hash = mix(hash + turned(entity.yaw(), entity.pitch(), entity.grounded()));
        hash = mix(
                hash + what(entity.kind(), entity.trait().type(), entity.trait().amount()));
        hash = mix(hash + entity.trait().memory());
        hash = mix(hash + entity.trait().decision());
        Parts parts = entity.trait().parts();
        if (parts != null) {
            hash = mix(mix(mix(hash + of(parts.head())) + of(parts.left())) + of(parts.right()));
        }
        hash = mix(hash + of(entity.trait().belongings()));
        return mix(hash + named(entity.playerId(), entity.name()));
    }

    private static long of(Parts.Part part) {
        return mix(mix(mix(mix(part.x()) + part.y()) + part.z()) + part.rotation());
    }

    private static long turned(int yaw, int pitch, boolean grounded) {
        return ((long) yaw << 32) | ((pitch & 0xffffL) << 1) | (grounded ? 1 : 0);
    }

    private static long what(int kind, int type, int amount) {
        return mix(((long) kind << 32) + type) + amount;
    }

    private static long named(String playerId, String name) {
        return mix(playerId.hashCode()) + name.hashCode();
    }
}
