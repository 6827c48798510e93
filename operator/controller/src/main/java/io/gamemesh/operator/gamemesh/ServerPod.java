package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.gamemesh.coordinator.Authenticator;
import io.gamemesh.crd.v1alpha1.ExposureType;
import io.gamemesh.crd.v1alpha1.JwtSpec;
import java.util.ArrayList;
import java.util.List;

/** The pod of a game server, before what the user's template adds. */
final class ServerPod {

    /** The game server's container. */
    static final String CONTAINER = "game-server";

    /** Where the volume claims of a mesh with volumes are mounted. */
    static final String CACHE = "cache";

    /** Where the keys that sign players' tokens are. */
    static final String JWKS_FILE = "/etc/gamemesh/jwt/jwks.json";

    static final int PLAYERS_PORT = 7777;
    static final int QUERY_PORT = 7778;
    static final int HTTP_PORT = 8080;
    static final int METRICS_PORT = 8081;
    static final int GRPC_PORT = 9090;

    private static final long USER = 1000;
    private static final int READ_ONLY_FOR_GROUP = 0440;
    private static final long TOKEN_SECONDS = 3600;

    /** From the end of a drain to the kill: what the process needs to close its sockets and exit. */
    private static final int EXIT_SECONDS = 15;

    private ServerPod() {}

