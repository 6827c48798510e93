package io.gamemesh.core.store;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of consecutive ticks of a region. What a tick's log says is not looked at.
 *
 * @param firstTick 1 or more
 * @param lastTick the first or a later one
 * @param entries for each tick the length of its log as a varint, and its log
 */
public record LogBatch(long firstTick, long lastTick, Bytes entries) {

    /** Refuses ticks that are none; the entries are looked at in {@link #ticks} only. */
    public LogBatch {
        if (firstTick < 1 || lastTick < firstTick) {
            throw new IllegalArgumentException(
                    "ticks are " + firstTick + " to " + lastTick + ", expected 1 or more, and the first first");
        }
    }

    /**
     * The batch of the given ticks' logs.
     *
     * @param firstTick 1 or more
     * @param ticks the log of that tick and of those that follow, at least one
     */
    public static LogBatch of(long firstTick, List<Bytes> ticks) {
        WireWriter out = new WireWriter(
                ticks.stream().mapToInt(tick -> tick.length() + Integer.BYTES).sum());
        ticks.forEach(out::bytes);
        return new LogBatch(firstTick, firstTick + ticks.size() - 1, out.toBytes());
    }

    /**
     * The log of each tick, in order.
     *
     * @throws WireFormatException if the entries are not those of so many ticks
     */
    public List<Bytes> ticks() {
        WireReader in = new WireReader(entries.asReadOnlyBuffer());
        List<Bytes> ticks = new ArrayList<>();
        for (long tick = firstTick; tick <= lastTick; tick++) {
            ticks.add(in.bytes("log of a tick", 0, entries.length()));
        }
        in.end("log of ticks " + firstTick + " to " + lastTick);
        return ticks;
    }
}
