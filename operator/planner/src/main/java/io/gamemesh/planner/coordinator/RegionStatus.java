package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code Region.status} that the coordinator owns: the truth about who acts. While a region is being moved,
 * {@code highestEpoch} is the epoch that {@code next} was offered.
 *
 * @param phase where the region is in its life
 * @param authority the one process that acts for it; null if none does
 * @param next the process that it is being moved to; null unless it is moving
 * @param epoch of the authority; 0 before the first
 * @param highestEpoch the highest ever named for the region, at least {@code epoch}
 * @param players in it
 * @param entities in it, players included
 * @param loadPercent its load score, in percent of one server
 * @param lastTransfer the latest completed change of authority; null before the first
 * @param stateLost what of its state was lost when it was last lost
 * @param waitsFor why its authority does not act yet, as that says; empty unless it is starting, and has said so
 * @param backups who has copies
 */
public record RegionStatus(
        RegionPhase phase,
        @Nullable ServerId authority,
        @Nullable ServerId next,
        long epoch,
        long highestEpoch,
        int players,
        int entities,
        int loadPercent,
        @Nullable Transfer lastTransfer,
        StateLoss stateLost,
        String waitsFor,
        Backups backups) {

    /** Of a region that was just created. */
    public static final RegionStatus NEW =
            new RegionStatus(RegionPhase.PENDING, null, null, 0, 0, 0, 0, 0, null, StateLoss.NONE, "", Backups.NONE);

    /** Refuses epochs that do not fit together. */
    public RegionStatus {
        if (epoch < 0 || highestEpoch < epoch) {
            throw new IllegalArgumentException("region status has epoch " + epoch + " and highestEpoch " + highestEpoch
                    + ", expected 0 <= epoch <= highestEpoch");
        }
    }

    RegionStatus starting(ServerId server, long newEpoch, StateLoss lost) {
        return with(RegionPhase.STARTING, server, null, newEpoch, newEpoch)
                .figures(0, 0, 0)
                .withLoss(lost)
                .waiting("")
                .with(backups.none());
    }

    /** Its authority is still starting it, for that reason. */
    RegionStatus waiting(String reason) {
        return new RegionStatus(
                phase,
                authority,
                next,
                epoch,
                highestEpoch,
                players,
                entities,
                loadPercent,
                lastTransfer,
                stateLost,
                reason,
                backups);
    }

    /** What of its state was lost is known now. */
    RegionStatus withLoss(StateLoss loss) {
        return new RegionStatus(
                phase,
                authority,
                next,
                epoch,
                highestEpoch,
                players,
                entities,
                loadPercent,
                lastTransfer,
                loss,
                waitsFor,
                backups);
    }

    RegionStatus named(long namedEpoch) {
        return with(phase, authority, next, epoch, namedEpoch);
    }

    RegionStatus acting(ServerId server, long newEpoch, Transfer transfer) {
        return new RegionStatus(
                RegionPhase.ACTIVE,
                server,
                null,
                newEpoch,
                Math.max(highestEpoch, newEpoch),
                players,
                entities,
                loadPercent,
                transfer,
                stateLost,
                "",
                server.equals(authority) ? backups : backups.without(server));
    }

    RegionStatus activeAgain() {
        return with(RegionPhase.ACTIVE, authority, null, epoch, highestEpoch);
    }

    RegionStatus moving(ServerId target, long offeredEpoch) {
        return with(RegionPhase.MOVING, authority, target, epoch, offeredEpoch);
    }

    RegionStatus resuming(long newEpoch) {
        // What goes on is of another epoch: no copy is of it.
        return with(RegionPhase.MOVING, authority, null, newEpoch, newEpoch)
                .with(authority == null ? backups.none() : backups.without(authority));
    }

    RegionStatus releasing() {
        return with(RegionPhase.RELEASING, authority, null, epoch, highestEpoch);
    }

    /** Nobody acts; nothing of it was ever simulated. */
    RegionStatus vacant() {
        return with(RegionPhase.PENDING, null, null, epoch, highestEpoch).with(backups.none());
    }

    RegionStatus lost(StateLoss loss) {
        return with(RegionPhase.LOST, null, null, epoch, highestEpoch)
                .figures(0, 0, 0)
                .withLoss(loss)
                .with(backups.none());
    }

    RegionStatus figures(int newPlayers, int newEntities, int newLoadPercent) {
        return new RegionStatus(
                phase,
                authority,
                next,
                epoch,
                highestEpoch,
                newPlayers,
                newEntities,
                newLoadPercent,
                lastTransfer,
                stateLost,
                waitsFor,
                backups);
    }

    /**
     * A backup in sync takes over. Who acted before is listed in its place, unless it is known dead: if the backup is found
     * not to have acted, that one has all there is.
     */
    RegionStatus promoting(ServerId server, long newEpoch, @Nullable ServerId before) {
        Backups others = backups.without(server);
        return with(RegionPhase.PROMOTING, server, null, newEpoch, newEpoch)
                .with(before == null ? others : others.and(before));
    }

    /** Who acted before somebody was to take over goes on. */
    RegionStatus resumingOn(ServerId server, long newEpoch) {
        return with(RegionPhase.MOVING, server, null, newEpoch, newEpoch).with(backups.without(server));
    }

    /** The same, with other backups. */
    RegionStatus with(Backups others) {
        return new RegionStatus(
                phase,
                authority,
                next,
                epoch,
                highestEpoch,
                players,
                entities,
                loadPercent,
                lastTransfer,
                stateLost,
                waitsFor,
                others);
    }

    private RegionStatus with(
            RegionPhase newPhase, @Nullable ServerId server, @Nullable ServerId target, long newEpoch, long highest) {
        return new RegionStatus(
                newPhase,
                server,
                target,
                newEpoch,
                highest,
                players,
                entities,
                loadPercent,
                lastTransfer,
                stateLost,
                newPhase == RegionPhase.STARTING ? waitsFor : "",
                backups);
    }
}
