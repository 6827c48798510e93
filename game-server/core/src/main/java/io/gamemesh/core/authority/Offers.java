package io.gamemesh.core.authority;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PlayerInput;
import io.gamemesh.protocol.v1.RegionOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Regions that other servers offer to this one. */
final class Offers {

    /** What this process is a backup of. */
    interface OwnCopies {
        /** True if it follows the region's authority of that epoch. */
        boolean follow(RegionId region, long epoch);

        /** It acts for the region now, by its copy: nobody is followed any more. */
        void actOn(RegionId region);

        /** What it acts on from now on is another state. */
        void supersede(RegionId region);
    }

    private record Receiving(
            long call,
            RegionId region,
            ServerId source,
            long epoch,
            long offeredEpoch,
            boolean byCopy,
            List<PlayerInput> players) {}

    private final Membership membership;
    private final Holdings holdings;
    private final Outbox outbox;
    private final long maxStateBytes;
    private final OwnCopies copies;
    private final TreeMap<RegionId, Receiving> receiving = new TreeMap<>();
    /** Calls that wait for an engine that is about to run. */
    private final TreeMap<RegionId, List<Long>> starting = new TreeMap<>();

    private boolean closed;

    Offers(Membership membership, Holdings holdings, Outbox outbox, long maxStateBytes, OwnCopies copies) {
        this.membership = membership;
        this.holdings = holdings;
        this.outbox = outbox;
        this.maxStateBytes = maxStateBytes;
        this.copies = copies;
    }

    /** From now on none is taken any more: this server is about to stop. */
    void close() {
        closed = true;
    }

    void onOffered(long call, RegionOffer offer) {
        RegionId region = new RegionId(offer.getRegionId());
        Holding holding = holdings.get(region);
        if (holding != null && actsSince(holding, offer)) {
            outbox.put(new AuthorityAction.ConfirmOffer(call, region, holding.epoch));
            return;
        }
        List<Long> waiting = starting.get(region);
        if (holding != null && waiting != null && isOf(holding, offer)) {
            waiting.add(call);
            return;
        }
        String objection = objection(region, offer);
        if (objection != null) {
            refuseOffer(call, objection);
            if (isForSelf(offer) && holdings.inWorld(region)) {
                holdings.of(region).giveUp(offer.getOfferedEpoch());
            }
            return;
        }
        drop(region, "a newer offer has come");
        receiving.put(
                region,
                new Receiving(
                        call,
                        region,
                        ServerId.of(offer.getSource()),
                        offer.getEpoch(),
                        offer.getOfferedEpoch(),
                        offer.hasCopyTick(),
                        offer.getPlayersList()));
        outbox.put(
                offer.hasCopyTick()
                        ? new AuthorityAction.AwaitCopy(call, region, offer.getEpoch(), offer.getCopyTick())
                        : new AuthorityAction.ReceiveState(call));
    }

    private boolean isForSelf(RegionOffer offer) {
        ServerId id = membership.id();
        return id != null && offer.getTarget().equals(id.toProto());
    }

    private static boolean actsSince(Holding holding, RegionOffer offer) {
        return holding.phase == Holding.Phase.ACTING && isOf(holding, offer);
    }

    private static boolean isOf(Holding holding, RegionOffer offer) {
        ServerId source = holding.source;
        return holding.epoch == offer.getOfferedEpoch()
                && source != null
                && source.toProto().equals(offer.getSource());
    }

