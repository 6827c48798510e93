package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a player does, sent once a tick as a QUIC datagram with the inputs before it repeated, so that one lost packet
 * loses none.
 *
 * @param acknowledged which datagrams of snapshots have come; {@link Acknowledged#NOTHING} before the first
 * @param inputs the newest first, 1 to {@link Wire#MAX_INPUTS}; each sequence number is one less than the one before
 * @param parts where head and hands are with the newest input; null of a player who shows none
 */
public record InputDatagram(
        Acknowledged acknowledged,
        List<Input> inputs,
        @Nullable Parts parts) {

    private static final int TYPE = 0x01;

    /**
     * Which datagrams of snapshots a client has.
     *
     * @param view that they are of, 0 to 255; -1 if there are none
     * @param newest lowest 16 bits of the number of the newest
     * @param received bit i is set if the one i + 1 before the newest has come
     */
    public record Acknowledged(int view, int newest, int received) {

        /** No snapshot has come yet. */
        public static final Acknowledged NOTHING = new Acknowledged(-1, 0, 0);

        /** Whether there are none. */
        public boolean isNothing() {
            return view < 0;
        }
    }

    /** The player jumps. */
    public static final int JUMP = 1;

    /** The player runs. */
    public static final int SPRINT = 2;

    /** The player crouches, or descends where it swims or flies. */
    public static final int CROUCH = 4;

    private static final int ALL_FLAGS = JUMP | SPRINT | CROUCH;

    /**
     * One tick's input.
     *
     * @param sequence 1 for the first input of a connection, then one more each; 32 bits unsigned
     * @param moveX the velocity that the player wants, world axes, 1/128 m/s; the server limits it to what the player
     *     can do
     * @param moveY as {@code moveX}
     * @param moveZ as {@code moveX}
     * @param yaw 1/65536 turns, 0 to 65535
     * @param pitch 1/65536 turns, -16384 to 16384
     * @param flags of {@link #JUMP}, {@link #SPRINT}, {@link #CROUCH}
     */
    public record Input(long sequence, short moveX, short moveY, short moveZ, int yaw, int pitch, int flags) {

        /** From metres a second and radians. */
        public static Input of(
                long sequence, double moveX, double moveY, double moveZ, double yaw, double pitch, int flags) {
            return new Input(
                    sequence,
                    Quantized.speed(moveX),
                    Quantized.speed(moveY),
                    Quantized.speed(moveZ),
                    Quantized.yaw16(yaw),
                    Quantized.pitch16(pitch),
                    flags);
        }
    }

    /** Keeps the list as it is now. */
    public InputDatagram {
        inputs = List.copyOf(inputs);
    }

    /** Of a player without parts. */
    public InputDatagram(Acknowledged acknowledged, List<Input> inputs) {
        this(acknowledged, inputs, null);
    }

    /** Appends the datagram's payload. */
    public void write(WireWriter out) {
        out.u8(TYPE).bool(!acknowledged.isNothing());
        if (!acknowledged.isNothing()) {
            out.u8(acknowledged.view).u16(acknowledged.newest).i32(acknowledged.received);
        }
        out.u8(inputs.size()).u32(inputs.getFirst().sequence());
        for (Input input : inputs) {
            out.i16(input.moveX)
                    .i16(input.moveY)
                    .i16(input.moveZ)
                    .u16(input.yaw)
                    .i16(input.pitch)
                    .u8(input.flags);
        }
        out.bool(parts != null);
        if (parts != null) {
            parts.write(out);
        }
    }

    /**
     * Reads a datagram's payload, from position to limit.
     *
     * @throws WireFormatException if it is not one
     */
    public static InputDatagram read(ByteBuffer datagram) {
        if (datagram.remaining() > Wire.MAX_DATAGRAM) {
            throw new WireFormatException(
                    CloseCode.TOO_LARGE,
                    "datagram is " + datagram.remaining() + " bytes, expected at most " + Wire.MAX_DATAGRAM);
        }
        WireReader in = new WireReader(datagram);
        int type = in.u8("datagram type");
        if (type != TYPE) {
            throw malformed("datagram type is " + type + ", expected " + TYPE);
        }
        Acknowledged acknowledged = in.bool("Input acknowledges")
                ? new Acknowledged(in.u8("Input view"), in.u16("Input newest"), in.i32("Input received"))
                : Acknowledged.NOTHING;
        int count = (int) WireReader.bounded("Input count", in.u8("Input count"), 1, Wire.MAX_INPUTS);
        long newest = WireReader.bounded("Input sequence", in.u32("Input sequence"), count, 0xffff_ffffL);
        List<Input> inputs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inputs.add(new Input(
                    newest - i,
                    (short) in.i16("Input move x"),
                    (short) in.i16("Input move y"),
                    (short) in.i16("Input move z"),
                    in.u16("Input yaw"),
                    (int) WireReader.bounded("Input pitch", in.i16("Input pitch"), -0x4000, 0x4000),
                    (int) WireReader.bounded("Input flags", in.u8("Input flags"), 0, ALL_FLAGS)));
        }
        Parts parts = in.bool("Input parts") ? Parts.read(in) : null;
        in.end("Input");
        return new InputDatagram(acknowledged, inputs, parts);
    }
}
