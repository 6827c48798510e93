package io.gamemesh.core.region;

import io.gamemesh.core.motion.Body;
import io.gamemesh.core.sync.ClientView;
import io.gamemesh.core.sync.OwnState;
import io.gamemesh.core.sync.Scene;
import io.gamemesh.core.sync.Snapshots;
import io.gamemesh.core.sync.SyncSettings;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.RecordForm;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.InputDatagram.Acknowledged;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Quantized;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/** A snapshot a tick for each session: what there is to be seen of the region's entities and its neighbours'. */
final class Views {

    private static final double FINE_PER_METRE = Quantized.PER_METRE * RecordForm.FINE;

    private final RegionState state;
    private final Borders borders;
    private final Outbox outbox;
    private final double secondsATick;
    private final Scene scene;
    private final Snapshots snapshots;
    private final LongHashSet shownGhosts = new LongHashSet();
    private final Recipient recipient = new Recipient();
    private final OwnState own = new OwnState();

    /** The session whose snapshot is being made. */
    private final class Recipient implements Snapshots.Sink {

        private long session;

        @Override
        public void datagram(ByteBuffer datagram) {
            outbox.snapshot(session, datagram);
        }

        @Override
        public void appears(long entityId, int kind, String name) {
            if (!name.isEmpty()) {
                outbox.named(session, entityId, kind, name);
            }
            if (kind == EntityKind.ITEM) {
                tellItem(session, entityId);
            }
        }
    }

    private void tellItem(long session, long entityId) {
        int row = state.entities.row(entityId);
        Departure departure = state.departure(entityId);
        if (row != Entities.NONE) {
            outbox.item(session, entityId, state.entities.type[row], state.entities.amount[row]);
        } else if (departure != null) {
            Entity.Trait trait = departure.entity.trait();
            outbox.item(session, entityId, trait.type(), trait.amount());
        } else {
            for (Neighbour neighbour : borders.all()) {
                Ghosts.Ghost ghost = neighbour.ghosts.get(entityId);
                // A server of the release before does not say how many.
                if (ghost != null && ghost.count() > 0) {
                    outbox.item(session, entityId, ghost.item(), ghost.count());
                    return;
                }
            }
        }
    }

    Views(RegionSettings settings, RegionState state, Borders borders, Outbox outbox) {
        this.state = state;
        this.borders = borders;
        this.outbox = outbox;
        this.secondsATick = 1.0 / settings.tickRate();
        SyncSettings sync = new SyncSettings(
                settings.region().packed(),
                settings.tickRate(),
                settings.viewRadius(),
                settings.limits().snapshotBytesPerSecond());
        this.scene = new Scene(sync);
        this.snapshots = new Snapshots(sync, scene);
    }

    /** Begins to show a session what there is; see {@link Viewer#seen}. */
    void open(Viewer viewer, int view) {
        viewer.seen = snapshots.open(view);
    }

    /** The session is shown nothing any more. */
    void close(Viewer viewer) {
        if (viewer.seen != null) {
            snapshots.close(viewer.seen);
            viewer.seen = null;
        }
    }

    /** What a session's client says has come. */
    void acknowledge(Viewer viewer, Acknowledged acknowledged) {
        boolean possible = acknowledged.isNothing()
                || viewer.seen == null
                || snapshots.acknowledge(
                        viewer.seen, acknowledged.view(), acknowledged.newest(), acknowledged.received());
        if (!possible) {
            outbox.refused++;
        }
    }

    /** What is seen this tick: own entities, those about to arrive elsewhere, and ghosts. */
    void buildScene() {
        scene.begin(state.tick);
        Entities entities = state.entities;
        for (int row = 0; row < entities.count; row++) {
            if (entities.kind[row] == EntityKind.BODY) {
                seeBody(entities, row);
                continue;
            }
            scene.see(
                    entities.id[row],
                    entities.kind[row],
                    fine(entities.x[row], state.bounds.min().x()),
                    fine(entities.y[row], state.bounds.min().y()),
                    fine(entities.z[row], state.bounds.min().z()),
                    Quantized.speed(entities.vx[row]),
                    entities.grounded[row] ? 0 : Quantized.speed(entities.vy[row]),
                    Quantized.speed(entities.vz[row]),
                    entities.yaw[row],
                    Turns.pitch8(entities.pitch[row]),
                    entities.name[row]);
            if (entities.hasParts[row]) {
                seeParts(row);
            }
        }
        for (Departure departure : state.departures()) {
            Entity entity = departure.entity;
            seeAtRest(
                    entity.id(),
                    entity.kind(),
                    fine(entity.x(), state.bounds.min().x()),
                    fine(entity.y(), state.bounds.min().y()),
                    fine(entity.z(), state.bounds.min().z()),
                    entity.yaw(),
                    Turns.pitch8(entity.pitch()),
                    entity.trait().memory(),
                    0,
                    entity.name());
            seeParts(
                    entity.id(),
                    fine(entity.x(), state.bounds.min().x()),
                    fine(entity.y(), state.bounds.min().y()),
                    fine(entity.z(), state.bounds.min().z()),
                    entity.trait().parts());
        }
        shownGhosts.clear();
        scene.beginGhosts();
        addGhosts(false);
        // Who is just going from one neighbour to another may be told of by both: it is shown where it goes.
        addGhosts(true);
        scene.end();
    }

