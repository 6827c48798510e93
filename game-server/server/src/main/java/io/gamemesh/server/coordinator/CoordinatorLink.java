package io.gamemesh.server.coordinator;

import io.gamemesh.protocol.v1.CoordinatorGrpc;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.server.ServerConfig;
import io.gamemesh.server.net.EventLoops;
import io.gamemesh.server.net.HostPort;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream to the leading operator, for as long as the process lives: tries every address behind the endpoint,
 * goes where it is told that the leader is, and starts over with growing pauses when nobody is. Confined to the
 * single-threaded executor it is given, on which it also calls its {@link Listener}.
 */
public final class CoordinatorLink {
    private static final Logger LOG = Logger.getLogger(CoordinatorLink.class);
    private static final Metadata.Key<String> LEADER =
            Metadata.Key.of("gamemesh-leader", Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final int CONNECT_TIMEOUT_MILLIS = 2000;
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);
    private static final Duration MIN_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
    /** Each heartbeat is answered; a leader that misses this many has gone, whatever TCP believes. */
    private static final int MISSED_ANSWERS = 5;

    /** What the stream brings; called on the link's executor. */
    public interface Listener {
        /** A stream is open and nothing said yet. */
        void connected();

        /** The coordinator says something. */
        void received(CoordinatorMessage message);

        /** The stream is gone; another one is being opened. */
        void disconnected();

        /** The leader says that this process is dead; told before {@link #disconnected}. */
        void dismissed(String reason);
    }

    private final ServerConfig.Coordinator config;
    private final HostPort endpoint;
    private final EventLoops loops;
    private final ScheduledExecutorService executor;
    private final Executor resolver;
    private final Listener listener;
    private final TokenCredentials credentials;
    private final Random jitter = new Random();
    private final Deque<InetSocketAddress> candidates = new ArrayDeque<>();

    private Duration pause = MIN_PAUSE;
    private Duration silence = FIRST_ANSWER;
    private @Nullable Attempt current;
    /** The address that the last operator named as the leader's. */
    private @Nullable InetSocketAddress hint;

    private boolean closed;

    /**
     * A link that is not connected yet.
     *
     * @param resolver runs name look-ups, which block
     */
    public CoordinatorLink(
            ServerConfig.Coordinator config,
            EventLoops loops,
            ScheduledExecutorService executor,
            Executor resolver,
            Listener listener) {
        this.config = config;
        this.endpoint = HostPort.parse(config.endpoint());
        this.loops = loops;
        this.executor = executor;
        this.resolver = resolver;
        this.listener = listener;
        this.credentials = new TokenCredentials(config.tokenFile());
    }

    /** Begins to connect. */
    public void start() {
        executor.execute(this::next);
    }

    /** How long a leader may be silent, from how often it is sent heartbeats. */
    public void heartbeatEvery(Duration heartbeat) {
        Duration enough = heartbeat.multipliedBy(MISSED_ANSWERS);
        silence = enough.compareTo(FIRST_ANSWER) > 0 ? enough : FIRST_ANSWER;
    }

    /** True while a leader answers. */
    public boolean connected() {
        return current != null && current.answered;
    }

    /** Sends, or drops what cannot be sent now: whoever leads next is told everything again. */
    public void send(ServerMessage message) {
        if (current != null) {
            current.send(message);
        }
    }

    /** Ends the stream and opens another after a pause. */
    public void reconnect(String reason) {
        if (current != null) {
            current.cancel(reason);
        }
    }

    /** Ends the stream and opens no other. */
    public void close() {
        closed = true;
        if (current != null) {
            current.end();
        }
    }

    private void next() {
        if (closed || current != null) {
            return;
        }
        InetSocketAddress address = candidates.poll();
        if (address != null) {
            attempt(address);
        } else {
            CompletableFuture<Void> _ = CompletableFuture.supplyAsync(this::resolve, resolver)
                    .thenAcceptAsync(this::resolved, executor)
                    .whenCompleteAsync((done, failure) -> tried(failure), executor);
        }
    }

