package io.gamemesh.core.authority;

import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.LeaseGrant;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import io.gamemesh.protocol.v1.ServerMessage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who this process is in the mesh, and its stream to the coordinator: registration, heartbeats, terms and leases. */
final class Membership {

    private static final int MIN_HEARTBEAT_MILLIS = 50;
    private static final int MAX_HEARTBEAT_MILLIS = 60_000;
    private static final int REMEMBERED_HEARTBEATS = 64;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ServerAuthority.Self self;
    private final Outbox outbox;
    private @Nullable ServerId id;
    private long highestTerm;
    private boolean streamUp;
    private boolean registered;
    // What Register has said; of no use once it is answered.
    private Set<RegionReport> said = Set.of();

    private long heartbeatNanos = ServerAuthority.NANOS_PER_SECOND;
    private long nextHeartbeat;
    private long heartbeatSequence;
    private long heartbeatSentLast = Long.MIN_VALUE / 2;
    private final long[] heartbeatSentAt = new long[REMEMBERED_HEARTBEATS];
    private long leaseUntil = Long.MIN_VALUE;
    // Of the heartbeats that have been answered, when the latest was sent.
    private long answeredSentAt = Long.MIN_VALUE;

    Membership(ServerAuthority.Self self, Outbox outbox) {
        this.self = self;
        this.outbox = outbox;
    }

    @Nullable ServerId id() {
        return id;
    }

    /** For people, also before there is an incarnation. */
    String name() {
        return id == null ? self.name() + " without an incarnation" : id.toString();
    }

    boolean isSelf(@Nullable ServerId server) {
        return server != null && server.equals(id);
    }

    boolean registered() {
        return registered;
    }

    long highestTerm() {
        return highestTerm;
    }

    long leaseUntilNanos() {
        return leaseUntil;
    }

    long nextDeadlineNanos() {
        return registered ? nextHeartbeat : Long.MAX_VALUE;
    }

    void onStreamUp(List<RegionReport> regions) {
        streamUp = true;
        registered = false;
        said = Set.copyOf(regions);
        Register.Builder register = Register.newBuilder()
                .setIncarnation(id == null ? 0 : id.incarnation())
                .setCapacity(self.capacity())
                .addAllRegions(regions)
                .setHighestTerm(highestTerm)
                .setPeerAddress(self.peerAddress())
                .setInternalPlayerAddress(self.internalPlayerAddress());
        send(ServerMessage.newBuilder().setRegister(register).build());
    }

    void onStreamDown() {
        streamUp = false;
        registered = false;
    }

    /** Learns the message's term; false if a higher one is known, and the message is not to be heeded. */
    boolean heeds(CoordinatorMessage message) {
        if (message.getTerm() < highestTerm) {
            outbox.refuse("a " + message.getBodyCase() + " of term " + message.getTerm() + ", expected " + highestTerm
                    + " or higher: another operator leads");
            return false;
        }
        highestTerm = message.getTerm();
        return true;
    }

    /** False if it was not for this process. */
    boolean onRegistered(Registered message, long nowNanos) {
        ServerId named = new ServerId(self.name(), message.getIncarnation());
        if (id != null && !id.equals(named)) {
            outbox.refuse("Registered names incarnation " + named.incarnation() + ", expected " + id.incarnation()
                    + ", which this process has had from the start");
            outbox.put(new AuthorityAction.CloseStream("wrong incarnation"));
            return false;
        }
        if (id == null) {
            id = named;
            outbox.put(new AuthorityAction.WriteIncarnation(named.incarnation()));
        }
        registered = true;
        heartbeatNanos =
                NANOS_PER_MILLI * Math.clamp(message.getHeartbeatMillis(), MIN_HEARTBEAT_MILLIS, MAX_HEARTBEAT_MILLIS);
        heartbeatSequence = 0;
        nextHeartbeat = nowNanos;
        return true;
    }

    /** Says what is so by now and was not when Register was sent. */
    void sendNews(List<RegionReport> regions) {
        for (RegionReport region : regions) {
            if (!said.contains(region)) {
                send(region);
            }
        }
        said = Set.of();
    }

    void onTime(long nowNanos) {
        if (!registered || nowNanos < nextHeartbeat) {
            return;
        }
        heartbeatSequence++;
        heartbeatSentLast = nowNanos;
        heartbeatSentAt[(int) (heartbeatSequence % REMEMBERED_HEARTBEATS)] = nowNanos;
        outbox.put(new AuthorityAction.SendHeartbeat(heartbeatSequence));
        nextHeartbeat = nowNanos + heartbeatNanos;
    }

    /** The next heartbeat goes out as soon as it may, to find out whether this process is still spoken to. */
    void heartbeatSoon(long nowNanos) {
        nextHeartbeat =
                Math.min(nextHeartbeat, Math.max(nowNanos, heartbeatSentLast + MIN_HEARTBEAT_MILLIS * NANOS_PER_MILLI));
        onTime(nowNanos);
    }

    /** True if a heartbeat has been answered that was sent at that time or later: the coordinator was heard since. */
    boolean isHeardSince(long nanos) {
        return answeredSentAt >= nanos;
    }

    void onLease(LeaseGrant grant) {
        long age = heartbeatSequence - grant.getHeartbeatSequence();
        if (age < 0 || age >= REMEMBERED_HEARTBEATS || grant.getHeartbeatSequence() < 1) {
            outbox.refuse("a lease for heartbeat " + grant.getHeartbeatSequence() + ", expected one of the last "
                    + REMEMBERED_HEARTBEATS + " up to " + heartbeatSequence);
            return;
        }
        long sentAt = heartbeatSentAt[(int) (grant.getHeartbeatSequence() % REMEMBERED_HEARTBEATS)];
        answeredSentAt = Math.max(answeredSentAt, sentAt);
        if (grant.getUnlimited()) {
            leaseUntil = Long.MAX_VALUE;
            return;
        }
        if (leaseUntil == Long.MAX_VALUE) {
            leaseUntil = Long.MIN_VALUE;
        }
        leaseUntil = Math.max(leaseUntil, sentAt + grant.getDurationMillis() * NANOS_PER_MILLI);
    }

    /** Says it, unless nobody has answered Register yet: then {@link #sendNews} will. */
    void send(RegionReport report) {
        if (registered) {
            send(ServerMessage.newBuilder().setRegion(report).build());
        }
    }

    void send(ServerMessage message) {
        if (streamUp) {
            outbox.put(new AuthorityAction.Send(message));
        }
    }
}
