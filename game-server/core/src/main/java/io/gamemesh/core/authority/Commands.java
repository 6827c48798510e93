package io.gamemesh.core.authority;

import io.gamemesh.core.replication.Configuration;
import io.gamemesh.core.replication.Standing;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.BackupRef;
import io.gamemesh.protocol.v1.CancelMove;
import io.gamemesh.protocol.v1.ConfigureRegion;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.ReleaseRegion;
import io.gamemesh.protocol.v1.ResumeRegion;
import io.gamemesh.protocol.v1.StartRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the coordinator commands, and what comes of carrying it out. */
final class Commands {

    /** Longer than it takes to tell all players one after the other, and a connection to be made. */
    private static final long TO_CONNECT_NANOS = 1_500_000_000;

    private final Membership membership;
    private final Holdings holdings;
    private final Offers offers;
    private final Copies copies;
    private final Outbox outbox;

    Commands(Membership membership, Holdings holdings, Offers offers, Copies copies, Outbox outbox) {
        this.membership = membership;
        this.holdings = holdings;
        this.offers = offers;
        this.copies = copies;
        this.outbox = outbox;
    }

    void onCommand(CoordinatorMessage message, long nowNanos) {
        if (membership.id() == null) {
            outbox.refuse("a " + message.getBodyCase() + " before this process has an incarnation");
            return;
        }
        switch (message.getBodyCase()) {
            case START -> onStart(message.getStart());
            case MOVE -> onMove(message.getMove(), message.getTerm(), nowNanos);
            case CANCEL_MOVE -> onCancelMove(message.getCancelMove());
            case RESUME -> onResume(message.getResume());
            case RELEASE -> onRelease(message.getRelease());
            case CONFIGURE -> onConfigure(message.getConfigure());
            case PROMOTE -> copies.onPromote(message.getPromote(), nowNanos);
            default -> throw new IllegalStateException("no command: " + message.getBodyCase());
        }
    }

    private void onStart(StartRegion start) {
        RegionId region = holdings.region(start.getRegionId());
        long epoch = epoch(start.getEpoch());
        Holding holding = holdings.of(region);
        boolean repeat = holding.holdsState() && holding.epoch == epoch;
        if (repeat) {
            holdings.report(holding, holding.detail);
            return;
        }
        if (holding.holdsState() || epoch <= holding.highestKnown()) {
            answer(holding, epoch, "StartRegion");
            return;
        }
        if (holdings.isOlderThanLeafMap(region, epoch)) {
            holding.giveUp(epoch);
            answer(holding, epoch, "StartRegion");
            return;
        }
        offers.drop(region, "StartRegion at epoch " + epoch);
        copies.supersede(region);
        holding.phase = Holding.Phase.STARTING;
        holding.epoch = epoch;
        holding.source = null;
        holding.detail = "";
        outbox.put(new AuthorityAction.StartEngine(region, epoch, start.getConfiguration()));
    }

    void onEngineStarted(RegionId region, long epoch, @Nullable Origin origin) {
        Holding holding = holdings.of(region);
        if (holding.phase == Holding.Phase.STARTING && holding.epoch == epoch) {
            ServerId source = holding.source;
            holding.origin = origin;
            holdings.act(holding, epoch, source == null ? "" : "taken over from " + source);
            offers.onActing(region, epoch);
        }
    }

    void onEngineWaiting(RegionId region, long epoch, String reason) {
        Holding holding = holdings.of(region);
        if (holding.phase == Holding.Phase.STARTING && holding.epoch == epoch) {
            holdings.report(holding, reason);
        }
    }

    void onSuperseded(RegionId region, long epoch, long storedEpoch, String reason) {
        Holding holding = holdings.of(region);
        if (!holding.holdsState() || holding.epoch != epoch) {
            return;
        }
        holding.giveUp(storedEpoch);
        holding.storedEpoch = storedEpoch;
        if (holding.phase == Holding.Phase.STARTING) {
            holding.phase = Holding.Phase.RELEASED;
            holdings.report(holding, reason);
        } else {
            holdings.release(holding, reason, null);
        }
    }

