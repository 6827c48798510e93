package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;

/**
 * Where new players begin: on a sunflower spiral (Vogel, 1979) round the world's middle, so that many at once stand
 * apart, on the surface.
 */
public final class Spawn {

    private static final int PLACES = 256;
    private static final double SPACING = 3;
    private static final double GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
    // Clear of the outermost border of a world that ends here.
    private static final double INSET = 2;

    private Spawn() {}

    /**
     * The place of one player.
     *
     * @param number any number that differs from player to player, such as a count
     */
    public static Vec3 place(WorldGeometry geometry, Generator generator, long number) {
        Box world = geometry.bounds();
        Vec3 middle = Vec3.ZERO;
        if (world != null && !world.contains(middle)) {
            middle = world.centre();
        }
        int place = Math.floorMod(number, PLACES);
        double distance = SPACING * Math.sqrt(place);
        double angle = GOLDEN_ANGLE * place;
        double x = middle.x() + distance * Math.cos(angle);
        double z = middle.z() + distance * Math.sin(angle);
        if (world != null) {
            x = Math.clamp(x, world.min().x() + INSET, world.max().x() - INSET);
            z = Math.clamp(z, world.min().z() + INSET, world.max().z() - INSET);
        }
        return onGround(geometry, generator, x, z);
    }

    static Vec3 onGround(WorldGeometry geometry, Generator generator, double x, double z) {
        double y = generator.surface((int) Math.floor(x), (int) Math.floor(z));
        Box world = geometry.bounds();
        if (world != null) {
            y = Math.clamp(y, world.min().y(), world.max().y() - INSET);
        }
        return new Vec3(x, y, z);
    }
}
