package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.coordinator.Effect.Count;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.planner.coordinator.Effect.EmitEvent;
import io.gamemesh.planner.coordinator.Effect.RemoveFinalizer;
import io.gamemesh.planner.coordinator.Effect.Time;
import io.gamemesh.planner.coordinator.Effect.Timer;
import io.gamemesh.planner.coordinator.Effect.WriteRegionStatus;
import io.gamemesh.planner.coordinator.TrackedRegion.Command;
import io.gamemesh.planner.coordinator.TrackedRegion.Pending;
import io.gamemesh.planner.coordinator.TrackedRegion.Sent;
import io.gamemesh.planner.coordinator.TrackedRegion.Vacancy;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CancelMove;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.MoveRegion;
import io.gamemesh.protocol.v1.PromoteRegion;
import io.gamemesh.protocol.v1.ReleaseRegion;
import io.gamemesh.protocol.v1.ResumeRegion;
import io.gamemesh.protocol.v1.StartRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows for one region from its status and from what its servers have said. Level-triggered: a step looks at what
 * is, not at what has happened, so that it does not matter which messages were lost or which leader wrote the status.
 */
final class RegionSteps {

    /** What a region costs in which nothing happens, as a fraction of a server. */
    static final double IDLE_COST = 0.10;

    /** What a step needs to know of the rest of the mesh. */
    interface Context {
        boolean isDead(ServerId process);

        /** True if a process that should be heard of is not, as far as a leader can tell by now. */
        boolean isSilent(ServerId process, long now);

        @Nullable Member member(ServerId process);

        boolean meshDeleting();

        /** True if regions of the mesh, which is being deleted, have waited for their servers for long enough. */
        boolean meshReleaseDue(long now);

        /** True if the mesh's floor of epochs is as high as this one; else it soon will be. */
        boolean floorCovers(long epoch);

        long epochFloor();

        int writesUnderWay();

        void underWay(long write, RegionId region);

        /** True if the world has or may have such a region. */
        boolean mayExist(RegionId region);
    }

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Context context;
    private final RegionFigures figures;
    private final Claims claims;
    private final BackupSteps backups;

    RegionSteps(CoordinatorSettings settings, Outbox outbox, Context context) {
        this.settings = settings;
        this.outbox = outbox;
        this.context = context;
        this.figures = new RegionFigures(settings);
        this.claims = new Claims(settings, outbox, context);
        this.backups = new BackupSteps(context);
    }

    /** True if something may be due on account of time alone. */
    boolean needsTime(TrackedRegion region) {
        RegionResource resource = region.resource;
        return resource == null
                || region.status.phase() != RegionPhase.ACTIVE
                || resource.deletionRequested()
                || region.sent != null
                || region.loadKnown
                || !region.status.backups().list().isEmpty()
                || region.retryAt != Long.MIN_VALUE
                || claims.leaveSomethingOver(region);
    }

    /** True if nothing can be written now. */
    boolean blocked(TrackedRegion region, long now) {
        return now < region.retryAt || region.version.equals(region.refutedVersion);
    }

    /** True if somebody may have the region whom the status does not know of. */
    boolean hasClaims(TrackedRegion region) {
        return claims.exist(region);
    }

    /** Does what is due for a region. */
    void step(TrackedRegion region, long now) {
        region.vacancy = null;
        RegionResource resource = region.resource;
        if (resource == null) {
            if (context.meshDeleting() || !context.mayExist(region.id)) {
                claims.release(region, Long.MAX_VALUE, now);
            }
            return;
        }
        claims.release(region, region.status.highestEpoch(), now);
        if (region.pending != null || blocked(region, now)) {
            return;
        }
        if (raiseForClaims(region, now)) {
            return;
        }
        boolean deletion = resource.deletionRequested();
        ServerId server = region.status.authority();
        if (server == null) {
            region.vacancy = new Vacancy(region.status.stateLost());
        } else {
            switch (region.status.phase()) {
                case STARTING -> starting(region, server, deletion, now);
                case PROMOTING -> promoting(region, server, now);
                case ACTIVE -> active(region, server, deletion, now);
                case MOVING -> moving(region, server, deletion, now);
                case RELEASING, PENDING, LOST -> releasing(region, server, now);
            }
        }
        if (deletion && region.pending == null) {
            finish(region, resource, now);
        }
        if (hasClaims(region)) {
            // Nobody may start while somebody else still has it.
            region.vacancy = null;
        }
    }

