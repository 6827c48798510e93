package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.util.Arrays;

/**
 * What changes of entities without being decided by anybody: positions and the like, bit for bit. Both sides expect an
 * entity to keep its velocity and to have moved by it; only what is otherwise is written, so one that walks straight on
 * costs nothing. Columns beside those of the entities, the same row in each.
 */
final class WeakState {

    // Two bits each in an entity's mask, what the number is.
    private static final int EXPECTED = 0;
    private static final int UNCHANGED = 1;
    private static final int FIXED = 2;
    private static final int EXACT = 3;
    private static final int CODE_MASK = 3;

    private static final int VX = 0;
    private static final int VZ = 2;
    private static final int X = 4;
    private static final int Z = 6;
    private static final int Y = 8;
    private static final int VY = 10;
    private static final int TURNED = 1 << 12;
    private static final int GROUNDED = 1 << 13;
    private static final int DECISION = 1 << 14;
    private static final int MEMORY = 1 << 15;
    private static final int AMOUNT = 1 << 16;
    private static final int PARTS = 1 << 17;
    private static final int OF_ALL_KINDS = (1 << 14) - 1;

    private final Entities entities;
    private final double seconds;
    private double[] x = new double[0];
    private double[] y = new double[0];
    private double[] z = new double[0];
    private double[] vx = new double[0];
    private double[] vy = new double[0];
    private double[] vz = new double[0];
    private int[] turned = new int[0];
    private boolean[] grounded = new boolean[0];
    private int[] amount = new int[0];
    private long[] memory = new long[0];
    private long[] decision = new long[0];
    private boolean[] hasParts = new boolean[0];
    private int[] parts = new int[0];

    WeakState(Entities entities, int tickRate) {
        this.entities = entities;
        this.seconds = 1.0 / tickRate;
    }

    // Writing.

    void trackAll() {
        for (int row = 0; row < entities.count; row++) {
            track(row);
        }
    }

    /** The row is as the reader has it. */
    void track(int row) {
        reserve();
        x[row] = entities.x[row];
        y[row] = entities.y[row];
        z[row] = entities.z[row];
        vx[row] = entities.vx[row];
        vy[row] = entities.vy[row];
        vz[row] = entities.vz[row];
        turned[row] = turned(row);
        grounded[row] = entities.grounded[row];
        amount[row] = entities.amount[row];
        memory[row] = entities.memory[row];
        decision[row] = entities.decision[row];
        hasParts[row] = entities.hasParts[row];
        if (hasParts[row]) {
            int at = row * Entities.PARTS_STRIDE;
            System.arraycopy(entities.parts, at, parts, at, Entities.PARTS_STRIDE);
        }
    }

    void moved(int from, int to) {
        x[to] = x[from];
        y[to] = y[from];
        z[to] = z[from];
        vx[to] = vx[from];
        vy[to] = vy[from];
        vz[to] = vz[from];
        turned[to] = turned[from];
        grounded[to] = grounded[from];
        amount[to] = amount[from];
        memory[to] = memory[from];
        decision[to] = decision[from];
        hasParts[to] = hasParts[from];
        if (hasParts[from]) {
            int stride = Entities.PARTS_STRIDE;
            System.arraycopy(parts, from * stride, parts, to * stride, stride);
        }
    }

    /** Each row that is not as expected, as how many rows it comes after the one before; 0 ends them. */
    void writeAll(WireWriter out) {
        int before = -1;
        for (int row = 0; row < entities.count; row++) {
            int mask = mask(row);
            if (mask != 0) {
                out.varint(row - before);
                before = row;
                write(out, row, mask);
            }
            track(row);
        }
        out.varint(0);
    }

    void writeOne(int row, WireWriter out) {
        write(out, row, mask(row));
    }

    private int mask(int row) {
        int mask = (velocity(entities.vx[row], vx[row]) << VX)
                | (velocity(entities.vz[row], vz[row]) << VZ)
                | (velocity(entities.vy[row], vy[row]) << VY)
                | (position(entities.x[row], x[row], entities.vx[row]) << X)
                | (position(entities.z[row], z[row], entities.vz[row]) << Z)
                | (position(entities.y[row], y[row], entities.vy[row]) << Y);
        mask |= turned(row) == turned[row] ? 0 : TURNED;
        mask |= entities.grounded[row] == grounded[row] ? 0 : GROUNDED;
        mask |= entities.decision[row] == decision[row] ? 0 : DECISION;
        mask |= entities.memory[row] == memory[row] ? 0 : MEMORY;
        mask |= entities.amount[row] == amount[row] ? 0 : AMOUNT;
        return mask | (sameParts(row) ? 0 : PARTS);
    }

