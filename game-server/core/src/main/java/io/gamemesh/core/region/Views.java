package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.SnapshotWriter;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.collections.LongHashSet;

/** A snapshot a tick for each session: the entities near it. The buffers are used again from session to session. */
final class Views {

    // As many as surely fit into the parts of one snapshot.
    private static final int MAX_VISIBLE = 1900;

    private final RegionSettings settings;
    private final RegionState state;
    private final Borders borders;
    private final Outbox outbox;
    private final Scene scene;
    private final SnapshotWriter writer = new SnapshotWriter();
    private final LongHashSet shownGhosts = new LongHashSet();
    private final ByteBuffer datagram = ByteBuffer.allocate(Wire.MAX_DATAGRAM);

    Views(RegionSettings settings, RegionState state, Borders borders, Outbox outbox) {
        this.settings = settings;
        this.state = state;
        this.borders = borders;
        this.outbox = outbox;
        this.scene = new Scene(settings.viewRadius() * WorldGeometry.UNITS_PER_METRE);
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
}
