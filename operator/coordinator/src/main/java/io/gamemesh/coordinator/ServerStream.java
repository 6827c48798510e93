package io.gamemesh.coordinator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ServerMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One server's stream. Reads one message at a time: the next is asked for when the last has been dealt with, so a server
 * that floods only fills its own TCP window. Writes wait, up to a limit, while the server does not read. Safe for use by
 * several threads.
 */
final class ServerStream implements StreamObserver<ServerMessage> {

    private final Caller caller;
    private final long number;
    private final ServerCallStreamObserver<CoordinatorMessage> outbound;
    private final StreamHandler handler;
    private final StreamLimits limits;
    private final ControlPlaneMetrics metrics;
    private final Object lock = new Object();

    @GuardedBy("lock") private final Queue<CoordinatorMessage> pending = new ArrayDeque<>();

    @GuardedBy("lock") private @Nullable Future<?> registerTimeout;

    @GuardedBy("lock") private boolean registered;

    @GuardedBy("lock") private boolean closed;

    ServerStream(
            Caller caller,
            long number,
            ServerCallStreamObserver<CoordinatorMessage> outbound,
            StreamHandler handler,
            StreamLimits limits,
            ControlPlaneMetrics metrics) {
        this.caller = caller;
        this.number = number;
        this.outbound = outbound;
        this.handler = handler;
        this.limits = limits;
        this.metrics = metrics;
    }

    /**
     * Takes over the call; must run before the call's method returns.
     *
     * @param timeout will refuse the stream; cancelled when the server registers
     */
    void open(Future<?> timeout) {
        synchronized (lock) {
            registerTimeout = timeout;
        }
        metrics.streamOpened();
        outbound.disableAutoRequest();
        outbound.setOnReadyHandler(this::drain);
        outbound.setOnCancelHandler(this::ended);
        outbound.setOnCloseHandler(this::ended);
        outbound.request(1);
    }

    /** Which server this is. */
    Caller caller() {
        return caller;
    }

    /** A number that no other stream of this process has. */
    long number() {
        return number;
    }

    /** Closes the stream: its server has not registered in time. */
    void refuseSilence() {
        close(Status.DEADLINE_EXCEEDED.withDescription(
                "no Register within " + limits.registerWithin().toSeconds() + " s of opening the stream"));
    }

    /** Sends a message, or keeps it until the server reads; closes the stream if too many wait. */
    void send(CoordinatorMessage message) {
        boolean overflow;
        synchronized (lock) {
            if (closed) {
                return;
            }
            overflow = pending.size() >= limits.pendingMessages();
            if (!overflow) {
                pending.add(message);
            }
        }
        if (overflow) {
            close(Status.RESOURCE_EXHAUSTED.withDescription(
                    limits.pendingMessages() + " messages wait for this server: it does not read its stream"));
        } else {
            drain();
        }
    }

    /** Ends the stream with a status; does nothing if it has ended. */
    void close(Status status) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            pending.clear();
            cancelTimeout();
            metrics.streamClosed();
            metrics.refused(status.getCode());
            outbound.onError(new StatusRuntimeException(status));
        }
        handler.closed(this);
    }

    @Override
    public void onNext(ServerMessage message) {
        boolean first;
        synchronized (lock) {
            if (closed) {
                return;
            }
            first = !registered;
            registered = true;
            cancelTimeout();
        }
        if (first != message.hasRegister()) {
            metrics.invalidMessage();
            close(Status.INVALID_ARGUMENT.withDescription(
                    first
                            ? "first message of the stream: expected Register, got " + message.getBodyCase()
                            : "Register a second time on one stream: open a new stream for it"));
            return;
        }
        handler.message(this, message, this::readNext);
    }

    @Override
    public void onError(Throwable cancelled) {
        ended();
    }

    @Override
    public void onCompleted() {
        // Within one lock: a call that is completed must not be closed again.
        synchronized (lock) {
            if (!closed) {
                outbound.onCompleted();
            }
            ended();
        }
    }

    @Override
    public String toString() {
        return caller.mesh() + "/" + caller.pod() + "#" + number;
    }

    @GuardedBy("lock") private void cancelTimeout() {
        if (registerTimeout != null) {
            registerTimeout.cancel(false);
        }
    }

    private void readNext() {
        synchronized (lock) {
            if (!closed) {
                outbound.request(1);
            }
        }
    }

    private void drain() {
        synchronized (lock) {
            while (!closed && outbound.isReady()) {
                CoordinatorMessage message = pending.poll();
                if (message == null) {
                    return;
                }
                outbound.onNext(message);
            }
        }
    }

    private void ended() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            pending.clear();
            cancelTimeout();
            metrics.streamClosed();
        }
        handler.closed(this);
    }
}