    private void starting(TrackedRegion region, ServerId server, boolean deletion, long now) {
        RegionStatus status = region.status;
        Holding holding = region.holding(server);
        String waitsFor = region.whyNotStarted(server);
        if (context.isDead(server)) {
            region.vacancy = new Vacancy(lostWith(server));
        } else if (holding != null && holding.actsAt(status.epoch())) {
            started(region, server, now);
        } else if (region.releasedUpTo(server) >= status.epoch()) {
            region.leaveAloneUntil = now + settings.retry().toNanos();
            write(region, status.vacant(), List.of(), now);
        } else if (deletion) {
            write(region, status.releasing(), List.of(), now);
        } else if (waitsFor != null && !waitsFor.equals(status.waitsFor())) {
            write(region, status.waiting(waitsFor), List.of(), now);
        } else if (holding == null) {
            boolean _ = command(
                    region,
                    server,
                    Command.START,
                    status.epoch(),
                    CoordinatorMessage.newBuilder()
                            .setStart(StartRegion.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setEpoch(status.epoch())
                                    .setConfiguration(status.backups().configuration())),
                    now);
        }
    }

    private void started(TrackedRegion region, ServerId server, long now) {
        RegionStatus status = region.status;
        Transfer before = status.lastTransfer();
        long nanos = now - region.startingSince;
        boolean failover = region.startReason.equals("Failover");
        Transfer transfer = new Transfer(
                before == null ? null : before.to(),
                server.name(),
                status.epoch(),
                region.startReason,
                failover ? nanos / 1_000_000 : -1);
        StateLoss loss = status.stateLost().resolved(region.witness(server).origin);
        List<Effect> then = new ArrayList<>();
        if (failover) {
            then.add(new Time(Timer.FAILOVER, nanos));
        }
        if (!loss.equals(status.stateLost())) {
            then.add(new EmitEvent(true, "StateLost", loss.message(), region.id));
        }
        write(region, status.withLoss(loss).acting(server, status.epoch(), transfer), then, now);
    }

    private void active(TrackedRegion region, ServerId server, boolean deletion, long now) {
        RegionStatus status = region.status;
        Holding holding = region.holding(server);
        if (context.isDead(server)) {
            bereaved(region, server, lostWith(server), "is known dead", deletion, now);
        } else if (holding == null && region.releasedUpTo(server) >= status.epoch()) {
            bereaved(
                    region,
                    server,
                    StateLoss.unknown("server " + server + " no longer had it"),
                    "no longer had it",
                    deletion,
                    now);
        } else if (deletion) {
            write(region, status.releasing(), List.of(), now);
        } else if (holding != null && !holding.actsAt(status.epoch())) {
            resume(region, server, "server " + server + " held it at another epoch than its status", now);
        } else if (context.isSilent(server, now)) {
            ServerId forsaken = backups.forsaken(region);
            if (forsaken != null) {
                promote(region, server, forsaken, "is not heard of", now);
            }
        } else if (holding != null) {
            keepBackups(region, server, holding, now);
        }
    }

    private void keepBackups(TrackedRegion region, ServerId server, Holding holding, long now) {
        RegionStatus status = region.status;
        if (prepareMove(region, now)) {
            return;
        }
        Backups listed = backups.listed(region, holding);
        if (!listed.equals(status.backups())) {
            write(region, status.with(listed), List.of(), now);
            return;
        }
        String whereabouts = backups.whereabouts(region, server);
        boolean toldWhere = whereabouts.equals(region.toldWhereabouts);
        if (holding.configuration() < status.backups().configuration() || !toldWhere) {
            boolean told = command(
                    region,
                    server,
                    Command.CONFIGURE,
                    status.backups().configuration(),
                    backups.configure(region),
                    now);
            if (told) {
                region.toldWhereabouts = whereabouts;
            }
        }
        figures(region, now);
    }