    private @Nullable String objection(RegionId region, RegionOffer offer) {
        String what = "offer of region " + region + " at epoch " + offer.getOfferedEpoch();
        if (!isForSelf(offer)) {
            return what + " is for " + offer.getTarget().getName() + "#"
                    + offer.getTarget().getIncarnation() + ", this is "
                    + membership.name();
        }
        if (!holdings.inWorld(region)) {
            return what + ": it lies outside the world";
        }
        if (offer.getEpoch() < 1 || offer.getOfferedEpoch() <= offer.getEpoch()) {
            return what + ": expected more than its present epoch " + offer.getEpoch() + ", 1 or more";
        }
        if (offer.getSource().getIncarnation() < 1
                || offer.getSource().getName().isEmpty()) {
            return what + " does not say which server offers it";
        }
        if (offer.hasCopyTick() ? offer.getSize() != 0 : offer.getSize() < 1 || offer.getSize() > maxStateBytes) {
            return what + " has " + offer.getSize() + " bytes, expected "
                    + (offer.hasCopyTick() ? "none, since there is a copy" : "1 to " + maxStateBytes);
        }
        if (offer.hasCopyTick() && !copies.follow(region, offer.getEpoch())) {
            return what + ": this server has no copy of epoch " + offer.getEpoch();
        }
        if (closed) {
            return what + ": this server is about to stop";
        }
        Holding holding = holdings.get(region);
        if (holding != null && holding.holdsState()) {
            return what + ": this server holds its state itself, at epoch " + holding.epoch;
        }
        long known = holding == null ? 0 : holding.highestKnown();
        Receiving current = receiving.get(region);
        if (current != null && current.offeredEpoch() > offer.getOfferedEpoch()) {
            known = Math.max(known, current.offeredEpoch());
        }
        if (offer.getOfferedEpoch() <= known) {
            return what + ": this server knows of epoch " + known;
        }
        if (holdings.isOlderThanLeafMap(region, offer.getOfferedEpoch())) {
            return what + ": the leaf map has a newer authority";
        }
        return null;
    }

    void onStateReceived(long call) {
        Receiving current = receiving(call);
        if (current == null) {
            refuseOffer(call, "the offer was cancelled or superseded meanwhile");
            return;
        }
        receiving.remove(current.region());
        Holding holding = holdings.of(current.region());
        long offered = current.offeredEpoch();
        boolean stale = holding.holdsState()
                || offered <= holding.highestKnown()
                || holdings.isOlderThanLeafMap(current.region(), offered)
                || (current.byCopy() && !copies.follow(current.region(), current.epoch()));
        if (stale) {
            holding.giveUp(offered);
            refuseOffer(call, "region " + current.region() + " has an epoch newer than " + offered + " by now");
            return;
        }
        holding.source = current.source();
        if (current.byCopy()) {
            holding.phase = Holding.Phase.STARTING;
            holding.epoch = offered;
            starting.put(current.region(), new ArrayList<>(List.of(call)));
            copies.actOn(current.region());
            outbox.put(new AuthorityAction.StopGranting(current.region()));
            outbox.put(new AuthorityAction.TakeOver(current.region(), offered, 0, current.players()));
            return;
        }
        copies.supersede(current.region());
        outbox.put(new AuthorityAction.AcceptOffer(call, current.region(), offered, current.players()));
        holdings.act(holding, offered, "taken over from " + current.source());
    }

    /** The engine that calls wait for runs. */
    void onActing(RegionId region, long epoch) {
        List<Long> waiting = starting.remove(region);
        if (waiting != null) {
            waiting.forEach(call -> outbox.put(new AuthorityAction.ConfirmOffer(call, region, epoch)));
        }
    }

    /** The engine that calls wait for cannot run. */
    void onNotActing(RegionId region, String reason) {
        List<Long> waiting = starting.remove(region);
        if (waiting != null) {
            waiting.forEach(call -> refuseOffer(call, reason));
        }
    }

    void onStateFailed(long call, String reason) {
        Receiving current = receiving(call);
        if (current != null) {
            receiving.remove(current.region());
            holdings.of(current.region()).giveUp(current.offeredEpoch());
        }
        refuseOffer(call, reason);
    }

    private @Nullable Receiving receiving(long call) {
        for (Receiving each : receiving.values()) {
            if (each.call() == call) {
                return each;
            }
        }
        return null;
    }

    boolean none() {
        return receiving.isEmpty() && starting.isEmpty();
    }

    /** Gives up what is offered at that epoch or an older one, if anything is. */
    void dropUpTo(RegionId region, long offeredEpoch, String reason) {
        Receiving current = receiving.get(region);
        if (current != null && current.offeredEpoch() <= offeredEpoch) {
            drop(region, reason);
        }
    }

    void drop(RegionId region, String reason) {
        Receiving dropped = receiving.remove(region);
        if (dropped != null) {
            refuseOffer(dropped.call(), reason);
        }
    }

    private void refuseOffer(long call, String reason) {
        outbox.put(new AuthorityAction.RefuseOffer(call, reason));
    }
}
