package io.gamemesh.core.voxel;

import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.util.Arrays;

/**
 * Who has put what where, for taking edits back and for asking who did it: the last edits of a region, as many as it is
 * told to keep. Ids grow by one from 1 and are never used twice, so that two logs that were told the same are the same,
 * whatever they have forgotten by then.
 *
 * <p>A ring of columns that grows up to its limit, 38 bytes an edit; beyond that adding allocates nothing. Not
 * thread-safe.
 */
public final class EditLog {

    /** The author of edits that nobody made: those of the world itself. Entity ids are never 0. */
    public static final long NOBODY = 0;

    /** The greatest limit, edits. */
    public static final int MAX_LIMIT = 1 << 22;

    private static final int ENTRY_BYTES = 1 + 8 + 3 * 4 + 2 * 2;

    private final int limit;
    private int size;
    private long lastId;
    // Of what each known edit is hashed to.
    private long sum;
    private long[] tick = new long[64];
    private long[] author = new long[64];
    private int[] x = new int[64];
    private int[] y = new int[64];
    private int[] z = new int[64];
    private short[] from = new short[64];
    private short[] to = new short[64];

    /** What is told of an edit. */
    @FunctionalInterface
    public interface EntryConsumer {

        /**
         * Takes one edit.
         *
         * @param id grows by one from edit to edit
         * @param tick of the region, in which it was made
         * @param author id of the entity that made it, or {@link #NOBODY}
         * @param x world coordinates of the block
         * @param y as {@code x}
         * @param z as {@code x}
         * @param from the block that was there
         * @param to the block that is there since
         */
        void accept(long id, long tick, long author, int x, int y, int z, short from, short to);
    }