    private void seeParts(int row) {
        Entities entities = state.entities;
        long x = fine(entities.x[row], state.bounds.min().x());
        long y = fine(entities.y[row], state.bounds.min().y());
        long z = fine(entities.z[row], state.bounds.min().z());
        for (int part = 0; part < EntityKind.PARTS; part++) {
            int at = row * Entities.PARTS_STRIDE + part * (Entities.PARTS_STRIDE / EntityKind.PARTS);
            int[] parts = entities.parts;
            scene.seePart(
                    entities.id[row],
                    EntityKind.HEAD + part,
                    x + (long) parts[at] * RecordForm.FINE,
                    y + (long) parts[at + 1] * RecordForm.FINE,
                    z + (long) parts[at + 2] * RecordForm.FINE,
                    PackedRotation.ofPart(parts[at + 3]));
        }
    }

    private void addGhosts(boolean astray) {
        List<Neighbour> neighbours = borders.all();
        for (int each = 0; each < neighbours.size(); each++) {
            Neighbour neighbour = neighbours.get(each);
            List<Ghosts.Ghost> ghosts = neighbour.ghosts.all();
            for (int i = 0; i < ghosts.size(); i++) {
                Ghosts.Ghost ghost = ghosts.get(i);
                // What has crossed meanwhile is here itself.
                if (ghost.astray() == astray
                        && state.entities.row(ghost.id()) == Entities.NONE
                        && state.departure(ghost.id()) == null
                        && shownGhosts.add(ghost.id())) {
                    seeAtRest(
                            ghost.id(),
                            ghost.kind(),
                            (long) ghost.x() * RecordForm.FINE,
                            (long) ghost.y() * RecordForm.FINE,
                            (long) ghost.z() * RecordForm.FINE,
                            ghost.yaw() << 8,
                            ghost.pitch(),
                            rotation(ghost),
                            ghost.spin(),
                            ghost.name());
                    seeParts(
                            ghost.id(),
                            (long) ghost.x() * RecordForm.FINE,
                            (long) ghost.y() * RecordForm.FINE,
                            (long) ghost.z() * RecordForm.FINE,
                            ghost.parts());
                }
            }
        }
    }

    /** A neighbour tells less often than there are ticks: meanwhile what spins goes on turning. */
    private long rotation(Ghosts.Ghost ghost) {
        return ghost.kind() == EntityKind.BODY
                ? Turning.turned(ghost.rotation(), ghost.spin(), (state.tick - ghost.since()) * secondsATick)
                : ghost.rotation();
    }

    private void seeParts(long player, long x, long y, long z, @Nullable Parts parts) {
        if (parts != null) {
            seePart(player, EntityKind.HEAD, x, y, z, parts.head());
            seePart(player, EntityKind.LEFT_HAND, x, y, z, parts.left());
            seePart(player, EntityKind.RIGHT_HAND, x, y, z, parts.right());
        }
    }

    private void seePart(long player, int kind, long x, long y, long z, Parts.Part part) {
        scene.seePart(
                player,
                kind,
                x + (long) part.x() * RecordForm.FINE,
                y + (long) part.y() * RecordForm.FINE,
                z + (long) part.z() * RecordForm.FINE,
                PackedRotation.ofPart(part.rotation()));
    }

    /** Whose velocity is not known here. Rotation and spin count for bodies, yaw and pitch for all else. */
    private void seeAtRest(
            long id, int kind, long x, long y, long z, int yaw, int pitch, long rotation, long spin, String name) {
        if (kind == EntityKind.BODY) {
            scene.seeBody(
                    id,
                    x,
                    y,
                    z,
                    0,
                    0,
                    0,
                    rotation,
                    Turning.spin(spin, 0),
                    Turning.spin(spin, 1),
                    Turning.spin(spin, 2),
                    name);
        } else {
            scene.see(id, kind, x, y, z, 0, 0, 0, yaw, pitch, name);
        }
    }

    private void seeBody(Entities entities, int row) {
        long spin = entities.decision[row];
        scene.seeBody(
                entities.id[row],
                fine(entities.x[row], state.bounds.min().x()),
                fine(entities.y[row], state.bounds.min().y()),
                fine(entities.z[row], state.bounds.min().z()),
                Quantized.speed(entities.vx[row]),
                Quantized.speed(entities.vy[row]),
                Quantized.speed(entities.vz[row]),
                entities.memory[row],
                Turning.spin(spin, 0),
                Turning.spin(spin, 1),
                Turning.spin(spin, 2),
                entities.name[row]);
    }

    private static long fine(double coordinate, double corner) {
        return Math.round((coordinate - corner) * FINE_PER_METRE);
    }

    /**
     * Sends a session its snapshot of this tick.
     *
     * @param body where its player is by the inputs that have been done
     */
    void show(Viewer viewer, Body body) {
        int self = scene.number(viewer.entityId);
        // Without a number while all are taken, by what clients still have to hear is gone: that lasts seconds at most.
        if (viewer.seen == null || self == Scene.NONE) {
            return;
        }
        recipient.session = viewer.session;
        own.set(
                localX(body.x),
                localY(body.y),
                localZ(body.z),
                Quantized.speed(body.vx),
                Quantized.speed(body.vy),
                Quantized.speed(body.vz),
                body.grounded);
        snapshots.send(viewer.seen, self, own, viewer.lastInput, recipient);
    }

    /** See {@link ClientView#isTooSlow}. */
    boolean isTooSlow(Viewer viewer) {
        return viewer.seen != null && viewer.seen.isTooSlow();
    }

    /** See {@link Scene#leftOut}. */
    int leftOut() {
        return scene.leftOut();
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
