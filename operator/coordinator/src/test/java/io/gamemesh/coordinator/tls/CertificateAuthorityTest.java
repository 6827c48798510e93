package io.gamemesh.coordinator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority = CertificateAuthority.create("authority", NOW, random);

    @Test
    void issuesCertificatesThatAreValidUnderIt() throws Exception {
        Leaf leaf = issue("demo.default.gamemesh");

        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate root = (X509Certificate) factory.generateCertificate(
                new ByteArrayInputStream(authority.certificatePem().getBytes(StandardCharsets.US_ASCII)));
        PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        trust.setRevocationEnabled(false);
        trust.setDate(Date.from(NOW.plus(YEAR).minusSeconds(1)));
        CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(List.of(leaf.certificate())), trust);
    }

    @Test
    void issuesCertificatesForTheNamesAskedForAndBothEndsOfAConnection() throws Exception {
        Leaf leaf = issue("demo.default.gamemesh", "*.demo-servers.default.svc");

        assertThat(leaf.names(List.of("demo.default.gamemesh", "*.demo-servers.default.svc")))
                .isTrue();
        assertThat(leaf.names(List.of("other.default.gamemesh"))).isFalse();
        assertThat(leaf.certificate().getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void readsItselfAndItsCertificatesBackFromText() throws Exception {
        Leaf leaf = issue("demo.default.gamemesh");

        CertificateAuthority read = CertificateAuthority.read(authority.certificatePem(), authority.keyPem(), random);
        Leaf readLeaf = Leaf.read(leaf.certificatePem(), leaf.keyPem());

        assertThat(readLeaf).isEqualTo(leaf);
        assertThat(read.issued(readLeaf)).isTrue();
        assertThat(read.issued(read.issue(request("next"), NOW))).isTrue();
    }

    @Test
    void knowsTheCertificatesOfAnotherAuthorityAsForeign() {
        CertificateAuthority other = CertificateAuthority.create("authority", NOW, random);

        assertThat(other.issued(issue("demo.default.gamemesh"))).isFalse();
    }

    @Test
    void wantsACertificateRenewedInTheLastThirdOfItsLife() {
        Leaf leaf = issue("demo.default.gamemesh");

        assertThat(leaf.dueForRenewal(NOW)).isFalse();
        assertThat(leaf.dueForRenewal(NOW.plus(Duration.ofDays(240)))).isFalse();
        assertThat(leaf.dueForRenewal(NOW.plus(Duration.ofDays(245)))).isTrue();
        assertThat(leaf.dueForRenewal(NOW.plus(YEAR).plusSeconds(1))).isTrue();
    }

    @Test
    void refusesDamagedTextAndSaysWhichPart() {
        String certificate = authority.certificatePem();
        String key = authority.keyPem();

        assertThatThrownBy(() -> CertificateAuthority.read("", key, random))
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessageContaining("CERTIFICATE");
        assertThatThrownBy(() -> CertificateAuthority.read(certificate, key.replaceFirst("M", "!"), random))
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessageContaining("PRIVATE KEY");
    }

    @Test
    void neverPrintsAKey() {
        Leaf leaf = issue("demo.default.gamemesh");

        String secret = leaf.keyPem().lines().skip(1).findFirst().orElseThrow();

        assertThat(leaf.toString()).contains("demo.default.gamemesh").doesNotContain(secret);
        assertThat(authority.toString()).doesNotContain("PRIVATE");
    }

    private Leaf issue(String... names) {
        return authority.issue(request(names), NOW);
    }

    private static LeafRequest request(String... names) {
        return new LeafRequest(names[0], List.of(names), YEAR);
    }
}
