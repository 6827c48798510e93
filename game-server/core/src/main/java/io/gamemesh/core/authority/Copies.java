package io.gamemesh.core.authority;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PromoteRegion;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.ReplicationHello;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The regions that this process is a backup of, and its way from there to acting for them: first it grants no more, then it
 * waits until its last grant has run out, then it acts.
 */
final class Copies {

    /** More than a mesh may have regions. */
    private static final int MAX_COPIES = 8192;

    private final Membership membership;
    private final Holdings holdings;
    private final Offers offers;
    private final Outbox outbox;
    private final TreeMap<RegionId, Copy> copies = new TreeMap<>();
    private boolean closed;

    Copies(Membership membership, Holdings holdings, Offers offers, Outbox outbox) {
        this.membership = membership;
        this.holdings = holdings;
        this.offers = offers;
        this.outbox = outbox;
    }

    List<RegionReport> reports() {
        return copies.values().stream().map(Copy::report).toList();
    }

    /** None is taken any more: this server is about to stop. */
    void close() {
        closed = true;
    }

    @Nullable Copy get(RegionId region) {
        return copies.get(region);
    }

    // Following.

    void onOffered(long call, ReplicationHello hello) {
        RegionId region = new RegionId(hello.getRegionId());
        String objection = objection(region, hello);
        if (objection != null) {
            outbox.put(new AuthorityAction.RefuseReplication(call, objection));
            return;
        }
        Copy copy = copies.computeIfAbsent(region, Copy::new);
        boolean news = copy.epoch != hello.getEpoch() || copy.silent;
        copy.epoch = hello.getEpoch();
        copy.silent = false;
        outbox.put(new AuthorityAction.Follow(call, region));
        if (news) {
            membership.send(copy.report());
        }
    }

    private @Nullable String objection(RegionId region, ReplicationHello hello) {
        String what = "the log of region " + region + " at epoch " + hello.getEpoch();
        ServerId id = membership.id();
        if (id == null || !hello.getBackup().equals(id.toProto())) {
            return what + " is for " + hello.getBackup().getName() + "#"
                    + hello.getBackup().getIncarnation() + ", this is " + membership.name();
        }
        if (!holdings.inWorld(region)) {
            return what + ": it lies outside the world";
        }
        Holding holding = holdings.get(region);
        if (holding != null && holding.holdsState()) {
            return what + ": this server holds its state itself, at epoch " + holding.epoch;
        }
        if (holding != null && hello.getEpoch() <= holding.epoch) {
            return what + ": this server has had the region itself at epoch " + holding.epoch;
        }
        Copy copy = copies.get(region);
        if (copy != null && copy.phase != Copy.Phase.FOLLOWING) {
            return what + ": this server is about to act at epoch " + copy.promotedTo;
        }
        if (copy != null && hello.getEpoch() < copy.epoch) {
            return what + ": this server follows epoch " + copy.epoch;
        }
        if (copy == null && (closed || copies.size() >= MAX_COPIES)) {
            return what + ": this server " + (closed ? "is about to stop" : "has " + MAX_COPIES + " copies already");
        }
        return null;
    }

    void onSilence(RegionId region, long epoch, boolean silent) {
        Copy copy = copies.get(region);
        if (copy != null && copy.epoch == epoch && copy.silent != silent) {
            copy.silent = silent;
            membership.send(copy.report());
        }
    }

    // Taking over.

