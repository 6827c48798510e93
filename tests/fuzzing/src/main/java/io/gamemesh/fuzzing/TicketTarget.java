package io.gamemesh.fuzzing;

import io.gamemesh.core.transfer.Ticket;
import io.gamemesh.core.transfer.TicketException;
import io.gamemesh.core.transfer.TicketSeal;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tickets, which have one notation. Nobody could guess a signature, so the input is signed here with the key: what comes
 * after that is under test.
 */
final class TicketTarget implements Target<Ticket> {

    private static final int MAC_BYTES = 32;

    private final TicketSeal seal = new TicketSeal(new byte[TicketSeal.KEY_BYTES]);
    private final Mac mac;

    TicketTarget() {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(new byte[TicketSeal.KEY_BYTES], "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String name() {
        return "ticket";
    }

    private byte[] signed(byte[] input) {
        byte[] ticket = Arrays.copyOf(input, input.length + MAC_BYTES);
        System.arraycopy(mac.doFinal(input), 0, ticket, input.length, MAC_BYTES);
        return ticket;
    }

    @Override
    public Ticket decode(byte[] input) throws TicketException {
        return seal.open(signed(input), 0);
    }

    @Override
    public void check(byte[] input, Ticket ticket) {
        // Not the same bytes: a coordinate of minus zero is zero.
        try {
            Ticket again = seal.open(seal.seal(ticket), 0);
            if (!again.equals(ticket)) {
                throw new AssertionError(ticket + " is " + again + " when sealed and opened");
            }
        } catch (TicketException e) {
            throw new AssertionError(ticket + " can't be opened when sealed", e);
        }
    }

    @Override
    public long mostAllocated(int length) {
        return 32 * 1024 + 4L * length;
    }

    @Override
    public List<byte[]> seeds() {
        Ticket ticket = new Ticket(
                "player-1",
                "Zo\u00eb",
                EntityId.of(1, 7),
                3,
                new Vec3(-12.5, 65, 1000),
                RegionId.of(0, -1, 0, 1),
                1_800_000_000_000L);
        byte[] sealed = seal.seal(ticket);
        return List.of(Arrays.copyOf(sealed, sealed.length - MAC_BYTES));
    }
}
