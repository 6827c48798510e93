package io.gamemesh.core.region;

import java.util.Arrays;

/**
 * What there is to be seen in one tick, own entities and ghosts alike, already in the numbers of the wire, with a grid
 * to find what is near. Built again each tick into the same arrays; a query is O(what is near). Not thread-safe.
 */
final class Scene {

    private static final int NONE = -1;

    int count;
    long[] id = new long[64];
    int[] kind = new int[64];
    // 1/128 m from the region's lowest corner.
    int[] x = new int[64];
    int[] y = new int[64];
    int[] z = new int[64];
    // 1/256 turns.
    byte[] yaw = new byte[64];
    byte[] pitch = new byte[64];
    String[] name = new String[64];

    int[] near = new int[64];

    private final int radius;
    private final int cellShift;
    private int[] next = new int[64];
    private int[] heads = new int[128];

    /** @param radius how far a query looks, 1/128 m */
    Scene(int radius) {
        this.radius = radius;
        this.cellShift = Integer.SIZE - Integer.numberOfLeadingZeros(radius - 1);
    }

    void clear() {
        count = 0;
    }

    void add(long entityId, int entityKind, int atX, int atY, int atZ, int yaw8, int pitch8, String shownName) {
        if (count == id.length) {
            grow();
        }
        id[count] = entityId;
        kind[count] = entityKind;
        x[count] = atX;
        y[count] = atY;
        z[count] = atZ;
        yaw[count] = (byte) yaw8;
        pitch[count] = (byte) pitch8;
        name[count] = shownName;
        count++;
    }

    /** To be called once all are added. */
    void index() {
        if (heads.length < count * 2) {
            heads = new int[Integer.highestOneBit(count) * 4];
        }
        Arrays.fill(heads, NONE);
        for (int i = 0; i < count; i++) {
            int bucket = bucket(x[i] >> cellShift, y[i] >> cellShift, z[i] >> cellShift);
            next[i] = heads[bucket];
            heads[bucket] = i;
        }
    }

    /** Puts the rows of all within the radius into {@link #near} and says how many, at most {@code limit}. */
    int findNear(int atX, int atY, int atZ, int limit) {
        int found = 0;
        int cellX = atX >> cellShift;
        int cellY = atY >> cellShift;
        int cellZ = atZ >> cellShift;
        for (int dz = -1; dz <= 1; dz++) {
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    found = findInCell(cellX + dx, cellY + dy, cellZ + dz, atX, atY, atZ, found, limit);
                }
            }
        }
        return found;
    }

    private int findInCell(int cellX, int cellY, int cellZ, int atX, int atY, int atZ, int foundBefore, int limit) {
        int found = foundBefore;
        long reach = (long) radius * radius;
        for (int i = heads[bucket(cellX, cellY, cellZ)]; i != NONE && found < limit; i = next[i]) {
            long dx = (long) x[i] - atX;
            long dy = (long) y[i] - atY;
            long dz = (long) z[i] - atZ;
            // Cells share buckets, so an entity is only taken by its own cell.
            boolean inCell = x[i] >> cellShift == cellX && y[i] >> cellShift == cellY && z[i] >> cellShift == cellZ;
            if (inCell && dx * dx + dy * dy + dz * dz <= reach) {
                if (found == near.length) {
                    near = Arrays.copyOf(near, found * 2);
                }
                near[found++] = i;
            }
        }
        return found;
    }

    private int bucket(int cellX, int cellY, int cellZ) {
        int hash = cellX * 0x9E3779B1 + cellY * 0x85EBCA77 + cellZ * 0xC2B2AE3D;
        return (hash ^ (hash >>> 15)) & (heads.length - 1);
    }

    private void grow() {
        int size = count * 2;
        id = Arrays.copyOf(id, size);
        kind = Arrays.copyOf(kind, size);
        x = Arrays.copyOf(x, size);
        y = Arrays.copyOf(y, size);
        z = Arrays.copyOf(z, size);
        yaw = Arrays.copyOf(yaw, size);
        pitch = Arrays.copyOf(pitch, size);
        name = Arrays.copyOf(name, size);
        next = Arrays.copyOf(next, size);
    }
}