    private void tried(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("Cannot call the coordinator, for a reason that is in no plan: trying again", failure);
            later();
        }
    }

    private List<InetSocketAddress> resolve() {
        try {
            return Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                    .map(address -> new InetSocketAddress(address, endpoint.port()))
                    .toList();
        } catch (UnknownHostException e) {
            LOG.debugf("The coordinator's host %s has no address yet", endpoint.host());
            return List.of();
        }
    }

    private void resolved(List<InetSocketAddress> addresses) {
        if (closed || current != null) {
            return;
        }
        if (addresses.isEmpty()) {
            later();
            return;
        }
        List<InetSocketAddress> shuffled = new ArrayList<>(addresses);
        Collections.shuffle(shuffled, jitter);
        candidates.addAll(shuffled);
        next();
    }

    private void later() {
        long millis = pause.toMillis() / 2 + jitter.nextLong(pause.toMillis());
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
        ScheduledFuture<?> _ = executor.schedule(this::next, millis, TimeUnit.MILLISECONDS);
    }

    private void attempt(InetSocketAddress address) {
        try {
            Attempt attempt = new Attempt(address);
            current = attempt;
            attempt.open();
        } catch (SSLException | IllegalArgumentException e) {
            LOG.warnf(e, "Cannot call the coordinator: its certificate authority %s is not usable", config.caFile());
            current = null;
            later();
        }
    }

    private void ended(Attempt attempt, Status status, @Nullable Metadata trailers) {
        if (current != attempt) {
            return;
        }
        current = null;
        attempt.close();
        if (attempt.answered) {
            LOG.infof("Lost the coordinator at %s: %s", attempt.address, status);
        } else {
            LOG.debugf("No leader at %s: %s", attempt.address, status);
        }
        if (status.getCode() == Status.Code.PERMISSION_DENIED) {
            // A token that is not accepted is UNAUTHENTICATED: this one means the process itself.
            listener.dismissed(String.valueOf(status.getDescription()));
        }
        listener.disconnected();
        String leader = trailers == null ? null : trailers.get(LEADER);
        if (closed) {
            return;
        }
        if (leader != null && followed(leader, attempt)) {
            next();
        } else if (candidates.isEmpty()) {
            later();
        } else {
            next();
        }
    }

    private boolean followed(String leader, Attempt told) {
        try {
            HostPort address = HostPort.parse(leader);
            InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
            if (target.isUnresolved() || target.equals(told.address)) {
                return false;
            }
            candidates.remove(target);
            // A leader that says that another one leads, and so on: a pause ends the circle.
            if (told.hinted) {
                return false;
            }
            candidates.addFirst(target);
            hint = target;
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warnf("The operator at %s names the leader '%s': %s", told.address, leader, e.getMessage());
            return false;
        }
    }

    /** One try at one address, and the stream if it succeeds. */
    private final class Attempt implements ClientResponseObserver<ServerMessage, CoordinatorMessage> {
        private final InetSocketAddress address;
        private final boolean hinted;
        private final ManagedChannel channel;
        private @Nullable ClientCallStreamObserver<ServerMessage> stream;
        private final ScheduledFuture<?> watch;
        private boolean answered;
        private long lastHeardNanos = System.nanoTime();

        private Attempt(InetSocketAddress address) throws SSLException {
            this.address = address;
            this.hinted = address.equals(hint);
            hint = null;
            SslContext tls = GrpcSslContexts.forClient()
                    .trustManager(config.caFile().toFile())
                    .protocols("TLSv1.3")
                    .build();
            channel = NettyChannelBuilder.forAddress(address)
                    .overrideAuthority(endpoint.host())
                    .sslContext(tls)
                    .eventLoopGroup(loops.control())
                    .channelType(loops.socketChannel())
                    .executor(executor)
                    .offloadExecutor(resolver)
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                    .build();
            watch = executor.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
        }

        private void open() {
            CoordinatorGrpc.newStub(channel).withCallCredentials(credentials).connect(this);
            listener.connected();
        }

        private void watch() {
            long silent = System.nanoTime() - lastHeardNanos;
            if (silent > silence.toNanos()) {
                cancel("silent for " + TimeUnit.NANOSECONDS.toMillis(silent) + " ms");
            }
        }

        private void cancel(String reason) {
            ClientCallStreamObserver<ServerMessage> open = stream;
            stream = null;
            if (open != null) {
                open.cancel(reason, null);
            }
        }

        private void send(ServerMessage message) {
            if (stream != null) {
                stream.onNext(message);
            }
        }

        private void end() {
            ClientCallStreamObserver<ServerMessage> open = stream;
            stream = null;
            if (open != null) {
                open.onCompleted();
            }
            close();
        }

        private void close() {
            watch.cancel(false);
            channel.shutdownNow();
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ServerMessage> requests) {
            stream = requests;
        }

        @Override
        public void onNext(CoordinatorMessage message) {
            if (current != this) {
                return;
            }
            lastHeardNanos = System.nanoTime();
            if (!answered) {
                answered = true;
                pause = MIN_PAUSE;
                LOG.infof("Connected to the coordinator at %s, term %d", address, message.getTerm());
            }
            listener.received(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended(this, Status.fromThrowable(failure), Status.trailersFromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended(this, Status.OK.withDescription("ended by the coordinator"), null);
        }
    }
}
