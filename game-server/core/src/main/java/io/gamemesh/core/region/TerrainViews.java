package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.SectionChanges;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/** The sections round each session, nearest first, as far as its allowance goes, and the changes to those it has. */
final class TerrainViews {

    private static final int MAX_SECTIONS_A_TICK = 48;
    private static final int MAX_UNTOUCHED_A_TICK = 2048;
    private static final int MESSAGE_OVERHEAD = 16;
    // More in one tick than that, and the section as it is now is told in fewer bytes.
    private static final int MAX_SINGLE_CHANGES = 128;
    // A section is forgotten somewhat later than it came, so that walking to and fro costs nothing.
    private static final int FORGET_SLACK = 2;

    private final RegionSettings settings;
    private final RegionState state;
    private final Outbox outbox;

    private final int[] offsetX;
    private final int[] offsetY;
    private final int[] offsetZ;
    private final int sectionRadius;
    private final SectionEncoder encoder = new SectionEncoder();
    private final SectionNotice untouched;
    private final SectionNotice forgotten;
    // By section: what of it has changed and is yet to be told, and by which blocks.
    private final Long2ObjectHashMap<SectionBlocks> changed = new Long2ObjectHashMap<>();
    private int sectionsToMake;

    TerrainViews(RegionSettings settings, RegionState state, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.outbox = outbox;
        this.sectionRadius = settings.viewRadius() / Section.EDGE;
        this.untouched = new SectionNotice(outbox, ToClient.Untouched::new);
        this.forgotten = new SectionNotice(outbox, ToClient.SectionForget::new);
        List<int[]> offsets = offsets(sectionRadius);
        offsetX = offsets.stream().mapToInt(each -> each[0]).toArray();
        offsetY = offsets.stream().mapToInt(each -> each[1]).toArray();
        offsetZ = offsets.stream().mapToInt(each -> each[2]).toArray();
    }

    private static List<int[]> offsets(int radius) {
        List<int[]> offsets = new ArrayList<>();
        for (int y = -radius; y <= radius; y++) {
            for (int z = -radius; z <= radius; z++) {
                for (int x = -radius; x <= radius; x++) {
                    if (farness(x, y, z) <= radius * radius) {
                        offsets.add(new int[] {x, y, z});
                    }
                }
            }
        }
        offsets.sort(Comparator.comparingInt(each -> farness(each[0], each[1], each[2])));
        return offsets;
    }

    /** The square of the distance, heights doubled: who walks sees far about, and little of what is below. */
    private static int farness(int x, int y, int z) {
        return x * x + 4 * y * y + z * z;
    }

    /** To be called before the first session of a tick: tells everybody what has changed of the sections they have. */
    void beginTick(Iterable<Viewer> viewers) {
        sectionsToMake = settings.limits().sectionsPerTick();
        if (!changed.isEmpty()) {
            changed.forEachLong((key, blocks) -> tell(viewers, key, blocks));
            changed.clear();
        }
    }

    private void tell(Iterable<Viewer> viewers, long key, SectionBlocks blocks) {
        if (blocks.count > MAX_SINGLE_CHANGES) {
            for (Viewer viewer : viewers) {
                if (viewer.sections.contains(key)) {
                    viewer.outdated.add(key);
                }
            }
            return;
        }
        // One for all: it is coded once, too.
        ToClient.BlocksChanged message = new ToClient.BlocksChanged(
                blocks.changes(state.terrain.sectionX(key), state.terrain.sectionY(key), state.terrain.sectionZ(key)));
        for (Viewer viewer : viewers) {
            if (viewer.sections.contains(key)) {
                // It goes at once; sections that are lacking wait the longer.
                viewer.terrainAllowance -= message.changes().packed().length() + MESSAGE_OVERHEAD;
                outbox.send(viewer.session, message);
            }
        }
    }

    /** Sends the next sections that the viewer lacks, as many as its allowance and the tick's allow. */
    void stream(Viewer viewer, double x, double y, double z) {
        int perTick = settings.limits().terrainBytesPerSecond() / settings.tickRate();
        viewer.terrainAllowance = Math.clamp(
                viewer.terrainAllowance + perTick,
                -settings.limits().terrainBytesPerSecond(),
                Math.max(perTick, 1) * 4);
        moveTo(viewer, section(x), section(y), section(z));
        int sent = sendAnew(viewer);
        int looked = 0;
        while (viewer.nextOffset < offsetX.length && viewer.terrainAllowance > 0 && sent < MAX_SECTIONS_A_TICK) {
            int offset = viewer.nextOffset;
            int sectionX = viewer.sectionX + offsetX[offset];
            int sectionY = viewer.sectionY + offsetY[offset];
            int sectionZ = viewer.sectionZ + offsetZ[offset];
            long key = state.terrain.key(sectionX, sectionY, sectionZ);
            if (isInWorld(sectionX, sectionY, sectionZ) && !viewer.sections.contains(key)) {
                if (viewer.generates && !state.terrain.isEdited(sectionX, sectionY, sectionZ)) {
                    if (looked == MAX_UNTOUCHED_A_TICK) {
                        break;
                    }
                    looked++;
                    untouched.add(viewer, sectionX, sectionY, sectionZ);
                } else if (send(viewer, sectionX, sectionY, sectionZ)) {
                    sent++;
                } else {
                    break;
                }
                viewer.sections.add(key);
            }
            viewer.nextOffset++;
        }
        untouched.send(viewer);
    }

