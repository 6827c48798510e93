package io.gamemesh.benchmark.edits;

import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.GameClientException;
import io.gamemesh.client.GameListener;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.BlocksChanged;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One player who stands where players begin and puts and takes the blocks above its head, one after the other, no two of them
 * within 1.5 s. Confined to the event loop of all players.
 */
final class Editor implements GameListener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ABOVE = 3;
    private static final int EDGE = 2;
    private static final int PLACES = EDGE * EDGE * 4;
    private static final int AIR = 0;
    private static final int STONE = 1;

    private final int number;
    private final Storm storm;

    private @Nullable WorldView world;
    private @Nullable GameClient client;
    private int edits;

    /** Starts to join. */
    Editor(ClientTransport transport, ServerAddress server, int number, Storm storm) {
        this.number = number;
        this.storm = storm;
        var _ = GameClient.builder()
                .transport(transport)
                .servers(server)
                .name("editor" + number)
                .keepTerrain(false)
                .keepEntities(false)
                .connectTimeout(PATIENCE)
                .listener(this)
                .connect()
                .whenComplete((joined, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException("editor %d was not let in".formatted(number), failure);
                    }
                    client = joined;
                });
    }

    boolean playing() {
        return client != null && world != null;
    }

    @Override
    public void joined(WorldView view) {
        world = view;
    }

    @Override
    public void connectionLost(String reason) {
        throw new IllegalStateException("editor %d has lost its connection: %s".formatted(number, reason));
    }

    @Override
    public void ended(GameClientException why) {
        throw new IllegalStateException("editor %d was thrown out".formatted(number), why);
    }

    @Override
    public void terrain(WorldView view, ToClient.Terrain change) {
        if (change instanceof BlocksChanged(BlockChanges changes)) {
            changes.forEach((x, y, z, block) -> storm.applied(number, x, y, z, block));
        }
    }

    void edit(long lateNanos) {
        GameClient playing = client;
        WorldView view = world;
        if (playing == null || view == null) {
            return;
        }
        int place = edits % PLACES;
        int block = edits / PLACES % 2 == 0 ? STONE : AIR;
        edits++;
        int x = (int) Math.floor(view.x()) + place % EDGE;
        int y = (int) Math.floor(view.y()) + ABOVE + place / (EDGE * EDGE);
        int z = (int) Math.floor(view.z()) + place / EDGE % EDGE;
        storm.asked(number, x, y, z, block, lateNanos);
        var _ = playing.edit(x, y, z, block).whenComplete((outcome, failure) -> {
            if (failure != null || outcome != EditOutcome.ACCEPTED) {
                storm.refused();
            }
        });
    }

    void ping() {
        if (client != null) {
            var _ = client.ping().thenAccept(time -> storm.pinged(time.toNanos()));
        }
    }
}