    private static int velocity(double now, double before) {
        return same(now, before) ? EXPECTED : plain(now);
    }

    private int position(double now, double before, double velocity) {
        if (same(now, before + velocity * seconds)) {
            return EXPECTED;
        }
        return same(now, before) ? UNCHANGED : plain(now);
    }

    private static int plain(double now) {
        return same(now, Quantized.toMetres(Quantized.metres(now))) ? FIXED : EXACT;
    }

    private static boolean same(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    private int turned(int row) {
        return (entities.yaw[row] << 16) | (entities.pitch[row] & 0xffff);
    }

    private boolean sameParts(int row) {
        if (!entities.hasParts[row] || !hasParts[row]) {
            return entities.hasParts[row] == hasParts[row];
        }
        int from = row * Entities.PARTS_STRIDE;
        int to = from + Entities.PARTS_STRIDE;
        return Arrays.equals(entities.parts, from, to, parts, from, to);
    }

    private void write(WireWriter out, int row, int mask) {
        out.varint(mask);
        write(out, mask >> VX, entities.vx[row]);
        write(out, mask >> VZ, entities.vz[row]);
        write(out, mask >> VY, entities.vy[row]);
        write(out, mask >> X, entities.x[row]);
        write(out, mask >> Z, entities.z[row]);
        write(out, mask >> Y, entities.y[row]);
        if ((mask & TURNED) != 0) {
            out.i32(turned(row));
        }
        if ((mask & DECISION) != 0) {
            out.i64(entities.decision[row]);
        }
        if ((mask & MEMORY) != 0) {
            out.i64(entities.memory[row]);
        }
        if ((mask & AMOUNT) != 0) {
            out.i32(entities.amount[row]);
        }
        if ((mask & PARTS) != 0) {
            out.bool(entities.hasParts[row]);
            if (entities.hasParts[row]) {
                writeParts(out, row * Entities.PARTS_STRIDE);
            }
        }
    }

    private static void write(WireWriter out, int code, double value) {
        switch (code & CODE_MASK) {
            case FIXED -> out.zigzag(Quantized.metres(value));
            case EXACT -> out.i64(Double.doubleToRawLongBits(value));
            default -> {}
        }
    }

    private void writeParts(WireWriter out, int from) {
        for (int at = from; at < from + Entities.PARTS_STRIDE; at += 4) {
            out.i16(entities.parts[at]).i16(entities.parts[at + 1]).i16(entities.parts[at + 2]);
            out.i32(entities.parts[at + 3]);
        }
    }

    private void reserve() {
        int size = entities.id.length;
        if (x.length < size) {
            x = Arrays.copyOf(x, size);
            y = Arrays.copyOf(y, size);
            z = Arrays.copyOf(z, size);
            vx = Arrays.copyOf(vx, size);
            vy = Arrays.copyOf(vy, size);
            vz = Arrays.copyOf(vz, size);
            turned = Arrays.copyOf(turned, size);
            grounded = Arrays.copyOf(grounded, size);
            amount = Arrays.copyOf(amount, size);
            memory = Arrays.copyOf(memory, size);
            decision = Arrays.copyOf(decision, size);
            hasParts = Arrays.copyOf(hasParts, size);
        }
        if (parts.length < entities.parts.length) {
            parts = Arrays.copyOf(parts, entities.parts.length);
        }
    }

    // Reading.

    /** Brings all rows to the end of the tick. */
    static void readAll(WireReader in, Entities entities, double seconds, Box near) {
        int row = 0;
        while (true) {
            long gap = in.varint("row gap", 0, entities.count - row);
            int listed = gap == 0 ? entities.count : row + (int) gap - 1;
            for (; row < listed; row++) {
                apply(in, entities, row, 0, seconds, near);
            }
            if (gap == 0) {
                return;
            }
            readOne(in, entities, row++, seconds, near);
        }
    }

    /** Brings one row to where it is now. */
    static void readOne(WireReader in, Entities entities, int row, double seconds, Box near) {
        int possible = OF_ALL_KINDS | ofKind(entities.kind[row]);
        int mask = (int) in.varint("row mask", 0, possible);
        if ((mask & ~possible) != 0) {
            throw WireFormatException.malformed("row mask is " + mask + " of an entity of kind " + entities.kind[row]
                    + ", expected of " + possible);
        }
        apply(in, entities, row, mask, seconds, near);
    }

    private static int ofKind(int kind) {
        return switch (kind) {
            case EntityKind.PLAYER -> PARTS;
            case EntityKind.CREATURE -> DECISION | MEMORY;
            case EntityKind.ITEM -> MEMORY | AMOUNT;
            case EntityKind.BODY -> MEMORY;
            default -> 0;
        };
    }

    private static void apply(WireReader in, Entities entities, int row, int mask, double seconds, Box near) {
        entities.vx[row] = velocity(in, mask >> VX, entities.vx[row]);
        entities.vz[row] = velocity(in, mask >> VZ, entities.vz[row]);
        entities.vy[row] = velocity(in, mask >> VY, entities.vy[row]);
        String tooFast = Entity.objectionToVelocity(entities.vx[row], entities.vy[row], entities.vz[row]);
        if (tooFast != null) {
            throw WireFormatException.malformed("entity " + entities.id[row] + ": " + tooFast);
        }
        entities.x[row] = position(in, mask >> X, entities.x[row], entities.vx[row] * seconds);
        entities.z[row] = position(in, mask >> Z, entities.z[row], entities.vz[row] * seconds);
        entities.y[row] = position(in, mask >> Y, entities.y[row], entities.vy[row] * seconds);
        if (!near.contains(entities.x[row], entities.y[row], entities.z[row])) {
            throw WireFormatException.malformed("entity " + entities.id[row] + " is at (" + entities.x[row] + ", "
                    + entities.y[row] + ", " + entities.z[row] + "), expected within " + near);
        }
        if ((mask & TURNED) != 0) {
            int turned = in.i32("yaw and pitch");
            entities.yaw[row] = turned >>> 16;
            entities.pitch[row] = (short) turned;
        }
        entities.grounded[row] ^= (mask & GROUNDED) != 0;
        if ((mask & DECISION) != 0) {
            entities.decision[row] = in.i64("decision");
        }
        if ((mask & MEMORY) != 0) {
            entities.memory[row] = memory(entities.kind[row], in.i64("memory"));
        }
        if ((mask & AMOUNT) != 0) {
            int amount = in.i32("amount");
            if (amount < 1) {
                throw WireFormatException.malformed("amount is " + amount + ", expected 1 or more");
            }
            entities.setAmount(row, amount);
        }
        if ((mask & PARTS) != 0) {
            readParts(in, entities, row);
        }
    }

    private static long memory(int kind, long value) {
        if (kind == EntityKind.ITEM && (value < 0 || value > Wire.MAX_VARINT)) {
            throw WireFormatException.malformed("an item's last tick is " + value + ", expected a tick");
        }
        if (kind == EntityKind.BODY && !PackedRotation.isRotation(value)) {
            throw WireFormatException.malformed(
                    "a body is turned by " + Long.toHexString(value) + ", expected a rotation");
        }
        return value;
    }

    private static double velocity(WireReader in, int code, double before) {
        if ((code & CODE_MASK) == UNCHANGED) {
            throw WireFormatException.malformed("velocity is told to be unchanged, which goes without saying");
        }
        return number(in, code, before);
    }

    private static double position(WireReader in, int code, double before, double way) {
        return number(in, code, (code & CODE_MASK) == EXPECTED ? before + way : before);
    }

    private static double number(WireReader in, int code, double otherwise) {
        double value = switch (code & CODE_MASK) {
            case FIXED -> Quantized.toMetres(in.zigzag("position or velocity"));
            case EXACT -> Double.longBitsToDouble(in.i64("position or velocity"));
            default -> otherwise;
        };
        if (!Double.isFinite(value)) {
            throw WireFormatException.malformed("position or velocity is " + value + ", expected a finite number");
        }
        return value;
    }

    private static void readParts(WireReader in, Entities entities, int row) {
        if (in.bool("parts")) {
            entities.setParts(row, Parts.read(in));
        } else {
            entities.hasParts[row] = false;
        }
    }
}
