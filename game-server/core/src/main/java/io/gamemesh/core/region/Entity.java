package io.gamemesh.core.region;

import io.gamemesh.protocol.v1.EntityState;
import io.gamemesh.protocol.v1.PlayerState;
import io.gamemesh.protocol.v1.Vec3d;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Quantized;

/**
 * All that is kept of an entity when it leaves its columns: to cross, or to be saved.
 *
 * @param yaw 1/65536 turns, 0 to 65535
 * @param pitch 1/65536 turns, -16384 to 16384
 * @param grounded true if it stands on something; does not go along over a border
 * @param playerId empty unless it is a player
 * @param name empty unless it is a player
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
        String name) {

    boolean isPlayer() {
        return kind == EntityKind.PLAYER;
    }

    Entity withHop(int newHop) {
        return new Entity(id, newHop, kind, x, y, z, vx, vy, vz, yaw, pitch, grounded, playerId, name);
    }

    EntityState toProto(long lastInput, boolean disconnected) {
        EntityState.Builder state = EntityState.newBuilder()
                .setKind(kind)
                .setPosition(Vec3d.newBuilder().setX(x).setY(y).setZ(z))
                .setVelocity(Vec3d.newBuilder().setX(vx).setY(vy).setZ(vz))
                .setYaw((float) Quantized.toRadians16(yaw))
                .setPitch((float) Quantized.toRadians16(pitch));
        if (isPlayer()) {
            state.setPlayer(PlayerState.newBuilder()
                    .setPlayerId(playerId)
                    .setName(name)
                    .setLastInput((int) lastInput)
                    .setDisconnected(disconnected));
        }
        return state.build();
    }

    static Entity of(long id, int hop, EntityState state) {
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
                state.getPlayer().getPlayerId(),
                state.getPlayer().getName());
    }
}
