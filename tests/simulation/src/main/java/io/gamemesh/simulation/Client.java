package io.gamemesh.simulation;

import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A player: walks about, puts blocks where nobody else does, and comes back with its ticket when it has lost its server. */
final class Client {

    private static final long PERIOD = 100 * Scheduler.MILLI;
    private static final long PATIENCE = 1500 * Scheduler.MILLI;
    private static final double SPEED = 6;

    private final World world;
    final String playerId;
    private SnapshotDecoder decoder = new SnapshotDecoder(World.TICK_RATE);
    private @Nullable GameServer server;
    private long connection;
    private boolean joined;
    private RegionInput.@Nullable Claim claim;
    private @Nullable RegionId region;
    private Vec3 position = Vec3.ZERO;
    private boolean positioned;
    private long heardAt;
    private long sequence;
    private double direction;
    private @Nullable GameServer hint;
    private final Map<Long, Edit> asked = new HashMap<>();
    private long requests;
    private boolean began;

    private record Edit(int x, int y, int z, int block, long askedAt) {}

    Client(World world, String playerId) {
        this.world = world;
        this.playerId = playerId;
    }

    @Override
    public String toString() {
        return playerId;
    }

    void begin() {
        world.scheduler.after(world.random(Scheduler.SECOND), this::step);
    }

    boolean plays() {
        return joined && world.now() - heardAt < PATIENCE;
    }

    long connection() {
        return connection;
    }

    private void step() {
        world.scheduler.after(PERIOD, this::step);
        if (server == null) {
            connect();
            return;
        }
        if (world.now() - heardAt > PATIENCE) {
            world.history.add("player " + this + " hears nothing from " + server);
            disconnect();
            return;
        }
        if (joined) {
            play();
        }
    }

    private void connect() {
        GameServer to = hint;
        hint = null;
        if (to == null || !to.alive()) {
            to = world.cluster.anyProcess();
        }
        if (to == null) {
            return;
        }
        server = to;
        connection = world.nextConnection();
        joined = false;
        heardAt = world.now();
        asked.clear();
        decoder = new SnapshotDecoder(World.TICK_RATE);
        long of = connection;
        GameServer target = to;
        RegionInput.Claim ticket = claim;
        RegionId there = region;
        world.history.add("player " + this + " connects to " + target + (ticket == null ? "" : " with " + ticket));
        world.scheduler.after(world.networkDelay(), () -> target.connected(this, of, ticket, there));
    }

    private void disconnect() {
        GameServer from = server;
        server = null;
        joined = false;
        if (from != null) {
            long of = connection;
            world.scheduler.after(world.networkDelay(), () -> from.disconnected(of));
        }
    }

    private void play() {
        GameServer to = server;
        if (to == null) {
            return;
        }
        if (world.chance(0.1)) {
            direction = world.random(628) / 100.0;
        }
        boolean stands = world.playersStand();
        double vx = stands ? 0 : SPEED * Math.cos(direction);
        double vz = stands ? 0 : SPEED * Math.sin(direction);
        sequence++;
        InputDatagram.Acknowledged acknowledged = decoder.started()
                ? new InputDatagram.Acknowledged(decoder.view(), decoder.newestSequence(), decoder.received())
                : InputDatagram.Acknowledged.NOTHING;
        InputDatagram.Input input =
                InputDatagram.Input.of(sequence, vx, 0, vz, 0, 0, world.chance(0.02) ? InputDatagram.JUMP : 0);
        InputDatagram inputs = new InputDatagram(acknowledged, List.of(input));
        long of = connection;
        world.scheduler.after(world.networkDelay(), () -> to.input(of, inputs));
        if (!stands && positioned && world.chance(0.08)) {
            edit(to, of);
        }
    }

    private void edit(GameServer to, long of) {
        int x = (int) Math.floor(position.x()) - 3 + (int) world.random(7);
        int y = (int) Math.floor(position.y()) + 2;
        int z = (int) Math.floor(position.z()) - 3 + (int) world.random(7);
        if (!world.geometry().contains(x, y, z) || !world.ledger.reserve(x, y, z)) {
            return;
        }
        Edit edit = new Edit(x, y, z, Blocks.STONE, world.now());
        long request = ++requests;
        asked.put(request, edit);
        world.scheduler.after(
                world.networkDelay(),
                () -> to.edit(of, new ToServer.BlockEdit(request, edit.x(), edit.y(), edit.z(), edit.block())));
    }

    // What servers say; late, and in order.

    void joined(long of, RegionInput.Claim ticket, RegionId in) {
        if (of == connection && server != null) {
            joined = true;
            began = true;
            claim = ticket;
            region = in;
            heardAt = world.now();
        }
    }

    boolean began() {
        return began;
    }

    void ticket(long of, RegionInput.Claim ticket, RegionId in) {
        if (of == connection && server != null) {
            claim = ticket;
            region = in;
        }
    }

    /** It is to go on elsewhere; null where that is not known. */
    void sentAway(long of, @Nullable GameServer to, RegionInput.@Nullable Claim ticket, @Nullable RegionId in) {
        if (of != connection || server == null) {
            return;
        }
        if (ticket != null) {
            claim = ticket;
        }
        if (in != null) {
            region = in;
        }
        world.history.add("player " + this + " is sent from " + server + " to " + to);
        hint = to;
        disconnect();
    }

    void snapshot(long of, byte[] datagram) {
        if (of != connection || server == null || !joined) {
            return;
        }
        if (decoder.decode(ByteBuffer.wrap(datagram), NOBODY)) {
            heardAt = world.now();
            Vec3 min = world.geometry().bounds(new RegionId(decoder.region())).min();
            position = new Vec3(
                    WorldGeometry.toWorld(decoder.selfPosition(0), min.x()),
                    WorldGeometry.toWorld(decoder.selfPosition(1), min.y()),
                    WorldGeometry.toWorld(decoder.selfPosition(2), min.z()));
            positioned = true;
        }
    }

    void answered(long of, ToClient.EditResult result) {
        if (of != connection) {
            return;
        }
        Edit edit = asked.get(result.request());
        if (edit == null) {
            return;
        }
        if (result.outcome() == ToClient.EditOutcome.ACCEPTED) {
            world.ledger.acknowledged(edit.x(), edit.y(), edit.z(), edit.block(), this, edit.askedAt());
        } else if (result.outcome() == ToClient.EditOutcome.CONFLICT) {
            world.ledger.withdrawn(edit.x(), edit.y(), edit.z());
        }
    }

    private static final SnapshotDecoder.Listener NOBODY = new SnapshotDecoder.Listener() {
        @Override
        public void appeared(EntityTrack entity) {
            // What is seen of others is not what this is about.
        }

        @Override
        public void changed(EntityTrack entity) {
            // As above.
        }

        @Override
        public void gone(EntityTrack entity) {
            // As above.
        }
    };
}