    /**
     * An empty log.
     *
     * @param limit how many edits it keeps, 1 to {@link #MAX_LIMIT}
     */
    public EditLog(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is " + limit + " edits, expected 1 to " + MAX_LIMIT);
        }
        this.limit = limit;
    }

    /**
     * Adds an edit, and forgets the oldest if there are too many.
     *
     * @param tickOfEdit 0 or more, and not less than that of the edit before
     * @return its id
     */
    public long add(long tickOfEdit, long entityId, int blockX, int blockY, int blockZ, short before, short after) {
        if (tickOfEdit < 0 || (size > 0 && tickOfEdit < tick[place(lastId)])) {
            throw new IllegalArgumentException(
                    "edit in tick " + tickOfEdit + ", expected 0 or more and no less than that of the edit before");
        }
        if (size == tick.length && size < limit) {
            grow();
        }
        if (size == limit) {
            sum -= hash(firstId());
        }
        int place = place(++lastId);
        tick[place] = tickOfEdit;
        author[place] = entityId;
        x[place] = blockX;
        y[place] = blockY;
        z[place] = blockZ;
        from[place] = before;
        to[place] = after;
        size = Math.min(size + 1, Math.min(tick.length, limit));
        sum += hash(lastId);
        return lastId;
    }

    private long hash(long id) {
        int place = place(id);
        long hash = SplitMix64.mix(id);
        hash = SplitMix64.mix(hash + tick[place]);
        hash = SplitMix64.mix(hash + author[place]);
        hash = SplitMix64.mix(hash + x[place]);
        hash = SplitMix64.mix(hash + y[place]);
        hash = SplitMix64.mix(hash + z[place]);
        return SplitMix64.mix(hash + ((long) from[place] << Short.SIZE) + to[place]);
    }

    /** Where an edit is: ids follow each other round the ring. */
    private int place(long id) {
        return (int) (id % Math.min(tick.length, limit));
    }

    private void grow() {
        int room = Math.min(tick.length * 2, limit);
        long first = firstId();
        long[] newTick = new long[room];
        long[] newAuthor = new long[room];
        int[] newX = new int[room];
        int[] newY = new int[room];
        int[] newZ = new int[room];
        short[] newFrom = new short[room];
        short[] newTo = new short[room];
        for (long id = first; id <= lastId; id++) {
            int old = place(id);
            int place = (int) (id % room);
            newTick[place] = tick[old];
            newAuthor[place] = author[old];
            newX[place] = x[old];
            newY[place] = y[old];
            newZ[place] = z[old];
            newFrom[place] = from[old];
            newTo[place] = to[old];
        }
        tick = newTick;
        author = newAuthor;
        x = newX;
        y = newY;
        z = newZ;
        from = newFrom;
        to = newTo;
    }

    /** How many edits are known. */
    public int size() {
        return size;
    }

    /** The id of the last edit that was ever added; 0 if there was none. */
    public long lastId() {
        return lastId;
    }

    /** The id of the oldest edit that is known; one more than {@link #lastId} if none is. */
    public long firstId() {
        return lastId - size + 1;
    }

    /**
     * A number that is the same for equal logs, and another one where any known edit differs but for one time in 2^64. It
     * finds mistakes, not forgeries. Takes constant time.
     */
    public long checksum() {
        return SplitMix64.mix(lastId) + sum;
    }

    /** Tells the known edits from an id on, oldest first. */
    public void forEachFrom(long id, EntryConsumer consumer) {
        forEach(id, lastId, consumer);
    }

    /** Tells the known edits from an id to another, both included, oldest first. */
    public void forEach(long first, long last, EntryConsumer consumer) {
        long end = Math.min(last, lastId);
        for (long each = Math.max(first, firstId()); each <= end; each++) {
            tell(each, consumer);
        }
    }

    /** Tells the known edits of an author from an id on, oldest first. Linear in the number of all known ones. */
    public void forEachBy(long entityId, long id, EntryConsumer consumer) {
        for (long each = Math.max(id, firstId()); each <= lastId; each++) {
            if (author[place(each)] == entityId) {
                tell(each, consumer);
            }
        }
    }

    /** Tells the known edits from an id on, newest first: the order in which they are taken back. */
    public void forEachBackTo(long id, EntryConsumer consumer) {
        long last = Math.max(id, firstId());
        for (long each = lastId; each >= last; each--) {
            tell(each, consumer);
        }
    }

    private void tell(long id, EntryConsumer consumer) {
        int place = place(id);
        consumer.accept(id, tick[place], author[place], x[place], y[place], z[place], from[place], to[place]);
    }

    /**
     * Writes all that is known: {@code varint} last id, {@code varint} count, and for each edit, oldest first,
     * {@code varint} ticks since the one before (the first: its tick), {@code i64} author, {@code i32} x, y and z,
     * {@code u16} block before and after. Equal logs are equal bytes.
     */
    public void write(WireWriter out) {
        out.varint(lastId).varint(size);
        long before = 0;
        for (long id = firstId(); id <= lastId; id++) {
            int place = place(id);
            out.varint(tick[place] - before).i64(author[place]);
            out.i32(x[place]).i32(y[place]).i32(z[place]);
            out.u16(from[place] & 0xffff).u16(to[place] & 0xffff);
            before = tick[place];
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param limit of this log
     * @throws WireFormatException if it is cut short, or what no log of that limit has written
     */
    public static EditLog read(WireReader in, int limit) {
        EditLog log = new EditLog(limit);
        long last = in.varint("last edit", 0, Long.MAX_VALUE);
        long most = Math.min(Math.min(last, limit), in.remaining() / ENTRY_BYTES);
        int count = (int) in.varint("number of edits", 0, most);
        log.lastId = last - count;
        long tick = 0;
        for (int i = 0; i < count; i++) {
            tick += in.varint("tick of edit", 0, Long.MAX_VALUE - tick);
            long author = in.i64("author of edit");
            int x = in.i32("edit x");
            int y = in.i32("edit y");
            int z = in.i32("edit z");
            log.add(tick, author, x, y, z, (short) in.u16("block before"), (short) in.u16("block after"));
        }
        return log;
    }

    /** True if the other log has the same known edits under the same ids. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof EditLog that) || that.lastId != lastId || that.size != size) {
            return false;
        }
        return Arrays.equals(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(lastId * 31 + size);
    }

    private byte[] bytes() {
        WireWriter out = new WireWriter(16 + size * ENTRY_BYTES);
        write(out);
        return out.toBytes().toArray();
    }
}
