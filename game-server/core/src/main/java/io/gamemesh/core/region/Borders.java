package io.gamemesh.core.region;

import io.gamemesh.core.voxel.EditLog;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.SectionChanges;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.v1.BlockEdit;
import io.gamemesh.protocol.v1.BoundaryEdits;
import io.gamemesh.protocol.v1.BoundaryEntities;
import io.gamemesh.protocol.v1.Ghost;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What neighbours show each other within the overlap: entities as ghosts, ten times a second, and edits, each once,
 * numbered, all of them again when one was missed; those that a reset does not carry are forgotten at its end.
 */
final class Borders {

    /** Is told of each block of a neighbour that is another one now. */
    @FunctionalInterface
    interface BlockListener {
        void changed(int x, int y, int z, short block);
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long GHOST_LIFE_NANOS = 2 * NANOS_PER_SECOND;
    private static final int GHOST_RATE = 10;
    private static final int MAX_GHOSTS = 10_000;
    // Of all neighbours: ghosts alone must not use up the numbers of a scene.
    private static final int MAX_GHOSTS_IN_ALL = 20_000;
    private static final int MAX_EDITS_A_MESSAGE = 10_000;
    private static final int MAX_EDITS_TO_SEND = 1 << 16;

    private final RegionSettings settings;
    private final RegionState state;
    private final Outbox outbox;
    private final BlockListener listener;
    private final int ghostTicks;
    private final Map<RegionId, Neighbour> neighbours = new LinkedHashMap<>();
    // The same, to look through without an iterator each tick.
    private List<Neighbour> all = List.of();
    private LeafMap map;

    Borders(RegionSettings settings, RegionState state, Outbox outbox, BlockListener listener) {
        this.settings = settings;
        this.state = state;
        this.outbox = outbox;
        this.listener = listener;
        this.ghostTicks = Math.max(1, settings.tickRate() / GHOST_RATE);
        this.map = LeafMap.empty(settings.geometry());
    }

    void learn(LeafMap newer) {
        map = newer;
        Set<RegionId> present = new HashSet<>();
        for (Leaf leaf : newer.neighbours(settings.region())) {
            present.add(leaf.region());
            neighbours
                    .computeIfAbsent(leaf.region(), region -> new Neighbour(settings.geometry(), state.bounds, region))
                    .learn(leaf);
        }
        neighbours.keySet().retainAll(present);
        all = List.copyOf(neighbours.values());
    }

    @Nullable Leaf leafAt(double x, double y, double z) {
        return map.at(x, y, z);
    }

    @Nullable Neighbour get(RegionId region) {
        return neighbours.get(region);
    }

    List<Neighbour> all() {
        return all;
    }

    int ghostCount() {
        int count = 0;
        for (Neighbour neighbour : all) {
            count += neighbour.ghosts.all().size();
        }
        return count;
    }

    // Outwards.

    void step(long nowNanos) {
        boolean ghostTick = state.tick % ghostTicks == 0;
        for (int i = 0; i < all.size(); i++) {
            Neighbour neighbour = all.get(i);
            neighbour.ghosts.expire(nowNanos);
            if (!neighbour.hasAuthority) {
                continue;
            }
            if (ghostTick) {
                sendEntities(neighbour);
            }
            sendEdits(neighbour, nowNanos);
        }
    }

    /** Those that are on their way to another region too, since it may be a while until that one shows them. */
    private void sendEntities(Neighbour neighbour) {
        BoundaryEntities.Builder message = BoundaryEntities.newBuilder();
        Entities entities = state.entities;
        for (int row = 0; row < entities.count; row++) {
            if (neighbour.mirrored.contains(entities.x[row], entities.y[row], entities.z[row])) {
                message.addGhosts(ghost(entities.get(row)));
            }
        }
        for (Departure departure : state.departures()) {
            Entity entity = departure.entity;
            if (neighbour.mirrored.contains(entity.x(), entity.y(), entity.z())) {
                message.addGhosts(ghost(entity));
            }
        }
        boolean mayBeShowingSome = neighbour.ghostsSent;
        neighbour.ghostsSent = message.getGhostsCount() > 0;
        if (neighbour.ghostsSent || mayBeShowingSome) {
            send(neighbour, PeerMessage.newBuilder().setEntities(message.setTick(state.tick)));
        }
    }

