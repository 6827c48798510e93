package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Parts.Part;
import java.util.Arrays;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entities that a region simulates, as columns: one array per property, the same row in each is one entity. Rows
 * move when another is removed. Lookup by id is O(1), by place O(what is near). Not thread-safe.
 */
final class Entities {

    static final int NONE = -1;

    /** Numbers a row of {@link #parts}: head, left, right hand, of each x, y, z and rotation as in {@link Part}. */
    static final int PARTS_STRIDE = 12;

    private static final int FIRST_SIZE = 64;
    private static final int CELL_SHIFT = 4;
    private static final int PART_NUMBERS = 4;

    int count;
    long[] id = new long[FIRST_SIZE];
    int[] hop = new int[FIRST_SIZE];
    int[] kind = new int[FIRST_SIZE];
    double[] x = new double[FIRST_SIZE];
    double[] y = new double[FIRST_SIZE];
    double[] z = new double[FIRST_SIZE];
    double[] vx = new double[FIRST_SIZE];
    double[] vy = new double[FIRST_SIZE];
    double[] vz = new double[FIRST_SIZE];
    int[] yaw = new int[FIRST_SIZE];
    int[] pitch = new int[FIRST_SIZE];
    boolean[] grounded = new boolean[FIRST_SIZE];
    String[] playerId = new String[FIRST_SIZE];
    String[] name = new String[FIRST_SIZE];
    // What they mean: Entity.Trait.
    int[] type = new int[FIRST_SIZE];
    int[] amount = new int[FIRST_SIZE];
    long[] memory = new long[FIRST_SIZE];
    long[] decision = new long[FIRST_SIZE];
    boolean[] hasParts = new boolean[FIRST_SIZE];
    // PARTS_STRIDE a row from row * PARTS_STRIDE on, meaningless unless hasParts; empty until the first comes.
    int[] parts = new int[0];
    Belongings[] belongings = new Belongings[FIRST_SIZE];
    // Not part of the region's state: who looks through the entity's eyes, and since when nobody does.
    @Nullable Viewer[] viewer = new Viewer[FIRST_SIZE];

    long[] aloneSinceNanos = new long[FIRST_SIZE];

    private final Long2LongHashMap rows = new Long2LongHashMap(NONE);
    private final SpatialGrid grid = new SpatialGrid(CELL_SHIFT);
    private int players;
    private int creatures;
    private int bodies;
    private long items;

    int row(long entityId) {
        return (int) rows.get(entityId);
    }

    int players() {
        return players;
    }

    int creatures() {
        return creatures;
    }

    int bodies() {
        return bodies;
    }

    /** How many items there are, those that players carry included. */
    long items() {
        return items;
    }

    private int itemsOf(int row) {
        return amount[row] + belongings[row].items().total();
    }

    void setAmount(int row, int now) {
        items += now - amount[row];
        amount[row] = now;
    }

    void setBelongings(int row, Belongings now) {
        items += now.items().total() - belongings[row].items().total();
        belongings[row] = now;
    }

