package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.gamemesh.crd.v1alpha1.Endpoints;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.crd.v1alpha1.GameMeshStatus;
import io.gamemesh.crd.v1alpha1.ServerPhase;
import io.gamemesh.crd.v1alpha1.ServerStatus;
import io.gamemesh.crd.v1alpha1.Summary;
import io.gamemesh.operator.Conditions;
import io.gamemesh.planner.coordinator.MeshView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GameMesh.status} from what a reconciliation has seen. A pure function; its conditions are the reconciler's. */
final class MeshStatus {

    static final String VALID = "Valid";
    static final String AUTOSCALING = "Autoscaling";
    static final String READY = "Ready";
    static final String AVAILABLE = "Available";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";

    private static final String NOT_COORDINATED = "NotCoordinated";

    /** A server's load is written again only when it has moved by this much. */
    private static final int LOAD_STEP = 10;

    private MeshStatus() {}

    static GameMeshStatus of(GameMesh mesh, Observation seen, Instant now) {
        GameMeshStatus before = Optional.ofNullable(mesh.getStatus()).orElseGet(GameMeshStatus::new);
        Figures figures = Figures.of(mesh, seen);
        MeshNames names = new MeshNames(
                mesh.getMetadata().getNamespace(), mesh.getMetadata().getName());
        List<ServerStatus> servers = servers(before, seen.view());
        return new GameMeshStatus()
                .toBuilder()
                        .observedGeneration(mesh.getMetadata().getGeneration())
                        .conditions(conditions(before, mesh.getMetadata().getGeneration(), seen, figures, now))
                        .replicas(figures.pods())
                        .readyReplicas(figures.readyPods())
                        .desiredReplicas(figures.wanted())
                        .selector(selector(names.mesh()))
                        .players(figures.players())
                        .regions(figures.regions())
                        .readyRegions(figures.readyRegions())
                        .tickRate(tickRate(seen))
                        .summary(new Summary(
                                figures.readyServers() + "/" + figures.wanted(),
                                figures.readyRegions() + "/" + figures.regions()))
                        .endpoints(new Endpoints(playerAddress(servers), query(names)))
                        .servers(servers)
                        .build();
    }

    /** The numbers that conditions and columns are about. */
    private record Figures(
            int wanted,
            int pods,
            int readyPods,
            int oldPods,
            int readyServers,
            int regions,
            int readyRegions,
            int movingRegions,
            int players) {

        static Figures of(GameMesh mesh, Observation seen) {
            GameMeshSpec spec = seen.spec();
            MeshView view = seen.view();
            StatefulSetStatus pods = Optional.ofNullable(seen.statefulSet())
                    .map(StatefulSet::getStatus)
                    .orElseGet(StatefulSetStatus::new);
            int replicas = number(pods.getReplicas());
            return new Figures(
                    spec == null ? 0 : wanted(mesh, spec, seen),
                    replicas,
                    number(pods.getReadyReplicas()),
                    replicas - updated(pods, replicas),
                    view == null ? 0 : Math.min(view.readyServers(), number(pods.getReadyReplicas())),
                    view == null ? 0 : Math.max(view.regions(), view.regionsExpected()),
                    view == null ? 0 : view.readyRegions(),
                    view == null ? 0 : view.movingRegions(),
                    view == null ? 0 : view.players());
        }

        private static int wanted(GameMesh mesh, GameMeshSpec spec, Observation seen) {
            MeshView view = seen.view();
            if (view != null && view.leading()) {
                return view.replicas().desired();
            }
            // The next leader takes this for what was decided, which the pods of servers being emptied are not.
            int before = mesh.getStatus() == null ? 0 : mesh.getStatus().desiredReplicas();
            return before > 0 ? before : spec.servers().replicas();
        }

        /** Kubernetes leaves the number out once all pods are of the present revision. */
        private static int updated(StatefulSetStatus pods, int replicas) {
            boolean same =
                    pods.getUpdateRevision() == null || pods.getUpdateRevision().equals(pods.getCurrentRevision());
            return same ? replicas : number(pods.getUpdatedReplicas());
        }

        private static int number(@Nullable Integer value) {
            return value == null ? 0 : value;
        }
    }

