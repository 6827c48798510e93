package io.gamemesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.replication.ReplicatedRegion;
import io.gamemesh.core.replication.ReplicationPort;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.core.transfer.TicketSeal;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.FlatGenerator;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.server.metrics.PlayerTraffic;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.metrics.TickWindow;
import io.gamemesh.server.quic.Connection;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import io.gamemesh.server.world.RegionTicker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of a real region; of connections only what fails is not real. */
class SessionsTest {
    private static final ReplicationPort NO_BACKUPS = new ReplicationPort() {
        @Override
        public boolean isReady(ServerId backup, long link) {
            return false;
        }

        @Override
        public void send(ServerId backup, long link, ReplicationMessage message) {
            throw new AssertionError("there is no backup to tell anything");
        }
    };

    private static final int TICK_RATE = 20;
    private static final RegionId REGION = RegionId.of(0, 0, 0, 0);
    /** Longer than any message can hold. */
    private static final int TOO_LONG = 300;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ServerMetrics metrics = new ServerMetrics(new SimpleMeterRegistry());
    private final WorldGeometry geometry = new WorldGeometry(256, 256, 32, Box.of(0, 0, 0, 256, 256, 256));
    private final HostedRegions regions = new HostedRegions();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private @Nullable RegionTicker ticker;
    private Sessions sessions;
    private HostedRegion region;

    @BeforeEach
    void startARegion() {
        MeshView view = new MeshView(geometry);
        ServerId self = new ServerId("demo-0", 1);
        view.self(self);
        view.leaves(LeafMap.of(geometry, 1, 1, List.of(new Leaf(REGION, self, 1, "", "", ""))));
        FlatGenerator generator = new FlatGenerator();
        sessions = new Sessions(
                loop,
                view,
                regions,
                new WorldFacts("demo-0", geometry, Blocks.standard(), generator, "flat", 1, 42, TICK_RATE, 32),
                new Tickets(
                        new TicketSeal(new byte[TicketSeal.KEY_BYTES]), InstantSource.system(), Duration.ofHours(1)),
                (hello, ticketed) -> hello.name().equals("mallory") ? "m".repeat(TOO_LONG) : hello.name(),
                metrics,
                10,
                Duration.ofSeconds(5),
                place -> {});
        RegionSettings settings = new RegionSettings(
                geometry, REGION, Blocks.standard(), generator, TICK_RATE, RegionSettings.Limits.standard());
        region = new HostedRegion(
                new ReplicatedRegion(
                        RegionEngine.fresh(settings, 1),
                        new ServerId("demo-0", 1),
                        1,
                        ReplicationSettings.of(1_000_000_000, 1 << 20),
                        NO_BACKUPS),
                100,
                () -> Long.MAX_VALUE,
                sessions::accept,
                message -> {},
                standing -> {});
        region.postSurely(new RegionInput.MapChanged(view.leaves()));
        regions.add(region);
    }

    private void startTicking() {
        startTicking(RegionTicker.PATIENCE);
    }

    private void startTicking(Duration patience) {
        RegionTicker started = new RegionTicker(1, TICK_RATE, patience, metrics, new TickWindow(8), failures::add);
        ticker = started;
        started.add(region);
    }

    @AfterEach
    void stop() {
        if (ticker != null) {
            ticker.close();
        }
        loop.shutdownNow();
        assertThat(failures).isEmpty();
    }

    /** A client that takes everything, coded as it would be on the wire. */
    private class Client implements Connection {
        final List<ToClient> received = new CopyOnWriteArrayList<>();
        final AtomicInteger datagrams = new AtomicInteger();
        volatile @Nullable CloseCode closed;
        final Listener listener;

        Client(String name) {
            listener = sessions.open(this);
            listener.message(new ToServer.Hello(
                    Wire.VERSION, 0, ToServer.Network.CLUSTER, name, Optional.empty(), Optional.empty()));
        }

        @Override
        public void send(ToClient.Control message) {
            assertThat(ToClientCodec.control().frame(message).length()).isPositive();
            received.add(message);
        }

        @Override
        public void send(ToClient.Terrain message) {
            received.add(message);
        }

        @Override
        public void offerSealed() {
            throw new AssertionError("not asked for");
        }

