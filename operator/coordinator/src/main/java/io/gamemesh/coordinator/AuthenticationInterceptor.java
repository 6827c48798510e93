package io.gamemesh.coordinator;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in only game servers: takes the bearer token of a call and puts the {@link Caller} into its context. */
final class AuthenticationInterceptor implements ServerInterceptor {

    static final Context.Key<Caller> CALLER = Context.key("caller");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationInterceptor.class);

    private final Authenticator authenticator;
    private final ControlPlaneMetrics metrics;

    AuthenticationInterceptor(Authenticator authenticator, ControlPlaneMetrics metrics) {
        this.authenticator = authenticator;
        this.metrics = metrics;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return switch (authenticate(headers.get(AUTHORIZATION))) {
            case Authentication.Accepted(Caller caller) ->
                Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
            case Authentication.Refused(String reason) -> close(call, Status.UNAUTHENTICATED, reason);
            case Authentication.Unavailable(String reason) -> close(call, Status.UNAVAILABLE, reason);
        };
    }

    private Authentication authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return new Authentication.Refused(
                    "expected the header \"authorization: Bearer TOKEN\" with a token for " + Authenticator.AUDIENCE);
        }
        return authenticator.authenticate(authorization.substring(SCHEME.length()));
    }

    private <Q, A> ServerCall.Listener<Q> close(ServerCall<Q, A> call, Status status, String reason) {
        metrics.refused(status.getCode());
        LOG.atWarn()
                .addKeyValue("status", status.getCode())
                .addKeyValue("peer", call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                .log("call refused: {}", reason);
        call.close(status.withDescription(reason), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