    private Ghost ghost(Entity entity) {
        Ghost.Builder ghost = Ghost.newBuilder()
                .setEntityId(entity.id())
                .setKind(entity.kind())
                .setX(WorldGeometry.toLocal(entity.x(), state.bounds.min().x()))
                .setY(WorldGeometry.toLocal(entity.y(), state.bounds.min().y()))
                .setZ(WorldGeometry.toLocal(entity.z(), state.bounds.min().z()))
                .setYaw(Turns.yaw8(entity.yaw()))
                .setPitch(Turns.pitch8(entity.pitch()) & 0xff)
                .setName(entity.name());
        if (entity.kind() == EntityKind.BODY) {
            ghost.setRotation(entity.trait().memory()).setSpin(entity.trait().decision());
        }
        if (entity.kind() == EntityKind.ITEM) {
            ghost.setItem(entity.trait().type()).setCount(entity.trait().amount());
        }
        Parts parts = entity.trait().parts();
        if (parts != null) {
            ghost.setParts(Entity.coded(parts));
        }
        return ghost.build();
    }

    /** A block of this region is another one now: neighbours that show it shall hear of it with this tick. */
    void edited(int x, int y, int z, short block) {
        for (Neighbour neighbour : all) {
            if (neighbour.mirrored.contains(x, y, z)) {
                tell(neighbour, x, y, z, block);
            }
        }
    }

    /** One that nobody acts for may be told for long: rather than that it gets all edits there are, by then. */
    private void tell(Neighbour neighbour, int x, int y, int z, short block) {
        // Where somebody acts it is sent within the tick, whose edits have bounds of their own.
        if (!neighbour.hasAuthority && neighbour.editsToSend.size() >= MAX_EDITS_TO_SEND) {
            neighbour.editsToSend.clear();
            neighbour.resetWanted = true;
        }
        neighbour.editsToSend.add(toProto(x, y, z, block));
    }

    /** As {@link #edited(int, int, int, short)}, of many blocks. */
    void edited(SectionChanges changes) {
        double x = (double) changes.x() * Section.EDGE;
        double y = (double) changes.y() * Section.EDGE;
        double z = (double) changes.z() * Section.EDGE;
        Box section = Box.of(x, y, z, x + Section.EDGE, y + Section.EDGE, z + Section.EDGE);
        for (Neighbour neighbour : all) {
            if (neighbour.mirrored.intersects(section)) {
                changes.forEach((blockX, blockY, blockZ, edited) -> {
                    if (neighbour.mirrored.contains(blockX, blockY, blockZ)) {
                        tell(neighbour, blockX, blockY, blockZ, changes.block());
                    }
                });
            }
        }
    }

    private BlockEdit toProto(int x, int y, int z, short block) {
        return BlockEdit.newBuilder()
                .setX(x - (int) state.bounds.min().x())
                .setY(y - (int) state.bounds.min().y())
                .setZ(z - (int) state.bounds.min().z())
                .setBlock(block)
                .build();
    }

    private void sendEdits(Neighbour neighbour, long nowNanos) {
        if (neighbour.resetWanted && nowNanos >= neighbour.nextResetNanos) {
            neighbour.resetWanted = false;
            neighbour.nextResetNanos = nowNanos + NANOS_PER_SECOND / 2;
            neighbour.editsToSend.clear();
            state.terrain.forEachEdit(neighbour.mirrored, (x, y, z, block) -> {
                if (state.owns(x, y, z) && neighbour.mirrored.contains(x, y, z)) {
                    neighbour.editsToSend.add(toProto(x, y, z, block));
                }
            });
            sendEditsToSend(neighbour, true);
            neighbour.nextHeartbeatNanos = nowNanos + NANOS_PER_SECOND;
        } else if (!neighbour.editsToSend.isEmpty()) {
            sendEditsToSend(neighbour, false);
            neighbour.nextHeartbeatNanos = nowNanos + NANOS_PER_SECOND;
        } else if (nowNanos >= neighbour.nextHeartbeatNanos) {
            // Carries nothing new: who has missed a message sees it from the number.
            send(
                    neighbour,
                    PeerMessage.newBuilder().setEdits(BoundaryEdits.newBuilder().setSequence(neighbour.sentSequence)));
            neighbour.nextHeartbeatNanos = nowNanos + NANOS_PER_SECOND;
        }
    }

