package io.gamemesh.coordinator;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Sends callers to the leader: a replica that does not lead fails each call and says who does. */
final class LeaderInterceptor implements ServerInterceptor {

    /** The trailer that names the leader, host:port. */
    static final Metadata.Key<String> LEADER = Metadata.Key.of("gamemesh-leader", Metadata.ASCII_STRING_MARSHALLER);

    private final Leadership leadership;
    private final ControlPlaneMetrics metrics;

    LeaderInterceptor(Leadership leadership, ControlPlaneMetrics metrics) {
        this.leadership = leadership;
        this.metrics = metrics;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (leadership.leading()) {
            return next.startCall(call, headers);
        }
        metrics.redirected();
        Metadata trailers = new Metadata();
        String leader = leadership.leaderAddress().orElse(null);
        if (leader != null) {
            trailers.put(LEADER, leader);
        }
        call.close(notLeading(leader != null), trailers);
        return new ServerCall.Listener<>() {};
    }

    private static Status notLeading(boolean someoneLeads) {
        return Status.FAILED_PRECONDITION.withDescription(
                someoneLeads
                        ? "this operator does not lead; connect to the address in the trailer gamemesh-leader"
                        : "nobody leads right now; try again");
    }
}
