package io.gamemesh.benchmark.transport;

import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.sealed.Sealer;
import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.server.net.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A socket without a server's port: what a packet costs without sealing, without batching, and without the socket. */
final class BareSocket {
    /** One that no connection has been given. */
    private static final int CONNECTION_ID = 0;

    private static final int PACKET_BYTES = TransportBenchmark.PAYLOAD_BYTES + SealedPacket.OVERHEAD;
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final List<Sealer> sealers = new ArrayList<>();
    private final List<InetSocketAddress> peers = new ArrayList<>();
    private final byte[] packet = new byte[SealedPacket.MAX_BYTES];
    private final Channel socket;

    BareSocket(EventLoops loops) {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < TransportBenchmark.CONNECTIONS; i++) {
            sealers.add(new Sealer(TrafficKey.random(random), CONNECTION_ID, 0));
        }
        socket = loops.receiving(SealedPacket.MAX_BYTES)
                .group(loops.players())
                .handler(new SimpleChannelInboundHandler<DatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket hello) {
                        peers.add(hello.sender());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /** What a tick sends that way, on the socket's event loop; returns how many packets. */
    int tick(Way way) {
        if (way == Way.SEAL_ONLY) {
            return sealOnly();
        }
        for (int i = 0; i < peers.size(); i++) {
            if (way == Way.PLAIN_OUT) {
                packet[0] = 0;
            } else {
                sealers.get(i).seal(packet, TransportBenchmark.PAYLOAD_BYTES, false);
            }
            ByteBuf copy = socket.alloc().directBuffer(PACKET_BYTES).writeBytes(packet, 0, PACKET_BYTES);
            ChannelFuture _ = socket.write(new DatagramPacket(copy, peers.get(i)), socket.voidPromise());
            if (way == Way.SEALED_OUT_UNBATCHED) {
                socket.flush();
            }
        }
        socket.flush();
        return peers.size();
    }

    private int sealOnly() {
        long until = System.nanoTime() + BUSY_NANOS;
        int sealed = 0;
        while (System.nanoTime() < until) {
            for (Sealer sealer : sealers) {
                sealer.seal(packet, TransportBenchmark.PAYLOAD_BYTES, false);
                sealed++;
            }
        }
        return sealed;
    }
}