    private void sendEditsToSend(Neighbour neighbour, boolean reset) {
        List<BlockEdit> edits = neighbour.editsToSend;
        int from = 0;
        do {
            int to = Math.min(from + MAX_EDITS_A_MESSAGE, edits.size());
            BoundaryEdits.Builder message = BoundaryEdits.newBuilder()
                    .setReset(reset && from == 0)
                    .setMore(reset && to < edits.size())
                    .setSequence(++neighbour.sentSequence)
                    .addAllEdits(edits.subList(from, to));
            send(neighbour, PeerMessage.newBuilder().setEdits(message));
            from = to;
        } while (from < edits.size());
        edits.clear();
    }

    private void send(Neighbour neighbour, PeerMessage.Builder message) {
        outbox.toPeer(neighbour.region, neighbour.epoch, message);
    }

    // Inwards; the engine has checked regions and epochs.

    void receive(Neighbour from, BoundaryEntities message, long nowNanos) {
        if (!from.ghosts.isNewer(message.getTick())) {
            return;
        }
        int room = Math.clamp((long) MAX_GHOSTS_IN_ALL - numbersOfOthers(from), 0, MAX_GHOSTS);
        List<Ghosts.Ghost> ghosts = new ArrayList<>(Math.min(message.getGhostsCount(), room));
        for (Ghost told : message.getGhostsList()) {
            Ghosts.Ghost ghost = isPossible(told) ? ghost(from, told) : null;
            if (ghost == null || ghost.numbers() > room) {
                outbox.refused++;
                continue;
            }
            room -= ghost.numbers();
            ghosts.add(ghost);
        }
        from.ghosts.replace(ghosts, message.getTick(), nowNanos + GHOST_LIFE_NANOS);
    }

    private int numbersOfOthers(@Nullable Neighbour than) {
        int numbers = 0;
        for (Neighbour neighbour : all) {
            numbers += neighbour == than ? 0 : neighbour.ghosts.numbers();
        }
        return numbers;
    }

    private boolean isPossible(Ghost ghost) {
        boolean turns = PackedRotation.isRotation(ghost.getRotation()) && Turning.isSpin(ghost.getSpin());
        return ghost.getName().getBytes(StandardCharsets.UTF_8).length
                        <= settings.limits().maxNameBytes()
                && ghost.getKind() >= 0
                && ghost.getKind() <= 0xff
                && !EntityKind.isPart(ghost.getKind())
                && (ghost.getKind() != EntityKind.BODY || turns)
                && ghost.getItem() >>> 16 == 0
                && ghost.getCount() >= 0
                && (ghost.getKind() == EntityKind.PLAYER || ghost.getParts().isEmpty());
    }

    /** Null if it has parts that nobody can have. */
    private Ghosts.@Nullable Ghost ghost(Neighbour from, Ghost told) {
        Parts parts;
        try {
            parts = Entity.parts(told.getParts());
        } catch (WireFormatException e) {
            return null;
        }
        return new Ghosts.Ghost(
                told.getEntityId(),
                told.getKind(),
                told.getX() + from.offsetX,
                told.getY() + from.offsetY,
                told.getZ() + from.offsetZ,
                told.getYaw() & 0xff,
                Math.clamp((byte) told.getPitch(), -Turns.QUARTER_8, Turns.QUARTER_8),
                told.getRotation(),
                told.getSpin(),
                parts == null ? null : inReach(parts),
                told.getItem(),
                told.getCount(),
                told.getName(),
                state.tick,
                !from.contains(told.getX(), told.getY(), told.getZ()));
    }

    private static Parts inReach(Parts parts) {
        return new Parts(
                Controls.inReach(parts.head()), Controls.inReach(parts.left()), Controls.inReach(parts.right()));
    }

