package io.gamemesh.server.session;

import io.gamemesh.server.metrics.MessageKind;
import io.gamemesh.server.metrics.PlayerTraffic;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What one player is sent and sends: bytes of messages, before encryption.
 *
 * @param sentRate bytes a second, in the last second or so
 * @param receivedRate as {@code sentRate}
 * @param kinds what is counted since the player has connected
 */
public record PlayerFigures(String playerId, String name, double sentRate, double receivedRate, List<OfKind> kinds) {

    /** What there was of one kind. */
    public record OfKind(
            MessageKind kind, long sentMessages, long sentBytes, long receivedMessages, long receivedBytes) {}

    public PlayerFigures {
        kinds = List.copyOf(kinds);
    }

    static PlayerFigures of(String playerId, String name, PlayerTraffic traffic) {
        List<OfKind> kinds = new ArrayList<>();
        for (MessageKind kind : MessageKind.values()) {
            kinds.add(new OfKind(
                    kind,
                    traffic.sentMessages(kind),
                    traffic.sentBytes(kind),
                    traffic.receivedMessages(kind),
                    traffic.receivedBytes(kind)));
        }
        return new PlayerFigures(playerId, name, traffic.sentRate(), traffic.receivedRate(), kinds);
    }

    private JsonObject toJson() {
        JsonObjectBuilder ofKinds = Json.createObjectBuilder();
        for (OfKind each : kinds) {
            ofKinds.add(
                    each.kind.tag(),
                    Json.createObjectBuilder()
                            .add("sentMessages", each.sentMessages)
                            .add("sentBytes", each.sentBytes)
                            .add("receivedMessages", each.receivedMessages)
                            .add("receivedBytes", each.receivedBytes));
        }
        return Json.createObjectBuilder()
                .add("player", playerId)
                .add("name", name)
                .add("sentBytesPerSecond", Math.round(sentRate))
                .add("receivedBytesPerSecond", Math.round(receivedRate))
                .add("kinds", ofKinds)
                .build();
    }

    /** The document of the telemetry port: {@code players}, each with its figures. */
    public static JsonObject toJson(List<PlayerFigures> players) {
        JsonArrayBuilder list = Json.createArrayBuilder();
        players.forEach(player -> list.add(player.toJson()));
        return Json.createObjectBuilder().add("players", list).build();
    }
}
