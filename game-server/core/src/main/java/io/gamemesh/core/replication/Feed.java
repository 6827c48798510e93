package io.gamemesh.core.replication;

import com.google.protobuf.ByteString;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationSeed;
import io.gamemesh.protocol.v1.ReplicationTick;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What one backup is told, and what it has acknowledged. */
final class Feed {

    enum Phase {
        /** There is no link, or nobody has answered on it yet. */
        AWAY,
        /** It is there and has no state that could be gone on from. */
        EMPTY,
        /** It is being sent a whole state. */
        SEEDING,
        /** It gets each tick. */
        FOLLOWING
    }

    static final long NO_LINK = -1;
    static final long NOT_JOINING = -1;
    static final long NEVER = Long.MIN_VALUE / 2;
    private static final int REMEMBERED = 1024;

    final ServerId backup;
    Phase phase = Phase.AWAY;
    long link = NO_LINK;
    /** The configuration lists it: it may be told to take over at any time. */
    boolean listed;
    /** The region does not act without its grant. */
    boolean required;
    /** From the outputs after this tick on it is waited for; then it is in sync as soon as it has the tick. */
    long joinsFrom = NOT_JOINING;

    long probationUntil = Long.MIN_VALUE;
    long leaseUntil = Long.MIN_VALUE;
    long heardAt = NEVER;
    long ackedTick = -1;
    private long nextTick;
    private long keepsFrom = Long.MAX_VALUE;

    private final long[] sequences = new long[REMEMBERED];
    private final long[] sentAt = new long[REMEMBERED];
    private final long[] sentTick = new long[REMEMBERED];
    private byte @Nullable [] seed;
    private int seedSent;

    Feed(ServerId backup) {
        this.backup = backup;
    }

    /** Whether outputs wait for it. */
    boolean gates() {
        return required || joinsFrom != NOT_JOINING;
    }

    /** Up to which tick it lets outputs go. */
    long letsGo() {
        return required ? ackedTick : Math.max(ackedTick, joinsFrom);
    }

    void unlink() {
        link = NO_LINK;
        phase = Phase.AWAY;
        seed = null;
    }

    void follow(long tick) {
        phase = Phase.FOLLOWING;
        nextTick = tick + 1;
        keepsFrom = tick + 1;
        ackedTick = Math.max(ackedTick, tick);
        seed = null;
    }

    /** It is sent this state, and then what comes after the tick. */
    void beginSeed(byte[] state, long tick, ReplicationPort port) {
        phase = Phase.SEEDING;
        seed = state;
        seedSent = 0;
        nextTick = tick + 1;
        keepsFrom = tick + 1;
        ackedTick = -1;
        joinsFrom = NOT_JOINING;
        CRC32C checksum = new CRC32C();
        checksum.update(state);
        send(
                port,
                ReplicationMessage.newBuilder()
                        .setSeed(ReplicationSeed.newBuilder()
                                .setTick(tick)
                                .setSize(state.length)
                                .setChecksum((int) checksum.getValue())));
    }

    /** Sends what there is room for; true if something that can be acknowledged has gone out. */
    boolean pump(Backlog backlog, ReplicationPort port, int chunkBytes, Tagger tagger) {
        byte[] state = seed;
        if (phase == Phase.SEEDING && state != null) {
            while (seedSent < state.length && port.isReady(backup, link)) {
                int length = Math.min(chunkBytes, state.length - seedSent);
                send(port, ReplicationMessage.newBuilder().setSeedData(ByteString.copyFrom(state, seedSent, length)));
                seedSent += length;
            }
            if (seedSent < state.length) {
                return false;
            }
            phase = Phase.FOLLOWING;
            seed = null;
        }
        if (phase != Phase.FOLLOWING) {
            return false;
        }
        if (!backlog.goesOnFrom(nextTick - 1) && nextTick != backlog.next()) {
            phase = Phase.EMPTY;
            return false;
        }
        boolean sent = false;
        while (nextTick < backlog.next() && port.isReady(backup, link)) {
            ReplicationTick.Builder tick = ReplicationTick.newBuilder().setLog(backlog.get(nextTick));
            tagger.tag(nextTick, tick);
            send(tick, nextTick, tagger, port);
            nextTick++;
            sent = true;
        }
        return sent;
    }

    /** Nothing has happened, but it is asked for another grant. */
    void renew(Tagger tagger, ReplicationPort port) {
        if (phase == Phase.FOLLOWING && port.isReady(backup, link)) {
            send(ReplicationTick.newBuilder(), nextTick - 1, tagger, port);
        }
    }

    /** Numbers what is sent, and says when. */
    interface Tagger {
        /** Adds the checksum where there is one for the tick. */
        void tag(long tick, ReplicationTick.Builder message);

        long nextSequence();

        long nowNanos();
    }

    private void send(ReplicationTick.Builder tick, long upTo, Tagger tagger, ReplicationPort port) {
        long sequence = tagger.nextSequence();
        int slot = (int) (sequence & (REMEMBERED - 1));
        sequences[slot] = sequence;
        // Before it is sent: however long that takes, the lease is counted from no later.
        sentAt[slot] = tagger.nowNanos();
        sentTick[slot] = upTo;
        send(
                port,
                ReplicationMessage.newBuilder()
                        .setTick(tick.setSequence(sequence).setTick(upTo)));
    }

    private void send(ReplicationPort port, ReplicationMessage.Builder message) {
        port.send(backup, link, message.build());
    }

    /** A grant; false if it is for nothing that was sent, or for what was sent too long ago to matter. */
    boolean acknowledged(long sequence, long leaseNanos, long nowNanos) {
        int slot = (int) (sequence & (REMEMBERED - 1));
        if (sequence < 1 || sequences[slot] != sequence) {
            return false;
        }
        leaseUntil = Math.max(leaseUntil, sentAt[slot] + leaseNanos);
        ackedTick = Math.max(ackedTick, sentTick[slot]);
        keepsFrom = Math.max(keepsFrom, ackedTick + 1);
        heardAt = nowNanos;
        return true;
    }

    /** When that was sent which has just been {@linkplain #acknowledged acknowledged}. */
    long sentAt(long sequence) {
        return sentAt[(int) (sequence & (REMEMBERED - 1))];
    }

    /** It misses what comes after this tick. */
    void resendAfter(long tick) {
        nextTick = Math.min(nextTick, tick + 1);
    }

    /** The first tick that the backlog has to keep for it. */
    long needs(long next) {
        // One in sync is soon back after its link was lost, and then goes on where it was.
        return required || phase == Phase.FOLLOWING || phase == Phase.SEEDING ? Math.min(keepsFrom, next) : next;
    }
}
