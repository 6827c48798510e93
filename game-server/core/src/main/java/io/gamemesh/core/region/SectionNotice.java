package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.SectionSet;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.Wire;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Function;

/** Gathers the sections of which one session is told the same, to say it of many at once. */
final class SectionNotice {

    /** Bytes of a message, but for a bit for each section of its box. */
    private static final int OVERHEAD = 20;

    private final Outbox outbox;
    private final Function<SectionSet, ToClient> message;
    private final BitSet indexes = new BitSet();
    private int[] places = new int[3 * 256];
    private int count;
    private int minX;
    private int minY;
    private int minZ;
    private int maxX;
    private int maxY;
    private int maxZ;

    /** @param message what is said of sections */
    SectionNotice(Outbox outbox, Function<SectionSet, ToClient> message) {
        this.outbox = outbox;
        this.message = message;
    }

    /** One more; section coordinates. All of one session's until {@link #send}. */
    void add(Viewer viewer, int x, int y, int z) {
        if (count > 0 && !fits(x, y, z)) {
            send(viewer);
        }
        if (count == 0) {
            minX = x;
            maxX = x;
            minY = y;
            maxY = y;
            minZ = z;
            maxZ = z;
        } else {
            minX = Math.min(minX, x);
            maxX = Math.max(maxX, x);
            minY = Math.min(minY, y);
            maxY = Math.max(maxY, y);
            minZ = Math.min(minZ, z);
            maxZ = Math.max(maxZ, z);
        }
        if (3 * count == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[3 * count] = x;
        places[3 * count + 1] = y;
        places[3 * count + 2] = z;
        count++;
    }

    private boolean fits(int x, int y, int z) {
        long sizeX = Math.max(maxX, x) - Math.min(minX, x) + 1L;
        long sizeY = Math.max(maxY, y) - Math.min(minY, y) + 1L;
        long sizeZ = Math.max(maxZ, z) - Math.min(minZ, z) + 1L;
        return Math.max(sizeX, Math.max(sizeY, sizeZ)) <= SectionSet.MAX_SIZE
                && sizeX * sizeY * sizeZ <= Wire.MAX_SECTION_SET;
    }

    /** Tells the session what has been gathered, on its allowance. */
    void send(Viewer viewer) {
        if (count == 0) {
            return;
        }
        int sizeX = maxX - minX + 1;
        int sizeY = maxY - minY + 1;
        int sizeZ = maxZ - minZ + 1;
        indexes.clear();
        for (int i = 0; i < 3 * count; i += 3) {
            int y = places[i + 1] - minY;
            int z = places[i + 2] - minZ;
            indexes.set((y * sizeZ + z) * sizeX + places[i] - minX);
        }
        count = 0;
        SectionSet sections = SectionSet.of(minX, minY, minZ, sizeX, sizeY, sizeZ, indexes);
        viewer.terrainAllowance -= OVERHEAD + sections.bits().length();
        outbox.send(viewer.session, message.apply(sections));
    }
}
