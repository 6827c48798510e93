package io.gamemesh.benchmark.minestom;

import io.gamemesh.benchmark.server.Setting;
import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameClientException;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.Movement;
import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.minestom.RandomWalk;
import io.gamemesh.protocol.wire.InputDatagram;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One player of the game server, which moves it as it asks for: so it steers after its walk. Counts what it sees.
 * Confined to the event loop of all players.
 */
final class GamemeshBot implements GameListener {
    private static final String NAME = "bot";
    /** Of its distance from the walk, a second. */
    private static final double PULL = 2;

    private static final double SPRINT = 8;
    private static final double ARRIVED = 1;
    // What is on its way, at both ends of a tick, and the distance from the walk, at a player's speed.
    private static final double TOLERANCE = 2.5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RandomWalk walk;
    private final IntFunction<RandomWalk> walks;
    private final boolean witness;
    private final Map<Long, Sighting> sightings = new HashMap<>();

    private @Nullable WorldView world;
    private @Nullable GameClient client;
    private boolean there;
    private boolean leaving;
    /** Kept for the next step: what a listener throws nobody hears of. */
    private @Nullable IllegalStateException failure;

    private int seen;
    private long seenSteps;
    private long updates;
    private long looks;
    private long astray;

    /**
     * Starts to join.
     *
     * @param walks of all players by their numbers
     * @param witness whether to look at the others: it costs more than all else that a bot does. All that is sent comes
     *     in, is opened and acknowledged either way
     */
    GamemeshBot(
            ClientTransport transport,
            ServerAddress server,
            int number,
            RandomWalk walk,
            IntFunction<RandomWalk> walks,
            boolean witness) {
        this.walk = walk;
        this.walks = walks;
        this.witness = witness;
        var _ = GameClient.builder()
                .transport(transport)
                .servers(server)
                .name(NAME + number)
                .keepTerrain(false)
                .keepEntities(witness)
                .connectTimeout(PATIENCE)
                .listener(this)
                .connect()
                .whenComplete((joined, failed) -> {
                    if (failed != null) {
                        failure = new IllegalStateException("bot %d was not let in".formatted(number), failed);
                    }
                    client = joined;
                });
    }

    @Override
    public void joined(WorldView view) {
        world = view;
    }

    @Override
    public void connectionLost(String reason) {
        failure = new IllegalStateException("a bot has lost its connection: " + reason);
    }

    /** Goes for good. */
    void leave() {
        leaving = true;
        if (client != null) {
            client.close();
        }
    }

    @Override
    public void ended(GameClientException why) {
        if (!leaving) {
            failure = new IllegalStateException("a bot was thrown out", why);
        }
    }

    @Override
    public void snapshot(WorldView view) {
        if (!witness) {
            return;
        }
        seen = view.entities().size();
        for (RemoteEntity other : view.entities()) {
            Sighting last = sightings.get(other.id());
            if (last == null) {
                last = new Sighting();
                sightings.put(other.id(), last);
            }
            if (last.toldTick != other.toldTick()) {
                last.toldTick = other.toldTick();
                updates++;
            }
            if (last.x != other.x() || last.z != other.z()) {
                last.x = other.x();
                last.z = other.z();
                looks++;
                look(other, last);
            }
        }
    }

    private void look(RemoteEntity other, Sighting sighting) {
        RandomWalk path = sighting.walk;
        if (path == null && other.name().startsWith(NAME)) {
            path = walks.apply(Integer.parseInt(other.name().substring(NAME.length())));
            sighting.walk = path;
        }
        if (path != null) {
            double dx = other.x() - Setting.MIDDLE - path.x();
            double dz = other.z() - Setting.MIDDLE - path.z();
            if (dx * dx + dz * dz > TOLERANCE * TOLERANCE) {
                astray++;
            }
        }
    }

    /** In the world, and where its walk is. */
    boolean there() {
        return there;
    }

    /**
     * One step of its walk, or towards its beginning.
     *
     * @throws IllegalStateException if it is not let in, or not any more
     */
    void step(boolean walking) {
        if (failure != null) {
            throw failure;
        }
        WorldView view = world;
        GameClient playing = client;
        if (view == null || playing == null) {
            return;
        }
        if (walking) {
            walk.step();
        }
        seenSteps += seen;
        double dx = Setting.MIDDLE + walk.x() - view.x();
        double dz = Setting.MIDDLE + walk.z() - view.z();
        there |= Math.hypot(dx, dz) < ARRIVED;
        double x = PULL * dx + (walking ? walk.velocityX() : 0);
        double z = PULL * dz + (walking ? walk.velocityZ() : 0);
        double speed = Math.hypot(x, z);
        double scale = speed > SPRINT ? SPRINT / speed : 1;
        playing.move(new Movement(x * scale, 0, z * scale, Math.atan2(-x, -z), 0, walking ? 0 : InputDatagram.SPRINT));
    }

    void count() {
        seenSteps = 0;
        updates = 0;
        looks = 0;
        astray = 0;
        if (client != null) {
            client.resetStatistics();
        }
    }

    @Nullable GameClient client() {
        return client;
    }

    boolean witness() {
        return witness;
    }

    /** How often a witness was told of others. */
    long updates() {
        return updates;
    }

    /** How often a witness saw another somewhere else than before, told or foretold. */
    long looks() {
        return looks;
    }

    /** How many others it saw, summed over its steps. */
    long seenSteps() {
        return seenSteps;
    }

    /** How often a witness saw another where it isn't. */
    long astray() {
        return astray;
    }

    private static final class Sighting {
        // Of whom it is, once its name has been told.
        private @Nullable RandomWalk walk;
        private long toldTick;
        private double x;
        private double z;
    }
}
