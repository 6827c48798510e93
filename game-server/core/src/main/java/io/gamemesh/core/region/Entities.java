package io.gamemesh.core.region;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entities that a region simulates, as columns: one array per property, the same row in each is one entity. Rows
 * move when another is removed. Lookup by id is O(1). Not thread-safe.
 */
final class Entities {

    static final int NONE = -1;

    int count;
    long[] id = new long[64];
    int[] hop = new int[64];
    int[] kind = new int[64];
    double[] x = new double[64];
    double[] y = new double[64];
    double[] z = new double[64];
    double[] vx = new double[64];
    double[] vy = new double[64];
    double[] vz = new double[64];
    int[] yaw = new int[64];
    int[] pitch = new int[64];
    boolean[] grounded = new boolean[64];
    String[] playerId = new String[64];
    String[] name = new String[64];
    // Not part of the region's state: who looks through the entity's eyes, and since when nobody does.
    @Nullable Viewer[] viewer = new Viewer[64];

    long[] aloneSinceNanos = new long[64];

    private final Long2LongHashMap rows = new Long2LongHashMap(NONE);

    int row(long entityId) {
        return (int) rows.get(entityId);
    }

    int add(Entity entity, @Nullable Viewer eyes, long nowNanos) {
        if (count == id.length) {
            grow();
        }
        int row = count++;
        rows.put(entity.id(), row);
        id[row] = entity.id();
        hop[row] = entity.hop();
        kind[row] = entity.kind();
        x[row] = entity.x();
        y[row] = entity.y();
        z[row] = entity.z();
        vx[row] = entity.vx();
        vy[row] = entity.vy();
        vz[row] = entity.vz();
        yaw[row] = entity.yaw();
        pitch[row] = entity.pitch();
        grounded[row] = entity.grounded();
        playerId[row] = entity.playerId();
        name[row] = entity.name();
        viewer[row] = eyes;
        aloneSinceNanos[row] = nowNanos;
        return row;
    }

    Entity get(int row) {
        return new Entity(
                id[row],
                hop[row],
                kind[row],
                x[row],
                y[row],
                z[row],
                vx[row],
                vy[row],
                vz[row],
                yaw[row],
                pitch[row],
                grounded[row],
                playerId[row],
                name[row]);
    }

    void remove(int row) {
        rows.remove(id[row]);
        int last = --count;
        if (row != last) {
            id[row] = id[last];
            hop[row] = hop[last];
            kind[row] = kind[last];
            x[row] = x[last];
            y[row] = y[last];
            z[row] = z[last];
            vx[row] = vx[last];
            vy[row] = vy[last];
            vz[row] = vz[last];
            yaw[row] = yaw[last];
            pitch[row] = pitch[last];
            grounded[row] = grounded[last];
            playerId[row] = playerId[last];
            name[row] = name[last];
            viewer[row] = viewer[last];
            aloneSinceNanos[row] = aloneSinceNanos[last];
            rows.put(id[row], row);
        }
        viewer[last] = null;
        playerId[last] = "";
        name[last] = "";
    }

    private void grow() {
        int size = count * 2;
        id = Arrays.copyOf(id, size);
        hop = Arrays.copyOf(hop, size);
        kind = Arrays.copyOf(kind, size);
        x = Arrays.copyOf(x, size);
        y = Arrays.copyOf(y, size);
        z = Arrays.copyOf(z, size);
        vx = Arrays.copyOf(vx, size);
        vy = Arrays.copyOf(vy, size);
        vz = Arrays.copyOf(vz, size);
        yaw = Arrays.copyOf(yaw, size);
        pitch = Arrays.copyOf(pitch, size);
        grounded = Arrays.copyOf(grounded, size);
        playerId = Arrays.copyOf(playerId, size);
        name = Arrays.copyOf(name, size);
        viewer = Arrays.copyOf(viewer, size);
        aloneSinceNanos = Arrays.copyOf(aloneSinceNanos, size);
    }
}
