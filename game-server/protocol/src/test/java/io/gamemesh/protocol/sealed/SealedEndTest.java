package io.gamemesh.protocol.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.TrafficKey;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SealedEndTest {
    private static final long ID = 0xfedc_ba98L;

    private final SecureRandom random = new SecureRandom();
    private final SealedKeys first = keys(0);
    private final SealedEnd server = SealedEnd.ofServer(first);
    private final SealedEnd client = SealedEnd.ofClient(first);
    private final byte[] into = new byte[SealedPacket.MAX_BYTES];

    private SealedKeys keys(int phase) {
        return new SealedKeys(ID, phase, TrafficKey.random(random), TrafficKey.random(random));
    }

    private static byte[] seal(SealedEnd end, byte[] payload, boolean path) {
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        System.arraycopy(payload, 0, packet, SealedPacket.HEADER_BYTES, payload.length);
        return Arrays.copyOf(packet, end.seal(packet, payload.length, path));
    }

    private static byte[] seal(SealedEnd end, int number) {
        return seal(end, new byte[] {(byte) number, 1, 2}, false);
    }

    private Opening open(SealedEnd end, byte[] packet) {
        return open(end, packet, 0);
    }

    private Opening open(SealedEnd end, byte[] packet, long nowNanos) {
        return end.open(packet, packet.length, into, nowNanos);
    }

    private byte[] opened(SealedEnd end) {
        return Arrays.copyOf(into, end.length());
    }

    @Property(tries = 200)
    void opensWhatTheOtherSideHasSealed(@ForAll @Size(max = Wire.MAX_DATAGRAM) byte[] payload, @ForAll boolean path) {
        byte[] up = seal(client, payload, path);
        byte[] down = seal(server, payload, path);

        assertThat(open(server, up)).isEqualTo(path ? Opening.PATH : Opening.DATAGRAM);
        assertThat(opened(server)).isEqualTo(payload);
        assertThat(open(client, down)).isEqualTo(path ? Opening.PATH : Opening.DATAGRAM);
        assertThat(opened(client)).isEqualTo(payload);
    }

    @Property(tries = 300)
    void dropsAPacketOfWhichAnyBitIsChanged(@ForAll @IntRange(max = 399) int at, @ForAll @IntRange(max = 7) int bit) {
        byte[] packet = seal(client, new byte[400 - SealedPacket.OVERHEAD], false);
        byte[] forged = packet.clone();
        forged[at] ^= (byte) (1 << bit);

        assertThat(open(server, forged).dropped()).isTrue();
        assertThat(open(server, packet)).as("afterwards").isEqualTo(Opening.DATAGRAM);
    }

    @Property(tries = 300)
    void dropsWhatIsCutOffOrLonger(@ForAll @IntRange(max = 1300) int length) {
        byte[] packet = seal(client, new byte[100], false);
        byte[] other = Arrays.copyOf(packet, length);

        Opening opening = server.open(other, length, into, 0);

        assertThat(opening.dropped()).isEqualTo(length != packet.length);
    }

    @Property(tries = 100)
    void takesEachPacketOnceInWhateverOrder(@ForAll @Size(max = 60) List<@IntRange(max = 29) Integer> order) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            packets.add(seal(client, i));
        }

        List<Integer> taken = new ArrayList<>();
        for (int number : order) {
            Opening opening = open(server, packets.get(number));
            if (opening == Opening.DATAGRAM) {
                taken.add((int) opened(server)[0]);
            } else {
                assertThat(opening).isEqualTo(Opening.REPLAYED);
            }
        }

        assertThat(taken).containsExactlyElementsOf(order.stream().distinct().toList());
    }

    /** Two servers hear the same authentic packets, one of them with rubbish in between: nothing tells them apart. */
    @Property(tries = 100)
    void isLeftUntouchedByWhatItDrops(@ForAll long seed) {
        RandomGenerator lots = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SealedEnd sender = SealedEnd.ofClient(first);
        SealedEnd undisturbed = SealedEnd.ofServer(first);
        SealedEnd bothered = SealedEnd.ofServer(first);
        SealedEnd foreign = SealedEnd.ofClient(keys(0));
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] packet = seal(sender, i);
            sent.add(packet);
            if (lots.nextBoolean()) {
                byte[] rubbish = switch (lots.nextInt(5)) {
                    case 0 -> Arrays.copyOf(packet, lots.nextInt(packet.length));
                    case 1 -> seal(foreign, i);
                    case 2 -> aheadOfItsTime(packet, lots);
                    case 3 -> otherPhase(packet);
                    default -> echo(packet);
                };
                assertThat(open(bothered, rubbish).dropped()).isTrue();
            }
            byte[] next = sent.get(lots.nextInt(sent.size()));
            assertThat(open(bothered, next)).isEqualTo(open(undisturbed, next));
            assertThat(bothered.newest()).isEqualTo(undisturbed.newest());
            assertThat(bothered.confirmed()).isEqualTo(undisturbed.confirmed());
        }
        assertThat(seal(bothered, 7)).isEqualTo(seal(undisturbed, 7));
    }

    private static byte[] aheadOfItsTime(byte[] packet, RandomGenerator lots) {
        byte[] forged = packet.clone();
        forged[6] = (byte) lots.nextInt(1, 0x40);
        return forged;
    }

    private static byte[] otherPhase(byte[] packet) {
        byte[] forged = packet.clone();
        forged[0] ^= 1;
        return forged;
    }

    /** What the server itself would send. */
    private byte[] echo(byte[] packet) {
        return seal(SealedEnd.ofServer(first), packet, false);
    }

    @Test
    void opensNothingThatItHasSealedItself() {
        byte[] own = seal(server, 1);

        assertThat(open(server, own)).isEqualTo(Opening.FORGED);
    }

    @Test
    void dropsACounterBeyondTheLifeOfAKey() {
        byte[] packet = seal(client, 1);
        packet[5] = (byte) 0xff;

        assertThat(open(server, packet)).isEqualTo(Opening.FORGED);
    }

    @Test
    void sealsWithNewKeysOnceTheClientDoes() {
        SealedKeys second = keys(1);
        server.rekey(second);
        byte[] stillOld = seal(server, 1);
        assertThat(open(client, stillOld)).isEqualTo(Opening.DATAGRAM);

        client.rekey(second);
        assertThat(open(server, seal(client, 2))).isEqualTo(Opening.DATAGRAM);
        byte[] withNew = seal(server, 3);

        assertThat(stillOld[0] & 1).isZero();
        assertThat(withNew[0] & 1).isEqualTo(1);
        assertThat(open(client, withNew)).isEqualTo(Opening.DATAGRAM);
    }

    @Test
    void takesOldKeysForAWhile() {
        byte[] late = seal(client, 1);
        byte[] tooLate = seal(client, 2);
        SealedKeys second = keys(1);
        server.rekey(second);
        client.rekey(second);
        assertThat(open(server, seal(client, 3), 0)).isEqualTo(Opening.DATAGRAM);

        long kept = SealedEnd.OLD_KEYS_KEPT.toNanos();

        assertThat(open(server, late, kept - 1)).isEqualTo(Opening.DATAGRAM);
        assertThat(open(server, tooLate, kept)).isEqualTo(Opening.UNKNOWN_KEY);
    }

    @Test
    void keepsOldKeysUntilNewOnesAreUsed() {
        server.rekey(keys(1));

        assertThat(open(server, seal(client, 1), Long.MAX_VALUE / 2)).isEqualTo(Opening.DATAGRAM);
    }

    @Test
    void isNotConfirmedByOldKeys() {
        open(server, seal(client, 1));
        assertThat(server.confirmed()).isTrue();

        server.rekey(keys(1));
        open(server, seal(client, 2));

        assertThat(server.confirmed()).isFalse();
        assertThat(server.newest()).isFalse();
    }

    @Test
    void countsAnewWithEachKey() {
        open(server, seal(client, 1));
        SealedKeys second = keys(1);
        server.rekey(second);
        client.rekey(second);

        byte[] packet = seal(client, 2);

        assertThat(Arrays.copyOfRange(packet, 5, 9)).containsExactly(0, 0, 0, 0);
        assertThat(open(server, packet)).isEqualTo(Opening.DATAGRAM);
    }

    @Test
    void refusesKeysOfTheSamePhaseOrAnotherConnection() {
        SealedKeys elsewhere = new SealedKeys(1, 1, first.toServer(), first.toClient());

        assertThatThrownBy(() -> client.rekey(keys(0)))
                .isInstanceOfSatisfying(
                        WireFormatException.class, e -> assertThat(e.code()).isEqualTo(CloseCode.UNEXPECTED))
                .hasMessageContaining("phase 0");
        assertThatThrownBy(() -> client.rekey(elsewhere)).hasMessageContaining("connection 1");
    }

    @Test
    void wantsNewKeysLongBeforeTheOldOnesAreSpent() {
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        byte[] answer = seal(client, 1);
        int sealed = 0;
        while (!server.worn()) {
            assertThat(server.spent()).isFalse();
            server.seal(packet, 0, false);
            if (++sealed == SealedPacket.KEY_PACKETS / 2) {
                assertThat(server.worn()).as("before the client has used them").isFalse();
                open(server, answer);
            }
        }

        assertThat(sealed).isEqualTo(SealedPacket.KEY_PACKETS / 2);
    }

    @Test
    void sealsNothingWithAKeyThatIsSpent() {
        Sealer sealer = new Sealer(first.toServer(), 1, 0);
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        while (!sealer.spent()) {
            sealer.seal(packet, 0, false);
        }

        assertThat(sealer.sealed()).isEqualTo(SealedPacket.KEY_PACKETS);
        assertThatThrownBy(() -> sealer.seal(packet, 0, false)).hasMessageContaining("take a new one");
    }

    @Test
    void refusesToSealMoreThanADatagram() {
        byte[] packet = new byte[2000];

        assertThatThrownBy(() -> client.seal(packet, Wire.MAX_DATAGRAM + 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 0 to " + Wire.MAX_DATAGRAM);
    }
}
