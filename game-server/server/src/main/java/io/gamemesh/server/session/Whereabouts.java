package io.gamemesh.server.session;

import io.gamemesh.core.region.RegionInput;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;

/**
 * Where a player's entity was when it was last heard of.
 *
 * @param region the region it belonged to
 * @param position in world coordinates
 */
record Whereabouts(EntityId entity, int hop, RegionId region, Vec3 position) {

    RegionInput.Claim claim() {
        return new RegionInput.Claim(entity, hop, position);
    }
}
