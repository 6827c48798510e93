package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionSettings.Limits;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Parts.Part;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.Wire;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Players in virtual reality and a region's engine, without a network. */
class RemotePartsTest {

    private static final int RATE = 90;
    private static final long PERIOD = 1_000_000_000 / RATE;
    private static final int SIZE = 1024;
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);

    private final RegionEngine engine = RegionEngine.fresh(
            new RegionSettings(
                    new WorldGeometry(SIZE, SIZE, 100, null),
                    REGION,
                    Blocks.standard(),
                    Generator.named("flat", 1),
                    RATE,
                    Limits.standard()),
            1);
    private final Map<Long, Client> clients = new HashMap<>();
    private long now = PERIOD;

    private static final class Client {
        final long session;
        final EntityId entity;
        final InputHistory inputs = new InputHistory();
        Movement movement = Movement.STILL;

        @Nullable WorldView view;

        Client(long session) {
            this.session = session;
            this.entity = EntityId.of(1, session);
        }

        WorldView view() {
            WorldView world = view;
            if (world == null) {
                throw new AssertionError("session " + session + " is not in the world");
            }
            return world;
        }

        RemoteEntity sees(Client other) {
            RemoteEntity seen = view().entity(other.entity.packed());
            if (seen == null) {
                throw new AssertionError("session " + session + " does not see " + other.session);
            }
            return seen;
        }
    }

    private Client join(double x, double z) {
        Client client = new Client(clients.size() + 1L);
        clients.put(client.session, client);
        engine.accept(new RegionInput.Join(
                client.session,
                client.entity,
                "id-" + client.session,
                "name-" + client.session,
                Optional.of(new RegionInput.Claim(client.entity, 0, new Vec3(x, 1, z)))));
        return client;
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            now += PERIOD;
            for (Client client : clients.values()) {
                if (client.view != null) {
                    client.inputs.next(client.movement, 0);
                    ByteBuffer datagram = client.inputs.datagram(1, client.view);
                    engine.accept(new RegionInput.Move(client.session, InputDatagram.read(datagram)));
                }
            }
            engine.step(now, this::take);
        }
    }

    private void take(RegionOutput output) {
        switch (output) {
            case RegionOutput.Joined joined -> {
                Client client = client(joined.session());
                client.view = new WorldView(welcome(client, joined), false, true, _ -> {}, now);
            }
            case RegionOutput.Snapshot(long session, ByteBuffer datagram) ->
                client(session).view().apply(datagram, now);
            default -> {}
        }
    }

    private Client client(long session) {
        Client client = clients.get(session);
        if (client == null) {
            throw new AssertionError("no client has session " + session);
        }
        return client;
    }

    private static ToClient.Welcome welcome(Client client, RegionOutput.Joined joined) {
        return new ToClient.Welcome(
                Wire.VERSION,
                0,
                "test-0",
                joined.playerId(),
                client.entity.packed(),
                false,
                RATE,
                96,
                1,
                "flat",
                SIZE,
                List.of(new ToClient.BlockType("air", false)),
                REGION.packed(),
                joined.position());
    }

    private static Parts standing(double handX, double handY) {
        return new Parts(
                Part.of(0.05, 1.7, -0.1, 0, 0.6, 0, 0.8),
                Part.of(-0.4, 1.1, -0.3, 0, 0, 0, 1),
                Part.of(handX, handY, -0.4, 0.5, 0.5, 0.5, 0.5));
    }

    @Test
    void showsHeadAndHandsToThoseWhoAreNear() {
        Client ann = join(500, 500);
        Client ben = join(505, 500);
        steps(20);

        ann.movement = Movement.STILL.with(standing(0.4, 1.2));
        steps(20);

        RemotePart head = ben.sees(ann).head();
        RemotePart right = ben.sees(ann).rightHand();
        assertThat(ben.sees(ann).leftHand()).isNotNull();
        assertThat(head).isNotNull();
        assertThat(head.x()).isCloseTo(500.05, within(0.02));
        assertThat(head.y()).isCloseTo(2.7, within(0.02));
        assertThat(head.z()).isCloseTo(499.9, within(0.02));
        assertThat(head.rotation(1)).isCloseTo(0.6, within(0.003));
        assertThat(head.rotation(3)).isCloseTo(0.8, within(0.003));
        assertThat(right).isNotNull();
        assertThat(right.x()).isCloseTo(500.4, within(0.02));
        assertThat(right.rotation(0)).isCloseTo(0.5, within(0.003));
    }

    @Test
    void followsAHandThatWaves() {
        Client ann = join(500, 500);
        Client ben = join(505, 500);
        double worst = 0;
        steps(20);

        for (int i = 0; i < 5 * RATE; i++) {
            double x = 0.4 + 0.3 * Math.sin(2 * Math.PI * i / RATE);
            ann.movement = Movement.STILL.with(standing(x, 1.2));
            steps(1);
            RemotePart hand = ben.sees(ann).rightHand();
            if (i > RATE) {
                assertThat(hand).isNotNull();
                worst = Math.max(worst, Math.abs(hand.x() - 500 - x));
            }
        }

        assertThat(worst).isLessThan(0.05);
    }

    @Test
    void keepsThemFromThoseWhoAreFarOffAndFromOneself() {
        Client ann = join(500, 500);
        Client far = join(560, 500);
        ann.movement = Movement.STILL.with(standing(0.4, 1.2));

        steps(60);

        assertThat(far.sees(ann).head()).isNull();
        assertThat(ann.view().entities()).extracting(RemoteEntity::id).containsExactly(far.entity.packed());
    }

    @Test
    void takesThemAwayWhenTheyAreNotShownAnyMore() {
        Client ann = join(500, 500);
        Client ben = join(505, 500);
        ann.movement = Movement.STILL.with(standing(0.4, 1.2));
        steps(60);
        RemotePart before = ben.sees(ann).head();

        ann.movement = Movement.STILL;
        steps(60);

        assertThat(before).isNotNull();
        assertThat(ben.sees(ann).head()).isNull();
        assertThat(ben.sees(ann).rightHand()).isNull();
    }

    @Test
    void bringsAHandWithinReachAndCountsIt() {
        Client ann = join(500, 500);
        Client ben = join(505, 500);
        steps(20);
        long refused = engine.stats().refused();

        ann.movement = Movement.STILL.with(standing(2.4, 2.4));
        steps(60);

        RemotePart hand = ben.sees(ann).rightHand();
        assertThat(hand).isNotNull();
        assertThat(Math.hypot(hand.x() - 500, hand.y() - 2.2)).isBetween(1.5, 1.72);
        assertThat(engine.stats().refused()).isGreaterThan(refused);
    }
}
