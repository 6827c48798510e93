package io.gamemesh.server.session;

import io.gamemesh.core.transfer.Ticket;
import io.gamemesh.core.transfer.TicketException;
import io.gamemesh.core.transfer.TicketSeal;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.Bytes;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Gives out and takes tickets on this machine's clock. Thread-safe.
 *
 * @param valid from giving one out
 */
public record Tickets(TicketSeal seal, InstantSource clock, Duration valid) {

    /** A fresh ticket, signed. */
    public Bytes give(String playerId, String name, EntityId entity, int hop, Vec3 position, RegionId region) {
        long expires = clock.millis() + valid.toMillis();
        return Bytes.copyOf(seal.seal(new Ticket(playerId, name, entity, hop, position, region, expires)));
    }

    /**
     * Reads and checks a ticket.
     *
     * @throws TicketException if it is none of this mesh's, or too old
     */
    public Ticket take(Bytes ticket) throws TicketException {
        return seal.open(ticket.toArray(), clock.millis());
    }
}