    void onEngineFailed(RegionId region, long epoch, String reason) {
        Holding holding = holdings.of(region);
        if (holding.phase == Holding.Phase.STARTING && holding.epoch == epoch) {
            holding.phase = Holding.Phase.RELEASED;
            holdings.report(holding, "cannot start: " + reason);
            offers.onNotActing(region, reason);
        }
    }

    private void onConfigure(ConfigureRegion configure) {
        RegionId region = holdings.region(configure.getRegionId());
        Holding holding = holdings.of(region);
        if (holding.phase != Holding.Phase.ACTING || holding.epoch != configure.getEpoch()) {
            answer(holding, configure.getEpoch(), "ConfigureRegion");
            return;
        }
        List<Configuration.Backup> backups = new ArrayList<>(configure.getBackupsCount());
        Map<ServerId, String> addresses = new HashMap<>();
        for (BackupRef backup : configure.getBackupsList()) {
            ServerId server = ServerId.of(backup.getServer());
            if (membership.isSelf(server)) {
                throw new IllegalArgumentException("this server is to be its own backup");
            }
            backups.add(new Configuration.Backup(server, backup.getInSync()));
            addresses.put(server, backup.getPeerAddress());
        }
        outbox.put(new AuthorityAction.Configure(
                region, new Configuration(configure.getConfiguration(), backups), Map.copyOf(addresses)));
    }

    void onStanding(RegionId region, long epoch, Standing standing, long nowNanos) {
        Holding holding = holdings.of(region);
        if (holding.holdsState() && holding.epoch == epoch) {
            holding.stands(standing, nowNanos);
            if (!holding.complains && !standing.behind().isEmpty()) {
                membership.heartbeatSoon(nowNanos);
            }
            if (holding.phase == Holding.Phase.ACTING) {
                holdings.report(holding, holding.detail);
            }
        }
    }

    /** The coordinator has answered a heartbeat: what was in doubt until it did can be said. */
    void onHeard() {
        for (Holding holding : holdings.all()) {
            if (!holding.complains && membership.isHeardSince(holding.doubtsSince)) {
                holding.complains = true;
                if (holding.phase == Holding.Phase.ACTING) {
                    holdings.report(holding, holding.detail);
                }
            }
        }
    }

    private void onMove(MoveRegion move, long term, long nowNanos) {
        RegionId region = holdings.region(move.getRegionId());
        Holding holding = holdings.of(region);
        ServerId target = ServerId.of(move.getTarget());
        long offered = epoch(move.getOfferedEpoch());
        boolean repeat = holding.isMoving(offered) && target.equals(holding.target);
        if (repeat) {
            if (holding.phase == Holding.Phase.FROZEN) {
                holdings.report(holding, holding.detail);
            }
            return;
        }
        Holding.Departure waiting = holding.departure;
        if (waiting != null && waiting.term() == term && waiting.move().equals(move)) {
            return;
        }
        boolean wellFormed = offered > holding.epoch && !membership.isSelf(target);
        if (holding.phase != Holding.Phase.ACTING || holding.epoch != move.getEpoch() || !wellFormed) {
            holding.moveGivenUp = offered;
            answer(holding, move.getEpoch(), "MoveRegion to " + target + " at epoch " + offered);
            return;
        }
        if (move.getTargetPlayerAddress().isEmpty()
                && move.getTargetInternalPlayerAddress().isEmpty()) {
            transfer(holding, move);
            return;
        }
        holding.departure = new Holding.Departure(move, term, nowNanos + TO_CONNECT_NANOS);
        outbox.put(new AuthorityAction.AnnounceMove(
                region, move.getTargetPlayerAddress(), move.getTargetInternalPlayerAddress()));
    }

    private void transfer(Holding holding, MoveRegion move) {
        holding.departure = null;
        holding.phase = Holding.Phase.TRANSFERRING;
        holding.target = ServerId.of(move.getTarget());
        holding.offered = move.getOfferedEpoch();
        outbox.put(new AuthorityAction.Transfer(
                holding.region, holding.epoch, holding.target, move.getTargetPeerAddress(), holding.offered));
    }

