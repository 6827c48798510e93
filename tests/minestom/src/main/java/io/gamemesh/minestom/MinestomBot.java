package io.gamemesh.minestom;

import io.gamemesh.minestom.Packets.Use;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.minestom.server.MinecraftServer;
import net.minestom.server.coordinate.Pos;
import net.minestom.server.network.ConnectionState;
import net.minestom.server.network.NetworkBuffer;
import net.minestom.server.network.packet.PacketVanilla;
import net.minestom.server.network.packet.PacketWriting;
import net.minestom.server.network.packet.client.ClientPacket;
import net.minestom.server.network.packet.client.common.ClientKeepAlivePacket;
import net.minestom.server.network.packet.client.common.ClientPongPacket;
import net.minestom.server.network.packet.client.common.ClientSettingsPacket;
import net.minestom.server.network.packet.client.configuration.ClientFinishConfigurationPacket;
import net.minestom.server.network.packet.client.configuration.ClientSelectKnownPacksPacket;
import net.minestom.server.network.packet.client.handshake.ClientHandshakePacket;
import net.minestom.server.network.packet.client.login.ClientLoginAcknowledgedPacket;
import net.minestom.server.network.packet.client.login.ClientLoginStartPacket;
import net.minestom.server.network.packet.client.play.ClientChunkBatchReceivedPacket;
import net.minestom.server.network.packet.client.play.ClientPlayerLoadedPacket;
import net.minestom.server.network.packet.client.play.ClientPlayerPositionAndRotationPacket;
import net.minestom.server.network.packet.client.play.ClientTeleportConfirmPacket;
import net.minestom.server.network.packet.server.ServerPacket;
import net.minestom.server.network.packet.server.common.DisconnectPacket;
import net.minestom.server.network.packet.server.common.KeepAlivePacket;
import net.minestom.server.network.packet.server.common.PingPacket;
import net.minestom.server.network.packet.server.configuration.FinishConfigurationPacket;
import net.minestom.server.network.packet.server.configuration.SelectKnownPacksPacket;
import net.minestom.server.network.packet.server.login.LoginDisconnectPacket;
import net.minestom.server.network.packet.server.login.LoginSuccessPacket;
import net.minestom.server.network.packet.server.login.SetCompressionPacket;
import net.minestom.server.network.packet.server.play.ChunkBatchFinishedPacket;
import net.minestom.server.network.packet.server.play.DestroyEntitiesPacket;
import net.minestom.server.network.packet.server.play.JoinGamePacket;
import net.minestom.server.network.packet.server.play.PlayerPositionAndLookPacket;
import net.minestom.server.network.packet.server.play.SpawnEntityPacket;
import net.minestom.server.network.player.ClientSettings;

/**
 * One player of a Minestom server: logs in, answers what a client has to answer, says every step where it is, and counts
 * what it is told. Of the packets that come by the million it reads no more than their length and kind. Not thread-safe.
 */
final class MinestomBot {

    /** What bots on one thread share. */
    static final class Tools {
        private static final int LARGEST_PACKET = 4 << 20;
        // What has been read is to be still in the processor's cache when it is looked at.
        private static final int MOST_AT_ONCE = 128 << 10;

        private final ByteBuffer in = ByteBuffer.allocateDirect(LARGEST_PACKET);
        private final NetworkBuffer out = NetworkBuffer.resizableBuffer(1024, MinecraftServer.getRegistries());
        private final Inflater inflater = new Inflater();
        private final byte[] number = new byte[5];
    }

    // As much as Minestom takes from the fastest of clients.
    private static final float CHUNKS_PER_TICK = 64;

    private final Tools tools;
    private final int number;
    private final RandomWalk walk;
    private final Sightings sightings;
    private final SocketChannel channel;

    private Packets packets = Packets.LOGIN;
    private int threshold;
    private byte[] rest = new byte[0];
    private boolean playing;

    private long bytes;
    private int seen;
    private long seenSteps;
    private long updates;

