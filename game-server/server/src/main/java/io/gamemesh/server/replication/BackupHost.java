package io.gamemesh.server.replication;

import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.replication.RegionBackup;
import io.gamemesh.core.replication.ReplicationSettings;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationHello;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The regions that this server keeps copies of. Streams come in on the mesh's thread; copies live on a thread of their own,
 * so that a big one does not hold up whatever else servers say to each other. The answers are given from there, too.
 */
public final class BackupHost {
    private static final Logger LOG = Logger.getLogger(BackupHost.class);
    private static final long LOOK_MILLIS = 50;
    /** Messages of one stream that may wait for the thread. */
    private static final int WINDOW = 16;
    /** The last tick of an authority has been sent when it offers its region. */
    private static final long AWAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What the copies lead to; called on the mesh's thread. */
    public interface Listener {
        /** An authority wants this server to be a backup: {@link #follow} or {@link #refuse}. */
        void offered(long call, ReplicationHello hello);

        /** The authority that a copy follows says nothing for too long, or again something. */
        void silent(RegionId region, long epoch, boolean silent);

        /** The copy that {@link #await} waits for is at the tick. */
        void received(long call);

        /** The copy that {@link #await} waits for is not at the tick in time, or gone. */
        void failed(long call, String reason);

        /** What {@link #stop} asked for. */
        void stopped(RegionId region, long copyEpoch, long aloneAtNanos);
    }

    private static final class Copy {
        final RegionBackup backup;

        @Nullable Call call;

        @Nullable Awaited awaited;

        boolean silent;

        Copy(RegionBackup backup) {
            this.backup = backup;
        }
    }

    /** A tick that a copy is about to be at. */
    private record Awaited(long call, long epoch, long tick, long untilNanos) {}

    private final Executor mesh;
    private final ScheduledExecutorService thread;
    private final Function<RegionId, RegionSettings> regions;
    private final ReplicationSettings settings;
    private final Supplier<@Nullable ServerId> self;
    private final Listener listener;
    // Of the mesh's thread.
    private final Map<Long, Call> offered = new HashMap<>();
    private long lastCall;
    // Of the thread of copies; others only count them.
    private final Map<RegionId, Copy> copies = new ConcurrentHashMap<>();

