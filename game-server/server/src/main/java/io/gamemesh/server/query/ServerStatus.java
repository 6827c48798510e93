package io.gamemesh.server.query;

import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;

/**
 * What a query is answered.
 *
 * @param incarnation 0 before the coordinator has given one
 * @param tickRate ticks a second that are aimed at
 * @param ticksPerSecond what the regions really get, on average
 */
public record ServerStatus(
        String mesh,
        String namespace,
        String server,
        int incarnation,
        String version,
        int players,
        int maxPlayers,
        int tickRate,
        double ticksPerSecond,
        boolean draining,
        List<Region> regions) {

    public ServerStatus {
        regions = List.copyOf(regions);
    }

    /** One region that this server acts for. */
    public record Region(RegionId id, Box bounds, long epoch, int players, int entities, long tick) {}

    /** The document of the query port. */
    public JsonObject toJson() {
        JsonArrayBuilder list = Json.createArrayBuilder();
        for (Region region : regions) {
            list.add(Json.createObjectBuilder()
                    .add("region", region.id.toString())
                    .add("min", corner(region.bounds.min()))
                    .add("max", corner(region.bounds.max()))
                    .add("epoch", region.epoch)
                    .add("players", region.players)
                    .add("entities", region.entities)
                    .add("tick", region.tick));
        }
        return Json.createObjectBuilder()
                .add("mesh", mesh)
                .add("namespace", namespace)
                .add("server", server)
                .add("incarnation", incarnation)
                .add("version", version)
                .add("players", players)
                .add("maxPlayers", maxPlayers)
                .add("tickRate", tickRate)
                .add("ticksPerSecond", Math.round(ticksPerSecond * 100) / 100.0)
                .add("draining", draining)
                .add("regions", list)
                .build();
    }

    private static JsonArrayBuilder corner(Vec3 corner) {
        return Json.createArrayBuilder().add(corner.x()).add(corner.y()).add(corner.z());
    }
}