    void onPromote(PromoteRegion promote, long nowNanos) {
        RegionId region = holdings.region(promote.getRegionId());
        long epoch = promote.getEpoch();
        Holding holding = holdings.of(region);
        Copy copy = copies.get(region);
        if (copy != null && copy.phase != Copy.Phase.FOLLOWING && copy.promotedTo == epoch) {
            // By now it may be known that there is nothing to wait for.
            copy.predecessorDead |= promote.getPredecessorDead();
            onTime(nowNanos);
            return;
        }
        if (holding.holdsState() && holding.epoch == epoch) {
            holdings.report(holding, holding.detail);
            return;
        }
        if (copy == null) {
            giveUp(holding, epoch, "it has no copy");
            return;
        }
        boolean superseded = holding.holdsState()
                || epoch <= holding.highestKnown()
                || epoch <= Math.max(copy.epoch, copy.promotedTo)
                || holdings.isOlderThanLeafMap(region, epoch);
        if (superseded) {
            giveUp(holding, epoch, "it knows of a newer epoch");
            return;
        }
        copy.promotedTo = epoch;
        copy.configuration = promote.getConfiguration();
        copy.predecessorDead = promote.getPredecessorDead();
        copy.phase = Copy.Phase.STOPPING;
        outbox.put(new AuthorityAction.StopGranting(region));
    }

    void onStopped(RegionId region, long copyEpoch, long aloneAtNanos, long nowNanos) {
        Copy copy = copies.get(region);
        if (copy == null || copy.phase != Copy.Phase.STOPPING) {
            return;
        }
        if (copyEpoch != copy.epoch) {
            drop(copy);
            giveUp(holdings.of(region), copy.promotedTo, "its copy is not of epoch " + copy.epoch);
            return;
        }
        copy.phase = Copy.Phase.WAITING;
        copy.aloneAt = aloneAtNanos;
        onTime(nowNanos);
    }

    private void giveUp(Holding holding, long epoch, String why) {
        outbox.refuse("PromoteRegion of " + holding.region + " at epoch " + epoch + ": " + why);
        if (holding.holdsState()) {
            holdings.report(holding, holding.detail);
        } else {
            holdings.reportReleased(
                    holding.region, Math.max(epoch, holding.highestKnown()), "cannot take over: " + why);
            holding.giveUp(epoch);
        }
    }

    void onTime(long nowNanos) {
        for (Copy copy : List.copyOf(copies.values())) {
            if (copy.phase == Copy.Phase.WAITING && (copy.predecessorDead || nowNanos >= copy.aloneAt)) {
                takeOver(copy);
            }
        }
    }

    private void takeOver(Copy copy) {
        copies.remove(copy.region);
        Holding holding = holdings.of(copy.region);
        offers.drop(copy.region, "this server takes the region over");
        holding.phase = Holding.Phase.STARTING;
        holding.epoch = copy.promotedTo;
        holding.source = null;
        holding.detail = "";
        outbox.put(new AuthorityAction.TakeOver(copy.region, copy.promotedTo, copy.configuration, List.of()));
    }

    long nextDeadlineNanos() {
        long next = Long.MAX_VALUE;
        for (Copy copy : copies.values()) {
            if (copy.phase == Copy.Phase.WAITING) {
                next = Math.min(next, copy.aloneAt);
            }
        }
        return next;
    }

    // Letting go.

    /** The coordinator wants what this has of the region gone, up to that epoch. */
    void release(RegionId region, long epoch) {
        Copy copy = copies.get(region);
        if (copy != null && Math.max(copy.epoch, copy.promotedTo) <= epoch) {
            drop(copy);
        }
    }

    /** True if this process follows the region's authority of that epoch, and is not about to take over. */
    boolean follow(RegionId region, long epoch) {
        Copy copy = copies.get(region);
        return copy != null && copy.phase == Copy.Phase.FOLLOWING && copy.epoch == epoch;
    }

    /** It acts for the region now, by its copy: nobody is followed any more. */
    void actOn(RegionId region) {
        copies.remove(region);
    }

    /** What this process acts on from now on is another state. */
    void supersede(RegionId region) {
        Copy copy = copies.get(region);
        if (copy != null) {
            drop(copy);
        }
    }

    private void drop(Copy copy) {
        copies.remove(copy.region);
        outbox.put(new AuthorityAction.DropCopy(copy.region));
    }
}
