package io.gamemesh.minestom;

import java.util.Arrays;
import java.util.Map;
import net.minestom.server.network.ConnectionState;
import net.minestom.server.network.packet.PacketVanilla;
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
import net.minestom.server.network.packet.server.play.EntityPositionAndRotationPacket;
import net.minestom.server.network.packet.server.play.EntityPositionPacket;
import net.minestom.server.network.packet.server.play.EntityPositionSyncPacket;
import net.minestom.server.network.packet.server.play.EntityTeleportPacket;
import net.minestom.server.network.packet.server.play.JoinGamePacket;
import net.minestom.server.network.packet.server.play.PlayerPositionAndLookPacket;
import net.minestom.server.network.packet.server.play.SpawnEntityPacket;

/** What a player makes of the packets that come in one state of its connection, by their numbers. */
final class Packets {

    /** What to do about a packet. */
    enum Use {
        /** Only its bytes count. */
        NONE,
        /** It is read whole and answered or minded. */
        READ,
        /** Another player has moved a little. */
        MOVED,
        /** Another player is there. */
        PLACED
    }

    static final Packets LOGIN = new Packets(
            ConnectionState.LOGIN,
            Map.of(
                    SetCompressionPacket.class, Use.READ,
                    LoginSuccessPacket.class, Use.READ,
                    LoginDisconnectPacket.class, Use.READ));
    static final Packets CONFIGURATION = new Packets(
            ConnectionState.CONFIGURATION,
            Map.of(
                    SelectKnownPacksPacket.class, Use.READ,
                    KeepAlivePacket.class, Use.READ,
                    PingPacket.class, Use.READ,
                    FinishConfigurationPacket.class, Use.READ,
                    DisconnectPacket.class, Use.READ));
    static final Packets PLAY = new Packets(
            ConnectionState.PLAY,
            Map.ofEntries(
                    Map.entry(JoinGamePacket.class, Use.READ),
                    Map.entry(KeepAlivePacket.class, Use.READ),
                    Map.entry(PingPacket.class, Use.READ),
                    Map.entry(PlayerPositionAndLookPacket.class, Use.READ),
                    Map.entry(ChunkBatchFinishedPacket.class, Use.READ),
                    Map.entry(SpawnEntityPacket.class, Use.READ),
                    Map.entry(DestroyEntitiesPacket.class, Use.READ),
                    Map.entry(DisconnectPacket.class, Use.READ),
                    Map.entry(EntityPositionPacket.class, Use.MOVED),
                    Map.entry(EntityPositionAndRotationPacket.class, Use.MOVED),
                    Map.entry(EntityPositionSyncPacket.class, Use.PLACED),
                    Map.entry(EntityTeleportPacket.class, Use.PLACED)));

    private static final int NUMBERS = 512;

    private final ConnectionState state;
    private final Use[] uses = new Use[NUMBERS];

    private Packets(ConnectionState state, Map<Class<? extends ServerPacket>, Use> used) {
        this.state = state;
        Arrays.fill(uses, Use.NONE);
        used.forEach((packet, use) -> uses[
                PacketVanilla.SERVER_PACKET_PARSER
                        .stateRegistry(state)
                        .packetInfo(packet)
                        .id()] = use);
    }

    ConnectionState state() {
        return state;
    }

    Use use(int number) {
        return uses[number];
    }
}
