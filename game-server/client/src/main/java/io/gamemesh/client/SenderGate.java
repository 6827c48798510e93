package io.gamemesh.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Right before the QUIC codec at a socket: drops what comes from nowhere that any of its connections leads to. The codec
 * answers whoever has sent the latest packet that names a connection, genuine or not. Servers may speak for each other:
 * they are of one mesh. Confined to the socket's event loop.
 */
final class SenderGate extends ChannelInboundHandlerAdapter {
    private final Map<InetSocketAddress, Integer> connections = new HashMap<>();

    /** One more connection leads there. */
    void add(InetSocketAddress server) {
        connections.merge(server, 1, Integer::sum);
    }

    /** One less. */
    void remove(InetSocketAddress server) {
        connections.computeIfPresent(server, (_, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        if (connections.containsKey(packet.sender())) {
            ctx.fireChannelRead(packet);
        } else {
            packet.release();
        }
    }
}