    private static List<Condition> conditions(
            GameMeshStatus before, long generation, Observation seen, Figures figures, Instant now) {
        Conditions conditions = new Conditions(before.conditions(), generation, now);
        conditions.set(
                READY, unready(seen, figures).isEmpty(), readyReason(seen, figures), readyMessage(seen, figures));
        boolean available =
                figures.readyServers() > 0 && seen.view() != null && seen.view().leading();
        conditions.set(
                AVAILABLE,
                available,
                available ? "ServersReady" : "NoServerReady",
                available ? figures.readyServers() + " servers take players" : "no server takes players");
        List<String> steps = steps(seen, figures);
        conditions.set(
                PROGRESSING,
                !steps.isEmpty(),
                steps.isEmpty() ? "Complete" : "Changing",
                steps.isEmpty() ? "nothing is under way" : String.join("; ", steps));
        List<String> troubles = troubles(seen);
        conditions.set(
                DEGRADED,
                !troubles.isEmpty(),
                troubles.isEmpty() ? "AsExpected" : degradedReason(seen),
                troubles.isEmpty() ? "nothing is wrong" : String.join("; ", troubles));
        conditions.set(
                VALID,
                seen.validity().valid(),
                seen.validity().valid() ? "Valid" : "Invalid",
                seen.validity().valid() || seen.spec() == null
                        ? seen.validity().message()
                        : seen.validity().message() + "; the last valid spec keeps running");
        autoscaling(conditions, seen, figures);
        return conditions.all();
    }

    /** Of what is wrong, that which the rest most likely follows from. */
    private static String degradedReason(Observation seen) {
        if (!seen.failures().isEmpty()) {
            return "WritesFailing";
        }
        return seen.storeFaults().isEmpty() ? "ServersFailing" : "StoreSecretUnusable";
    }

    private static void autoscaling(Conditions conditions, Observation seen, Figures figures) {
        GameMeshSpec spec = seen.spec();
        String limited = seen.view() == null ? null : seen.view().replicas().limited();
        if (!seen.podScalers().isEmpty()) {
            conditions.set(
                    AUTOSCALING,
                    false,
                    "Conflict",
                    "HorizontalPodAutoscaler " + String.join(", ", seen.podScalers())
                            + " scales the StatefulSet, which the operator sets back each time: its scaleTargetRef has to be"
                            + " the GameMesh of that name, not the StatefulSet");
        } else if (spec == null || !spec.autoscaling().enabled()) {
            conditions.set(AUTOSCALING, false, "Disabled", "spec.servers.replicas says how many servers there are");
        } else if (!seen.scalers().isEmpty()) {
            conditions.set(
                    AUTOSCALING,
                    false,
                    "Conflict",
                    "HorizontalPodAutoscaler " + String.join(", ", seen.scalers())
                            + " sets spec.servers.replicas, which is only the floor while spec.autoscaling is enabled: of"
                            + " what the two want there is the greater; delete it, or set spec.autoscaling.enabled to"
                            + " false");
        } else if (seen.view() == null || !seen.view().leading()) {
            conditions.setUnknown(
                    AUTOSCALING,
                    NOT_COORDINATED,
                    "no operator leads: there are to be " + figures.wanted() + " servers as before until one does");
        } else if (limited != null) {
            conditions.set(AUTOSCALING, true, "AtMaximum", limited + "; raise it, or players may be refused");
        } else {
            conditions.set(
                    AUTOSCALING,
                    true,
                    "WithinLimits",
                    figures.wanted() + " servers are wanted, of "
                            + spec.servers().replicas() + " to "
                            + spec.autoscaling().maxReplicas());
        }
    }

    private static String readyReason(Observation seen, Figures figures) {
        List<String> missing = unready(seen, figures);
        return missing.isEmpty() ? "AllReady" : missing.getFirst();
    }

    /** What is missing to be ready, as reasons, the most basic first. */
    private static List<String> unready(Observation seen, Figures figures) {
        List<String> missing = new ArrayList<>();
        if (seen.spec() == null) {
            missing.add("Invalid");
        } else if (seen.view() == null || !seen.view().leading()) {
            missing.add(NOT_COORDINATED);
        } else {
            if (figures.readyServers() < figures.wanted()) {
                missing.add("ServersNotReady");
            }
            if (figures.readyRegions() < figures.regions()) {
                missing.add("RegionsNotReady");
            }
        }
        return missing;
    }

    private static String readyMessage(Observation seen, Figures figures) {
        if (seen.spec() == null) {
            return "there never was a valid spec; see the condition " + VALID;
        }
        return figures.readyServers() + " of " + figures.wanted() + " servers and " + figures.readyRegions() + " of "
                + figures.regions() + " regions are ready";
    }

