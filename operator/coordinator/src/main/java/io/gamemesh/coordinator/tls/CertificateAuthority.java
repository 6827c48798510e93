package io.gamemesh.coordinator.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A private certificate authority: a self-signed root (P-256, ECDSA with SHA-256, RFC 5280 profile) that signs leaf
 * certificates for both ends of a connection. Immutable and safe for use by several threads.
 */
public final class CertificateAuthority {

    /** How long a new authority is valid. */
    public static final Duration VALIDITY = Duration.ofDays(3650);

    /** Certificates are valid from a little before their issue, so that a client whose clock is behind takes them. */
    static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

    private static final int SERIAL_BITS = 127;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    /**
     * Makes a new authority.
     *
     * @param commonName what people read as its name
     * @param now        the time; it is valid for {@link #VALIDITY} from then
     * @param random     the source of its key and serial numbers
     * @return the authority
     */
    public static CertificateAuthority create(String commonName, Instant now, SecureRandom random) {
        KeyPair pair = keyPair(random);
        X500Name name = name(commonName);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            name,
                            serial(random),
                            Date.from(now.minus(CLOCK_TOLERANCE)),
                            Date.from(now.plus(VALIDITY)),
                            name,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(sign(builder, pair.getPrivate(), random), pair.getPrivate(), random);
        } catch (GeneralSecurityException | OperatorCreationException | IOException failure) {
            throw new IllegalStateException("cannot make the certificate authority " + commonName, failure);
        }
    }

    /**
     * Reads an authority from PEM text.
     *
     * @param certificatePem its certificate
     * @param keyPem         its private key, PKCS #8
     * @param random         the source of keys and serial numbers for what it issues
     * @return the authority
     * @throws InvalidCertificateException if either cannot be read
     */
    public static CertificateAuthority read(String certificatePem, String keyPem, SecureRandom random)
            throws InvalidCertificateException {
        return new CertificateAuthority(Pem.certificate(certificatePem), Pem.privateKey(keyPem), random);
    }

    /**
     * Issues a leaf certificate with a new key, for servers and clients both.
     *
     * @param request what it shall say
     * @param now     the time; it is valid from a little before then
     * @return the leaf
     */
    public Leaf issue(LeafRequest request, Instant now) {
        KeyPair pair = keyPair(random);
        GeneralName[] names = request.dnsNames().stream()
                .map(dnsName -> new GeneralName(GeneralName.dNSName, dnsName))
                .toArray(GeneralName[]::new);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            certificate,
                            serial(random),
                            Date.from(now.minus(CLOCK_TOLERANCE)),
                            Date.from(now.plus(request.validity())),
                            name(request.commonName()),
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate));
            return new Leaf(sign(builder, key, random), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException failure) {
            throw new IllegalStateException("cannot issue the certificate " + request.commonName(), failure);
        }
    }

    /**
     * Says whether this authority has signed a leaf.
     *
     * @param leaf the leaf
     * @return true if the signature is this authority's
     */
    public boolean issued(Leaf leaf) {
        try {
            leaf.certificate().verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException foreign) {
            return false;
        }
    }

    /**
     * Returns the authority's certificate as PEM text: what others trust.
     *
     * @return the text, ending in a line feed
     */
    public String certificatePem() {
        return Pem.text(certificate);
    }

    /**
     * Returns the authority's private key as PEM text (PKCS #8).
     *
     * @return the text, ending in a line feed
     */
    public String keyPem() {
        return Pem.text(key);
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setSecureRandom(random)
                        .build(key)));
    }

    private static KeyPair keyPair(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has P-256", impossible);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
    }
}
