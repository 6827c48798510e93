package io.gamemesh.core.replication;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationAck;
import io.gamemesh.protocol.v1.ReplicationGap;
import io.gamemesh.protocol.v1.ReplicationHello;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationRefused;
import io.gamemesh.protocol.v1.ReplicationReply;
import io.gamemesh.protocol.v1.ReplicationSeed;
import io.gamemesh.protocol.v1.ReplicationSeedWanted;
import io.gamemesh.protocol.v1.ReplicationTick;
import io.gamemesh.protocol.v1.ReplicationWelcome;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * This process's copy of a region that another one is the authority of. Each acknowledgement is a grant: it lets that
 * one act for the length of its lease. It either grants or acts: once {@link #stop stopped} it grants nobody of its
 * epoch or an older one anything, and after {@link #aloneAtNanos} nobody acts on a grant that it has given before.
 *
 * <p>Not thread-safe. Time is any monotonic clock in nanoseconds, the same for all calls.
 */
public final class RegionBackup {

    private static final long NO_LINK = -1;
    private static final int MIN_LEASE_MILLIS = 1;
    private static final int MAX_LEASE_MILLIS = 60_000;

    private final RegionSettings region;
    private final ServerId self;
    private final ReplicationSettings settings;
    private @Nullable ServerId authority;
    private long epoch;
    private long link = NO_LINK;
    private boolean stopped;
    private int leaseMillis = MIN_LEASE_MILLIS;
    private long aloneAt = Long.MIN_VALUE;
    private long heardAt;
    private boolean comparesChecksums;
    private long gapAfter = -1;
    private long gapReportedAt;

    // The last copy that was whole. It is kept until there is a whole one of the next epoch.
    private @Nullable RegionReplica replica;
    private long replicaEpoch;
    private boolean diverged;

    private byte @Nullable [] seed;
    private int seedRead;
    private @Nullable ReplicationSeed seedHead;

    /**
     * @param region what the copy is of
     * @param self this process
     * @param nowNanos of the clock of the other calls
     */
    public RegionBackup(RegionSettings region, ServerId self, ReplicationSettings settings, long nowNanos) {
        this.region = region;
        this.self = self;
        this.settings = settings;
        this.heardAt = nowNanos;
    }

    /**
     * The authority begins a link, which ends the one before.
     *
     * @param newLink a number of the caller's, never used twice
     * @return false if it was refused, and the link is to be ended
     */
    public boolean open(long newLink, ReplicationHello hello, long nowNanos, Consumer<ReplicationReply> replies) {
        String objection = objection(hello);
        if (objection != null) {
            replies.accept(ReplicationReply.newBuilder()
                    .setRefused(ReplicationRefused.newBuilder().setReason(objection))
                    .build());
            return false;
        }
        epoch = hello.getEpoch();
        authority = ServerId.of(hello.getAuthority());
        link = newLink;
        forgetSeed();
        leaseMillis = Math.max(leaseMillis, hello.getLeaseMillis());
        comparesChecksums = hello.getChecksumVersion() == RegionEngine.CHECKSUM_VERSION;
        heardAt = nowNanos;
        RegionReplica copy = replica;
        boolean goesOn = copy != null && replicaEpoch == epoch && !diverged;
        replies.accept(ReplicationReply.newBuilder()
                .setWelcome(ReplicationWelcome.newBuilder()
                        .setHasState(goesOn)
                        .setTick(goesOn && copy != null ? copy.tick() : 0))
                .build());
        return true;
    }

    private @Nullable String objection(ReplicationHello hello) {
        String what = "the log of region " + region.region() + " at epoch " + hello.getEpoch();
        if (hello.getRegionId() != region.region().packed()) {
            return what + " is of another region: " + Long.toHexString(hello.getRegionId());
        }
        if (!hello.getBackup().equals(self.toProto())) {
            return what + " is for " + hello.getBackup().getName() + "#"
                    + hello.getBackup().getIncarnation() + ", this is " + self;
        }
        if (hello.getEpoch() < 1
                || hello.getAuthority().getIncarnation() < 1
                || hello.getAuthority().getName().isEmpty()) {
            return what + " does not say at which epoch whose it is";
        }
        if (hello.getLeaseMillis() < MIN_LEASE_MILLIS || hello.getLeaseMillis() > MAX_LEASE_MILLIS) {
            return what + " asks for leases of " + hello.getLeaseMillis() + " ms, expected " + MIN_LEASE_MILLIS + " to "
                    + MAX_LEASE_MILLIS;
        }
        if (hello.getEpoch() < epoch || (stopped && hello.getEpoch() == epoch)) {
            return what + ": this server follows nobody below epoch " + (stopped ? epoch + 1 : epoch);
        }
        if (hello.getEpoch() == epoch
                && authority != null
                && !hello.getAuthority().equals(authority.toProto())) {
            return what + " comes from two servers: " + authority + " has it";
        }
        return null;
    }

    /** A link has ended. */
    public void closed(long endedLink) {
        if (link == endedLink) {
            link = NO_LINK;
            forgetSeed();
        }
    }

    /** What the authority says on a link. */
    public void receive(long fromLink, ReplicationMessage message, long nowNanos, Consumer<ReplicationReply> replies) {
        if (fromLink != link || stopped) {
            return;
        }
        heardAt = nowNanos;
        switch (message.getBodyCase()) {
            case SEED -> beginSeed(message.getSeed(), replies);
            case SEED_DATA -> takeSeed(message, replies);
            case TICK -> tick(message.getTick(), nowNanos, replies);
            case HELLO -> refuse("a second hello on one link", replies);
            case BODY_NOT_SET -> {
                // Of a later release: what is not understood costs nothing.
            }
        }
    }

    // Seeds.

    private void beginSeed(ReplicationSeed head, Consumer<ReplicationReply> replies) {
        if (head.getSize() < 1 || head.getSize() > settings.maxSeedBytes()) {
            refuse(
                    "a seed of " + Long.toUnsignedString(head.getSize()) + " bytes, expected 1 to "
                            + settings.maxSeedBytes(),
                    replies);
            return;
        }
        seedHead = head;
        seed = new byte[(int) head.getSize()];
        seedRead = 0;
    }

    private void takeSeed(ReplicationMessage message, Consumer<ReplicationReply> replies) {
        byte[] into = seed;
        ReplicationSeed head = seedHead;
        int length = message.getSeedData().size();
        if (into == null || head == null || length > into.length - seedRead) {
            refuse("data of a seed that is not awaited", replies);
            return;
        }
        message.getSeedData().copyTo(into, seedRead);
        seedRead += length;
        if (seedRead < into.length) {
            return;
        }
        forgetSeed();
        CRC32C checksum = new CRC32C();
        checksum.update(into);
        if ((int) checksum.getValue() != head.getChecksum()) {
            refuse("a seed with a checksum of " + Long.toHexString(checksum.getValue()), replies);
            return;
        }
        try {
            RegionReplica restored = RegionReplica.restore(region, into);
            if (restored.tick() != head.getTick()) {
                refuse("a seed of tick " + restored.tick() + ", said to be of " + head.getTick(), replies);
                return;
            }
            replica = restored;
            replicaEpoch = epoch;
            diverged = false;
        } catch (RegionStateException e) {
            refuse(String.valueOf(e.getMessage()), replies);
        }
    }

    private void forgetSeed() {
        seed = null;
        seedHead = null;
        seedRead = 0;
    }

    private void refuse(String reason, Consumer<ReplicationReply> replies) {
        forgetSeed();
        link = NO_LINK;
        replies.accept(ReplicationReply.newBuilder()
                .setRefused(ReplicationRefused.newBuilder().setReason(reason))
                .build());
    }

    // Ticks.

    private void tick(ReplicationTick tick, long nowNanos, Consumer<ReplicationReply> replies) {
        RegionReplica copy = replica;
        if (copy == null || replicaEpoch != epoch || diverged) {
            return;
        }
        boolean carries = !tick.getLog().isEmpty();
        if (tick.getTick() > copy.tick() + (carries ? 1 : 0)) {
            reportGap(copy.tick(), nowNanos, replies);
            return;
        }
        if (carries && tick.getTick() == copy.tick() + 1 && !isApplied(tick, copy, replies)) {
            return;
        }
        // Before it is sent: however long that takes, it is waited for no less.
        aloneAt = Math.max(aloneAt, nowNanos + ReplicationSettings.surelyOver(leaseMillis));
        replies.accept(ReplicationReply.newBuilder()
                .setAck(ReplicationAck.newBuilder().setSequence(tick.getSequence()))
                .build());
    }

    /** Once, and again if that was of no use: all that is under way comes after the gap, too. */
    private void reportGap(long after, long nowNanos, Consumer<ReplicationReply> replies) {
        if (gapAfter == after && nowNanos - gapReportedAt < settings.suspicionNanos() / 4) {
            return;
        }
        gapAfter = after;
        gapReportedAt = nowNanos;
        replies.accept(ReplicationReply.newBuilder()
                .setGap(ReplicationGap.newBuilder().setTick(after))
                .build());
    }

    private boolean isApplied(ReplicationTick tick, RegionReplica copy, Consumer<ReplicationReply> replies) {
        try {
            copy.apply(tick.getLog().asReadOnlyByteBuffer());
        } catch (RegionStateException e) {
            diverge(String.valueOf(e.getMessage()), replies);
            return false;
        }
        if (comparesChecksums && tick.getStateChecksum() != 0 && tick.getStateChecksum() != copy.checksum()) {
            diverge("after tick " + copy.tick() + " its checksum is another than the authority's", replies);
            return false;
        }
        return true;
    }

    private void diverge(String reason, Consumer<ReplicationReply> replies) {
        diverged = true;
        replies.accept(ReplicationReply.newBuilder()
                .setSeedWanted(ReplicationSeedWanted.newBuilder().setReason(reason))
                .build());
    }

    // Taking over.

    /** From now on it grants nothing, for good. */
    public void stop() {
        stopped = true;
        link = NO_LINK;
        forgetSeed();
    }

    /** From when on nobody acts on what this has granted; {@link Long#MIN_VALUE} if it has never granted anything. */
    public long aloneAtNanos() {
        return aloneAt;
    }

    /** The copy, to go on from; empty handed if there never was a whole one. To be called after {@link #stop}. */
    public @Nullable RegionReplica takeReplica() {
        if (!stopped) {
            throw new IllegalStateException(
                    "region " + region.region() + " is taken over while this server still grants");
        }
        return replica;
    }

    /** The epoch of the authority that it follows, or has followed last; 0 before the first. */
    public long epoch() {
        return epoch;
    }

    /** The epoch that the copy is of; 0 if there is none. */
    public long copyEpoch() {
        return replica == null ? 0 : replicaEpoch;
    }

    /** The tick that the copy is at; -1 if there is none. */
    public long tick() {
        RegionReplica copy = replica;
        return copy == null ? -1 : copy.tick();
    }

    /** True if it is a whole copy of that epoch, at that tick. */
    public boolean isAt(long ofEpoch, long tick) {
        RegionReplica copy = replica;
        return copy != null && replicaEpoch == ofEpoch && !diverged && copy.tick() == tick;
    }

    /** Checksum of the copy; 0 if there is none. */
    public long checksum() {
        RegionReplica copy = replica;
        return copy == null ? 0 : copy.checksum();
    }

    /** True if nothing has come from the authority for too long. */
    public boolean isSilent(long nowNanos) {
        return nowNanos - heardAt > settings.suspicionNanos();
    }

    /** When {@link #isSilent} will be so if nothing comes. */
    public long silentAtNanos() {
        return heardAt + settings.suspicionNanos() + 1;
    }
}
