package io.gamemesh.server.peer;

import io.gamemesh.server.metrics.ServerMetrics;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets only servers of this mesh call. TLS has checked by then that the mesh's authority has signed the certificate;
 * here it is that the certificate is a server's.
 */
final class PeerCertificateCheck implements ServerInterceptor {
    private static final Logger LOG = Logger.getLogger(PeerCertificateCheck.class);
    private static final int DNS_NAME = 2;

    private final String tlsName;
    private final ServerMetrics metrics;

    PeerCertificateCheck(String tlsName, ServerMetrics metrics) {
        this.tlsName = tlsName;
        this.metrics = metrics;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (isPeer(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))) {
            return next.startCall(call, headers);
        }
        metrics.refused("peer-certificate");
        LOG.warnf("Refused %s on the peers' port", call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        call.close(
                Status.PERMISSION_DENIED.withDescription(
                        "the certificate does not name " + tlsName + ": only servers of this mesh call here"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private boolean isPeer(@Nullable SSLSession session) {
        if (session == null) {
            return false;
        }
        try {
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> name.getFirst().equals(DNS_NAME) && tlsName.equals(name.getLast()));
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            LOG.debugf(e, "A caller on the peers' port has no readable certificate");
            return false;
        }
    }
}