    /**
     * @param mesh the mesh's thread
     * @param thread a single thread for the copies
     */
    public BackupHost(
            Executor mesh,
            ScheduledExecutorService thread,
            Function<RegionId, RegionSettings> regions,
            ReplicationSettings settings,
            Supplier<@Nullable ServerId> self,
            Listener listener) {
        this.mesh = mesh;
        this.thread = thread;
        this.regions = regions;
        this.settings = settings;
        this.self = self;
        this.listener = listener;
        var _ = thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How many copies there are. */
    public int size() {
        return copies.size();
    }

    // From the mesh's thread.

    /** A stream comes in. */
    public StreamObserver<ReplicationMessage> begin(ServerCallStreamObserver<ReplicationReply> answers) {
        answers.disableAutoRequest();
        answers.request(WINDOW);
        return new Call(++lastCall, answers);
    }

    /** Keep a copy by what comes with that call. */
    public void follow(long number, RegionId region) {
        Call call = offered.remove(number);
        if (call != null) {
            thread.execute(() -> follow(call, region));
        }
    }

    /** End that call. */
    public void refuse(long number, String reason) {
        Call call = offered.remove(number);
        if (call != null) {
            thread.execute(() -> call.end(Status.FAILED_PRECONDITION.withDescription(reason)));
        }
    }

    /** Grant nothing more for that region. */
    public void stop(RegionId region) {
        thread.execute(() -> {
            Copy copy = copies.get(region);
            if (copy == null) {
                mesh.execute(() -> listener.stopped(region, 0, System.nanoTime()));
                return;
            }
            copy.backup.stop();
            long epoch = copy.backup.copyEpoch();
            long aloneAt = copy.backup.aloneAtNanos();
            mesh.execute(() -> listener.stopped(region, epoch, aloneAt));
        });
    }

    /** Waits for a moment until the copy is at the last tick of that epoch's authority. */
    public void await(long call, RegionId region, long epoch, long tick) {
        thread.execute(() -> {
            Copy copy = copies.get(region);
            if (copy == null) {
                mesh.execute(() -> listener.failed(call, "there is no copy of region " + region));
                return;
            }
            endWait(copy, "another offer has come");
            copy.awaited = new Awaited(call, epoch, tick, System.nanoTime() + AWAIT_NANOS);
            watchTick(region, copy);
        });
    }

    /** Hands the copy over to be acted on, to the mesh's thread; null if there is none. */
    public void take(RegionId region, Consumer<@Nullable RegionReplica> taker) {
        thread.execute(() -> {
            Copy copy = copies.remove(region);
            RegionReplica replica = copy == null ? null : copy.backup.takeReplica();
            if (copy != null) {
                endWait(copy, "this server takes the region over");
            }
            if (copy != null && copy.call != null) {
                copy.call.end(Status.FAILED_PRECONDITION.withDescription("this server acts for the region itself"));
            }
            mesh.execute(() -> taker.accept(replica));
        });
    }

    /** Forgets the copy. */
    public void drop(RegionId region) {
        thread.execute(() -> {
            Copy copy = copies.remove(region);
            if (copy != null) {
                endWait(copy, "the copy of region " + region + " is dropped");
            }
            if (copy != null && copy.call != null) {
                copy.call.end(Status.FAILED_PRECONDITION.withDescription("this server is no backup any more"));
            }
        });
    }

    // On the thread of copies.

    private void follow(Call call, RegionId region) {
        ServerId id = self.get();
        ReplicationHello hello = call.hello;
        if (id == null || hello == null || call.ended) {
            return;
        }
        Copy copy = copies.computeIfAbsent(
                region, r -> new Copy(new RegionBackup(regions.apply(r), id, settings, System.nanoTime())));
        if (!copy.backup.open(call.number, hello, System.nanoTime(), call::answer)) {
            call.end(Status.FAILED_PRECONDITION.withDescription("refused"));
            return;
        }
        Call before = copy.call;
        copy.call = call;
        call.region = region;
        if (before != null && before != call) {
            before.end(Status.CANCELLED.withDescription("another stream has come"));
        }
        watchSilence(region, copy);
    }

    private void received(Call call, ReplicationMessage message) {
        RegionId region = call.region;
        Copy copy = region == null ? null : copies.get(region);
        if (region == null || copy == null || copy.call != call) {
            call.end(Status.FAILED_PRECONDITION.withDescription("nobody follows this stream"));
            return;
        }
        try {
            copy.backup.receive(call.number, message, System.nanoTime(), call::answer);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The copy of region %s is given up", region);
            copies.remove(region, copy);
            endWait(copy, "the copy of region " + region + " is broken");
            call.end(Status.INTERNAL.withDescription("the copy is broken"));
            return;
        }
        watchSilence(region, copy);
        watchTick(region, copy);
        call.request();
    }

    private void ended(Call call) {
        call.ended = true;
        RegionId region = call.region;
        Copy copy = region == null ? null : copies.get(region);
        if (copy != null && copy.call == call) {
            copy.call = null;
            copy.backup.closed(call.number);
        }
    }

    private void look() {
        copies.forEach((region, copy) -> {
            watchSilence(region, copy);
            watchTick(region, copy);
        });
    }

    private void watchTick(RegionId region, Copy copy) {
        Awaited awaited = copy.awaited;
        if (awaited == null) {
            return;
        }
        if (copy.backup.isAt(awaited.epoch(), awaited.tick())) {
            copy.awaited = null;
            mesh.execute(() -> listener.received(awaited.call()));
        } else if (System.nanoTime() - awaited.untilNanos() > 0) {
            endWait(
                    copy,
                    "the copy of region " + region + " is at tick " + copy.backup.tick() + " of epoch "
                            + copy.backup.copyEpoch() + ", expected tick " + awaited.tick() + " of epoch "
                            + awaited.epoch());
        }
    }

    private void endWait(Copy copy, String reason) {
        Awaited awaited = copy.awaited;
        if (awaited != null) {
            copy.awaited = null;
            mesh.execute(() -> listener.failed(awaited.call(), reason));
        }
    }

    private void watchSilence(RegionId region, Copy copy) {
        boolean silent = copy.backup.isSilent(System.nanoTime());
        if (silent != copy.silent) {
            copy.silent = silent;
            long epoch = copy.backup.epoch();
            mesh.execute(() -> listener.silent(region, epoch, silent));
        }
    }

    /** One stream of an authority; its messages come in on the mesh's thread. */
    private final class Call implements StreamObserver<ReplicationMessage> {
        private final long number;
        private final ServerCallStreamObserver<ReplicationReply> answers;
        private volatile @Nullable ReplicationHello hello;
        // Of the thread of copies.
        private @Nullable RegionId region;
        private boolean ended;

        private Call(long number, ServerCallStreamObserver<ReplicationReply> answers) {
            this.number = number;
            this.answers = answers;
            answers.setOnCancelHandler(this::gone);
        }

        @Override
        public void onNext(ReplicationMessage message) {
            if (hello != null) {
                thread.execute(() -> received(this, message));
            } else if (message.hasHello()) {
                hello = message.getHello();
                offered.put(number, this);
                listener.offered(number, message.getHello());
            } else {
                thread.execute(() -> end(Status.INVALID_ARGUMENT.withDescription(
                        "the first message is " + message.getBodyCase() + ", expected HELLO")));
            }
        }

        private void gone() {
            offered.remove(number);
            thread.execute(() -> ended(this));
        }

        @Override
        public void onError(Throwable failure) {
            gone();
        }

        @Override
        public void onCompleted() {
            gone();
        }

        private void answer(ReplicationReply reply) {
            if (!ended && !answers.isCancelled()) {
                answers.onNext(reply);
            }
        }

        private void request() {
            if (!ended) {
                answers.request(1);
            }
        }

        private void end(Status status) {
            if (!ended) {
                ended(this);
                if (!answers.isCancelled()) {
                    answers.onError(status.asRuntimeException());
                }
            }
        }
    }
}
