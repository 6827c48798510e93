package io.gamemesh.benchmark.transport;

import io.gamemesh.benchmark.Benchmark;
import io.gamemesh.benchmark.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * CPU a datagram, out of and into a server's port as it is in production, beside the same without batching, without sealing,
 * and sealing alone. All ways take turns within one pair of processes, five times over.
 */
public final class TransportBenchmark implements Benchmark {
    static final int CONNECTIONS = 1000;
    static final int PAYLOAD_BYTES = 400;
    /** Of each connection, a second, all at once: what two cores carry over QUIC, too, both ends of it. */
    static final int RATE = 10;

    private static final int ROUNDS = 5;
    private static final int WARM_UP_MILLIS = 4000;
    private static final int MEASURED_MILLIS = 5000;
    private static final double LEAST_SHARE = 0.95;

    @Override
    public String name() {
        return "transport";
    }

    @Override
    public String description() {
        return "CPU a datagram: QUIC and sealed, out and in, 1,000 connections";
    }

    @Override
    public SortedMap<String, Metric> run() {
        Map<Way, List<Double>> samples = new EnumMap<>(Way.class);
        try (Files files = new Files();
                Child port = new Child(PortProcess.class, files.folder().toString());
                Child peers = new Child(PeersProcess.class, files.folder().toString(), port.line())) {
            peers.expect("connected");
            for (int round = 0; round <= ROUNDS; round++) {
                for (Way way : Way.values()) {
                    // The first round is for the compilers.
                    double micros = measure(way, port, peers, round == 0 ? 2 * WARM_UP_MILLIS : WARM_UP_MILLIS);
                    if (round > 0) {
                        samples.computeIfAbsent(way, _ -> new ArrayList<>()).add(micros);
                    }
                }
            }
        }
        SortedMap<String, Metric> metrics = new TreeMap<>();
        samples.forEach((way, micros) -> metrics.put(way.metric(), Metric.of("us", micros)));
        return metrics;
    }

    private static double measure(Way way, Child port, Child peers, int warmUpMillis) {
        peers.say(way.name());
        long before = heard(peers);
        port.say(way.name() + " " + warmUpMillis + " " + MEASURED_MILLIS);
        String[] measured = port.line().split(" ", -1);
        double datagrams = Double.parseDouble(measured[0]);
        double micros = Double.parseDouble(measured[1]) / 1000 / datagrams;
        if (way != Way.SEAL_ONLY) {
            atLeast(way, "datagrams", datagrams, MEASURED_MILLIS);
        }
        if (way == Way.QUIC_OUT || way == Way.SEALED_OUT) {
            // The server's port goes over to sealed ones, and back, within the warm-up.
            atLeast(way, "datagrams that came that way", (double) (heard(peers) - before), MEASURED_MILLIS);
        }
        System.err.printf("%s %.2f us%n", way.metric(), micros);
        return micros;
    }

    private static long heard(Child peers) {
        peers.say("heard");
        return Long.parseLong(peers.line());
    }

    private static void atLeast(Way way, String what, double counted, int millis) {
        double expected = CONNECTIONS * RATE * millis / 1000.0;
        if (counted < expected * LEAST_SHARE) {
            throw new IllegalStateException("%s: %.0f %s, expected about %.0f: the machine is too slow or too busy"
                    .formatted(way.metric(), counted, what, expected));
        }
    }
}
