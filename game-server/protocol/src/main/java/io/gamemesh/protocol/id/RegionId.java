package io.gamemesh.protocol.id;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cube of the world: a depth and a cell at that depth, packed into 64 bits (4 of depth, then x, y, z as signed
 * 20-bit numbers). At depth {@code d} the edge of a region is the world's region size shifted right by {@code d}. Every
 * 64-bit value is a region id; whether a world has such a region is for {@code WorldGeometry} and the leaf map to say.
 *
 * @param packed the 64 bits
 */
public record RegionId(long packed) implements Comparable<RegionId> {

    /** The deepest level that 4 bits can name. */
    public static final int MAX_DEPTH = 15;

    /** The least cell number on each axis. */
    public static final int MIN_CELL = -(1 << 19);

    /** The greatest cell number on each axis. */
    public static final int MAX_CELL = (1 << 19) - 1;

    private static final int CELL_BITS = 20;
    private static final long CELL_MASK = (1L << CELL_BITS) - 1;
    private static final String NUMBER = "(0|n?[1-9][0-9]{0,5})";
    private static final Pattern TEXT = Pattern.compile("d(0|[1-9][0-9]?)-x" + NUMBER + "-y" + NUMBER + "-z" + NUMBER);

    /**
     * The region of a cell.
     *
     * @throws IllegalArgumentException if the depth is not within 0 to {@value #MAX_DEPTH} or a cell number not within
     *     {@value #MIN_CELL} to {@value #MAX_CELL}
     */
    public static RegionId of(int depth, int x, int y, int z) {
        if (depth < 0 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("region depth is " + depth + ", expected 0 to " + MAX_DEPTH);
        }
        return new RegionId(((long) depth << 60) | (cell("x", x) << 40) | (cell("y", y) << 20) | cell("z", z));
    }

    /**
     * Reads the text form, for example {@code d0-x1-y0-zn2}. Strict: no leading zeros, no {@code n0}, no sign.
     *
     * @throws IllegalArgumentException if the text is not exactly the form of a region id
     */
    public static RegionId parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "region id is '" + text + "', expected the form d0-x1-y0-zn2 (n is minus, no leading zeros)");
        }
        return of(Integer.parseInt(m.group(1)), number(m.group(2)), number(m.group(3)), number(m.group(4)));
    }

    private static int number(String text) {
        return text.startsWith("n") ? -Integer.parseInt(text.substring(1)) : Integer.parseInt(text);
    }

    private static long cell(String axis, int value) {
        if (!isCell(value)) {
            throw new IllegalArgumentException(
                    "region cell " + axis + " is " + value + ", expected " + MIN_CELL + " to " + MAX_CELL);
        }
        return value & CELL_MASK;
    }

    private static boolean isCell(int value) {
        return value >= MIN_CELL && value <= MAX_CELL;
    }

    private int axis(int shift) {
        return (int) ((packed << (64 - CELL_BITS - shift)) >> (64 - CELL_BITS));
    }

    /** How often the world's region size is halved for this region: 0 to {@value #MAX_DEPTH}. */
    public int depth() {
        return (int) (packed >>> 60);
    }

    /** The cell's number on the x axis. */
    public int x() {
        return axis(40);
    }

    /** The cell's number on the y axis. */
    public int y() {
        return axis(20);
    }

    /** The cell's number on the z axis. */
    public int z() {
        return axis(0);
    }

    /**
     * The region one level up that contains this one.
     *
     * @throws IllegalStateException at depth 0, which has no parent
     */
    public RegionId parent() {
        if (depth() == 0) {
            throw new IllegalStateException("region " + this + " has no parent: it is at depth 0");
        }
        return of(depth() - 1, x() >> 1, y() >> 1, z() >> 1);
    }

    /**
     * The eight octants one level down; x changes fastest, then y, then z.
     *
     * @throws IllegalArgumentException if the depth is {@value #MAX_DEPTH} or the children's cells have no number
     */
    public List<RegionId> children() {
        List<RegionId> children = new ArrayList<>(8);
        for (int octant = 0; octant < 8; octant++) {
            children.add(of(
                    depth() + 1,
                    (x() << 1) + (octant & 1),
                    (y() << 1) + ((octant >> 1) & 1),
                    (z() << 1) + ((octant >> 2) & 1)));
        }
        return List.copyOf(children);
    }

    /** The up to 26 regions of the same depth that share a face, an edge or a corner; fewer where numbers end. */
    public List<RegionId> neighbours() {
        List<RegionId> neighbours = new ArrayList<>(26);
        for (int dz = -1; dz <= 1; dz++) {
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    boolean self = dx == 0 && dy == 0 && dz == 0;
                    if (!self && isCell(x() + dx) && isCell(y() + dy) && isCell(z() + dz)) {
                        neighbours.add(of(depth(), x() + dx, y() + dy, z() + dz));
                    }
                }
            }
        }
        return List.copyOf(neighbours);
    }

    /** True if the other region is this one or lies within it. */
    public boolean contains(RegionId other) {
        int levels = other.depth() - depth();
        return levels >= 0 && other.x() >> levels == x() && other.y() >> levels == y() && other.z() >> levels == z();
    }

    /** The name of the {@code Region} resource in a mesh, for example {@code demo-d0-x1-y0-zn2}. */
    public String name(String mesh) {
        return mesh + "-" + this;
    }

    /** By depth, then x, y, z. */
    @Override
    public int compareTo(RegionId other) {
        int byDepth = Integer.compare(depth(), other.depth());
        if (byDepth != 0) {
            return byDepth;
        }
        int byX = Integer.compare(x(), other.x());
        if (byX != 0) {
            return byX;
        }
        int byY = Integer.compare(y(), other.y());
        return byY != 0 ? byY : Integer.compare(z(), other.z());
    }

    @Override
    public int hashCode() {
        // Fibonacci hashing: neighbouring cells differ in few bits of the packed form.
        return (int) ((packed * 0x9E3779B97F4A7C15L) >>> 32);
    }

    /** The text form that {@link #parse} reads: {@code d0-x1-y0-zn2}. */
    @Override
    public String toString() {
        return "d" + depth() + "-x" + text(x()) + "-y" + text(y()) + "-z" + text(z());
    }

    private static String text(int number) {
        return number < 0 ? "n" + -number : Integer.toString(number);
    }
}