    /** Nobody acts for it any more: who has a copy takes over, and if nobody has one, it is lost. */
    private void bereaved(
            TrackedRegion region, ServerId server, StateLoss lost, String why, boolean deletion, long now) {
        ServerId successor = backups.successor(region);
        if (deletion || backups.noneIsLeft(region)) {
            region.vacancy = new Vacancy(lost);
        } else if (successor != null) {
            promote(region, server, successor, why, now);
        }
    }

    private void promote(TrackedRegion region, ServerId server, ServerId successor, String why, long now) {
        long epoch = nextEpoch(region);
        write(
                region,
                region.status.promoting(successor, epoch, context.isDead(server) ? null : server),
                List.of(
                        new Count(Counter.FAILOVERS, 1),
                        new EmitEvent(
                                true,
                                "Failover",
                                "server " + successor + " takes over at epoch " + epoch + " from " + server + ", which "
                                        + why,
                                region.id)),
                now);
    }

    private void promoting(TrackedRegion region, ServerId server, long now) {
        RegionStatus status = region.status;
        Holding holding = region.holding(server);
        List<ServerId> before = status.backups().inSync();
        ServerId predecessor = before.isEmpty() ? null : before.getFirst();
        if (context.isDead(server)) {
            notPromoted(region, predecessor, "server " + server + ", which was to take over, died too", now);
        } else if (holding != null && holding.actsAt(status.epoch())) {
            promoted(region, server, predecessor, now);
        } else if (holding == null && region.releasedUpTo(server) >= status.epoch()) {
            notPromoted(region, predecessor, "server " + server + ", which was to take over, could not", now);
        } else if (holding == null) {
            // If the region is deleted meanwhile: only one who acts has surely followed whoever acted before.
            boolean _ = command(
                    region,
                    server,
                    Command.PROMOTE,
                    status.epoch(),
                    CoordinatorMessage.newBuilder()
                            .setPromote(PromoteRegion.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setEpoch(status.epoch())
                                    .setConfiguration(status.backups().configuration())
                                    .setPredecessorDead(predecessor == null || context.isDead(predecessor))),
                    now);
        }
    }

    /** Who acted before has all that there is, if it is still there. */
    private void notPromoted(TrackedRegion region, @Nullable ServerId predecessor, String why, long now) {
        if (predecessor == null || context.isDead(predecessor)) {
            region.vacancy = new Vacancy(StateLoss.unknown(why));
            return;
        }
        write(
                region,
                region.status.resumingOn(predecessor, nextEpoch(region)),
                List.of(new EmitEvent(true, "FailoverFailed", "server " + predecessor + " goes on: " + why, region.id)),
                now);
    }

    private void promoted(TrackedRegion region, ServerId server, @Nullable ServerId predecessor, long now) {
        RegionStatus status = region.status;
        Transfer before = status.lastTransfer();
        long nanos = now - region.promotingSince;
        String from = predecessor != null ? predecessor.name() : before == null ? null : before.to();
        Transfer transfer = new Transfer(from, server.name(), status.epoch(), "Failover", nanos / 1_000_000);
        write(
                region,
                status.acting(server, status.epoch(), transfer)
                        .with(status.backups().without(server)),
                List.of(new Time(Timer.FAILOVER, nanos)),
                now);
    }

    /** Decided by the planner: another server gets a copy. */
    void addBackup(TrackedRegion region, ServerId server, long now) {
        if (region.pending == null && !blocked(region, now) && region.status.phase() == RegionPhase.ACTIVE) {
            List<Backups.Backup> list = new ArrayList<>(region.status.backups().list());
            list.add(new Backups.Backup(server, false));
            write(region, region.status.with(region.status.backups().changed(list)), List.of(), now);
        }
    }

    /** Decided by the planner: those that are not fit, or too many, are backups no longer. */
    boolean pruneBackups(TrackedRegion region, int wanted, Set<ServerId> fit, long now) {
        if (region.pending != null || blocked(region, now) || region.status.phase() != RegionPhase.ACTIVE) {
            return false;
        }
        Backups pruned = backups.pruned(region.status.backups(), wanted, fit, region.prepared);
        return !pruned.equals(region.status.backups()) && write(region, region.status.with(pruned), List.of(), now);
    }

    boolean wantsBackup(TrackedRegion region, int wanted, Set<ServerId> fit) {
        return backups.wantsAnother(region.status.backups(), wanted, fit);
    }

