package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.gamemesh.coordinator.tls.CertificateAuthority;
import io.gamemesh.coordinator.tls.Leaf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSecretTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final MeshModel model = Meshes.model("defaults");
    private final Secret made = ServerSecret.of(model, null, NOW, random);

    @Test
    void holdsACertificateForClientsAndForPeers() throws Exception {
        Leaf leaf = Leaf.read(text(made, ServerSecret.CERTIFICATE), text(made, ServerSecret.KEY));
        CertificateAuthority authority = CertificateAuthority.read(
                text(made, ServerSecret.CA_CERTIFICATE), text(made, ServerSecret.CA_KEY), random);

        assertThat(leaf.names(List.of("demo.default.gamemesh", "*.demo-servers.default.svc")))
                .isTrue();
        assertThat(authority.issued(leaf)).isTrue();
        assertThat(Base64.getDecoder().decode(made.getData().get(ServerSecret.TICKET_KEY)))
                .hasSize(32);
    }

    @Test
    void staysAsItIs() {
        Secret again = ServerSecret.of(model, made, NOW.plus(Duration.ofDays(100)), random);

        assertThat(again.getData()).isEqualTo(made.getData());
    }

    @Test
    void renewsTheCertificateAloneWhenItIsDue() {
        Secret renewed = ServerSecret.of(model, made, NOW.plus(Duration.ofDays(300)), random);

        assertThat(renewed.getData().get(ServerSecret.CERTIFICATE))
                .isNotEqualTo(made.getData().get(ServerSecret.CERTIFICATE));
        for (String kept : List.of(ServerSecret.CA_CERTIFICATE, ServerSecret.CA_KEY, ServerSecret.TICKET_KEY)) {
            assertThat(renewed.getData().get(kept)).isEqualTo(made.getData().get(kept));
        }
    }

    @Test
    void refusesToReplaceADamagedAuthority() {
        made.getData().put(ServerSecret.CA_CERTIFICATE, "bm9uc2Vuc2U=");

        assertThatThrownBy(() -> ServerSecret.of(model, made, NOW, random))
                .hasMessageContaining("default/demo-server")
                .hasMessageContaining("restore it");
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
