package io.gamemesh.server.query;

import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.net.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The query port. Thread-safe. */
public final class QueryServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final Channel channel;

    /**
     * Opens the port.
     *
     * @param status asked on an event loop, so it must not block
     * @param connections at one time; more are closed without an answer and counted
     * @param timeout after which a connection is closed whatever its state
     */
    public QueryServer(
            EventLoops loops,
            InetSocketAddress address,
            Supplier<ServerStatus> status,
            ServerMetrics metrics,
            int connections,
            Duration timeout) {
        AtomicInteger open = new AtomicInteger();
        channel = new ServerBootstrap()
                .group(loops.control())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        accepted.closeFuture().addListener(closed -> open.decrementAndGet());
                        if (open.incrementAndGet() > connections) {
                            metrics.refused("query-connections");
                            ChannelFuture _ = accepted.close();
                        } else {
                            accepted.pipeline().addLast(new QueryHandler(status, timeout));
                        }
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** The address as bound. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
