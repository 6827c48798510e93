package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.server.LineProcess;
import io.gamemesh.cluster.TestCluster;
import java.util.ArrayList;
import java.util.List;

/** Minestom as it comes, on a machine with the same options as the game server's, that sees as far as it. */
final class MinestomContender implements Contender {
    private static final int CHUNK_METRES = 16;
    private static final String PACKAGE = "io.gamemesh.minestom.";
    private static final List<String> NATIVE_ACCESS = List.of("--enable-native-access=ALL-UNNAMED");

    private final LineProcess server;
    private final LineProcess players;

    /**
     * Starts the server.
     *
     * @param options of the Java machine
     * @param seed of the players' walks
     */
    MinestomContender(List<String> options, Scene scene, long seed) {
        int chunks = Scene.VIEW_METRES / CHUNK_METRES;
        List<String> all = new ArrayList<>(options);
        all.addAll(NATIVE_ACCESS);
        all.add("-Dminestom.chunk-view-distance=" + chunks);
        all.add("-Dminestom.entity-view-distance=" + chunks);
        server = LineProcess.yielding(all, classPath(), List.of(PACKAGE + "MinestomServer"));
        String port = server.answer("port").replace("port ", "");
        players = new LineProcess(
                LineProcess.PLAYERS_OPTIONS,
                classPath(),
                List.of(PACKAGE + "MinestomBots", port, Double.toString(scene.side()), Long.toString(seed)));
    }

    private static String classPath() {
        String target = TestCluster.project().resolve("tests/minestom/target") + "/";
        return target + "*:" + target + "lib/*";
    }

    @Override
    public String name() {
        return "minestom";
    }

    @Override
    public double cpuSeconds() {
        return server.cpuSeconds();
    }

    @Override
    public double ticks() {
        return Double.parseDouble(server.ask("ticks").replace("ticks ", ""));
    }

    @Override
    public LineProcess players() {
        return players;
    }

    @Override
    public void close() {
        players.close();
        server.close();
    }
}