    private void moving(TrackedRegion region, ServerId source, boolean deletion, long now) {
        RegionStatus status = region.status;
        ServerId target = status.next();
        if (target == null) {
            resuming(region, source, deletion, now);
        } else {
            handingOver(region, source, target, deletion, now);
        }
    }

    private void handingOver(TrackedRegion region, ServerId source, ServerId target, boolean deletion, long now) {
        RegionStatus status = region.status;
        long offered = status.highestEpoch();
        Holding atSource = region.holding(source);
        Holding atTarget = region.holding(target);
        boolean sourceDead = context.isDead(source);
        boolean sourceReleased = atSource == null && region.releasedUpTo(source) >= status.epoch();
        boolean targetDead = context.isDead(target);
        boolean targetGaveUp = atTarget == null && region.releasedUpTo(target) >= offered;

        if (!targetDead && atTarget != null && atTarget.actsAt(offered)) {
            handedOver(region, source, target, now);
        } else if (targetDead || targetGaveUp) {
            if (sourceDead) {
                bereaved(region, source, lostWith(source), "is known dead", deletion, now);
            } else if (sourceReleased) {
                region.vacancy = new Vacancy(
                        StateLoss.unknown("it was handed to server " + target + ", which " + fateOf(targetDead)));
            } else if (context.isSilent(source, now) && backups.successor(region) != null) {
                // It would not hear that it is to go on, and after that no copy would be of its epoch.
                ServerId forsaken = backups.forsaken(region);
                if (forsaken != null) {
                    promote(region, source, forsaken, "is not heard of", now);
                }
            } else {
                resume(region, source, "server " + target + " " + fateOf(targetDead), now);
            }
        } else if (sourceDead
                || sourceReleased
                || context.isSilent(source, now)
                || region.abandon
                || deletion
                || (atSource != null && (atSource.frozen() || atSource.gaveUp(offered)))
                || now - region.movingSince >= settings.moveTimeout().toNanos()) {
            region.abandon = true;
            boolean _ = command(
                    region,
                    target,
                    Command.CANCEL,
                    offered,
                    CoordinatorMessage.newBuilder()
                            .setCancelMove(CancelMove.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setOfferedEpoch(offered)),
                    now);
        } else {
            Member member = context.member(target);
            if (member != null && !member.peerAddress.isEmpty()) {
                boolean _ = command(
                        region,
                        source,
                        Command.MOVE,
                        status.epoch(),
                        CoordinatorMessage.newBuilder()
                                .setMove(MoveRegion.newBuilder()
                                        .setRegionId(region.id.packed())
                                        .setEpoch(status.epoch())
                                        .setTarget(target.toProto())
                                        .setTargetPeerAddress(member.peerAddress)
                                        .setOfferedEpoch(offered)
                                        .setTargetPlayerAddress(member.advertised)
                                        .setTargetInternalPlayerAddress(member.internalPlayerAddress)),
                        now);
            }
        }
    }

    private static String fateOf(boolean dead) {
        return dead ? "is known dead" : "gave the move up";
    }

    private void handedOver(TrackedRegion region, ServerId source, ServerId target, long now) {
        RegionStatus status = region.status;
        long nanos = now - region.movingSince;
        String reason = region.moveReason.isEmpty() ? "Move" : region.moveReason;
        Transfer transfer =
                new Transfer(source.name(), target.name(), status.highestEpoch(), reason, nanos / 1_000_000);
        region.restUntil = now + settings.rest().toNanos();
        write(
                region,
                status.acting(target, status.highestEpoch(), transfer),
                List.of(
                        new Count(Counter.TRANSFERS, 1),
                        new Time(Timer.TRANSFER, nanos),
                        new EmitEvent(
                                false,
                                "Moved",
                                "from " + source + " to " + target + " at epoch " + status.highestEpoch() + ": "
                                        + reason,
                                region.id)),
                now);
    }

    /** Nobody but the source has it for certain, whether frozen or not: it goes on at an epoch that ends the matter. */
    private void resume(TrackedRegion region, ServerId source, String why, long now) {
        region.leaveAloneUntil = now + settings.settle().toNanos();
        write(
                region,
                region.status.resuming(nextEpoch(region)),
                List.of(
                        new Count(Counter.TRANSFER_FAILURES, 1),
                        new EmitEvent(true, "MoveFailed", "server " + source + " goes on: " + why, region.id)),
                now);
    }

