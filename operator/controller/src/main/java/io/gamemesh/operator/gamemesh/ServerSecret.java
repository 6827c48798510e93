package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.InvalidCertificateException;
import io.gamemesh.coordinator.tls.Leaf;
import io.gamemesh.coordinator.tls.LeafRequest;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.operator.SecretText;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mesh's own certificate authority, the servers' certificate, and the key that signs tickets. Made once: a second
 * authority would cut off all who trust the first. So it is created and updated, never applied: where another was faster
 * the API server refuses, and the next reconciliation takes what is there.
 */
@Singleton
@KubernetesDependent(useSSA = BooleanWithUndefined.FALSE, informer = @Informer(labelSelector = MeshLabels.MANAGED))
class ServerSecret extends CRUDKubernetesDependentResource<Secret, GameMesh> {

    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String CA_CERTIFICATE = "ca.crt";
    static final String CA_KEY = "ca.key";
    static final String TICKET_KEY = "ticket.key";

    private static final int TICKET_KEY_BYTES = 32;
    private static final Duration LEAF_VALIDITY = Duration.ofDays(365);

    private final Clock clock;
    private final SecureRandom random;

    ServerSecret(Clock clock, SecureRandom random) {
        super(Secret.class);
        this.clock = clock;
        this.random = random;
    }

    @Override
    protected Secret desired(GameMesh mesh, Context<GameMesh> context) {
        Secret present = context.getSecondaryResource(Secret.class).orElse(null);
        return of(MeshModel.of(context), present, clock.instant(), random);
    }

    /** The authority's certificate as PEM text, if the Secret has it. */
    static Optional<String> authorityCertificate(Secret secret) {
        return Optional.ofNullable(SecretText.read(secret, CA_CERTIFICATE));
    }

    static Secret of(MeshModel model, @Nullable Secret present, Instant now, SecureRandom random) {
        Map<String, String> data = new HashMap<>();
        CertificateAuthority authority = authority(model, present, now, random);
        Leaf leaf = leaf(model, present, authority, now);
        data.put(CA_CERTIFICATE, SecretText.encode(authority.certificatePem()));
        data.put(CA_KEY, SecretText.encode(authority.keyPem()));
        data.put(CERTIFICATE, SecretText.encode(leaf.certificatePem()));
        data.put(KEY, SecretText.encode(leaf.keyPem()));
        data.put(TICKET_KEY, ticketKey(present, random));
        return new SecretBuilder()
                .withMetadata(model.metadata(model.names().secret()))
                .withType("Opaque")
                .withData(data)
                .build();
    }

    private static CertificateAuthority authority(
            MeshModel model, @Nullable Secret present, Instant now, SecureRandom random) {
        String certificate = SecretText.read(present, CA_CERTIFICATE);
        String key = SecretText.read(present, CA_KEY);
        if (certificate != null && key != null) {
            try {
                return CertificateAuthority.read(certificate, key, random);
            } catch (InvalidCertificateException invalid) {
                throw new IllegalStateException(
                        "Secret " + model.names().namespace() + "/"
                                + model.names().secret()
                                + ": the certificate authority is damaged (" + invalid.getMessage()
                                + "); restore it, or delete the Secret and restart all servers and clients",
                        invalid);
            }
        }
        return CertificateAuthority.create("Gamemesh " + model.names().tlsName(), now, random);
    }

    private static Leaf leaf(MeshModel model, @Nullable Secret present, CertificateAuthority authority, Instant now) {
        List<String> names = List.of(model.names().tlsName(), model.names().tlsWildcard());
        String certificate = SecretText.read(present, CERTIFICATE);
        String key = SecretText.read(present, KEY);
        if (certificate != null && key != null) {
            try {
                Leaf leaf = Leaf.read(certificate, key);
                if (!leaf.dueForRenewal(now) && leaf.names(names) && authority.issued(leaf)) {
                    return leaf;
                }
            } catch (InvalidCertificateException damaged) {
                return authority.issue(new LeafRequest(model.names().tlsName(), names, LEAF_VALIDITY), now);
            }
        }
        return authority.issue(new LeafRequest(model.names().tlsName(), names, LEAF_VALIDITY), now);
    }

    private static String ticketKey(@Nullable Secret present, SecureRandom random) {
        String encoded = present == null ? null : present.getData().get(TICKET_KEY);
        if (encoded != null && Base64.getDecoder().decode(encoded).length == TICKET_KEY_BYTES) {
            return encoded;
        }
        byte[] key = new byte[TICKET_KEY_BYTES];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
