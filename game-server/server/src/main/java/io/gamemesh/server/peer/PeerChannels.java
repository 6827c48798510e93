package io.gamemesh.server.peer;

import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.net.HostPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Opens gRPC channels to peers. A peer is called by its address and checked by the mesh's name, which is in every
 * server's certificate. Thread-safe.
 *
 * @param tls with this server's certificate and the mesh's authority
 * @param tlsName the name in the peers' certificates
 * @param executor runs call-backs
 */
public record PeerChannels(EventLoops loops, SslContext tls, String tlsName, Executor executor) {
    private static final int CONNECT_TIMEOUT_MILLIS = 2000;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 3;

    /**
     * A channel to that peer.
     *
     * @throws IllegalArgumentException if the address is not {@code host:port}
     */
    public ManagedChannel open(String address) {
        HostPort target = HostPort.parse(address);
        return NettyChannelBuilder.forAddress(target.host(), target.port())
                .overrideAuthority(tlsName)
                .sslContext(tls)
                .eventLoopGroup(loops.control())
                .channelType(loops.socketChannel())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .executor(executor)
                .build();
    }
}