    private void resuming(TrackedRegion region, ServerId source, boolean deletion, long now) {
        RegionStatus status = region.status;
        Holding holding = region.holding(source);
        if (context.isDead(source)) {
            region.vacancy = new Vacancy(lostWith(source));
        } else if (holding != null && holding.actsAt(status.epoch())) {
            write(region, status.activeAgain(), List.of(), now);
        } else if (holding == null && region.releasedUpTo(source) >= status.epoch()) {
            region.vacancy =
                    new Vacancy(StateLoss.unknown("server " + source + " had handed it on to a server that died"));
        } else if (deletion) {
            write(region, status.releasing(), List.of(), now);
        } else {
            boolean _ = command(
                    region,
                    source,
                    Command.RESUME,
                    status.epoch(),
                    CoordinatorMessage.newBuilder()
                            .setResume(ResumeRegion.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setEpoch(status.epoch())),
                    now);
        }
    }

    private void releasing(TrackedRegion region, ServerId server, long now) {
        RegionStatus status = region.status;
        boolean released = context.isDead(server)
                || (region.holding(server) == null && region.releasedUpTo(server) >= status.epoch());
        if (released) {
            region.vacancy = new Vacancy(status.stateLost());
        } else {
            boolean _ = command(
                    region,
                    server,
                    Command.RELEASE,
                    status.epoch(),
                    CoordinatorMessage.newBuilder()
                            .setRelease(ReleaseRegion.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setEpoch(status.epoch())),
                    now);
        }
    }

    /** Lets the object of a deleted region go once nobody acts for it. */
    private void finish(TrackedRegion region, RegionResource resource, long now) {
        boolean overdue = context.meshReleaseDue(now);
        boolean nobody = region.vacancy != null && !hasClaims(region);
        if ((!nobody && !overdue) || region.objectWrite != 0 || now < region.objectRetryAt) {
            return;
        }
        // A mesh that goes takes its epochs with it.
        if (!context.meshDeleting()
                && !context.floorCovers(Math.max(region.status.highestEpoch(), region.namedEpoch))) {
            return;
        }
        if (nobody && region.status.authority() != null && !context.meshDeleting()) {
            // Without it, operators that look on would take the object for one whose finalizer somebody tore off, and
            // wait for that server once they lead.
            write(region, region.status.vacant(), List.of(), now);
            return;
        }
        if (nobody) {
            // Who was followed may be silent for ever; it stands in nobody's way if the region is created again.
            region.settledUpTo = Math.max(region.status.highestEpoch(), region.namedEpoch);
        } else {
            outbox.warning(
                    "ReleasedUnconfirmed",
                    "the mesh is deleted, and server " + region.status.authority()
                            + " has not answered; its pod must go",
                    region.id);
        }
        region.objectWrite = outbox.nextWrite();
        region.objectRetryAt = now + settings.retry().multipliedBy(5).toNanos();
        region.finalizerRemoved = true;
        context.underWay(region.objectWrite, region.id);
        outbox.add(new RemoveFinalizer(region.objectWrite, region.id, region.name, resource.uid()));
    }

    /**
     * An epoch that a server has and the status does not know of is written down before anything is done about it. That
     * the write succeeds proves that the status is not merely out of date.
     */
    private boolean raiseForClaims(TrackedRegion region, long now) {
        if (region.namedEpoch <= region.status.highestEpoch() || region.status.next() != null || !hasClaims(region)) {
            return false;
        }
        return write(region, region.status.named(region.namedEpoch), List.of(), now);
    }

    /** Decided by the planner: a vacant region goes to a server. */
    void start(TrackedRegion region, ServerId server, long now) {
        Vacancy vacancy = region.vacancy;
        if (vacancy == null || region.pending != null || blocked(region, now)) {
            return;
        }
        RegionStatus status = region.status;
        boolean lost = !vacancy.stateLost().isEmpty() && !vacancy.stateLost().equals(status.stateLost());
        boolean failover = lost || status.phase() == RegionPhase.LOST;
        List<Effect> then = failover ? List.of(new Count(Counter.FAILOVERS, 1)) : List.of(new Count(Counter.STARTS, 1));
        RegionStatus next = status.starting(server, nextEpoch(region), vacancy.stateLost());
        if (write(region, next, then, now)) {
            region.startReason = failover ? "Failover" : "Start";
            region.vacancy = null;
        }
    }