        @Override
        public void sendDatagram(ByteBuffer datagram) {
            datagrams.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public PlayerTraffic traffic() {
            return new PlayerTraffic(metrics, 0);
        }

        @Override
        public long backlog() {
            return 0;
        }

        @Override
        public void refuse(CloseCode code, String reason) {
            metrics.refused(code.name().toLowerCase(Locale.ROOT));
            close(code, reason);
        }

        @Override
        public void close(CloseCode code, String reason) {
            assertThat(closed).as("closed before").isNull();
            closed = code;
            listener.closed();
        }

        @Override
        public CompletableFuture<Void> gone() {
            return new CompletableFuture<>();
        }

        @Override
        public String remote() {
            return "192.0.2.1:1000";
        }
    }

    private <T extends Client> T connect(Supplier<T> client) {
        return CompletableFuture.supplyAsync(client, loop).join();
    }

    private static void assertPlays(Client client) {
        Awaitility.await().untilAsserted(() -> {
            assertThat(client.received).hasAtLeastOneElementOfType(ToClient.Welcome.class);
            assertThat(client.datagrams.get()).isGreaterThan(TICK_RATE);
        });
        assertThat(client.closed).isNull();
    }

    @Test
    void whatCannotBeCodedForOneCostsTheOthersOfTheTickNothing() {
        Client mallory = connect(() -> new Client("mallory"));
        Client ada = connect(() -> new Client("ada"));

        startTicking();

        assertPlays(ada);
        assertThat(mallory.closed).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(sessions.players()).isEqualTo(1);
    }

    /** What it made meanwhile would come late, and nobody would read what players send. */
    @Test
    void aRegionIsTwoTicksAheadOfWhoSendsToItsPlayersAtMost() throws InterruptedException {
        Stuck ada = stickWith(Duration.ofMinutes(1));

        // Nothing is to happen.
        Thread.sleep(10 * 1000 / TICK_RATE);
        long ahead = region.stats().tick() - ada.tick;
        ada.goOn.countDown();

        assertThat(ahead).isLessThanOrEqualTo(2);
        assertPlays(ada);
    }

    @Test
    void aRegionGoesOnWhereNothingGoesToItsPlayersForLong() throws InterruptedException {
        Stuck ada = stickWith(Duration.ofMillis(50));

        Awaitility.await().untilAsserted(() -> assertThat(region.stats().tick()).isGreaterThan(ada.tick + 5));

        ada.goOn.countDown();
        assertPlays(ada);
    }

    private Stuck stickWith(Duration patience) throws InterruptedException {
        Stuck ada = connect(Stuck::new);
        startTicking(patience);
        assertThat(ada.stuck.await(20, TimeUnit.SECONDS)).isTrue();
        return ada;
    }

    /** One to whom it takes long to send the first snapshot. */
    private final class Stuck extends Client {
        final CountDownLatch stuck = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile long tick;

        Stuck() {
            super("ada");
        }

        @Override
        public void sendDatagram(ByteBuffer datagram) {
            super.sendDatagram(datagram);
            if (stuck.getCount() > 0) {
                tick = region.stats().tick();
                stuck.countDown();
                try {
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Test
    void aConnectionThatFailsToSendADatagramIsClosedAndCostsTheOthersNothing() {
        Client broken = connect(() -> new Client("broken") {
            @Override
            public void sendDatagram(ByteBuffer datagram) {
                super.sendDatagram(datagram);
                throw new IllegalStateException("no room");
            }
        });
        Client ada = connect(() -> new Client("ada"));

        startTicking();

        assertPlays(ada);
        assertThat(broken.closed).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(broken.datagrams.get()).isEqualTo(1);
    }

    @Test
    void aConnectionThatFailsToFlushIsClosedAndCostsTheOthersNothing() {
        Client broken = connect(() -> new Client("broken") {
            @Override
            public void flush() {
                throw new IllegalStateException("no room");
            }
        });
        AtomicInteger flushed = new AtomicInteger();
        Client ada = connect(() -> new Client("ada") {
            @Override
            public void flush() {
                flushed.incrementAndGet();
            }
        });

        startTicking();

        assertPlays(ada);
        assertThat(flushed.get()).isGreaterThan(TICK_RATE);
        assertThat(broken.closed).isEqualTo(CloseCode.INTERNAL_ERROR);
    }

    @Test
    void aConnectionThatCannotEvenBeClosedIsForgotten() {
        Client broken = connect(() -> new Client("mallory") {
            @Override
            public void refuse(CloseCode code, String reason) {
                throw new IllegalStateException("no room");
            }
        });
        Client ada = connect(() -> new Client("ada"));

        startTicking();

        assertPlays(ada);
        assertThat(broken.datagrams.get()).isZero();
        assertThat(sessions.figures().join())
                .extracting(PlayerFigures::playerId)
                .containsExactly("ada");
    }
}