    /** Before those that it lacks, but for those that would have to be made once the tick's are used up: they wait. */
    private int sendAnew(Viewer viewer) {
        int sent = 0;
        if (viewer.outdated.isEmpty()) {
            return sent;
        }
        for (var it = viewer.outdated.iterator();
                it.hasNext() && viewer.terrainAllowance > 0 && sent < MAX_SECTIONS_A_TICK; ) {
            long key = it.nextValue();
            if (!send(viewer, state.terrain.sectionX(key), state.terrain.sectionY(key), state.terrain.sectionZ(key))) {
                break;
            }
            it.remove();
            sent++;
        }
        return sent;
    }

    private boolean send(Viewer viewer, int sectionX, int sectionY, int sectionZ) {
        Terrain terrain = state.terrain;
        if (!terrain.isCached(sectionX, sectionY, sectionZ)) {
            if (sectionsToMake == 0) {
                return false;
            }
            sectionsToMake--;
        }
        Section section = terrain.section(sectionX, sectionY, sectionZ);
        Bytes coded = viewer.generates
                ? section.codedOver(terrain.generated(sectionX, sectionY, sectionZ), encoder)
                : section.coded(encoder);
        viewer.terrainAllowance -= coded.length() + MESSAGE_OVERHEAD;
        outbox.send(viewer.session, new ToClient.Section(sectionX, sectionY, sectionZ, coded));
        return true;
    }

    private boolean isInWorld(int sectionX, int sectionY, int sectionZ) {
        return settings.geometry()
                .contains(
                        (double) sectionX * Section.EDGE,
                        (double) sectionY * Section.EDGE,
                        (double) sectionZ * Section.EDGE);
    }

    private void moveTo(Viewer viewer, int sectionX, int sectionY, int sectionZ) {
        boolean same = viewer.sectionX == sectionX && viewer.sectionY == sectionY && viewer.sectionZ == sectionZ;
        if (same) {
            return;
        }
        viewer.sectionX = sectionX;
        viewer.sectionY = sectionY;
        viewer.sectionZ = sectionZ;
        viewer.nextOffset = 0;
        int reach = sectionRadius + FORGET_SLACK;
        for (var it = viewer.sections.iterator(); it.hasNext(); ) {
            long key = it.nextValue();
            int x = state.terrain.sectionX(key);
            int y = state.terrain.sectionY(key);
            int z = state.terrain.sectionZ(key);
            int dx = x - sectionX;
            int dy = y - sectionY;
            int dz = z - sectionZ;
            if (farness(dx, dy, dz) > reach * reach) {
                it.remove();
                viewer.outdated.remove(key);
                forgotten.add(viewer, x, y, z);
            }
        }
        forgotten.send(viewer);
    }

    /** One of a section's blocks is another one now: those who have the section are told with all of this tick. */
    void changed(int x, int y, int z, short block) {
        blocks(state.terrain.key(x >> 4, y >> 4, z >> 4)).put(BlockChanges.entry(x, y, z, block));
    }

    /** As for one block, of many at once. */
    void changed(SectionChanges changes) {
        SectionBlocks blocks = blocks(state.terrain.key(changes.x(), changes.y(), changes.z()));
        if (changes.count() > MAX_SINGLE_CHANGES) {
            blocks.count = MAX_SINGLE_CHANGES + 1;
        } else {
            changes.forEach((x, y, z, edited) -> blocks.put(BlockChanges.entry(x, y, z, changes.block())));
        }
    }

    private SectionBlocks blocks(long key) {
        SectionBlocks known = changed.get(key);
        if (known == null) {
            known = new SectionBlocks();
            changed.put(key, known);
        }
        return known;
    }

    /** Blocks of one section that have changed within a tick, by rising index; once they are too many, no more are kept. */
    private static final class SectionBlocks {
        private final int[] entries = new int[MAX_SINGLE_CHANGES];
        private int count;

        void put(int entry) {
            if (count > MAX_SINGLE_CHANGES) {
                return;
            }
            int index = BlockChanges.index(entry);
            int at = count;
            while (at > 0 && BlockChanges.index(entries[at - 1]) >= index) {
                at--;
            }
            if (at < count && BlockChanges.index(entries[at]) == index) {
                entries[at] = entry;
            } else if (count++ < MAX_SINGLE_CHANGES) {
                System.arraycopy(entries, at, entries, at + 1, count - 1 - at);
                entries[at] = entry;
            }
        }

        BlockChanges changes(int x, int y, int z) {
            return BlockChanges.of(x, y, z, Arrays.copyOf(entries, count));
        }
    }

    private static int section(double coordinate) {
        return Math.floorDiv((int) Math.floor(coordinate), Section.EDGE);
    }
}
