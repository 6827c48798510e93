package io.gamemesh.coordinator;

import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ServerMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The gRPC service {@code gamemesh.v1.Coordinator}: opens each stream at the mailbox of its mesh. */
final class CoordinatorService extends CoordinatorGrpc.CoordinatorImplBase {

    private final ControlPlane controlPlane;
    private final StreamLimits limits;
    private final ScheduledExecutorService timer;
    private final ControlPlaneMetrics metrics;
    private final AtomicLong streams = new AtomicLong();

    CoordinatorService(
            ControlPlane controlPlane,
            StreamLimits limits,
            ScheduledExecutorService timer,
            ControlPlaneMetrics metrics) {
        this.controlPlane = controlPlane;
        this.limits = limits;
        this.timer = timer;
        this.metrics = metrics;
    }

    @Override
    public StreamObserver<ServerMessage> connect(StreamObserver<CoordinatorMessage> responses) {
        Caller caller = AuthenticationInterceptor.CALLER.get();
        if (caller == null) {
            throw new IllegalStateException("a call without a caller has passed the interceptor");
        }
        StreamHandler handler = controlPlane.handler(caller.mesh()).orElse(null);
        if (handler == null) {
            metrics.refused(Status.Code.UNAVAILABLE);
            responses.onError(Status.UNAVAILABLE
                    .withDescription("mesh " + caller.mesh() + " is not known to this operator (yet); try again")
                    .asRuntimeException());
            return new Ignored();
        }
        ServerStream stream = new ServerStream(
                caller,
                streams.incrementAndGet(),
                (ServerCallStreamObserver<CoordinatorMessage>) responses,
                handler,
                limits,
                metrics);
        stream.open(
                timer.schedule(stream::refuseSilence, limits.registerWithin().toMillis(), TimeUnit.MILLISECONDS));
        handler.opened(stream);
        return stream;
    }

    /** Takes what still comes on a call that has been refused. */
    private static final class Ignored implements StreamObserver<ServerMessage> {
        @Override
        public void onNext(ServerMessage message) {}

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {}
    }
}
