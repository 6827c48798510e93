package io.gamemesh.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The files that a pod of a mesh finds: certificates, keys, token; made as the operator makes them. */
public final class MeshFiles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final KeyPair authority = keyPair();
    private final X500Principal issuer = new X500Principal("CN=test authority");

    private MeshFiles(Path directory) {
        this.directory = directory;
    }

    public static MeshFiles in(Path directory, String tlsName) throws IOException {
        MeshFiles files = new MeshFiles(directory);
        Files.createDirectories(files.secret());
        files.write("secret/ca.crt", files.sign(files.issuer, files.authority, List.of(), true));
        files.leaf("secret/tls", tlsName, "*.servers.default.svc");
        files.leaf("coordinator", "localhost");
        files.leaf("stranger", "stranger.example");
        byte[] ticketKey = new byte[32];
        RANDOM.nextBytes(ticketKey);
        Files.write(files.secret().resolve("ticket.key"), ticketKey);
        Files.writeString(files.token(), "token-of-a-pod\n");
        return files;
    }

    public Path secret() {
        return directory.resolve("secret");
    }

    public Path ca() {
        return secret().resolve("ca.crt");
    }

    public Path token() {
        return directory.resolve("token");
    }

    public Path terminationLog(String server) {
        return directory.resolve("termination-" + server);
    }

    public Path certificate(String name) {
        return directory.resolve(name + ".crt");
    }

    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    private void leaf(String name, String... dnsNames) throws IOException {
        KeyPair pair = keyPair();
        write(name + ".crt", sign(new X500Principal("CN=" + dnsNames[0]), pair, List.of(dnsNames), false));
        write(name + ".key", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private String sign(X500Principal subject, KeyPair pair, List<String> dnsNames, boolean isAuthority) {
        try {
            Instant now = Instant.now();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(96, RANDOM),
                    Date.from(now.minus(Duration.ofMinutes(5))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    subject,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (!dnsNames.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(dnsNames.stream()
                                .map(name -> new GeneralName(GeneralName.dNSName, name))
                                .toArray(GeneralName[]::new)));
            }
            return pem(
                    "CERTIFICATE",
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()))
                            .getEncoded());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }
}
