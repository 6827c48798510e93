package io.gamemesh.server.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The event loops of a game server: one for players, whose packets all come through one socket, and one for everything
 * else, so that neither waits for the other. That for players lets packets gather for a small part of a tick where they
 * come thick and fast. Epoll where the machine has it. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    private static final int PACKETS_AT_ONCE = 64;
    /** At 20 ticks a second a thousand players send forty packets in that time. */
    private static final Duration LONGEST_GATHERING = Duration.ofMillis(2);

    private static final int GATHERINGS_PER_TICK = 25;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup players;
    private final EventLoopGroup control = group("control", DefaultSelectStrategyFactory.INSTANCE);

    /**
     * Starts them.
     *
     * @param tickRate ticks a second, 1 or more: packets of players gather for a small part of a tick
     */
    public EventLoops(int tickRate) {
        if (tickRate < 1) {
            throw new IllegalArgumentException("tick rate is " + tickRate + ", expected 1 or more a second");
        }
        Duration part = Duration.ofSeconds(1).dividedBy((long) tickRate * GATHERINGS_PER_TICK);
        Duration gathering = part.compareTo(LONGEST_GATHERING) < 0 ? part : LONGEST_GATHERING;
        players = group(
                "players", () -> new GatheringSelectStrategy(gathering, System::nanoTime, LockSupport::parkNanos));
    }

    private EventLoopGroup group(String name, SelectStrategyFactory strategies) {
        ThreadFactory threads = new DefaultThreadFactory("gamemesh-" + name, true);
        return epoll ? new EpollEventLoopGroup(1, threads, strategies) : new NioEventLoopGroup(1, threads);
    }

    /** For the players' socket. */
    public EventLoopGroup players() {
        return players;
    }

    /** For queries, peers and the control plane. */
    public EventLoopGroup control() {
        return control;
    }

    /**
     * A UDP socket for these loops. Epoll takes as many packets a system call as there are (recvmmsg).
     *
     * @param packetBytes that a packet may have; what is longer is cut off
     */
    public Bootstrap receiving(int packetBytes) {
        Bootstrap socket = new Bootstrap();
        return epoll
                ? socket.channel(EpollDatagramChannel.class)
                        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, packetBytes)
                        .option(
                                ChannelOption.RCVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(PACKETS_AT_ONCE * packetBytes))
                : socket.channel(NioDatagramChannel.class)
                        .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(packetBytes));
    }

    /** The listening TCP channel of these loops. */
    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The TCP channel of these loops. */
    public Class<? extends SocketChannel> socketChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Stops the loops; what is under way is given a moment. */
    @Override
    public void close() {
        players.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        control.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
