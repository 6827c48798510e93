package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.BackupRef;
import io.gamemesh.protocol.v1.ConfigureRegion;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which backups the status of an active region should list, and who of them takes over. A backup is listed in sync only on
 * the word of the authority, under the present configuration, that it does not act without that backup's grant; so the one
 * that is promoted is always one that the authority needs.
 */
final class BackupSteps {

    private final RegionSteps.Context context;

    BackupSteps(RegionSteps.Context context) {
        this.context = context;
    }

    /** The list as it should be by what is known of the backups that there are; the same one if nothing changes. */
    Backups listed(TrackedRegion region, Holding holding) {
        Backups present = region.status.backups();
        boolean current = holding.configuration() == present.configuration();
        List<Backups.Backup> list = new ArrayList<>(present.list().size());
        // Whoever is behind stops counting only by another configuration, listed or not.
        boolean changes = current && !holding.behind().isEmpty();
        for (Backups.Backup backup : present.list()) {
            ServerId server = backup.server();
            if (context.isDead(server)) {
                changes = true;
                continue;
            }
            boolean inSync = backup.inSync();
            if (current) {
                inSync = holding.inSync().contains(server) && !holding.behind().contains(server);
            }
            changes |= inSync != backup.inSync();
            list.add(new Backups.Backup(server, inSync));
        }
        return changes ? present.changed(list) : present;
    }

    /**
     * Without those that are not wanted any more.
     *
     * @param wanted how many there should be
     * @param fit those that can go on being backups
     * @param kept one that stays beside them, as the region is about to move there; null if it is not
     */
    Backups pruned(Backups present, int wanted, Set<ServerId> fit, @Nullable ServerId kept) {
        if (present.has(kept)) {
            // Until it has moved there is nothing to tidy up.
            return present;
        }
        long good = present.list().stream()
                .filter(backup -> backup.inSync() && fit.contains(backup.server()))
                .count();
        List<Backups.Backup> list = new ArrayList<>(present.list());
        boolean changes = false;
        for (Backups.Backup backup : present.list()) {
            boolean isFit = fit.contains(backup.server());
            boolean goes;
            if (isFit) {
                goes = list.size() > wanted && good >= wanted && (!backup.inSync() || good > wanted);
                good -= goes && backup.inSync() ? 1 : 0;
            } else {
                // One that may have to take over is kept until there are others.
                goes = !backup.inSync() || good >= wanted;
            }
            if (goes) {
                list.remove(backup);
                changes = true;
            }
        }
        return changes ? present.changed(list) : present;
    }

    /** True if there is room for another one. */
    boolean wantsAnother(Backups present, int wanted, Set<ServerId> fit) {
        return present.list().size() < Backups.MAX
                && present.list().stream()
                                .filter(backup -> fit.contains(backup.server()))
                                .count()
                        < wanted;
    }

    /** Who of those in sync is to take over; null if none of them can be told to. */
    @Nullable ServerId successor(TrackedRegion region) {
        for (ServerId server : region.status.backups().inSync()) {
            Member member = context.member(server);
            Witness witness = region.witnesses.get(server);
            if (!context.isDead(server)
                    && member != null
                    && member.connected()
                    && witness != null
                    && witness.copyEpoch == region.status.epoch()) {
                return server;
            }
        }
        return null;
    }

    /** One that is in sync and that the authority says nothing to any more; null if there is none. */
    @Nullable ServerId forsaken(TrackedRegion region) {
        ServerId server = successor(region);
        Witness witness = server == null ? null : region.witnesses.get(server);
        return witness != null && witness.authoritySilent ? server : null;
    }

    /** True if there is nobody left who could take over. */
    boolean noneIsLeft(TrackedRegion region) {
        return region.status.backups().inSync().stream().allMatch(context::isDead);
    }

    /** Where backups are to be found, and on which stream the authority is told: if it is another one, it is told again. */
    String whereabouts(TrackedRegion region, ServerId authority) {
        Member member = context.member(authority);
        StringBuilder text = new StringBuilder().append(member == null ? Member.NO_STREAM : member.stream);
        for (Backups.Backup backup : region.status.backups().list()) {
            Member server = context.member(backup.server());
            text.append(' ').append(server == null ? "" : server.peerAddress);
        }
        return text.toString();
    }

    CoordinatorMessage.Builder configure(TrackedRegion region) {
        ConfigureRegion.Builder configure = ConfigureRegion.newBuilder()
                .setRegionId(region.id.packed())
                .setEpoch(region.status.epoch())
                .setConfiguration(region.status.backups().configuration());
        for (Backups.Backup backup : region.status.backups().list()) {
            Member member = context.member(backup.server());
            configure.addBackups(BackupRef.newBuilder()
                    .setServer(backup.server().toProto())
                    .setPeerAddress(member == null ? "" : member.peerAddress)
                    .setInSync(backup.inSync()));
        }
        return CoordinatorMessage.newBuilder().setConfigure(configure);
    }
}
