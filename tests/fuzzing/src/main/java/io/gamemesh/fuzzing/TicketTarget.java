package io.gamemesh.fuzzing;

import io.gamemesh.core.transfer.Ticket;
import io.gamemesh.core.transfer.TicketException;
import io.gamemesh.core.transfer.TicketSeal;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import java.nio.ByteBuffer;
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
    /** Three coordinates, the region and when the ticket expires. */
    private static final int BYTES_FROM_COORDINATES_ON = 3 * Double.BYTES + 2 * Long.BYTES;

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
        if (!Arrays.equals(seal.seal(ticket), signed(withoutMinusZero(input)))) {
            throw new AssertionError(ticket + " is other bytes when sealed");
        }
    }

    /** The ticket with coordinates as {@link Vec3} has them, for which minus zero is zero. */
    private static byte[] withoutMinusZero(byte[] ticket) {
        ByteBuffer bytes = ByteBuffer.wrap(ticket.clone());
        int first = ticket.length - BYTES_FROM_COORDINATES_ON;
        for (int at = first; at < first + 3 * Double.BYTES; at += Double.BYTES) {
            bytes.putDouble(at, bytes.getDouble(at) + 0.0);
        }
        return bytes.array();
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