    /** Decided by the planner: a region goes to another server, once that one has a copy in sync. */
    void move(TrackedRegion region, ServerId target, String reason, long now) {
        if (region.pending != null || blocked(region, now) || region.status.phase() != RegionPhase.ACTIVE) {
            return;
        }
        region.prepared = target;
        region.preparedSince = now;
        region.moveReason = reason;
        boolean _ = prepareMove(region, now);
    }

    /** Goes on with a move that was decided on; true if a write is under way for it. */
    private boolean prepareMove(TrackedRegion region, long now) {
        ServerId target = region.prepared;
        if (target == null) {
            return false;
        }
        Member member = context.member(target);
        boolean overdue = now - region.preparedSince >= settings.moveTimeout().toNanos();
        if (overdue || context.isDead(target) || member == null || !member.connected()) {
            region.prepared = null;
            return false;
        }
        Backups present = region.status.backups();
        if (present.inSync().contains(target)) {
            return write(region, region.status.moving(target, nextEpoch(region)), List.of(), now);
        }
        if (!present.has(target)) {
            if (present.list().size() >= Backups.MAX) {
                region.prepared = null;
                return false;
            }
            addBackup(region, target, now);
            return region.pending != null;
        }
        return false;
    }

    /** A death is written down even if nobody can take the region, so that the next leader need not learn it again. */
    void recordLoss(TrackedRegion region, long now) {
        Vacancy vacancy = region.vacancy;
        RegionResource resource = region.resource;
        if (vacancy != null
                && resource != null
                && !resource.deletionRequested()
                && region.status.authority() != null
                && region.pending == null
                && !blocked(region, now)) {
            write(
                    region,
                    region.status.lost(vacancy.stateLost()),
                    List.of(
                            new Count(Counter.STATES_LOST, 1),
                            new EmitEvent(
                                    true,
                                    "Lost",
                                    "nobody acts for it: " + vacancy.stateLost().message(),
                                    region.id)),
                    now);
        }
    }

    private static StateLoss lostWith(ServerId server) {
        return StateLoss.unknown("server " + server + " died");
    }

    private long nextEpoch(TrackedRegion region) {
        return Math.max(Math.max(region.status.highestEpoch(), region.namedEpoch), context.epochFloor()) + 1;
    }

    private boolean write(TrackedRegion region, RegionStatus status, List<Effect> then, long now) {
        RegionResource resource = region.resource;
        if (resource == null || context.writesUnderWay() >= settings.writesAtOnce()) {
            return false;
        }
        long number = outbox.nextWrite();
        region.pending = new Pending(number, region.version, status, then);
        region.sent = null;
        region.retryAt = Long.MIN_VALUE;
        region.figuresAt = now;
        context.underWay(number, region.id);
        outbox.add(new WriteRegionStatus(number, region.id, region.name, region.version, status));
        return true;
    }

    /**
     * Sends a command, again and again until the report that it asks for has come.
     *
     * @return false if it was sent a moment ago, or cannot be
     */
    private boolean command(
            TrackedRegion region,
            ServerId server,
            Command kind,
            long epoch,
            CoordinatorMessage.Builder message,
            long now) {
        Member member = context.member(server);
        if (member == null || !member.connected()) {
            return false;
        }
        Sent sent = region.sent;
        boolean underWay = sent != null
                && sent.kind() == kind
                && sent.epoch() == epoch
                && sent.stream() == member.stream
                && now < sent.againAt();
        if (!underWay) {
            region.sent =
                    new Sent(kind, epoch, member.stream, now + settings.resend().toNanos());
            outbox.send(member.stream, message);
        }
        return !underWay;
    }

    private void figures(TrackedRegion region, long now) {
        if (context.writesUnderWay() < settings.writesAtOnce() / 2 && figures.areWorthAWrite(region, now)) {
            write(region, RegionFigures.shownIn(region), List.of(), now);
        }
    }
}
