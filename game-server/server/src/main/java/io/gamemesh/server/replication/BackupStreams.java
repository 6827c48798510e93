package io.gamemesh.server.replication;

import io.gamemesh.core.replication.Configuration;
import io.gamemesh.core.replication.ReplicationPort;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PeerGrpc;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The streams by which one region that this server acts for tells its backups. They are opened and ended on the mesh's
 * thread; what goes over them is sent by whoever has the region's lock. One that ends is opened again.
 */
public final class BackupStreams implements ReplicationPort {
    private static final Logger LOG = Logger.getLogger(BackupStreams.class);
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final long MIN_PAUSE_MILLIS = 50;
    private static final long MAX_PAUSE_MILLIS = 1000;

    /** What becomes of streams; called on the mesh's thread. */
    public interface Listener {
        /** There is a stream to send on. */
        void linked(ServerId backup, long link);

        /** A stream has ended. */
        void unlinked(ServerId backup, long link);

        /** A backup answers. */
        void replied(ServerId backup, long link, ReplicationReply reply);

        /** A stream takes more. */
        void ready(ServerId backup, long link);
    }

    private final RegionId region;
    private final SharedChannels channels;
    private final ScheduledExecutorService executor;
    private final Listener listener;
    private final Map<ServerId, Target> targets = new HashMap<>();
    // Of those that are open, for whoever sends.
    private final ConcurrentMap<ServerId, Target.Stream> streams = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * @param executor the mesh's thread, on which channels call back
     */
    public BackupStreams(
            RegionId region, SharedChannels channels, ScheduledExecutorService executor, Listener listener) {
        this.region = region;
        this.channels = channels;
        this.executor = executor;
        this.listener = listener;
    }

    /** To these backups there are to be streams, and to no others. On the mesh's thread. */
    public void configure(Configuration configuration, Map<ServerId, String> addresses) {
        Map<ServerId, String> wanted = new HashMap<>();
        for (Configuration.Backup backup : configuration.backups()) {
            String address = addresses.getOrDefault(backup.server(), "");
            if (!address.isEmpty()) {
                wanted.put(backup.server(), address);
            }
        }
        targets.entrySet().removeIf(entry -> {
            boolean goes = !entry.getValue().address.equals(wanted.get(entry.getKey()));
            if (goes) {
                entry.getValue().close();
            }
            return goes;
        });
        wanted.forEach((backup, address) ->
                targets.computeIfAbsent(backup, b -> new Target(b, address)).open());
    }

    /** All streams begin anew: the region goes on at another epoch. On the mesh's thread. */
    public void restart() {
        targets.values().forEach(Target::restart);
    }

    /** Ends all streams. On the mesh's thread. */
    public void close() {
        closed = true;
        targets.values().forEach(Target::close);
        targets.clear();
    }

    @Override
    public boolean isReady(ServerId backup, long link) {
        Target.Stream stream = streams.get(backup);
        return stream != null && stream.link == link && stream.isReady();
    }

    @Override
    public void send(ServerId backup, long link, ReplicationMessage message) {
        Target.Stream stream = streams.get(backup);
        if (stream != null && stream.link == link) {
            stream.send(message);
        }
    }

    private final class Target {
        private final ServerId backup;
        private final String address;
        private @Nullable Stream stream;
        private boolean gone;
        private boolean waiting;
        private long pauseMillis = MIN_PAUSE_MILLIS;

        private Target(ServerId backup, String address) {
            this.backup = backup;
            this.address = address;
        }

        private void open() {
            if (gone || closed || stream != null || waiting) {
                return;
            }
            try {
                Stream opened = new Stream(channels.acquire(address));
                stream = opened;
                opened.open();
                streams.put(backup, opened);
                listener.linked(backup, opened.link);
            } catch (IllegalArgumentException e) {
                // A newer configuration may have a better address.
                LOG.warnf("Cannot reach backup %s of region %s: %s", backup, region, e.getMessage());
                gone = true;
            }
        }

        private void restart() {
            if (stream != null) {
                stream.cancel("the region goes on at another epoch");
            }
        }

        private void close() {
            gone = true;
            if (stream != null) {
                stream.cancel("this server is no backup any more");
            }
        }

        private void ended(Stream ended, Status status) {
            if (stream != ended) {
                return;
            }
            stream = null;
            streams.remove(backup, ended);
            channels.release(address);
            listener.unlinked(backup, ended.link);
            LOG.debugf("The stream to backup %s of region %s has ended: %s", backup, region, status);
            if (gone || closed) {
                return;
            }
            pauseMillis = ended.answered ? MIN_PAUSE_MILLIS : Math.min(pauseMillis * 2, MAX_PAUSE_MILLIS);
            waiting = true;
            var _ = executor.schedule(
                    () -> {
                        waiting = false;
                        open();
                    },
                    pauseMillis,
                    TimeUnit.MILLISECONDS);
        }

        /** One stream, from its opening to its end. */
        private final class Stream implements ClientResponseObserver<ReplicationMessage, ReplicationReply> {
            private final long link = NUMBERS.incrementAndGet();
            private final ManagedChannel channel;
            private volatile @Nullable ClientCallStreamObserver<ReplicationMessage> requests;
            private boolean answered;

            private Stream(ManagedChannel channel) {
                this.channel = channel;
            }

            private void open() {
                PeerGrpc.newStub(channel).replicate(this);
            }

            private boolean isReady() {
                ClientCallStreamObserver<ReplicationMessage> open = requests;
                return open != null && open.isReady();
            }

            private void send(ReplicationMessage message) {
                ClientCallStreamObserver<ReplicationMessage> open = requests;
                if (open != null) {
                    open.onNext(message);
                }
            }

            private void cancel(String reason) {
                ClientCallStreamObserver<ReplicationMessage> open = requests;
                requests = null;
                if (open != null) {
                    open.cancel(reason, null);
                }
                ended(this, Status.CANCELLED.withDescription(reason));
            }

            @Override
            public void beforeStart(ClientCallStreamObserver<ReplicationMessage> observer) {
                requests = observer;
                observer.setOnReadyHandler(() -> listener.ready(backup, link));
            }

            @Override
            public void onNext(ReplicationReply reply) {
                answered = true;
                if (reply.hasRefused()) {
                    LOG.infof(
                            "Backup %s refuses region %s: %s",
                            backup, region, reply.getRefused().getReason());
                } else if (reply.hasSeedWanted()) {
                    LOG.errorf(
                            "The copy of region %s on %s is not as it should be: %s",
                            region, backup, reply.getSeedWanted().getReason());
                }
                listener.replied(backup, link, reply);
            }

            @Override
            public void onError(Throwable failure) {
                ended(this, Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                ended(this, Status.OK.withDescription("ended by the backup"));
            }
        }
    }
}
