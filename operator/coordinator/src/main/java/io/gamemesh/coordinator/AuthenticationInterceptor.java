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

/** Lets in only game servers: takes the bearer token of a call and puts the {@link Caller} into its context. */
final class AuthenticationInterceptor implements ServerInterceptor {

    static final Context.Key<Caller> CALLER = Context.key("caller");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private final Authenticator authenticator;
    private final ControlPlaneMetrics metrics;
    private final RefusalLog log;

    AuthenticationInterceptor(Authenticator authenticator, ControlPlaneMetrics metrics, RefusalLog log) {
        this.authenticator = authenticator;
        this.metrics = metrics;
        this.log = log;
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
        log.refused(status, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), reason);
        call.close(status.withDescription(reason), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