    /** Begins the moves that players have had the time to hear of. */
    void onTime(long nowNanos) {
        for (Holding holding : holdings.all()) {
            Holding.Departure departure = holding.departure;
            if (departure == null || nowNanos < departure.dueNanos()) {
                continue;
            }
            if (holding.phase == Holding.Phase.ACTING && departure.term() == membership.highestTerm()) {
                transfer(holding, departure.move());
            } else {
                holding.departure = null;
            }
        }
    }

    long nextDeadlineNanos() {
        long next = Long.MAX_VALUE;
        for (Holding holding : holdings.all()) {
            if (holding.departure != null) {
                next = Math.min(next, holding.departure.dueNanos());
            }
        }
        return next;
    }

    void onTransferAccepted(RegionId region, long offered) {
        Holding holding = holdings.of(region);
        if (holding.isMoving(offered)) {
            holdings.release(holding, "moved to " + holding.target, holding.target);
        }
    }

    void onTransferRefused(RegionId region, long offered, String reason) {
        Holding holding = holdings.of(region);
        // Once reported as frozen it is the coordinator's to say how to go on, whatever is learned later.
        if (holding.phase == Holding.Phase.TRANSFERRING && holding.offered == offered) {
            outbox.put(new AuthorityAction.ResumeEngine(region, holding.epoch));
            holding.moveGivenUp = offered;
            holdings.act(holding, holding.epoch, "the move to " + holding.target + " was refused: " + reason);
        }
    }

    void onTransferUnknown(RegionId region, long offered, String reason) {
        Holding holding = holdings.of(region);
        if (holding.phase == Holding.Phase.TRANSFERRING && holding.offered == offered) {
            holding.phase = Holding.Phase.FROZEN;
            holdings.report(holding, "the outcome of the move to " + holding.target + " is unknown: " + reason);
        }
    }

    private void onCancelMove(CancelMove cancel) {
        RegionId region = holdings.region(cancel.getRegionId());
        long offered = epoch(cancel.getOfferedEpoch());
        Holding holding = holdings.of(region);
        if (holding.holdsState() && holding.epoch >= offered) {
            holdings.report(holding, holding.detail);
            return;
        }
        offers.dropUpTo(region, offered, "the move was cancelled");
        holding.giveUp(offered);
        holdings.reportReleased(region, offered, "gave up the move");
    }

    private void onResume(ResumeRegion resume) {
        RegionId region = holdings.region(resume.getRegionId());
        long epoch = epoch(resume.getEpoch());
        Holding holding = holdings.of(region);
        boolean mayResume = switch (holding.phase) {
            case TRANSFERRING, FROZEN -> epoch > holding.offered;
            case ACTING -> epoch > holding.epoch;
            case STARTING, RELEASED -> false;
        };
        if (!mayResume || holdings.isOlderThanLeafMap(region, epoch)) {
            answer(holding, epoch, "ResumeRegion");
            return;
        }
        outbox.put(new AuthorityAction.ResumeEngine(region, epoch));
        holdings.act(holding, epoch, "resumed");
    }

    private void onRelease(ReleaseRegion release) {
        RegionId region = holdings.region(release.getRegionId());
        long epoch = epoch(release.getEpoch());
        Holding holding = holdings.of(region);
        if (holding.holdsState() && epoch < holding.epoch) {
            answer(holding, epoch, "ReleaseRegion");
            return;
        }
        offers.dropUpTo(region, epoch, "the region was released");
        copies.release(region, epoch);
        holding.giveUp(epoch);
        if (holding.holdsState()) {
            holdings.release(holding, "released", holding.target);
        } else {
            holding.epoch = Math.max(holding.epoch, epoch);
            holdings.report(holding, "released");
        }
    }

    /** A command that does not fit: what is, is what the coordinator needs to know. */
    private void answer(Holding holding, long epoch, String command) {
        outbox.refuse(command + " of region " + holding.region + " at epoch " + epoch + ": it is " + holding.phase
                + " at epoch " + holding.epoch + ", and epochs up to " + holding.highestKnown() + " are known");
        if (holding.holdsState()) {
            holdings.report(holding, holding.detail);
        } else {
            holdings.reportReleased(holding.region, Math.max(epoch, holding.highestKnown()), holding.detail);
            holding.giveUp(epoch);
        }
    }

    private static long epoch(long epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch is " + epoch + ", expected 1 or more");
        }
        return epoch;
    }
}