    private void count(int ofKind, int more) {
        switch (ofKind) {
            case EntityKind.PLAYER -> players += more;
            case EntityKind.CREATURE -> creatures += more;
            case EntityKind.BODY -> bodies += more;
            default -> {}
        }
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
        Entity.Trait trait = entity.trait();
        type[row] = trait.type();
        amount[row] = trait.amount();
        memory[row] = trait.memory();
        decision[row] = trait.decision();
        hasParts[row] = false;
        if (trait.parts() != null) {
            setParts(row, trait.parts());
        }
        belongings[row] = trait.belongings();
        items += itemsOf(row);
        viewer[row] = eyes;
        aloneSinceNanos[row] = nowNanos;
        count(entity.kind(), 1);
        grid.insert(row, block(x[row]), block(y[row]), block(z[row]));
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
                name[row],
                new Entity.Trait(type[row], amount[row], memory[row], decision[row], parts(row), belongings[row]));
    }

    void remove(int row) {
        rows.remove(id[row]);
        count(kind[row], -1);
        items -= itemsOf(row);
        int last = --count;
        grid.remove(row);
        if (row != last) {
            swap(row, last);
            rows.put(id[row], row);
            grid.renumber(last, row);
        }
        viewer[last] = null;
        belongings[last] = Belongings.NONE;
        playerId[last] = "";
        name[last] = "";
    }

    /** Puts the rows into the order of a saved state: ascending by id. */
    void sortById() {
        long[] sorted = Arrays.copyOf(id, count);
        Arrays.sort(sorted);
        for (int row = 0; row < count; row++) {
            int from = row(sorted[row]);
            if (from != row) {
                swap(row, from);
                rows.put(id[row], row);
                rows.put(id[from], from);
            }
        }
        grid.clear();
        for (int row = 0; row < count; row++) {
            grid.insert(row, block(x[row]), block(y[row]), block(z[row]));
        }
    }

    // Parts.

    @Nullable Parts parts(int row) {
        return hasParts[row] ? new Parts(part(row, 0), part(row, PART_NUMBERS), part(row, 2 * PART_NUMBERS)) : null;
    }

    private Part part(int row, int offset) {
        int at = row * PARTS_STRIDE + offset;
        return new Part(parts[at], parts[at + 1], parts[at + 2], parts[at + 3]);
    }

    /** What a player's client has said last. */
    void showParts(int row, Controls controls) {
        hasParts[row] = controls.hasParts;
        if (controls.hasParts) {
            reserveParts();
            System.arraycopy(controls.parts, 0, parts, row * PARTS_STRIDE, PARTS_STRIDE);
        }
    }

    private void reserveParts() {
        if (parts.length == 0) {
            parts = new int[id.length * PARTS_STRIDE];
        }
    }

    void setParts(int row, Parts shown) {
        reserveParts();
        hasParts[row] = true;
        setPart(row, 0, shown.head());
        setPart(row, PART_NUMBERS, shown.left());
        setPart(row, 2 * PART_NUMBERS, shown.right());
    }

    private void setPart(int row, int offset, Part part) {
        int at = row * PARTS_STRIDE + offset;
        parts[at] = part.x();
        parts[at + 1] = part.y();
        parts[at + 2] = part.z();
        parts[at + 3] = part.rotation();
    }

    // What is near.

    /** To be called when positions have changed: from then on {@link #near} finds all where they are. */
    void track() {
        for (int row = 0; row < count; row++) {
            grid.move(row, block(x[row]), block(y[row]), block(z[row]));
        }
    }

    /**
     * Finds the rows that may be within a distance of a place, and others near: who asks looks at the exact position.
     * Positions are those of the last {@link #track}.
     *
     * @param distance metres, on each axis
     */
    void near(double atX, double atY, double atZ, double distance, IntArrayList found) {
        grid.query(
                block(atX - distance),
                block(atY - distance),
                block(atZ - distance),
                block(atX + distance),
                block(atY + distance),
                block(atZ + distance),
                found);
    }

    private static int block(double coordinate) {
        return (int) Math.floor(coordinate);
    }

    // Columns.

    private void swap(int a, int b) {
        swap(id, a, b);
        swap(hop, a, b);
        swap(kind, a, b);
        swap(x, a, b);
        swap(y, a, b);
        swap(z, a, b);
        swap(vx, a, b);
        swap(vy, a, b);
        swap(vz, a, b);
        swap(yaw, a, b);
        swap(pitch, a, b);
        swap(grounded, a, b);
        swap(playerId, a, b);
        swap(name, a, b);
        swap(type, a, b);
        swap(amount, a, b);
        swap(memory, a, b);
        swap(decision, a, b);
        swap(hasParts, a, b);
        if (parts.length > 0) {
            for (int i = 0; i < PARTS_STRIDE; i++) {
                swap(parts, a * PARTS_STRIDE + i, b * PARTS_STRIDE + i);
            }
        }
        swap(belongings, a, b);
        swap(viewer, a, b);
        swap(aloneSinceNanos, a, b);
    }

    private static void swap(long[] column, int a, int b) {
        long value = column[a];
        column[a] = column[b];
        column[b] = value;
    }

    private static void swap(int[] column, int a, int b) {
        int value = column[a];
        column[a] = column[b];
        column[b] = value;
    }

    private static void swap(double[] column, int a, int b) {
        double value = column[a];
        column[a] = column[b];
        column[b] = value;
    }

    private static void swap(boolean[] column, int a, int b) {
        boolean value = column[a];
        column[a] = column[b];
        column[b] = value;
    }

    private static <T extends @Nullable Object> void swap(T[] column, int a, int b) {
        T value = column[a];
        column[a] = column[b];
        column[b] = value;
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
        type = Arrays.copyOf(type, size);
        amount = Arrays.copyOf(amount, size);
        memory = Arrays.copyOf(memory, size);
        decision = Arrays.copyOf(decision, size);
        hasParts = Arrays.copyOf(hasParts, size);
        if (parts.length > 0) {
            parts = Arrays.copyOf(parts, size * PARTS_STRIDE);
        }
        belongings = Arrays.copyOf(belongings, size);
        viewer = Arrays.copyOf(viewer, size);
        aloneSinceNanos = Arrays.copyOf(aloneSinceNanos, size);
    }
}
