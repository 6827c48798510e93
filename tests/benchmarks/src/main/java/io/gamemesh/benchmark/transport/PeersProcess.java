package io.gamemesh.benchmark.transport;

import io.gamemesh.protocol.wire.Wire;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process at the other end: a thousand peers, each with a socket and a QUIC connection of its own. */
final class PeersProcess {
    /** So many turns a tick, each with as many of the peers: a thousand packets at once would not fit the port's buffer. */
    private static final int TURNS = 10;
    /** How many ticks apart peers speak who only want to go on hearing. */
    private static final int KEEP_ALIVE_TICKS = 16;

    private final List<Peer> peers = new ArrayList<>();
    private volatile Way way = Way.SEAL_ONLY;
    private Way spoken = Way.SEAL_ONLY;
    private int spokenSince;
    private int turn;

    private PeersProcess(Path files, int port, int barePort, EventLoopGroup loop) {
        InetAddress here = InetAddress.getLoopbackAddress();
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(files.resolve("ca.crt").toFile())
                .applicationProtocols(Wire.ALPN)
                .build();
        for (int i = 0; i < TransportBenchmark.CONNECTIONS; i++) {
            peers.add(new Peer(loop, tls, new InetSocketAddress(here, port), new InetSocketAddress(here, barePort)));
        }
        long turnNanos = TimeUnit.SECONDS.toNanos(1) / TransportBenchmark.RATE / TURNS;
        var _ = loop.scheduleAtFixedRate(this::speak, 0, turnNanos, TimeUnit.NANOSECONDS);
    }

    private void speak() {
        int tick = turn / TURNS;
        Way now = way;
        if (now != spoken) {
            spoken = now;
            spokenSince = turn;
        }
        for (int i = turn % TURNS; i < peers.size(); i += TURNS) {
            switch (now) {
                case QUIC_IN -> peers.get(i).sendOverQuic(TransportBenchmark.PAYLOAD_BYTES);
                case SEALED_IN -> peers.get(i).sendSealed(TransportBenchmark.PAYLOAD_BYTES);
                case SEALED_OUT -> {
                    if ((tick + i) % KEEP_ALIVE_TICKS == 0) {
                        peers.get(i).sendSealed(0);
                    }
                }
                case QUIC_OUT -> {
                    // The port answers in kind.
                    if (turn - spokenSince < TURNS) {
                        peers.get(i).sendOverQuic(TransportBenchmark.PAYLOAD_BYTES);
                    }
                }
                case SEALED_BARE_OUT, SEALED_OUT_UNBATCHED, PLAIN_OUT, SEAL_ONLY -> {
                    // Only listens.
                }
            }
        }
        turn++;
    }

    private long heard() {
        return peers.stream()
                .mapToLong(peer -> way == Way.QUIC_OUT ? peer.overQuic() : peer.sealed())
                .sum();
    }

    public static void main(String[] arguments) throws IOException {
        EventLoopGroup loop = new EpollEventLoopGroup(1);
        String[] ports = arguments[1].split(" ", -1);
        PeersProcess process =
                new PeersProcess(Path.of(arguments[0]), Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), loop);
        System.out.println("connected");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (line.equals("heard")) {
                System.out.println(process.heard());
            } else {
                process.way = Way.valueOf(line);
            }
        }
        System.exit(0);
    }
}
