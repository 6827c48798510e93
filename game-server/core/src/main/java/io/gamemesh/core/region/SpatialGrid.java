package io.gamemesh.core.region;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * Which rows of somebody's columns are near a place: rows hashed by the cube that they are in, as a linked list a
 * bucket ("Optimized Spatial Hashing for Collision Detection of Deformable Objects", Teschner et al., 2003). Insert,
 * move and remove are O(1); a query is O(cells it touches + rows in them). Nothing is allocated once the arrays are as
 * long as there are rows. Coordinates are whole numbers of any unit. Not thread-safe.
 */
public final class SpatialGrid {

    private static final int NONE = -1;
    // In place of the row before, of a row that is not in the grid; the first of a bucket has NONE there.
    private static final int ABSENT = -2;
    private static final int MIN_BUCKETS = 128;

    private final int shift;
    private int size;
    private int[] heads = new int[MIN_BUCKETS];
    private int[] next = new int[64];
    private int[] previous = new int[64];
    private int[] cellX = new int[64];
    private int[] cellY = new int[64];
    private int[] cellZ = new int[64];

    /**
     * A grid without rows.
     *
     * @param shift a cell's edge is 2^shift units, 0 to 30; half of what is usually asked for is good
     */
    public SpatialGrid(int shift) {
        if (shift < 0 || shift > 30) {
            throw new IllegalArgumentException("shift is " + shift + ", expected 0 to 30");
        }
        this.shift = shift;
        Arrays.fill(heads, NONE);
        Arrays.fill(previous, ABSENT);
    }

    /** The number of rows in it. */
    public int size() {
        return size;
    }

    /** Forgets all rows. */
    public void clear() {
        size = 0;
        Arrays.fill(heads, NONE);
        Arrays.fill(previous, ABSENT);
    }

    /**
     * Takes a row in.
     *
     * @param row 0 or more, and not in the grid
     * @throws IllegalArgumentException if the row is in the grid
     */
    public void insert(int row, int x, int y, int z) {
        reserve(row);
        if (previous[row] != ABSENT) {
            throw new IllegalArgumentException("row " + row + " is in the grid, move it instead");
        }
        size++;
        if (size * 2 > heads.length) {
            rehash();
        }
        link(row, x >> shift, y >> shift, z >> shift);
    }

    /**
     * A row is somewhere else now. Costs next to nothing while it stays within its cell.
     *
     * @param row in the grid
     */
    public void move(int row, int x, int y, int z) {
        int toX = x >> shift;
        int toY = y >> shift;
        int toZ = z >> shift;
        if (toX != cellX[row] || toY != cellY[row] || toZ != cellZ[row]) {
            unlink(row);
            link(row, toX, toY, toZ);
        }
    }

    /**
     * Takes a row out.
     *
     * @param row in the grid
     */
    public void remove(int row) {
        unlink(row);
        previous[row] = ABSENT;
        size--;
    }

    /**
     * A row has another number from now on: in columns without gaps the last one takes the place of one that went.
     *
     * @param from in the grid
     * @param to not in the grid
     */
    public void renumber(int from, int to) {
        reserve(to);
        unlink(from);
        previous[from] = ABSENT;
        link(to, cellX[from], cellY[from], cellZ[from]);
    }

    /**
     * Finds candidates: the rows of all cells that a box touches, in no particular order, each once. Whether one is
     * within the box is for the caller to see, who has the exact positions.
     *
     * @param found is emptied first
     */
    public void query(int minX, int minY, int minZ, int maxX, int maxY, int maxZ, IntArrayList found) {
        found.clear();
        int fromX = minX >> shift;
        int fromY = minY >> shift;
        int fromZ = minZ >> shift;
        int toX = maxX >> shift;
        int toY = maxY >> shift;
        int toZ = maxZ >> shift;
        double cells = (toX - fromX + 1.0) * (toY - fromY + 1.0) * (toZ - fromZ + 1.0);
        if (cells > previous.length) {
            // A box of more cells than there are rows.
            for (int row = 0; row < previous.length; row++) {
                if (previous[row] != ABSENT
                        && cellX[row] >= fromX
                        && cellX[row] <= toX
                        && cellY[row] >= fromY
                        && cellY[row] <= toY
                        && cellZ[row] >= fromZ
                        && cellZ[row] <= toZ) {
                    found.addInt(row);
                }
            }
            return;
        }
        for (int z = fromZ; z <= toZ; z++) {
            for (int y = fromY; y <= toY; y++) {
                for (int x = fromX; x <= toX; x++) {
                    for (int row = heads[bucket(x, y, z)]; row != NONE; row = next[row]) {
                        // Cells share buckets, so a row is only taken by its own cell.
                        if (cellX[row] == x && cellY[row] == y && cellZ[row] == z) {
                            found.addInt(row);
                        }
                    }
                }
            }
        }
    }

    private void link(int row, int x, int y, int z) {
        cellX[row] = x;
        cellY[row] = y;
        cellZ[row] = z;
        int bucket = bucket(x, y, z);
        int head = heads[bucket];
        next[row] = head;
        previous[row] = NONE;
        if (head != NONE) {
            previous[head] = row;
        }
        heads[bucket] = row;
    }

    private void unlink(int row) {
        int before = previous[row];
        int after = next[row];
        if (before == ABSENT) {
            throw new IllegalArgumentException("row " + row + " is not in the grid");
        }
        if (before == NONE) {
            heads[bucket(cellX[row], cellY[row], cellZ[row])] = after;
        } else {
            next[before] = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
    }

    private int bucket(int x, int y, int z) {
        int hash = x * 0x9E3779B1 + y * 0x85EBCA77 + z * 0xC2B2AE3D;
        return (hash ^ (hash >>> 15)) & (heads.length - 1);
    }

    private void reserve(int row) {
        int before = next.length;
        if (row >= before) {
            int length = Math.max(row + 1, before * 2);
            next = Arrays.copyOf(next, length);
            previous = Arrays.copyOf(previous, length);
            Arrays.fill(previous, before, length, ABSENT);
            cellX = Arrays.copyOf(cellX, length);
            cellY = Arrays.copyOf(cellY, length);
            cellZ = Arrays.copyOf(cellZ, length);
        }
    }

    private void rehash() {
        heads = new int[heads.length * 4];
        Arrays.fill(heads, NONE);
        for (int row = 0; row < previous.length; row++) {
            if (previous[row] != ABSENT) {
                link(row, cellX[row], cellY[row], cellZ[row]);
            }
        }
    }
}
