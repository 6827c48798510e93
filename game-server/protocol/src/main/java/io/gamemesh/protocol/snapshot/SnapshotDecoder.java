package io.gamemesh.protocol.snapshot;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of snapshots: applies datagrams, keeps what the server may refer to, and knows what to acknowledge.
 * A datagram of an older tick, or of an older view, is left alone and not acknowledged, as if it had been lost. Strict,
 * and bounded: at most {@link SnapshotFormat#MAX_ENTITIES} entities of at most {@link SnapshotFormat#HISTORY} records.
 * Not thread-safe.
 */
public final class SnapshotDecoder {

    /** Is told what has changed, while a datagram is decoded. */
    public interface Listener {

        /** An entity has come into sight, or is told of anew. */
        void appeared(EntityTrack entity);

        /** There is a newer record of an entity. */
        void changed(EntityTrack entity);

        /** An entity is out of sight. */
        void gone(EntityTrack entity);
    }

    private static final int MIN_HEADER = 12;

    private final int tickRate;
    private final BitReader in = new BitReader(Wire.MAX_DATAGRAM);
    private @Nullable EntityTrack[] tracks = new EntityTrack[64];
    private EntityTrack self;

    private int view = -1;
    private long region;
    private long tick;
    private long lastInput;

    private int newestSequence;
    private long received;

    private boolean hasSelf;
    private boolean grounded;
    private final int[] speed = new int[3];

    /** @param tickRate of the server, a second */
    public SnapshotDecoder(int tickRate) {
        this.tickRate = tickRate;
        this.self = new EntityTrack(0, EntityKind.PLAYER, tickRate);
    }

    /**
     * Applies a datagram, from position to limit.
     *
     * @return whether it was applied: not if it is older than one before, or the same
     * @throws WireFormatException if it is not what a server sends; the decoder is not to be used any further
     */
    public boolean decode(ByteBuffer datagram, Listener listener) {
        return apply(datagram, listener);
    }

    /**
     * As {@link #decode}, for a client that shows nobody but its player: it leaves unread what is said of others, and has to
     * do so with all datagrams.
     */
    public boolean decodeSelf(ByteBuffer datagram) {
        return apply(datagram, null);
    }

    private boolean apply(ByteBuffer datagram, @Nullable Listener listener) {
        if (datagram.remaining() > Wire.MAX_DATAGRAM) {
            throw new WireFormatException(
                    CloseCode.TOO_LARGE,
                    "datagram is " + datagram.remaining() + " bytes, expected at most " + Wire.MAX_DATAGRAM);
        }
        if (datagram.remaining() < MIN_HEADER) {
            throw malformed("Snapshot is " + datagram.remaining() + " bytes, expected " + MIN_HEADER + " or more");
        }
        int type = datagram.get() & 0xff;
        if (type != SnapshotFormat.TYPE) {
            throw malformed("datagram type is " + type + ", expected " + SnapshotFormat.TYPE);
        }
        int inView = datagram.get() & 0xff;
        int sequence = datagram.getShort() & 0xffff;
        int flags = datagram.get() & 0xff;
        int gapOrder = flags >> SnapshotFormat.GAP_SHIFT;
        if ((flags & 0xf) > SnapshotFormat.ALL_FLAGS) {
            throw malformed("Snapshot flags are " + (flags & 0xf) + ", expected at most " + SnapshotFormat.ALL_FLAGS);
        }
        int age = datagram.get() & 0xff;
        if (age >= SnapshotFormat.HISTORY) {
            throw malformed("Snapshot age is " + age + ", expected at most " + (SnapshotFormat.HISTORY - 1));
        }
        boolean start = (flags & SnapshotFormat.START) != 0;
        if (!begin(datagram, inView, sequence, start)) {
            return false;
        }
        lastInput = datagram.getShort() & 0xffff;
        int count = datagram.getShort() & 0xffff;
        if (count > SnapshotFormat.MAX_UPDATES) {
            throw malformed("Snapshot count is " + count + ", expected at most " + SnapshotFormat.MAX_UPDATES);
        }
        in.fill(datagram);
        if ((flags & SnapshotFormat.SELF) != 0) {
            readSelf();
        }
        if (listener == null) {
            return true;
        }
        int number = -1;
        for (int i = 0; i < count; i++) {
            long next = number + 1L + in.getGolomb(gapOrder, "Snapshot entity number");
            if (next >= SnapshotFormat.MAX_ENTITIES) {
                throw malformed(
                        "Snapshot entity number is " + next + ", expected less than " + SnapshotFormat.MAX_ENTITIES);
            }
            number = (int) next;
            readEntity(number, age, listener);
        }
        in.end("Snapshot");
        return true;
    }

    /** Reads where and when it is; false if it is to be left alone. */
    private boolean begin(ByteBuffer datagram, int inView, int sequence, boolean start) {
        if (datagram.remaining() < (start ? 2 * Long.BYTES : Short.BYTES) + 2 * Short.BYTES) {
            throw malformed("Snapshot ends within its header");
        }
        long newRegion = start ? datagram.getLong() : region;
        long newTick = start ? datagram.getLong() : tick + (short) (datagram.getShort() - (short) tick);
        boolean newView = view < 0 || (byte) (inView - view) > 0;
        if (newView) {
            if (!start) {
                return false;
            }
            if (newTick < 0) {
                throw malformed("Snapshot tick is " + newTick + ", expected 0 or more");
            }
            view = inView;
            region = newRegion;
            tick = newTick;
            newestSequence = sequence;
            received = 0;
            Arrays.fill(tracks, null);
            self = new EntityTrack(0, EntityKind.PLAYER, tickRate);
            hasSelf = false;
            return true;
        }
        if (inView != view || newTick < tick || (start && newRegion != region)) {
            return false;
        }
        int ahead = (short) (sequence - newestSequence);
        if (ahead > 0) {
            received = ahead > SnapshotFormat.ACKNOWLEDGED ? 0 : ((received << 1) | 1) << (ahead - 1);
            newestSequence = sequence;
        } else {
            long bit = ahead == 0 || ahead < -SnapshotFormat.ACKNOWLEDGED ? 0 : 1L << (-ahead - 1);
            if (bit == 0 || (received & bit) != 0) {
                return false;
            }
            received |= bit;
        }
        hasSelf &= tick == newTick;
        tick = newTick;
        return true;
    }

    private void readSelf() {
        grounded = in.getBoolean("Snapshot grounded");
        for (int axis = 0; axis < speed.length; axis++) {
            speed[axis] = (int) in.get(SnapshotFormat.LOW_BITS, "Snapshot own velocity") - SnapshotFormat.LOW_OFFSET;
        }
        if (in.getBoolean("Snapshot own record whole")) {
            self.readWhole(in, tick);
        } else {
            int age = (int) in.get(SnapshotFormat.AGE_BITS, "Snapshot own age");
            if (age == 0 || !self.read(in, tick - age, tick)) {
                throw malformed("Snapshot refers to the player's own record of " + age
                        + " ticks ago, expected one that was acknowledged");
            }
        }
        hasSelf = true;
        for (int axis = 0; axis < speed.length; axis++) {
            speed[axis] += self.field(3 + axis) * self.form().velocityUnit();
        }
    }

    private void readEntity(int number, int usualAge, Listener listener) {
        EntityTrack track = number < tracks.length ? tracks[number] : null;
        if (!in.getBoolean("Snapshot entity form")) {
            int age = usualAge;
            if (in.getBoolean("Snapshot entity age")) {
                age = (int) in.get(SnapshotFormat.AGE_BITS, "Snapshot entity age");
            }
            if (track == null || age == 0 || !track.read(in, tick - age, tick)) {
                throw malformed("Snapshot refers to the record of " + age + " ticks ago of entity number " + number
                        + ", expected one that was acknowledged");
            }
            listener.changed(track);
        } else if (!in.getBoolean("Snapshot entity form")) {
            long id = in.getLong("Snapshot entity id");
            int kind = (int) in.get(SnapshotFormat.KIND_BITS, "Snapshot entity kind");
            if (track != null && track.id() != id) {
                listener.gone(track);
            }
            if (track == null || track.id() != id || track.kind() != kind) {
                track = new EntityTrack(id, kind, tickRate);
                put(number, track);
            }
            track.readWhole(in, tick);
            listener.appeared(track);
        } else if (track != null) {
            tracks[number] = null;
            listener.gone(track);
        }
    }

    private void put(int number, EntityTrack track) {
        if (number >= tracks.length) {
            // Powers of two: whatever numbers come in whichever order, all arrays together are at most twice the last.
            tracks = Arrays.copyOf(tracks, Integer.highestOneBit(number) * 2);
        }
        tracks[number] = track;
    }

    /** Whether a datagram has been applied yet. */
    public boolean started() {
        return view >= 0;
    }

    /** The view of the datagrams, 0 to 255; -1 before the first. */
    public int view() {
        return view;
    }

    /** Packed id of the region that positions are relative to. */
    public long region() {
        return region;
    }

    /** The newest tick. */
    public long tick() {
        return tick;
    }

    /** The lowest 16 bits of the sequence number of the newest input that the state contains. */
    public int lastInput() {
        return (int) lastInput;
    }

    /** The lowest 16 bits of the number of the newest datagram, to be acknowledged. */
    public int newestSequence() {
        return newestSequence;
    }

    /** Which of the datagrams before the newest have come: bit 0 for the one before it, and so on. */
    public int received() {
        return (int) received;
    }

    /** Whether the newest tick has told of the player itself yet. */
    public boolean hasSelf() {
        return hasSelf;
    }

    /** The player's own position on axis 0, 1 or 2: 1/128 m within the region. */
    public int selfPosition(int axis) {
        return self.field(axis);
    }

    /** The player's own velocity on axis 0, 1 or 2: 1/128 m/s. */
    public int selfVelocity(int axis) {
        return speed[axis];
    }

    /** Whether the player stands on something. */
    public boolean selfGrounded() {
        return grounded;
    }
}