    static PodTemplateSpec of(MeshModel model) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(MeshLabels.all(model.mesh()))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(model.names().serviceAccount())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) model.spec().servers().drainTimeoutSeconds() + EXIT_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(model.selector())
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .withContainers(container(model))
                .withVolumes(volumes(model))
                .endSpec()
                .build();
    }

    private static Container container(MeshModel model) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(model.image())
                .withImagePullPolicy(pullPolicy(model))
                .withPorts(ports(model))
                .withEnv(environment())
                .withResources(resources(model))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(probe("/ready", 1, 180))
                .withReadinessProbe(probe("/ready", 10, 2))
                .withLivenessProbe(probe("/health", 30, 3))
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("File")
                .withVolumeMounts(mounts(model))
                .build();
    }

    private static String pullPolicy(MeshModel model) {
        return switch (model.spec().servers().imagePullPolicy()) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }

    private static List<ContainerPort> ports(MeshModel model) {
        ContainerPortBuilder players = new ContainerPortBuilder()
                .withName("players")
                .withContainerPort(PLAYERS_PORT)
                .withProtocol("UDP");
        if (model.spec().servers().exposure().type() == ExposureType.HOST_PORT) {
            players.withHostPort(PLAYERS_PORT);
        }
        return List.of(
                players.build(),
                tcp("query", QUERY_PORT),
                tcp("http", HTTP_PORT),
                tcp("metrics", METRICS_PORT),
                tcp("grpc", GRPC_PORT));
    }

    private static ContainerPort tcp(String name, int port) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(port)
                .withProtocol("TCP")
                .build();
    }

    private static List<EnvVar> environment() {
        return List.of(
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("POD_IP", "status.podIP"),
                field("NODE_IP", "status.hostIP"),
                cpuMillis());
    }

    /** Without a limit the kubelet fills in what the node has for pods. */
    private static EnvVar cpuMillis() {
        return new EnvVarBuilder()
                .withName("CPU_MILLIS")
                .withNewValueFrom()
                .withNewResourceFieldRef()
                .withResource("limits.cpu")
                .withDivisor(new Quantity("1m"))
                .endResourceFieldRef()
                .endValueFrom()
                .build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static ResourceRequirements resources(MeshModel model) {
        ResourceRequirements wanted = model.spec().servers().resources();
        if (wanted != null) {
            return wanted;
        }
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("384Mi"))
                .addToLimits("memory", new Quantity("1Gi"))
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("http")
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(Math.min(periodSeconds, 5))
                .withFailureThreshold(failures)
                .withSuccessThreshold(1)
                .build();
    }

    private static List<VolumeMount> mounts(MeshModel model) {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                readOnly("config", "/etc/gamemesh/config"),
                readOnly("coordinator-ca", "/etc/gamemesh/coordinator"),
                readOnly("secret", "/etc/gamemesh/secret"),
                readOnly("token", "/var/run/secrets/gamemesh"),
                writable(CACHE, "/var/cache/gamemesh"),
                writable("tmp", "/tmp")));
        if (model.spec().security().jwt() != null) {
            mounts.add(readOnly("jwt", JWKS_FILE.substring(0, JWKS_FILE.lastIndexOf('/'))));
        }
        if (StoreSecret.name(model.spec()) != null) {
            mounts.add(readOnly("store", StoreSecret.DIRECTORY));
        }
        return mounts;
    }

    private static VolumeMount readOnly(String volume, String path) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }

    private static VolumeMount writable(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    private static List<Volume> volumes(MeshModel model) {
        List<Volume> volumes = new ArrayList<>(List.of(
                new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(model.names().config())
                        .withDefaultMode(READ_ONLY_FOR_GROUP)
                        .addNewItem()
                        .withKey(MeshProperties.FILE)
                        .withPath(MeshProperties.FILE)
                        .endItem()
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("coordinator-ca")
                        .withNewConfigMap()
                        .withName(model.names().config())
                        .withDefaultMode(READ_ONLY_FOR_GROUP)
                        .addNewItem()
                        .withKey(MeshConfigMap.COORDINATOR_CA)
                        .withPath("ca.crt")
                        .endItem()
                        .endConfigMap()
                        .build(),
                secret(model),
                new VolumeBuilder()
                        .withName("token")
                        .withNewProjected()
                        .withDefaultMode(READ_ONLY_FOR_GROUP)
                        .addNewSource()
                        .withNewServiceAccountToken()
                        .withAudience(Authenticator.AUDIENCE)
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .withPath("token")
                        .endServiceAccountToken()
                        .endSource()
                        .endProjected()
                        .build(),
                emptyDir("tmp")));
        if (model.spec().servers().volume() == null) {
            volumes.add(emptyDir(CACHE));
        }
        JwtSpec jwt = model.spec().security().jwt();
        if (jwt != null) {
            volumes.add(new VolumeBuilder()
                    .withName("jwt")
                    .withNewSecret()
                    .withSecretName(jwt.jwksSecretRef().name())
                    .withDefaultMode(READ_ONLY_FOR_GROUP)
                    .addNewItem()
                    .withKey(jwt.jwksSecretRef().key())
                    .withPath(JWKS_FILE.substring(JWKS_FILE.lastIndexOf('/') + 1))
                    .endItem()
                    .endSecret()
                    .build());
        }
        String store = StoreSecret.name(model.spec());
        if (store != null) {
            volumes.add(store(store));
        }
        return volumes;
    }

    /** Without the authority's key: a server has no use for it. */
    private static Volume secret(MeshModel model) {
        return new VolumeBuilder()
                .withName("secret")
                .withNewSecret()
                .withSecretName(model.names().secret())
                .withDefaultMode(READ_ONLY_FOR_GROUP)
                .addNewItem(ServerSecret.CERTIFICATE, null, ServerSecret.CERTIFICATE)
                .addNewItem(ServerSecret.KEY, null, ServerSecret.KEY)
                .addNewItem(ServerSecret.CA_CERTIFICATE, null, ServerSecret.CA_CERTIFICATE)
                .addNewItem(ServerSecret.TICKET_KEY, null, ServerSecret.TICKET_KEY)
                .endSecret()
                .build();
    }

    /** Only what servers need, whatever else is in a Secret of a user's. */
    private static Volume store(String secret) {
        return new VolumeBuilder()
                .withName("store")
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READ_ONLY_FOR_GROUP)
                .withItems(StoreSecret.KEYS.stream()
                        .map(key -> new KeyToPath(key, null, key))
                        .toList())
                .endSecret()
                .build();
    }

    private static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }
}
