package io.gamemesh.core.region;

import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.SnapshotWriter;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * What each session is shown: a snapshot a tick of the entities near it, and the sections round it, nearest first, with
 * the changes to those it has. The buffers are used again from session to session and tick to tick.
 */
final class Views {

    // As many as surely fit into the parts of one snapshot.
    private static final int MAX_VISIBLE = 1900;
    private static final int MAX_SECTIONS_A_TICK = 48;
    private static final int MESSAGE_OVERHEAD = 16;
    // A section is forgotten somewhat later than it came, so that walking to and fro costs nothing.
    private static final int FORGET_SLACK = 2;

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Outbox outbox;
    private final Scene scene;
    private final SnapshotWriter writer = new SnapshotWriter();
    private final LongHashSet shownGhosts = new LongHashSet();
    private final ByteBuffer datagram = ByteBuffer.allocate(Wire.MAX_DATAGRAM);

    private final int[] offsetX;
    private final int[] offsetY;
    private final int[] offsetZ;
    private final int sectionRadius;
    private int sectionsToMake;

    Views(RegionSettings settings, RegionState state, Borders borders, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.outbox = outbox;
        this.scene = new Scene(settings.viewRadius() * WorldGeometry.UNITS_PER_METRE);
        this.sectionRadius = settings.viewRadius() / Section.EDGE;
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

    // Snapshots.

    /** What is seen this tick: own entities, those about to arrive elsewhere, and ghosts. */
    void buildScene() {
        scene.clear();
        Entities entities = state.entities;
        for (int row = 0; row < entities.count; row++) {
            scene.add(
                    entities.id[row],
                    entities.kind[row],
                    localX(entities.x[row]),
                    localY(entities.y[row]),
                    localZ(entities.z[row]),
                    Turns.yaw8(entities.yaw[row]),
                    Turns.pitch8(entities.pitch[row]),
                    entities.name[row]);
        }
        for (Departure departure : state.departures()) {
            Entity entity = departure.entity;
            scene.add(
                    entity.id(),
                    entity.kind(),
                    localX(entity.x()),
                    localY(entity.y()),
                    localZ(entity.z()),
                    Turns.yaw8(entity.yaw()),
                    Turns.pitch8(entity.pitch()),
                    entity.name());
        }
        shownGhosts.clear();
        addGhosts(false);
        // Who is just going from one neighbour to another may be told of by both: it is shown where it goes.
        addGhosts(true);
        scene.index();
        sectionsToMake = settings.limits().sectionsPerTick();
    }

    private void addGhosts(boolean astray) {
        for (Neighbour neighbour : borders.all()) {
            List<Ghosts.Ghost> ghosts = neighbour.ghosts.all();
            for (int i = 0; i < ghosts.size(); i++) {
                Ghosts.Ghost ghost = ghosts.get(i);
                // What has crossed meanwhile is here itself.
                if (ghost.astray() == astray
                        && state.entities.row(ghost.id()) == Entities.NONE
                        && state.departure(ghost.id()) == null
                        && shownGhosts.add(ghost.id())) {
                    scene.add(
                            ghost.id(),
                            ghost.kind(),
                            ghost.x(),
                            ghost.y(),
                            ghost.z(),
                            ghost.yaw(),
                            ghost.pitch(),
                            ghost.name());
                }
            }
        }
    }

    void show(Viewer viewer, double x, double y, double z, double vx, double vy, double vz) {
        int atX = localX(x);
        int atY = localY(y);
        int atZ = localZ(z);
        int found = scene.findNear(atX, atY, atZ, MAX_VISIBLE);
        writer.begin(
                settings.region().packed(),
                state.tick,
                viewer.lastInput,
                atX,
                atY,
                atZ,
                Quantized.speed(vx),
                Quantized.speed(vy),
                Quantized.speed(vz));
        writer.beginPart(datagram.clear());
        for (int i = 0; i < found; i++) {
            int seen = scene.near[i];
            if (scene.id[seen] == viewer.entityId) {
                continue;
            }
            if (viewer.learns(scene.id[seen])) {
                outbox.send(
                        viewer.session, new ToClient.EntityInfo(scene.id[seen], scene.kind[seen], scene.name[seen]));
            }
            if (!add(seen)) {
                outbox.put(new RegionOutput.Snapshot(viewer.session, writer.endPart(false)));
                writer.beginPart(datagram.clear());
                add(seen);
            }
        }
        outbox.put(new RegionOutput.Snapshot(viewer.session, writer.endPart(true)));
    }

    private boolean add(int seen) {
        return writer.entity(
                scene.id[seen],
                scene.kind[seen],
                scene.x[seen],
                scene.y[seen],
                scene.z[seen],
                scene.yaw[seen],
                scene.pitch[seen]);
    }

    int localX(double x) {
        return WorldGeometry.toLocal(x, state.bounds.min().x());
    }

    int localY(double y) {
        return WorldGeometry.toLocal(y, state.bounds.min().y());
    }

    int localZ(double z) {
        return WorldGeometry.toLocal(z, state.bounds.min().z());
    }

    // Terrain.

    /** Sends the next sections that the viewer lacks, as many as its allowance and the tick's allow. */
    void stream(Viewer viewer, double x, double y, double z) {
        int perTick = settings.limits().terrainBytesPerSecond() / settings.tickRate();
        viewer.terrainAllowance = Math.min(viewer.terrainAllowance + perTick, Math.max(perTick, 1) * 4);
        moveTo(viewer, section(x), section(y), section(z));
        int sent = 0;
        while (viewer.nextOffset < offsetX.length && viewer.terrainAllowance > 0 && sent < MAX_SECTIONS_A_TICK) {
            int offset = viewer.nextOffset;
            int sectionX = viewer.sectionX + offsetX[offset];
            int sectionY = viewer.sectionY + offsetY[offset];
            int sectionZ = viewer.sectionZ + offsetZ[offset];
            long key = state.terrain.key(sectionX, sectionY, sectionZ);
            if (isInWorld(sectionX, sectionY, sectionZ) && !viewer.sections.contains(key)) {
                if (!send(viewer, sectionX, sectionY, sectionZ)) {
                    return;
                }
                viewer.sections.add(key);
                sent++;
            }
            viewer.nextOffset++;
        }
    }

    private boolean send(Viewer viewer, int sectionX, int sectionY, int sectionZ) {
        Terrain terrain = state.terrain;
        if (!terrain.isCached(sectionX, sectionY, sectionZ)) {
            if (sectionsToMake == 0) {
                return false;
            }
            sectionsToMake--;
        }
        Bytes coded = terrain.section(sectionX, sectionY, sectionZ).coded();
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
                outbox.send(viewer.session, new ToClient.SectionForget(x, y, z));
            }
        }
    }

    /** Tells who has the section that one of its blocks is another one now. */
    void changed(Iterable<Viewer> viewers, int x, int y, int z, short block) {
        long key = state.terrain.key(x >> 4, y >> 4, z >> 4);
        for (Viewer viewer : viewers) {
            if (viewer.sections.contains(key)) {
                outbox.send(viewer.session, new ToClient.BlockChanged(x, y, z, block));
            }
        }
    }

    private static int section(double coordinate) {
        return Math.floorDiv((int) Math.floor(coordinate), Section.EDGE);
    }
}
