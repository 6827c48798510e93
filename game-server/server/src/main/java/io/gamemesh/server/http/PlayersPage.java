package io.gamemesh.server.http;

import io.gamemesh.server.ServerProcess;
import io.gamemesh.server.session.PlayerFigures;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/** Says what goes to and comes from each player, on the port of telemetry: a metric of its own for each would be too many. */
@ApplicationScoped
final class PlayersPage {
    private static final int FAILED = 500;
    private static final int STARTING = 503;

    void register(@Observes ManagementInterface management, ServerProcess process) {
        var _ = management.router().get("/players").handler(context -> answer(context, process));
    }

    private static void answer(RoutingContext context, ServerProcess process) {
        var figures = process.playerFigures();
        if (figures == null) {
            var _ = context.response().setStatusCode(STARTING).end();
            return;
        }
        var _ = figures.whenComplete((players, failure) -> answer(
                context.response(),
                players == null ? null : PlayerFigures.toJson(players).toString()));
    }

    private static void answer(HttpServerResponse response, @Nullable String json) {
        if (json == null) {
            var _ = response.setStatusCode(FAILED).end();
        } else {
            var _ = response.putHeader("Content-Type", "application/json").end(json);
        }
    }
}
