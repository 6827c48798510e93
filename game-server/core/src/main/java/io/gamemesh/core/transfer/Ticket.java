package io.gamemesh.core.transfer;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;

/**
 * Where a player was, as the server that saw it last says.
 *
 * @param playerId who it is, 1 to 255 bytes of UTF-8
 * @param name what others see, 1 to 255 bytes of UTF-8
 * @param entity the player's entity
 * @param hop its hop number, 0 or more
 * @param position where it was, in world coordinates
 * @param region which region it belonged to
 * @param expiresAtMillis when the ticket ends, milliseconds since 1970
 */
public record Ticket(
        String playerId, String name, EntityId entity, int hop, Vec3 position, RegionId region, long expiresAtMillis) {}
