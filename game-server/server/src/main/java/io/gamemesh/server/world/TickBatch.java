package io.gamemesh.server.world;

import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.protocol.id.RegionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one tick of one region has for players. Filled by the thread that steps the region, then handed over to the
 * players' event loop, which empties it with {@link #drainDatagrams} or {@link #dropDatagrams} and says when it is {@link #sent}.
 */
public final class TickBatch {

    /** Takes snapshots. */
    public interface Sink {

        /** A snapshot's datagram for one session between position and limit, only valid during the call. */
        void datagram(long session, ByteBuffer datagram);
    }

    private static final int FIRST_DATAGRAMS = 16;
    private static final int FIRST_BYTES = 4096;

    private final RegionId region;
    private final List<RegionOutput> events = new ArrayList<>();
    // All datagrams, one after the other, in one buffer: to hand each over from thread to thread in its own costs more
    // than to copy it.
    private final int bytesExpected;
    private @Nullable ByteBuf bytes;
    private long[] sessions;
    private int[] ends;
    private int count;
    private volatile boolean sent;

    /**
     * An empty one: for as much as the tick before had there is room at once.
     *
     * @param datagramsExpected how many snapshots
     * @param bytesExpected of them together
     */
    TickBatch(RegionId region, int datagramsExpected, int bytesExpected) {
        this.region = region;
        this.sessions = new long[Math.max(datagramsExpected, FIRST_DATAGRAMS)];
        this.ends = new int[Math.max(datagramsExpected, FIRST_DATAGRAMS)];
        this.bytesExpected = bytesExpected;
    }

    /** The region that has stepped. */
    public RegionId region() {
        return region;
    }

    /** All but snapshots and messages to peers, in order. */
    public List<RegionOutput> events() {
        return events;
    }

    void add(long session, ByteBuffer datagram) {
        ByteBuf all = bytes;
        if (all == null) {
            all = PooledByteBufAllocator.DEFAULT.heapBuffer(Math.max(bytesExpected, FIRST_BYTES));
            bytes = all;
        }
        if (count == sessions.length) {
            sessions = Arrays.copyOf(sessions, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        all.writeBytes(datagram);
        sessions[count] = session;
        ends[count++] = all.writerIndex();
    }

    boolean isEmpty() {
        return events.isEmpty() && count == 0;
    }

    /** How many datagrams. */
    int datagrams() {
        return count;
    }

    /** Bytes of the datagrams. */
    int size() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** To be called once it has been sent and what players have sent since has been read: the region may go on. */
    public void sent() {
        sent = true;
    }

    boolean isSent() {
        return sent;
    }

    /** Gives the datagrams to the sink, in order; there are none left afterwards, even if it throws. */
    public void drainDatagrams(Sink sink) {
        ByteBuf all = bytes;
        if (all == null) {
            return;
        }
        try {
            ByteBuffer datagram = all.nioBuffer(0, size());
            int begin = 0;
            for (int i = 0; i < count; i++) {
                datagram.limit(ends[i]).position(begin);
                sink.datagram(sessions[i], datagram);
                begin = ends[i];
            }
        } finally {
            dropDatagrams();
        }
    }

    /** Gives the snapshots up, which clients get over; returns how many there were. */
    public int dropDatagrams() {
        int dropped = count;
        ByteBuf all = bytes;
        if (all != null) {
            all.release();
        }
        bytes = null;
        count = 0;
        return dropped;
    }
}
