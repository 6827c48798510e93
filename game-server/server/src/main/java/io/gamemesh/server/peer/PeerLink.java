package io.gamemesh.server.peer;

import io.gamemesh.protocol.v1.PeerGrpc;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.server.metrics.MovingMean;
import io.gamemesh.server.metrics.ServerMetrics;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One peer to send to. Any thread puts messages into the queue; the executor, a single thread, writes them to the
 * stream while the peer takes them. A stream that ends is opened again with growing pauses. The hello that begins a
 * stream is repeated every second and answered each time, which measures the round trip.
 */
final class PeerLink {
    private static final Logger LOG = Logger.getLogger(PeerLink.class);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Without an answer to a hello for so long the peer is gone, whatever TCP believes. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final double LATENCY_WEIGHT = 0.125;

    private final String address;
    private final PeerChannels channels;
    private final PeerIdentity identity;
    private final ScheduledExecutorService executor;
    private final ServerMetrics metrics;
    private final MovingMean latencyMillis = new MovingMean(LATENCY_WEIGHT);
    private final ArrayBlockingQueue<PeerMessage> queue;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile long lastSentNanos = System.nanoTime();
    private volatile boolean connected;
    private volatile boolean unreachable;
    private long heardNanos = System.nanoTime();

    private @Nullable Stream stream;
    private boolean closed;
    private long pauseNanos = MIN_PAUSE_NANOS;
    private long notBeforeNanos = System.nanoTime();

    PeerLink(
            String address,
            PeerChannels channels,
            PeerIdentity identity,
            ScheduledExecutorService executor,
            ServerMetrics metrics,
            int queueCapacity) {
        this.address = address;
        this.channels = channels;
        this.identity = identity;
        this.executor = executor;
        this.metrics = metrics;
        this.queue = new ArrayBlockingQueue<>(queueCapacity);
    }

    void send(PeerMessage message) {
        lastSentNanos = System.nanoTime();
        if (!queue.offer(message)) {
            metrics.dropped(1);
        }
        schedule();
    }