    /** Connects and says who it is; the selector's keys hold the bot. */
    MinestomBot(Tools tools, Selector selector, int port, int number, RandomWalk walk, Sightings sightings)
            throws IOException {
        this.tools = tools;
        this.number = number;
        this.walk = walk;
        this.sightings = sightings;
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
        send(
                ConnectionState.HANDSHAKE,
                new ClientHandshakePacket(
                        MinecraftServer.PROTOCOL_VERSION, "localhost", port, ClientHandshakePacket.Intent.LOGIN));
        send(ConnectionState.LOGIN, new ClientLoginStartPacket("bot" + number, uuid(number)));
    }

    private static UUID uuid(int number) {
        return new UUID(0x4000L, number);
    }

    boolean playing() {
        return playing;
    }

    /** Hangs up. */
    void leave() throws IOException {
        channel.close();
    }

    /** Reads what there is. */
    void read() throws IOException {
        ByteBuffer in = tools.in;
        in.clear().put(rest);
        in.limit(Math.min(in.position() + Tools.MOST_AT_ONCE, in.capacity()));
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("the server has closed the connection of bot " + number);
        }
        bytes += count;
        in.flip();
        int start;
        do {
            skim(in);
            start = in.position();
        } while (frame(in));
        rest = new byte[in.limit() - start];
        in.get(start, rest);
    }

    /**
     * Passes over the packets of which only their number counts, up to the first other one. In a crowd they come by
     * tens of millions a second, and a bot that can't follow spares the server the work of sending.
     */
    private void skim(ByteBuffer in) {
        if (threshold == 0 || sightings.wanted()) {
            return;
        }
        int at = in.position();
        while (in.limit() - at >= Long.BYTES) {
            // Minestom writes lengths as three bytes, however small: that of the packet, and 0 if it is not compressed.
            long head = in.getLong(at);
            int length = (int) (((head >>> 56) & 0x7F) | ((head >>> 41) & 0x3F80) | ((head >>> 26) & 0x1FC000));
            int kind = (byte) (head >>> 8);
            if ((head & 0x8080_80FF_FFFF_0000L) != 0x8080_0080_8000_0000L || kind < 0 || in.limit() - at - 3 < length) {
                break;
            }
            Use use = packets.use(kind);
            if (use == Use.READ) {
                break;
            }
            updates += use == Use.NONE ? 0 : 1;
            at += 3 + length;
        }
        in.position(at);
    }

    /** False if it is not all there. */
    private boolean frame(ByteBuffer in) throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            if (!in.hasRemaining()) {
                return false;
            }
            byte part = in.get();
            length |= (part & 0x7F) << shift;
            if (part >= 0) {
                break;
            }
        }
        int end = in.position() + length;
        if (end > in.limit()) {
            if (length > Tools.LARGEST_PACKET / 2) {
                throw new IOException("a packet of %d bytes".formatted(length));
            }
            return false;
        }
        int inflated = threshold > 0 ? varInt(in) : 0;
        if (inflated == 0) {
            int kind = varInt(in);
            Use use = packets.use(kind);
            if (use != Use.NONE) {
                packet(use, kind, in, end);
            }
        } else {
            compressed(in, end, inflated);
        }
        in.position(end);
        return true;
    }

    /** Large ones, chunks for the most part: inflated no further than to their kind unless they are of use. */
    private void compressed(ByteBuffer in, int end, int length) throws IOException {
        ByteBuffer content = in.slice(in.position(), end - in.position());
        int kind;
        Use use;
        try {
            tools.inflater.reset();
            tools.inflater.setInput(content);
            int known = tools.inflater.inflate(tools.number);
            kind = varInt(ByteBuffer.wrap(tools.number, 0, known));
            use = packets.use(kind);
            if (use == Use.NONE) {
                return;
            }
            byte[] whole = new byte[length];
            System.arraycopy(tools.number, 0, whole, 0, known);
            for (int at = known; at < length; ) {
                int more = tools.inflater.inflate(whole, at, length - at);
                if (more == 0) {
                    throw new IOException("a packet of %d bytes ends after %d".formatted(length, at));
                }
                at += more;
            }
            ByteBuffer packet = ByteBuffer.wrap(whole);
            varInt(packet);
            packet(use, kind, packet, length);
        } catch (DataFormatException e) {
            throw new IOException("a packet that can't be inflated", e);
        }
    }

    private static int varInt(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = in.get();
            value |= (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    private void packet(Use use, int kind, ByteBuffer in, int end) throws IOException {
        switch (use) {
            case NONE -> {}
            case MOVED -> {
                updates++;
                if (sightings.wanted()) {
                    sightings.moved(varInt(in), in.getShort(), in.getShort(), in.getShort());
                }
            }
            case PLACED -> {
                updates++;
                if (sightings.wanted()) {
                    sightings.placed(varInt(in), in.getDouble(), in.getDouble(), in.getDouble());
                }
            }
            case READ -> {
                byte[] content = new byte[end - in.position()];
                in.get(content);
                NetworkBuffer buffer = NetworkBuffer.wrap(content, 0, content.length, MinecraftServer.getRegistries());
                read(PacketVanilla.SERVER_PACKET_PARSER.parse(packets.state(), kind, buffer));
            }
        }
    }

    private void read(ServerPacket packet) throws IOException {
        switch (packet) {
            case SetCompressionPacket compression -> threshold = compression.threshold();
            case LoginSuccessPacket _ -> {
                send(ConnectionState.LOGIN, new ClientLoginAcknowledgedPacket());
                packets = Packets.CONFIGURATION;
                send(new ClientSettingsPacket(ClientSettings.DEFAULT));
            }
            case SelectKnownPacksPacket _ ->
                send(new ClientSelectKnownPacksPacket(List.of(SelectKnownPacksPacket.MINECRAFT_CORE)));
            case FinishConfigurationPacket _ -> {
                send(new ClientFinishConfigurationPacket());
                packets = Packets.PLAY;
            }
            case JoinGamePacket _ -> send(new ClientPlayerLoadedPacket());
            case KeepAlivePacket alive -> send(new ClientKeepAlivePacket(alive.id()));
            case PingPacket ping -> send(new ClientPongPacket(ping.id()));
            case PlayerPositionAndLookPacket teleport -> {
                send(new ClientTeleportConfirmPacket(teleport.teleportId()));
                playing = true;
            }
            case ChunkBatchFinishedPacket _ -> send(new ClientChunkBatchReceivedPacket(CHUNKS_PER_TICK));
            case SpawnEntityPacket spawn -> {
                seen++;
                sightings.spawned(spawn.entityId(), (int) spawn.uuid().getLeastSignificantBits(), spawn.position());
            }
            case DestroyEntitiesPacket gone -> {
                seen -= gone.entityIds().size();
                gone.entityIds().forEach(sightings::gone);
            }
            case DisconnectPacket(var why) -> throw new IOException("bot %d was thrown out: %s".formatted(number, why));
            case LoginDisconnectPacket(var why) ->
                throw new IOException("bot %d was not let in: %s".formatted(number, why));
            default -> throw new IllegalStateException("nothing is known of " + packet);
        }
    }

    /** Says where it is now, having gone on or not. */
    void step(boolean walking) throws IOException {
        if (!playing) {
            return;
        }
        if (walking) {
            walk.step();
        }
        seenSteps += seen;
        float yaw = (float) Math.toDegrees(Math.atan2(-walk.velocityX(), walk.velocityZ()));
        send(new ClientPlayerPositionAndRotationPacket(new Pos(walk.x(), 1, walk.z(), yaw, 0), true, false));
    }

    private void send(ClientPacket packet) throws IOException {
        send(packets.state(), packet);
    }

    private void send(ConnectionState state, ClientPacket packet) throws IOException {
        NetworkBuffer out = tools.out;
        out.clear();
        PacketWriting.writeFramedPacket(out, state, packet, threshold);
        if (!out.writeChannel(channel)) {
            throw new IOException("the server reads nothing of what bot %d says".formatted(number));
        }
    }

    void count() {
        bytes = 0;
        updates = 0;
        seenSteps = 0;
        sightings.count();
    }

    long bytes() {
        return bytes;
    }

    /** Positions of others that it was told. */
    long updates() {
        return updates;
    }

    /** How many others it saw, summed over its steps. */
    long seenSteps() {
        return seenSteps;
    }

    Sightings sightings() {
        return sightings;
    }
}
