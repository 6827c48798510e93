package io.gamemesh.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class PlayerTrafficTest {

    private static final long SECOND = 1_000_000_000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ServerMetrics metrics = new ServerMetrics(registry);
    private final PlayerTraffic ada = new PlayerTraffic(metrics, 0);
    private final PlayerTraffic bob = new PlayerTraffic(metrics, 0);

    @Test
    void countsEachPlayerAndKindByItself() {
        ada.sent(MessageKind.SNAPSHOT, 100);
        ada.sent(MessageKind.SNAPSHOT, 50);
        ada.sent(MessageKind.TERRAIN, 1000);
        bob.received(MessageKind.INPUT, 25);

        assertThat(ada.sentBytes(MessageKind.SNAPSHOT)).isEqualTo(150);
        assertThat(ada.sentMessages(MessageKind.SNAPSHOT)).isEqualTo(2);
        assertThat(ada.sentBytes(MessageKind.TERRAIN)).isEqualTo(1000);
        assertThat(ada.receivedBytes(MessageKind.INPUT)).isZero();
        assertThat(bob.receivedBytes(MessageKind.INPUT)).isEqualTo(25);
        assertThat(bob.receivedMessages(MessageKind.INPUT)).isEqualTo(1);
    }

    @Test
    void addsUpAllPlayersOfAKind() {
        ada.sent(MessageKind.EDIT, 10);
        bob.sent(MessageKind.EDIT, 20);
        bob.received(MessageKind.EDIT, 7);

        assertThat(counter("message_bytes_sent", MessageKind.EDIT)).isEqualTo(30);
        assertThat(counter("messages_sent", MessageKind.EDIT)).isEqualTo(2);
        assertThat(counter("message_bytes_received", MessageKind.EDIT)).isEqualTo(7);
        assertThat(counter("messages_received", MessageKind.EDIT)).isEqualTo(1);
        assertThat(counter("messages_sent", MessageKind.SNAPSHOT)).isZero();
    }

    @Test
    void tellsTheRateOfEachPlayerOncePerSecond() {
        ada.sent(MessageKind.SNAPSHOT, 3000);
        ada.received(MessageKind.INPUT, 500);
        bob.sent(MessageKind.SNAPSHOT, 1000);

        ada.passed(SECOND / 2);
        ada.passed(2 * SECOND);
        bob.passed(SECOND);

        assertThat(ada.sentRate()).isEqualTo(1500);
        assertThat(ada.receivedRate()).isEqualTo(250);
        DistributionSummary rates = registry.get("player_sent_bytes_per_second").summary();
        assertThat(rates.count()).isEqualTo(2);
        assertThat(rates.max()).isEqualTo(1500);
        assertThat(rates.totalAmount()).isEqualTo(2500);
    }

    @Test
    void beginsAnewAfterEachSecond() {
        ada.sent(MessageKind.SNAPSHOT, 3000);
        ada.passed(SECOND);

        ada.passed(2 * SECOND);

        assertThat(ada.sentRate()).isZero();
        assertThat(ada.sentBytes(MessageKind.SNAPSHOT)).isEqualTo(3000);
    }

    private double counter(String name, MessageKind kind) {
        return registry.get(name).tag("kind", kind.tag()).functionCounter().count();
    }
}