    private void schedule() {
        // One task for all that a tick says: what is queued until it runs goes out in one flush.
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(() -> {
                scheduled.set(false);
                drain();
            });
        }
    }

    boolean connected() {
        return connected;
    }

    /** The mean round trip lately, in milliseconds; 0 before the first. */
    double latencyMillis() {
        return latencyMillis.get();
    }

    /** True if the peer is not heard, though {@link #care} was told that it lives. */
    boolean unreachable() {
        return unreachable;
    }

    long idleNanos() {
        return System.nanoTime() - lastSentNanos;
    }

    void close() {
        executor.execute(() -> {
            closed = true;
            if (stream != null) {
                stream.end();
            }
        });
    }

    /**
     * Once a second: keeps the stream alive, or opens it.
     *
     * @param lives whether the coordinator says that there is somebody; asked if nobody is heard
     */
    void care(BooleanSupplier lives) {
        long now = System.nanoTime();
        judge(now - heardNanos, lives);
        Stream open = stream;
        if (open == null) {
            drain();
        } else if (now - open.lastHeardNanos > SILENCE_NANOS) {
            open.cancel("silent for " + TimeUnit.NANOSECONDS.toMillis(now - open.lastHeardNanos) + " ms");
        } else {
            open.hello();
        }
    }

    private void judge(long silentNanos, BooleanSupplier lives) {
        boolean silent = silentNanos > SILENCE_NANOS && lives.getAsBoolean();
        if (silent && !unreachable) {
            LOG.warnf(
                    "Nothing is heard of the server at %s for %d ms, though the coordinator has it act for regions: it stands"
                            + " still, or the network between it and this server is cut",
                    address, TimeUnit.NANOSECONDS.toMillis(silentNanos));
        }
        unreachable = silent;
    }

    private void drain() {
        if (closed) {
            return;
        }
        if (stream == null
                && System.nanoTime() - notBeforeNanos >= 0
                && identity.hello().isPresent()) {
            open();
        }
        if (stream != null) {
            stream.drain();
        }
    }

    private void open() {
        try {
            Stream opened = new Stream();
            stream = opened;
            opened.open();
        } catch (IllegalArgumentException e) {
            // The leaf map's address is of no use; a newer map may have a better one, under which there is another
            // link.
            LOG.warnf("Cannot link to a peer: %s", e.getMessage());
            metrics.dropped(queue.size());
            queue.clear();
            notBeforeNanos = System.nanoTime() + MAX_PAUSE_NANOS;
        }
    }

    private void heard(long now) {
        if (unreachable) {
            unreachable = false;
            LOG.infof(
                    "The server at %s is heard again after %d ms",
                    address, TimeUnit.NANOSECONDS.toMillis(now - heardNanos));
        }
        heardNanos = now;
    }

    private void ended(Stream ended, Status status) {
        if (stream != ended) {
            return;
        }
        stream = null;
        connected = false;
        ended.channel.shutdownNow();
        if (ended.answered) {
            LOG.infof("Lost the link to %s: %s", address, status);
            pauseNanos = MIN_PAUSE_NANOS;
        } else {
            LOG.debugf("No link to %s: %s", address, status);
            pauseNanos = Math.min(pauseNanos * 2, MAX_PAUSE_NANOS);
        }
        notBeforeNanos = System.nanoTime() + pauseNanos;
        if (!closed) {
            var _ = executor.schedule(this::drain, pauseNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One stream, from its opening to its end. */
    private final class Stream implements ClientResponseObserver<PeerMessage, PeerMessage> {
        private final ManagedChannel channel = channels.open(address);
        private @Nullable ClientCallStreamObserver<PeerMessage> requests;
        private boolean answered;
        private long lastHeardNanos = System.nanoTime();
        private long helloSentNanos;
        private boolean helloUnderWay;

        private void open() {
            PeerGrpc.newStub(channel).link(this);
            hello();
        }

        private void hello() {
            ClientCallStreamObserver<PeerMessage> open = requests;
            Optional<PeerMessage> hello = identity.hello();
            if (open != null && hello.isPresent() && !helloUnderWay) {
                helloUnderWay = true;
                helloSentNanos = System.nanoTime();
                open.onNext(hello.get());
            }
        }

        private void drain() {
            ClientCallStreamObserver<PeerMessage> open = requests;
            while (answered && open != null && open.isReady()) {
                PeerMessage message = queue.poll();
                if (message == null) {
                    return;
                }
                open.onNext(message);
            }
        }

        private void end() {
            ClientCallStreamObserver<PeerMessage> open = requests;
            requests = null;
            if (open != null) {
                open.onCompleted();
            }
            channel.shutdown();
        }

        private void cancel(String reason) {
            ClientCallStreamObserver<PeerMessage> open = requests;
            requests = null;
            if (open != null) {
                open.cancel(reason, null);
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<PeerMessage> observer) {
            requests = observer;
            observer.setOnReadyHandler(PeerLink.this::schedule);
        }

        @Override
        public void onNext(PeerMessage message) {
            long now = System.nanoTime();
            lastHeardNanos = now;
            Optional<String> objection = identity.objection(message);
            if (objection.isPresent()) {
                metrics.refused("peer-hello");
                cancel(objection.get());
                return;
            }
            if (helloUnderWay) {
                helloUnderWay = false;
                // The first one also opens connection and TLS, which is no round trip.
                if (answered) {
                    latencyMillis.add((now - helloSentNanos) / 1e6);
                    metrics.roundTrip(now - helloSentNanos);
                }
            }
            heard(now);
            if (!answered) {
                answered = true;
                connected = true;
                LOG.infof("Linked to %s at %s", message.getHello().getServer().getName(), address);
            }
            drain();
        }

        @Override
        public void onError(Throwable failure) {
            ended(this, Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended(this, Status.OK.withDescription("ended by the peer"));
        }
    }
}
