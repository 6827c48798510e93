package io.gamemesh.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TicketSealTest {

    private static final long NOW = 1_000_000;

    private final TicketSeal seal = new TicketSeal(key(1));
    private final Ticket ticket = new Ticket(
            "ann", "Ann", EntityId.of(3, 4), 5, new Vec3(1.5, -2, 3), RegionId.of(0, 0, -1, 0), NOW + 60_000);

    @Property
    void opensWhatItHasSealed(
            @ForAll @AlphaChars @StringLength(min = 1, max = 60) String player, @ForAll @IntRange(min = 0) int hop)
            throws TicketException {
        Ticket each =
                new Ticket(player, "Ä" + player, ticket.entity(), hop, ticket.position(), ticket.region(), NOW + 1);

        assertThat(seal.open(seal.seal(each), NOW)).isEqualTo(each);
    }

    @Property
    void refusesATicketWithAnyBitChanged(@ForAll @IntRange(max = 10_000) int bit) {
        byte[] bytes = seal.seal(ticket);
        bytes[bit / 8 % bytes.length] ^= (byte) (1 << bit % 8);

        assertThatThrownBy(() -> seal.open(bytes, NOW)).isInstanceOf(TicketException.class);
    }

    @Property
    void refusesBytesThatAreNoTicket(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> seal.open(bytes, NOW)).isInstanceOf(TicketException.class);
    }

    @Test
    void refusesATicketOfAnotherMesh() {
        byte[] bytes = new TicketSeal(key(2)).seal(ticket);

        assertThatThrownBy(() -> seal.open(bytes, NOW)).hasMessageContaining("not signed by this mesh");
    }

    @Test
    void refusesAnExpiredTicket() {
        byte[] bytes = seal.seal(ticket);

        assertThatThrownBy(() -> seal.open(bytes, ticket.expiresAtMillis())).hasMessageContaining("expired 0 ms ago");
    }

    @Test
    void refusesWhatDoesNotFit() {
        Ticket nameless =
                new Ticket("ann", "", ticket.entity(), 0, ticket.position(), ticket.region(), ticket.expiresAtMillis());

        assertThatThrownBy(() -> seal.seal(nameless)).hasMessageContaining("name of a ticket has 0 bytes");
        assertThatThrownBy(() -> new TicketSeal(new byte[31])).hasMessageContaining("31 bytes, expected 32");
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[TicketSeal.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return key;
    }
}