    /** An entity has just arrived at a neighbour: it is shown as its ghost before the neighbour first tells of it. */
    void showArrived(Neighbour at, Entity entity, long nowNanos) {
        if (numbersOfOthers(null) + 1 + EntityKind.PARTS > MAX_GHOSTS_IN_ALL) {
            outbox.refused++;
            return;
        }
        at.ghosts.add(
                new Ghosts.Ghost(
                        entity.id(),
                        entity.kind(),
                        WorldGeometry.toLocal(entity.x(), state.bounds.min().x()),
                        WorldGeometry.toLocal(entity.y(), state.bounds.min().y()),
                        WorldGeometry.toLocal(entity.z(), state.bounds.min().z()),
                        Turns.yaw8(entity.yaw()),
                        Turns.pitch8(entity.pitch()),
                        entity.trait().memory(),
                        entity.trait().decision(),
                        entity.trait().parts(),
                        entity.kind() == EntityKind.ITEM ? entity.trait().type() : 0,
                        entity.trait().amount(),
                        entity.name(),
                        state.tick,
                        false),
                nowNanos + GHOST_LIFE_NANOS);
    }

    void receive(Neighbour from, long fromEpoch, BoundaryEdits message, long nowNanos) {
        if (message.getRequestReset()) {
            from.resetWanted = true;
            return;
        }
        if (fromEpoch != from.editsEpoch) {
            from.editsEpoch = fromEpoch;
            from.editsSequence = Neighbour.NO_BASELINE;
            from.editsToForget = null;
        }
        if (message.getReset() && message.getSequence() > from.editsSequence) {
            from.editsSequence = message.getSequence();
            beginReset(from);
            apply(from, message);
        } else if (from.editsSequence != Neighbour.NO_BASELINE
                && message.getSequence() == from.editsSequence + 1
                && message.getEditsCount() > 0) {
            from.editsSequence++;
            apply(from, message);
        } else if (from.editsSequence == Neighbour.NO_BASELINE || message.getSequence() > from.editsSequence) {
            requestReset(from, nowNanos);
        }
    }

    private void requestReset(Neighbour from, long nowNanos) {
        if (nowNanos < from.nextRequestNanos) {
            return;
        }
        from.nextRequestNanos = nowNanos + NANOS_PER_SECOND / 2;
        send(from, PeerMessage.newBuilder().setEdits(BoundaryEdits.newBuilder().setRequestReset(true)));
    }

    /** All edits that there are come now: what none of the messages carries is forgotten with the last of them. */
    private void beginReset(Neighbour from) {
        Set<Place> known = new LinkedHashSet<>();
        state.terrain.forEachEdit(from.bounds, (x, y, z, block) -> {
            if (from.bounds.contains(x, y, z)) {
                known.add(new Place(x, y, z));
            }
        });
        from.editsToForget = known;
    }

    private void apply(Neighbour from, BoundaryEdits message) {
        Set<Place> toForget = from.editsToForget;
        for (BlockEdit edit : message.getEditsList()) {
            if (toForget != null) {
                toForget.remove(place(from, edit));
            }
            apply(from, edit);
        }
        if (toForget != null && !message.getMore()) {
            from.editsToForget = null;
            forget(toForget);
        }
    }

    /** First all, then told: to look at a block makes its section anew after each edit that is forgotten. */
    private void forget(Set<Place> places) {
        Terrain terrain = state.terrain;
        for (Place place : places) {
            terrain.forgetEdit(place.x(), place.y(), place.z());
        }
        for (Place place : places) {
            listener.changed(place.x(), place.y(), place.z(), terrain.block(place.x(), place.y(), place.z()));
        }
    }

    private static Place place(Neighbour from, BlockEdit edit) {
        return new Place(
                edit.getX() + (int) from.bounds.min().x(),
                edit.getY() + (int) from.bounds.min().y(),
                edit.getZ() + (int) from.bounds.min().z());
    }

    private void apply(Neighbour from, BlockEdit edit) {
        Place place = place(from, edit);
        if (!from.bounds.contains(place.x(), place.y(), place.z())
                || !settings.blocks().has(edit.getBlock())) {
            outbox.refused++;
            return;
        }
        short block = (short) edit.getBlock();
        if (state.edit(place.x(), place.y(), place.z(), block, EditLog.NOBODY)) {
            listener.changed(place.x(), place.y(), place.z(), block);
        }
    }
}