    private static List<String> steps(Observation seen, Figures figures) {
        List<String> steps = new ArrayList<>();
        if (seen.spec() == null) {
            return steps;
        }
        if (figures.pods() > figures.wanted()) {
            steps.add(figures.pods() - figures.wanted() + " pods are to go once their regions have been moved");
        } else if (figures.pods() < figures.wanted()) {
            steps.add(figures.pods() + " of " + figures.wanted() + " pods are there");
        }
        if (figures.readyServers() < figures.wanted()) {
            steps.add(figures.readyServers() + " of " + figures.wanted() + " servers are ready");
        }
        if (figures.readyRegions() + figures.movingRegions() < figures.regions()) {
            steps.add(figures.readyRegions() + " of " + figures.regions() + " regions are ready");
        }
        if (figures.movingRegions() > 0) {
            steps.add(figures.movingRegions() + " regions are being moved");
        }
        if (figures.oldPods() > 0) {
            steps.add(
                    figures.pods() == 1
                            ? "the only pod is of an older revision: add a server before you delete it, or nobody takes"
                                    + " over its regions"
                            : figures.oldPods()
                                    + " pods are of an older revision: delete them one by one to renew them");
        }
        return steps;
    }

    private static List<String> troubles(Observation seen) {
        List<String> troubles = new ArrayList<>(seen.failures());
        troubles.addAll(seen.storeFaults());
        troubles.addAll(seen.troubles());
        MeshView view = seen.view();
        if (view != null) {
            view.servers().stream()
                    .filter(server -> server.phase() == MeshView.ServerPhase.UNREACHABLE)
                    .map(server -> "server " + server.name() + " (incarnation " + server.incarnation()
                            + ") is silent but not known dead, and keeps its " + server.regions() + " regions")
                    .forEach(troubles::add);
        }
        return troubles;
    }

    private static List<ServerStatus> servers(GameMeshStatus before, @Nullable MeshView view) {
        if (view == null) {
            return List.of();
        }
        Map<String, ServerStatus> present = before.servers().stream()
                .collect(Collectors.toMap(ServerStatus::name, Function.identity(), (first, second) -> second));
        return view.servers().stream()
                .collect(Collectors.toMap(MeshView.Server::name, Function.identity(), MeshStatus::latest))
                .values()
                .stream()
                .sorted(Comparator.comparing(MeshView.Server::name))
                .map(server -> server(server, present.get(server.name())))
                .toList();
    }

    /** Of two processes of one name, the one that came later. */
    private static MeshView.Server latest(MeshView.Server one, MeshView.Server other) {
        return one.incarnation() >= other.incarnation() ? one : other;
    }

    private static ServerStatus server(MeshView.Server server, @Nullable ServerStatus before) {
        int load = before != null && before.load() != 0 && Math.abs(before.load() - server.loadPercent()) < LOAD_STEP
                ? before.load()
                : server.loadPercent();
        return new ServerStatus(
                server.name(),
                server.incarnation() == 0 ? null : server.incarnation(),
                phase(server.phase()),
                textOrNull(server.playerAddress()),
                textOrNull(server.internalPlayerAddress()),
                server.players(),
                server.regions(),
                load);
    }

    private static ServerPhase phase(MeshView.ServerPhase phase) {
        return switch (phase) {
            case STARTING -> ServerPhase.STARTING;
            case READY -> ServerPhase.READY;
            case UNREACHABLE -> ServerPhase.UNREACHABLE;
            case DRAINING -> ServerPhase.DRAINING;
            case TERMINATED -> ServerPhase.TERMINATED;
        };
    }

    /** Whole ticks, so that a status is not written anew for a fraction. */
    private static @Nullable Integer tickRate(Observation seen) {
        return seen.view() == null || seen.view().tickRate() <= 0
                ? null
                : (int) Math.round(seen.view().tickRate());
    }

    private static @Nullable String playerAddress(List<ServerStatus> servers) {
        return servers.stream()
                .filter(server -> server.phase() == ServerPhase.READY)
                .flatMap(server -> Optional.ofNullable(server.address()).stream())
                .findFirst()
                .orElse(null);
    }

    private static String query(MeshNames names) {
        return names.queryService() + "." + names.namespace() + ".svc:" + ServerPod.QUERY_PORT;
    }

    private static String selector(String mesh) {
        return MeshLabels.selector(mesh).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static @Nullable String textOrNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
