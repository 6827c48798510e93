package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.server.LineProcess;
import io.gamemesh.benchmark.server.ProgramImage;
import io.gamemesh.benchmark.server.RunningServer;
import io.gamemesh.benchmark.server.Setting;
import java.util.List;
import java.util.Map;

/** The game server with one region, in whose middle all players are. */
final class GamemeshContender implements Contender {
    /** More than there are, so that nobody is refused. */
    private static final String PLACES = "1100";

    private static final Map<String, String> WORLD = Map.of(
            "gamemesh.world.generator",
            "flat",
            "gamemesh.world.overlap",
            Integer.toString(Scene.VIEW_METRES),
            "gamemesh.world.view-radius",
            Integer.toString(Scene.VIEW_METRES),
            "gamemesh.server.max-players",
            PLACES,
            "gamemesh.limits.connections",
            PLACES);

    private final RunningServer server;
    private final LineProcess players;

    /**
     * Starts the server.
     *
     * @param seed of the players' walks
     */
    GamemeshContender(ProgramImage image, int memoryMebibytes, Scene scene, long seed) {
        server = RunningServer.yielding(image, Setting.oneRegion(memoryMebibytes, WORLD));
        players = new LineProcess(
                LineProcess.PLAYERS_OPTIONS,
                System.getProperty("java.class.path"),
                List.of(
                        GamemeshBots.class.getName(),
                        server.players(),
                        server.authority().toString(),
                        Double.toString(scene.side()),
                        Long.toString(seed)));
    }

    @Override
    public String name() {
        return "gamemesh";
    }

    @Override
    public double cpuSeconds() {
        return server.cpuSeconds();
    }

    @Override
    public double ticks() {
        return server.metrics().histogram("tick_duration_ms").count();
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
