package io.gamemesh.core.region;

import com.google.protobuf.ByteString;
import io.gamemesh.core.motion.Body;
import io.gamemesh.protocol.v1.BodyState;
import io.gamemesh.protocol.v1.CreatureState;
import io.gamemesh.protocol.v1.EntityState;
import io.gamemesh.protocol.v1.ItemState;
import io.gamemesh.protocol.v1.PlayerState;
import io.gamemesh.protocol.v1.Vec3d;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of an entity when it leaves its columns: to cross, or to be saved.
 *
 * @param kind of {@link EntityKind}
 * @param yaw 1/65536 turns, 0 to 65535
 * @param pitch 1/65536 turns, -16384 to 16384
 * @param grounded true if it stands on something; does not go along over a border
 * @param playerId empty unless it is a player
 * @param name empty unless it is a player
 * @param trait what it has besides
 */
record Entity(
        long id,
        int hop,
        int kind,
        double x,
        double y,
        double z,
        double vx,
        double vy,
        double vz,
        int yaw,
        int pitch,
        boolean grounded,
        String playerId,
        String name,
        Trait trait) {

    /** Along each axis, m/s; what is faster can't be told of, and would pass through walls. */
    private static final double MAX_SPEED = 256;

    /**
     * What an entity has beyond moving and being looked at.
     *
     * @param type the species of a creature, what an item is, 0 of a player
     * @param amount how many an item is, 0 of others
     * @param memory of a creature's behaviour; of an item the region's tick at which it vanishes; of a body its
     *     rotation, as {@link io.gamemesh.protocol.snapshot.PackedRotation}; 0 of a player
     * @param decision of a creature: what it wants until it decides anew, as {@link Decision} packs it; of a body
     *     its spin, as {@link Turning} packs it; 0 of others
     * @param parts of a player in virtual reality
     * @param belongings of a player, {@link Belongings#NONE} of others
     */
    record Trait(
            int type,
            int amount,
            long memory,
            long decision,
            @Nullable Parts parts,
            Belongings belongings) {

        static final Trait NONE = new Trait(0, 0, 0, 0, null);

        Trait(int type, int amount, long memory, long decision, @Nullable Parts parts) {
            this(type, amount, memory, decision, parts, Belongings.NONE);
        }

        /** Of a player. */
        static Trait of(@Nullable Parts parts, Belongings belongings) {
            return parts == null && belongings.equals(Belongings.NONE)
                    ? NONE
                    : new Trait(0, 0, 0, 0, parts, belongings);
        }
    }

    /** How many items it is, or carries. */
    int items() {
        return trait.amount + trait.belongings.items().total();
    }

    boolean isPlayer() {
        return kind == EntityKind.PLAYER;
    }

    /** Puts a body where it is, moving as it does. */
    void place(Body body) {
        body.x = x;
        body.y = y;
        body.z = z;
        body.vx = vx;
        body.vy = vy;
        body.vz = vz;
        body.grounded = grounded;
    }

    Entity withHop(int newHop) {
        return new Entity(id, newHop, kind, x, y, z, vx, vy, vz, yaw, pitch, grounded, playerId, name, trait);
    }

    Entity withTrait(Trait other) {
        return new Entity(id, hop, kind, x, y, z, vx, vy, vz, yaw, pitch, grounded, playerId, name, other);
    }

    /** @param tick of the region that it leaves: ticks are counted anew where it goes */
    EntityState toProto(long tick, long lastInput, boolean disconnected) {
        EntityState.Builder state = EntityState.newBuilder()
                .setKind(kind)
                .setPosition(Vec3d.newBuilder().setX(x).setY(y).setZ(z))
                .setVelocity(Vec3d.newBuilder().setX(vx).setY(vy).setZ(vz))
                .setYaw((float) Quantized.toRadians16(yaw))
                .setPitch((float) Quantized.toRadians16(pitch));
        switch (kind) {
            case EntityKind.PLAYER -> state.setPlayer(player(lastInput, disconnected));
            case EntityKind.CREATURE ->
                state.setCreature(CreatureState.newBuilder()
                        .setSpecies(trait.type)
                        .setMemory(trait.memory)
                        .setDecision(trait.decision));
            case EntityKind.ITEM ->
                state.setItem(ItemState.newBuilder()
                        .setItem(trait.type)
                        .setCount(trait.amount)
                        .setTicksLeft(Math.max(trait.memory - tick, 0)));
            case EntityKind.BODY ->
                state.setBody(BodyState.newBuilder().setRotation(trait.memory).setSpin(trait.decision));
            default -> throw new IllegalStateException("entity " + id + " is of kind " + kind);
        }
        return state.build();
    }

    private PlayerState.Builder player(long lastInput, boolean disconnected) {
        PlayerState.Builder player = PlayerState.newBuilder()
                .setPlayerId(playerId)
                .setName(name)
                .setLastInput((int) lastInput)
                .setDisconnected(disconnected);
        if (trait.parts != null) {
            player.setParts(coded(trait.parts));
        }
        if (!trait.belongings.items().isEmpty()) {
            player.setItems(coded(trait.belongings.items()));
        }
        return player.setLastRequest((int) trait.belongings.lastRequest());
    }

    /** Why nothing can have that velocity, in m/s; null if something can. */
    static @Nullable String objectionToVelocity(double vx, double vy, double vz) {
        if (Math.abs(vx) <= MAX_SPEED && Math.abs(vy) <= MAX_SPEED && Math.abs(vz) <= MAX_SPEED) {
            return null;
        }
        return "velocity is (" + vx + ", " + vy + ", " + vz + "), expected at most " + MAX_SPEED
                + " m/s along each axis";
    }

    /**
     * What has come over a border.
     *
     * @param tick of the region that it comes to
     * @throws WireFormatException if it has parts or items that a player can't have
     */
    static Entity of(long id, int hop, EntityState state, long tick) {
        Vec3d position = state.getPosition();
        Vec3d velocity = state.getVelocity();
        return new Entity(
                id,
                hop,
                state.getKind(),
                position.getX(),
                position.getY(),
                position.getZ(),
                velocity.getX(),
                velocity.getY(),
                velocity.getZ(),
                Quantized.yaw16(state.getYaw()),
                Quantized.pitch16(state.getPitch()),
                false,
                state.getKind() == EntityKind.PLAYER ? state.getPlayer().getPlayerId() : "",
                state.getKind() == EntityKind.PLAYER ? state.getPlayer().getName() : "",
                trait(state, tick));
    }

    private static Trait trait(EntityState state, long tick) {
        return switch (state.getKind()) {
            case EntityKind.CREATURE ->
                new Trait(
                        state.getCreature().getSpecies(),
                        0,
                        state.getCreature().getMemory(),
                        state.getCreature().getDecision(),
                        null);
            case EntityKind.ITEM ->
                new Trait(
                        state.getItem().getItem(),
                        state.getItem().getCount(),
                        tick + state.getItem().getTicksLeft(),
                        0,
                        null);
            case EntityKind.BODY ->
                new Trait(0, 0, state.getBody().getRotation(), state.getBody().getSpin(), null);
            default -> Trait.of(parts(state.getPlayer()), belongings(state.getPlayer()));
        };
    }

    /** @throws WireFormatException if they are items that a player can't have */
    static Belongings belongings(PlayerState player) {
        ItemCounts items = items(player.getItems());
        long lastRequest = Integer.toUnsignedLong(player.getLastRequest());
        return lastRequest == 0 && items.isEmpty() ? Belongings.NONE : new Belongings(items, lastRequest);
    }

    /** As one neighbour tells another of them. */
    static ByteString coded(ItemCounts items) {
        WireWriter out = new WireWriter();
        items.write(out);
        return ByteString.copyFrom(out.view());
    }

    /** @throws WireFormatException if they are more than fit, or none at all */
    static ItemCounts items(ByteString coded) {
        if (coded.isEmpty()) {
            return ItemCounts.NONE;
        }
        WireReader in = new WireReader(coded.asReadOnlyByteBuffer());
        ItemCounts items = ItemCounts.read(in);
        in.end("items");
        return items;
    }

    /** As one neighbour tells another of them. */
    static ByteString coded(Parts parts) {
        WireWriter out = new WireWriter(Parts.BYTES);
        parts.write(out);
        return ByteString.copyFrom(out.view());
    }

    /** @throws WireFormatException if it has parts that a player can't have */
    static @Nullable Parts parts(PlayerState player) {
        return parts(player.getParts());
    }

    /** @throws WireFormatException if they are parts that a player can't have */
    static @Nullable Parts parts(ByteString coded) {
        if (coded.isEmpty()) {
            return null;
        }
        WireReader in = new WireReader(coded.asReadOnlyByteBuffer());
        Parts parts = Parts.read(in);
        in.end("parts");
        return parts;
    }
}
