package io.gamemesh.core.region;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;

/**
 * A session that an engine holds, for the shell to redirect when the whole region moves.
 *
 * @param session the connection
 * @param entity the player's entity
 * @param hop its hop number
 * @param playerId who it is
 * @param name what others see
 * @param position where the entity is, in world coordinates
 */
public record RegionSession(long session, EntityId entity, int hop, String playerId, String name, Vec3 position) {}
