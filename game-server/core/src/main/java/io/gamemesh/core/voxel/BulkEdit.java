package io.gamemesh.core.voxel;

import io.gamemesh.protocol.wire.EditShape;
import java.util.OptionalInt;

/**
 * An edit of many blocks at once.
 *
 * @param shape which blocks it covers
 * @param replaced of those only blocks of this id; empty for all
 * @param block what it puts there
 */
public record BulkEdit(EditShape shape, OptionalInt replaced, short block) {

    /** Makes all blocks of a shape the same. */
    public static BulkEdit fill(EditShape shape, short block) {
        return new BulkEdit(shape, OptionalInt.empty(), block);
    }

    /** Puts one kind of block wherever there is another kind within a shape. */
    public static BulkEdit replace(EditShape shape, short replaced, short block) {
        return new BulkEdit(shape, OptionalInt.of(Short.toUnsignedInt(replaced)), block);
    }

    /** The least x that it covers in a row; greater than {@link #lastX} if there is none. */
    int firstX(int y, int z) {
        return switch (shape) {
            case EditShape.Box box -> box.minX();
            case EditShape.Sphere sphere -> {
                int reach = reach(sphere, y, z);
                yield reach < 0 ? sphere.x() + 1 : sphere.x() - reach;
            }
        };
    }

    /** The greatest x that it covers in a row. */
    int lastX(int y, int z) {
        return switch (shape) {
            case EditShape.Box box -> box.maxX();
            case EditShape.Sphere sphere -> {
                int reach = reach(sphere, y, z);
                yield reach < 0 ? sphere.x() : sphere.x() + reach;
            }
        };
    }

    private static int reach(EditShape.Sphere sphere, int atY, int atZ) {
        int dy = atY - sphere.y();
        int dz = atZ - sphere.z();
        int left = sphere.radius() * sphere.radius() - dy * dy - dz * dz;
        // Exact: these are small whole numbers, and the square root of IEEE 754 is rounded correctly.
        return left < 0 ? -1 : (int) Math.sqrt(left);
    }

    /** True if its shape has that block; whether that is of the kind to replace is another matter. */
    public boolean covers(int x, int y, int z) {
        boolean inBounds = y >= shape.minY() && y <= shape.maxY() && z >= shape.minZ() && z <= shape.maxZ();
        return inBounds && x >= firstX(y, z) && x <= lastX(y, z);
    }
}
