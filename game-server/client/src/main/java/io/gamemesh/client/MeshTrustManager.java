package io.gamemesh.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a server if its chain leads to the mesh's certificate authority and its certificate names the mesh. The name
 * is checked here, and not by the TLS engine against the address, since a server's address says nothing about who it
 * is, and since the QUIC engine does not honour the endpoint identification algorithm.
 */
final class MeshTrustManager extends X509ExtendedTrustManager {

    private static final int DNS_NAME = 2;

    private final X509TrustManager authority;
    private final String serverName;

    /** The TLS engine only says that it failed, so the reason for people goes this way. */
    private volatile String latestRefusal = "";

    MeshTrustManager(Collection<X509Certificate> authorities, String serverName) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("no certificate authority to trust, expected the mesh's ca.crt");
        }
        this.authority = trusting(authorities);
        this.serverName = serverName;
    }

    /** Why a server was last not trusted; empty if none was. */
    String latestRefusal() {
        return latestRefusal;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            authority.checkServerTrusted(chain, authType);
            checkName(chain[0]);
        } catch (CertificateException e) {
            latestRefusal = String.valueOf(e.getMessage());
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a client takes no connections");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authority.getAcceptedIssuers();
    }

    private void checkName(X509Certificate leaf) throws CertificateException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        boolean named = names != null
                && names.stream()
                        .anyMatch(name -> name.get(0).equals(DNS_NAME)
                                && name.get(1) instanceof String dns
                                && serverName.equalsIgnoreCase(dns));
        if (!named) {
            throw new CertificateException("the server's certificate is for " + names + ", expected " + serverName
                    + ": is this a server of that mesh?");
        }
    }

    private static X509TrustManager trusting(Collection<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("ca-" + number++, authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("this Java runtime cannot check certificates", e);
        }
    }
}
