package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.EditLog;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The region state format of {@code docs/protocol.md}. Written is version {@value #VERSION}; {@value #PLAYERS_ONLY} and
 * {@value #NOBODY_CARRIES}, which releases before write, are read too. Canonical: equal states are equal bytes, and whatever no release
 * would have written is refused.
 */
final class StateCodec {

    static final int MAGIC = 0x474d5253;
    static final int VERSION = 4;
    static final int NOBODY_CARRIES = 3;
    static final int PLAYERS_ONLY = 2;

    private static final int MAX_TEXT = 255;
    private static final int MIN_ENTITY_BYTES = 8 + 4 + 2 + 6 * 8 + 2 + 2 + 1;
    private static final int EDIT_BYTES = 3 * 4 + 2;
    private static final int CROSSING_BYTES = 8;
    private static final int MIN_LINK_BYTES = 8 + 1 + 1;
    private static final int DEPARTED_BYTES = 8 + 4 + 8;
    private static final int MIN_TEXT_BYTES = 2;

    private StateCodec() {}

    static byte[] write(RegionState state) {
        WireWriter out = new WireWriter(1024);
        out.i32(MAGIC).u16(VERSION);
        out.i64(state.settings.region().packed());
        out.varint(state.lineage).varint(state.tick);
        List<Entity> entities = state.entitiesById();
        out.varint(entities.size());
        for (Entity entity : entities) {
            write(out, entity);
        }
        writeEdits(out, state);
        out.varint(state.outbound.size());
        for (Map.Entry<RegionId, RegionState.Outbound> link : state.outbound.entrySet()) {
            out.i64(link.getKey().packed()).varint(link.getValue().lastCrossing);
            out.varint(link.getValue().unanswered.size());
            for (Departure departure : link.getValue().unanswered.values()) {
                out.varint(departure.crossing);
                write(out, departure.entity);
            }
            out.varint(link.getValue().consignments.size());
            for (Map.Entry<Long, RegionState.Sending> sending :
                    link.getValue().consignments.entrySet()) {
                ConsignmentCodec.write(out.varint(sending.getKey()), sending.getValue().consignment);
            }
        }
        out.varint(state.arrivals.size());
        for (Map.Entry<RegionId, Arrivals> link : state.arrivals.entrySet()) {
            Arrivals arrivals = link.getValue();
            out.i64(link.getKey().packed()).varint(arrivals.lineage).varint(arrivals.floor());
            out.varint(arrivals.size());
            for (long crossing : arrivals.applied()) {
                out.i64(crossing);
            }
        }
        out.varint(state.departed.size());
        for (Map.Entry<Long, Departed.Trace> gone : state.departed.oldestFirst()) {
            out.i64(gone.getKey()).i32(gone.getValue().hop());
            out.i64(gone.getValue().to().packed());
        }
        state.history.write(out);
        writeItems(out, state);
        return out.toBytes().toArray();
    }

    private static void writeItems(WireWriter out, RegionState state) {
        out.varint(state.offers.size());
        for (Offer.Held held : state.offers.values()) {
            ConsignmentCodec.writeHeld(out, held);
        }
        out.varint(state.outfitted.size());
        for (String player : state.outfitted.oldestFirst()) {
            out.string(player);
        }
        out.varint(state.itemsCreated).varint(state.itemsVanished);
    }

    static void write(WireWriter out, Entity entity) {
        out.i64(entity.id()).i32(entity.hop()).u16(entity.kind());
        double[] numbers = {entity.x(), entity.y(), entity.z(), entity.vx(), entity.vy(), entity.vz()};
        for (double number : numbers) {
            out.i64(Double.doubleToLongBits(number));
        }
        out.u16(entity.yaw()).i16(entity.pitch()).bool(entity.grounded());
        Entity.Trait trait = entity.trait();
        switch (entity.kind()) {
            case EntityKind.PLAYER -> {
                out.string(entity.playerId()).string(entity.name()).bool(trait.parts() != null);
                if (trait.parts() != null) {
                    trait.parts().write(out);
                }
                trait.belongings().write(out);
            }
            case EntityKind.CREATURE ->
                out.u16(trait.type()).i64(trait.memory()).i64(trait.decision());
            case EntityKind.ITEM -> out.u16(trait.type()).i32(trait.amount()).varint(trait.memory());
            case EntityKind.BODY -> out.i64(trait.memory()).i64(trait.decision());
            default -> {}
        }
    }

    private static void writeEdits(WireWriter out, RegionState state) {
        // Counted before they are written: those of neighbours, kept beside them, do not belong to the region.
        int[] count = new int[1];
        state.terrain.forEachEdit(state.bounds, (x, y, z, block) -> count[0]++);
        out.varint(count[0]);
        state.terrain.forEachEdit(
                state.bounds, (x, y, z, block) -> out.i32(x).i32(y).i32(z).u16(block));
    }

    static RegionState read(RegionSettings settings, byte[] bytes) throws RegionStateException {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        try {
            int version = readVersion(settings, in);
            RegionState state = readHeader(settings, in);
            readEntities(state, in, version);
            readEdits(state, in);
            readOutbound(state, in, version);
            readArrivals(state, in);
            readDeparted(state, in);
            if (version > PLAYERS_ONLY) {
                readHistory(state, in);
            }
            if (version > NOBODY_CARRIES) {
                readItems(state, in);
            } else {
                state.itemsCreated = state.items() + state.itemsUnderWay();
            }
            in.end("region state");
            return state;
        } catch (WireFormatException e) {
            throw new RegionStateException("state of region " + settings.region() + ": " + e.getMessage());
        }
    }

    private static int readVersion(RegionSettings settings, WireReader in) throws RegionStateException {
        int magic = in.i32("magic");
        int version = in.u16("version");
        if (magic != MAGIC || version < PLAYERS_ONLY || version > VERSION) {
            throw new RegionStateException("state of region " + settings.region() + " begins with 0x"
                    + Integer.toHexString(magic) + " and version " + version + ", expected 0x"
                    + Integer.toHexString(MAGIC) + " and " + PLAYERS_ONLY + " to " + VERSION
                    + ": hand it to a server of the release that wrote it");
        }
        return version;
    }

    private static RegionState readHeader(RegionSettings settings, WireReader in) throws RegionStateException {
        RegionId region = new RegionId(in.i64("region"));
        if (!region.equals(settings.region())) {
            throw new RegionStateException("state is of region " + region + ", expected " + settings.region());
        }
        RegionState state = new RegionState(settings, in.varint("lineage", 1, Long.MAX_VALUE));
        state.tick = in.varint("tick", 0, Long.MAX_VALUE);
        return state;
    }

    private static RegionStateException refused(RegionState state, String what) {
        return new RegionStateException("state of region " + state.settings.region() + ": " + what);
    }

    private static int count(WireReader in, String field, int leastBytesEach) {
        return (int) in.varint(field, 0, in.remaining() / leastBytesEach);
    }

    private static void readEntities(RegionState state, WireReader in, int version) throws RegionStateException {
        int count = count(in, "entities", MIN_ENTITY_BYTES);
        long before = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            Entity entity = readEntity(state, in, version);
            if (entity.id() <= before) {
                throw refused(state, "entity " + entity.id() + " comes after " + before + ", expected ascending ids");
            }
            before = entity.id();
            state.restore(entity, null, 0);
        }
    }

    static Entity readEntity(RegionState state, WireReader in, int version) throws RegionStateException {
        long id = in.i64("entity id");
        int hop = in.i32("hop");
        int kind = in.u16("kind");
        double[] numbers = new double[6];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.longBitsToDouble(in.i64("position or velocity"));
            if (!Double.isFinite(numbers[i])) {
                throw refused(state, "entity " + id + " has " + numbers[i] + " in its position or velocity");
            }
        }
        int yaw = in.u16("yaw");
        int pitch = in.i16("pitch");
        boolean grounded = in.bool("grounded");
        boolean player = kind == EntityKind.PLAYER;
        String playerId = player ? in.string("player id", 1, MAX_TEXT) : "";
        String name = player ? in.string("name", 1, state.settings.limits().maxNameBytes()) : "";
        Entity.Trait trait = readTrait(state, in, kind, version);
        String tooFast = Entity.objectionToVelocity(numbers[3], numbers[4], numbers[5]);
        if (tooFast != null) {
            throw refused(state, "entity " + id + ": " + tooFast);
        }
        Box near = state.bounds.grown(Margin.METRES);
        if (id >>> 40 == 0 || hop < 0 || !near.contains(numbers[0], numbers[1], numbers[2])) {
            throw refused(
                    state,
                    "entity " + id + " with hop " + hop + " at (" + numbers[0] + ", " + numbers[1] + ", " + numbers[2]
                            + ") is none of region " + state.settings.region());
        }
        return new Entity(
                id,
                hop,
                kind,
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                yaw,
                pitch,
                grounded,
                playerId,
                name,
                trait);
    }

    private static Entity.Trait readTrait(RegionState state, WireReader in, int kind, int version)
            throws RegionStateException {
        if (version == PLAYERS_ONLY) {
            if (kind != EntityKind.PLAYER) {
                throw refused(state, "entity is of kind " + kind + ", expected " + EntityKind.PLAYER);
            }
            return Entity.Trait.NONE;
        }
        return switch (kind) {
            case EntityKind.PLAYER -> {
                Parts parts = in.bool("parts") ? Parts.read(in) : null;
                yield Entity.Trait.of(parts, version > NOBODY_CARRIES ? Belongings.read(in) : Belongings.NONE);
            }
            case EntityKind.CREATURE ->
                new Entity.Trait(in.u16("species"), 0, in.i64("memory"), in.i64("decision"), null);
            case EntityKind.ITEM -> readItem(state, in);
            case EntityKind.BODY -> readBody(state, in);
            default -> throw refused(state, "entity is of kind " + kind + ", expected one that regions have");
        };
    }

    private static Entity.Trait readBody(RegionState state, WireReader in) throws RegionStateException {
        long rotation = in.i64("rotation");
        long spin = in.i64("spin");
        if (!PackedRotation.isRotation(rotation) || !Turning.isSpin(spin)) {
            throw refused(
                    state,
                    "a body is turned by " + Long.toHexString(rotation) + " and spins by " + Long.toHexString(spin)
                            + ", expected a rotation and a spin");
        }
        return new Entity.Trait(0, 0, rotation, spin, null);
    }

    private static Entity.Trait readItem(RegionState state, WireReader in) throws RegionStateException {
        int type = in.u16("item");
        int amount = in.i32("item count");
        if (amount < 1) {
            throw refused(state, "item " + type + " is there " + amount + " times, expected 1 or more");
        }
        return new Entity.Trait(type, amount, in.varint("item's last tick", 0, Long.MAX_VALUE), 0, null);
    }

    private static void readEdits(RegionState state, WireReader in) throws RegionStateException {
        int count = count(in, "edits", EDIT_BYTES);
        long sectionBefore = Long.MIN_VALUE;
        int indexBefore = 0;
        for (int i = 0; i < count; i++) {
            int x = in.i32("edit x");
            int y = in.i32("edit y");
            int z = in.i32("edit z");
            int block = in.u16("edit block");
            checkEdit(state, x, y, z, block);
            long section = state.terrain.key(x >> 4, y >> 4, z >> 4);
            int index = Section.index(x & 15, y & 15, z & 15);
            if (section < sectionBefore || (section == sectionBefore && index <= indexBefore)) {
                throw refused(
                        state,
                        "edit of (" + x + ", " + y + ", " + z
                                + ") comes late or again, expected sections in order and each place once");
            }
            sectionBefore = section;
            indexBefore = index;
            state.restoreEdit(x, y, z, (short) block);
        }
    }

    static void checkEdit(RegionState state, int x, int y, int z, int block) throws RegionStateException {
        if (!state.owns(x, y, z) || !state.settings.blocks().has(block)) {
            throw refused(
                    state,
                    "edit of (" + x + ", " + y + ", " + z + ") to block " + block + " is none of region "
                            + state.settings.region());
        }
    }

    private static void readOutbound(RegionState state, WireReader in, int version) throws RegionStateException {
        int links = count(in, "outbound links", MIN_LINK_BYTES);
        for (int i = 0; i < links; i++) {
            RegionId to = new RegionId(in.i64("outbound region"));
            RegionState.Outbound link = new RegionState.Outbound();
            link.lastCrossing = in.varint("last crossing", 0, Long.MAX_VALUE);
            requireNext(state, "outbound", state.outbound, to);
            state.outbound.put(to, link);
            int count = count(in, "departures", MIN_ENTITY_BYTES);
            long before = 0;
            for (int j = 0; j < count; j++) {
                long crossing = in.varint("crossing", before + 1, link.lastCrossing);
                before = crossing;
                Entity entity = readEntity(state, in, version);
                if (state.departure(entity.id()) != null || state.entities.row(entity.id()) != Entities.NONE) {
                    throw refused(
                            state,
                            "entity " + entity.id() + " of crossing " + crossing + " to " + to + " is there twice");
                }
                state.restoreDeparture(link, new Departure(to, crossing, entity, null));
            }
            if (version > NOBODY_CARRIES) {
                readConsignments(state, in, to, link);
            }
        }
    }

    private static void readConsignments(RegionState state, WireReader in, RegionId to, RegionState.Outbound link)
            throws RegionStateException {
        int count = count(in, "consignments", ConsignmentCodec.MIN_BYTES);
        long before = 0;
        for (int i = 0; i < count; i++) {
            long crossing = in.varint("crossing", before + 1, link.lastCrossing);
            before = crossing;
            if (link.unanswered.containsKey(crossing)) {
                throw refused(state, "crossing " + crossing + " to " + to + " is of an entity and of a consignment");
            }
            state.restoreConsignment(link, crossing, ConsignmentCodec.read(in));
        }
    }

    private static void readItems(RegionState state, WireReader in) throws RegionStateException {
        int offers = count(in, "offers", ConsignmentCodec.MIN_BYTES);
        for (int i = 0; i < offers; i++) {
            Offer.Held held = ConsignmentCodec.readHeld(in);
            long trade = held.offer().trade();
            if (!state.offers.isEmpty() && trade <= state.offers.lastKey()) {
                throw refused(
                        state,
                        "trade " + trade + " comes after " + state.offers.lastKey()
                                + ", expected each once and in order");
            }
            checkHome(state, held);
            state.offers.put(trade, held);
        }
        int outfitted = count(in, "outfitted players", MIN_TEXT_BYTES);
        for (int i = 0; i < outfitted; i++) {
            state.outfitted.add(in.string("outfitted player", 1, MAX_TEXT));
        }
        if (state.outfitted.size() != outfitted) {
            throw refused(state, outfitted + " players are outfitted, expected each once and at most " + Outfitted.MAX);
        }
        state.itemsCreated = in.varint("items created", 0, Long.MAX_VALUE);
        state.itemsVanished = in.varint("items vanished", 0, Long.MAX_VALUE);
    }

    static void checkHome(RegionState state, Offer.Held held) throws RegionStateException {
        if (!state.settings.geometry().contains(held.home())) {
            throw refused(
                    state,
                    "trade " + held.offer().trade() + " has come from " + held.home()
                            + ", expected a region of the world");
        }
    }

    private static void readArrivals(RegionState state, WireReader in) throws RegionStateException {
        int links = count(in, "inbound links", MIN_LINK_BYTES);
        for (int i = 0; i < links; i++) {
            RegionId from = new RegionId(in.i64("inbound region"));
            Arrivals arrivals = new Arrivals(in.varint("lineage", 0, Long.MAX_VALUE));
            arrivals.raiseFloor(in.varint("floor", 1, Long.MAX_VALUE));
            requireNext(state, "inbound", state.arrivals, from);
            state.arrivals.put(from, arrivals);
            int count = count(in, "applied crossings", CROSSING_BYTES);
            long before = arrivals.floor() - 1;
            for (int j = 0; j < count; j++) {
                long crossing = in.i64("applied crossing");
                if (crossing <= before || crossing > Wire.MAX_VARINT) {
                    throw refused(
                            state,
                            "crossing " + crossing + " from " + from + " comes after " + before
                                    + ", expected ascending numbers from the floor on");
                }
                before = crossing;
                arrivals.add(crossing);
            }
        }
    }

    private static void readHistory(RegionState state, WireReader in) throws RegionStateException {
        EditLog history = EditLog.read(in, RegionState.EDITS_REMEMBERED);
        long[] wrong = {0};
        history.forEachFrom(history.firstId(), (id, tick, author, x, y, z, from, to) -> {
            Blocks blocks = state.settings.blocks();
            boolean possible = tick <= state.tick && state.owns(x, y, z) && blocks.has(from) && blocks.has(to);
            wrong[0] = possible || wrong[0] != 0 ? wrong[0] : id;
        });
        if (wrong[0] != 0) {
            throw refused(
                    state,
                    "edit " + wrong[0] + " is remembered of a place, a block or a tick that the region has not had");
        }
        state.history = history;
    }

    private static void requireNext(RegionState state, String links, NavigableMap<RegionId, ?> before, RegionId region)
            throws RegionStateException {
        if (!before.isEmpty() && region.compareTo(before.lastKey()) <= 0) {
            throw refused(
                    state,
                    links + " link of " + region + " comes after that of " + before.lastKey()
                            + ", expected each once and in order");
        }
    }

    private static void readDeparted(RegionState state, WireReader in) throws RegionStateException {
        int count = count(in, "departed", DEPARTED_BYTES);
        if (count > Departed.MAX) {
            throw refused(state, count + " departed entities, expected at most " + Departed.MAX);
        }
        for (int i = 0; i < count; i++) {
            long id = in.i64("departed entity");
            int hop = in.i32("departed hop");
            RegionId to = new RegionId(in.i64("departed to"));
            boolean elsewhere = !to.equals(state.settings.region())
                    && state.settings.geometry().contains(to);
            boolean gone = state.entities.row(id) == Entities.NONE
                    && state.departure(id) == null
                    && state.departed.get(id) == null;
            if (id >>> 40 == 0 || hop < 1 || !gone || !elsewhere) {
                throw refused(
                        state,
                        "entity " + id + " has departed to " + to + " with hop " + hop
                                + ", expected an entity that is here no more, named once, and gone to another region of the world");
            }
            state.departed.add(id, new Departed.Trace(to, hop));
        }
    }
}
