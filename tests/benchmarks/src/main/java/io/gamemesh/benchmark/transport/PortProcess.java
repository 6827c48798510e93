package io.gamemesh.benchmark.transport;

import com.sun.management.OperatingSystemMXBean;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.server.ServerConfig;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.quic.Connection;
import io.gamemesh.server.quic.QuicListener;
import io.gamemesh.server.tls.MeshCertificates;
import io.gamemesh.server.tls.RenewedQuicContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The process whose CPU time counts: a server's port with the production classes, and no world behind it. */
final class PortProcess {
    private static final int TICK_RATE = 20;
    private static final long FIRST_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoops loops = new EventLoops(TICK_RATE);
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer datagram = ByteBuffer.allocate(TransportBenchmark.PAYLOAD_BYTES);
    private final BareSocket bare = new BareSocket(loops);
    private final QuicListener listener;
    private final EventLoop loop = loops.players().next();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    private PortProcess(Path files) throws IOException {
        listener = new QuicListener(
                loops,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new RenewedQuicContext(new MeshCertificates(files)),
                limits(),
                new ServerMetrics(new SimpleMeterRegistry()),
                Player::new);
    }

    private static ServerConfig.Limits limits() {
        String many = String.valueOf(2 * TransportBenchmark.CONNECTIONS);
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "limits.connections", many,
                                "limits.half-open-per-address", many,
                                "limits.idle-timeout", "30m"),
                        "benchmark",
                        100))
                .withMapping(ServerConfig.Limits.class, "limits")
                .build()
                .getConfigMapping(ServerConfig.Limits.class, "limits");
    }

    private final class Player implements Connection.Listener {
        private final Connection connection;

        private Player(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void message(ToServer message) {
            if (message instanceof ToServer.Hello) {
                connection.offerSealed();
                connections.add(connection);
            }
        }

        @Override
        public void datagram(ByteBuffer datagram) {
            received.increment();
        }

        @Override
        public void closed() {
            connections.remove(connection);
        }
    }

    /** As the players' sessions do with what a tick has for them. */
    private void tick() {
        for (Connection connection : connections) {
            connection.sendDatagram(datagram.rewind());
            connection.flush();
            sent.increment();
        }
    }

    private void tickBare(Way way) {
        sent.add(bare.tick(way));
    }

    private void measure(Way way, long warmUpMillis, long measuredMillis) throws InterruptedException {
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / TransportBenchmark.RATE;
        Runnable task = switch (way) {
            case QUIC_OUT, SEALED_OUT -> this::tick;
            case QUIC_IN, SEALED_IN -> () -> {};
            case SEALED_BARE_OUT, SEALED_OUT_UNBATCHED, PLAIN_OUT, SEAL_ONLY -> () -> tickBare(way);
        };
        // Peers who want sealed ones have said so by then.
        var ticks = loop.scheduleAtFixedRate(task, FIRST_TICK_NANOS, periodNanos, TimeUnit.NANOSECONDS);
        Thread.sleep(warmUpMillis);
        boolean in = way == Way.QUIC_IN || way == Way.SEALED_IN;
        LongAdder counter = in ? received : sent;
        long count = counter.sum();
        long cpu = cpuNanos();
        Thread.sleep(measuredMillis);
        long cpuSpent = cpuNanos() - cpu;
        long counted = counter.sum() - count;
        ticks.cancel(false);
        System.out.println(counted + " " + cpuSpent);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PortProcess port = new PortProcess(Path.of(arguments[0]));
        System.out.println(port.listener.address().getPort() + " " + port.bare.port());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            port.measure(Way.valueOf(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
        }
        System.exit(0);
    }
}
