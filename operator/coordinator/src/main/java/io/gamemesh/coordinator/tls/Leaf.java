package io.gamemesh.coordinator.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A leaf certificate with its private key.
 *
 * @param certificate the certificate
 * @param key         its private key; never printed
 */
public record Leaf(X509Certificate certificate, PrivateKey key) {

    /** The type of a DNS name among the subject alternative names, RFC 5280 section 4.2.1.6. */
    private static final int DNS_NAME = 2;

    /**
     * Reads a leaf from PEM text.
     *
     * @param certificatePem one certificate
     * @param keyPem         its private key, PKCS #8
     * @return the leaf
     * @throws InvalidCertificateException if either cannot be read
     */
    public static Leaf read(String certificatePem, String keyPem) throws InvalidCertificateException {
        return new Leaf(Pem.certificate(certificatePem), Pem.privateKey(keyPem));
    }

    /**
     * Returns the certificate as PEM text.
     *
     * @return the text, ending in a line feed
     */
    public String certificatePem() {
        return Pem.text(certificate);
    }

    /**
     * Returns the private key as PEM text (PKCS #8).
     *
     * @return the text, ending in a line feed
     */
    public String keyPem() {
        return Pem.text(key);
    }

    /**
     * Says whether it is time for a new one: less than a third of its life is left, or it is not valid yet.
     *
     * @param now the time
     * @return true if so
     */
    public boolean dueForRenewal(Instant now) {
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Duration third = Duration.between(start, end).dividedBy(3);
        return now.isBefore(start) || !now.isBefore(end.minus(third));
    }

    /**
     * Says whether the certificate is valid for all of these names, literally (a wildcard covers only itself).
     *
     * @param dnsNames the names
     * @return true if so
     */
    public boolean names(Collection<String> dnsNames) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return dnsNames.isEmpty();
            }
            Set<String> present = alternatives.stream()
                    .filter(entry -> Objects.equals(entry.getFirst(), DNS_NAME))
                    .map(entry -> String.valueOf(entry.get(1)))
                    .collect(Collectors.toSet());
            return present.containsAll(dnsNames);
        } catch (CertificateParsingException unreadable) {
            throw new IllegalStateException("certificate that was read has unreadable names", unreadable);
        }
    }

    @Override
    public String toString() {
        return "Leaf[" + certificate.getSubjectX500Principal() + ", until " + certificate.getNotAfter() + "]";
    }
}
