package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.InvalidCertificateException;
import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.coordinator.tls.LeafRequest;
import io.gamemesh.operator.OperatorSettings;
import io.gamemesh.operator.SecretText;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who the control plane is to game servers: its address, and a certificate that all replicas share, kept in a Secret.
 * Whichever replica comes first makes it; whichever first sees that it is due renews it. Safe for use by several threads.
 */
@Singleton
public class ControlPlaneIdentity {

    /** The Secret's name, in the operator's namespace. */
    public static final String SECRET = "gamemesh-operator-tls";

    /** The Service's name, in the operator's namespace. */
    public static final String SERVICE = "gamemesh-coordinator";

    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String CA_CERTIFICATE = "ca.crt";
    private static final String CA_KEY = "ca.key";
    private static final Duration VALIDITY = Duration.ofDays(365);
    private static final int ATTEMPTS = 10;

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private volatile @Nullable Credentials current;

    private record Credentials(CertificateAuthority authority, Leaf leaf) {}

    ControlPlaneIdentity(KubernetesClient client, OperatorSettings settings, Clock clock, SecureRandom random) {
        this.client = client;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Returns what game servers are told to connect to.
     *
     * @return host:port
     */
    public String endpoint() {
        return settings.coordinator()
                .endpoint()
                .orElseGet(() -> SERVICE + "." + settings.pod().namespace() + ".svc:"
                        + settings.coordinator().port());
    }

    /**
     * Returns what game servers trust.
     *
     * @return the authority's certificate as PEM text
     */
    public String authorityCertificate() {
        return credentials().authority().certificatePem();
    }

    /**
     * Returns the certificate to present.
     *
     * @return the leaf
     */
    Leaf leaf() {
        return credentials().leaf();
    }

    /**
     * Looks at the Secret again: takes a certificate that another replica has renewed, and renews one that is due.
     *
     * @return the certificate to present from now on
     */
    Leaf refresh() {
        current = load();
        return leaf();
    }

    private Credentials credentials() {
        Credentials known = current;
        if (known == null) {
            known = load();
            current = known;
        }
        return known;
    }

    private Credentials load() {
        for (int attempt = 1; ; attempt++) {
            try {
                return loadOnce();
            } catch (KubernetesClientException raced) {
                if (raced.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
                    throw raced;
                }
            }
        }
    }

    private Credentials loadOnce() {
        Secret present = client.secrets()
                .inNamespace(settings.pod().namespace())
                .withName(SECRET)
                .get();
        Instant now = clock.instant();
        CertificateAuthority authority = authority(present, now);
        Leaf leaf = usableLeaf(present, authority, now).orElse(null);
        if (leaf != null) {
            return new Credentials(authority, leaf);
        }
        Leaf issued = authority.issue(new LeafRequest("Gamemesh control plane", names(), VALIDITY), now);
        store(present, authority, issued);
        return new Credentials(authority, issued);
    }

    private CertificateAuthority authority(@Nullable Secret present, Instant now) {
        String certificate = SecretText.read(present, CA_CERTIFICATE);
        String key = SecretText.read(present, CA_KEY);
        if (certificate == null || key == null) {
            return CertificateAuthority.create("Gamemesh control plane authority", now, random);
        }
        try {
            return CertificateAuthority.read(certificate, key, random);
        } catch (InvalidCertificateException damaged) {
            throw new IllegalStateException(
                    "Secret " + settings.pod().namespace() + "/" + SECRET + ": the certificate authority is damaged ("
                            + damaged.getMessage() + "); restore it, or delete the Secret and restart all operators"
                            + " and game servers",
                    damaged);
        }
    }

    private Optional<Leaf> usableLeaf(@Nullable Secret present, CertificateAuthority authority, Instant now) {
        String certificate = SecretText.read(present, CERTIFICATE);
        String key = SecretText.read(present, KEY);
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        try {
            Leaf leaf = Leaf.read(certificate, key);
            boolean usable = !leaf.dueForRenewal(now) && leaf.names(names()) && authority.issued(leaf);
            return usable ? Optional.of(leaf) : Optional.empty();
        } catch (InvalidCertificateException damaged) {
            return Optional.empty();
        }
    }

    /** Creates or updates, never applies: whoever was slower is refused and takes what is there. */
    private void store(@Nullable Secret present, CertificateAuthority authority, Leaf leaf) {
        Map<String, String> data = Map.of(
                CA_CERTIFICATE, SecretText.encode(authority.certificatePem()),
                CA_KEY, SecretText.encode(authority.keyPem()),
                CERTIFICATE, SecretText.encode(leaf.certificatePem()),
                KEY, SecretText.encode(leaf.keyPem()));
        if (present == null) {
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace(settings.pod().namespace())
                            .withName(SECRET)
                            .addToLabels("app.kubernetes.io/name", "gamemesh")
                            .addToLabels("app.kubernetes.io/component", "operator")
                            .endMetadata()
                            .withType("Opaque")
                            .withData(data)
                            .build())
                    .create();
        } else {
            client.resource(new SecretBuilder(present).withData(data).build()).update();
        }
    }

    /** The Service's names, those of single pods behind it included, and the host that servers are told. */
    private List<String> names() {
        String service = SERVICE + "." + settings.pod().namespace() + ".svc";
        String endpoint = endpoint();
        String host = endpoint.substring(0, endpoint.lastIndexOf(':'));
        return List.of(SERVICE, service, service + ".cluster.local", "*." + service, host).stream()
                .distinct()
                .toList();
    }
}
