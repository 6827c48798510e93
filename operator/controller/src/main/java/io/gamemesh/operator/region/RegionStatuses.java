package io.gamemesh.operator.region;

import io.fabric8.kubernetes.api.model.Condition;
import io.gamemesh.crd.v1alpha1.Backup;
import io.gamemesh.crd.v1alpha1.RegionPhase;
import io.gamemesh.crd.v1alpha1.ServerIncarnation;
import io.gamemesh.crd.v1alpha1.Transfer;
import io.gamemesh.operator.Conditions;
import io.gamemesh.planner.coordinator.Backups;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.planner.coordinator.StateLoss;
import io.gamemesh.protocol.id.ServerId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code Region.status}, to and from what the coordinator knows. Conditions:
 *
 * <ul>
 *   <li>{@code Ready}: True while the named authority acts, {@code Active} or {@code Moving}; else False with the phase
 *       as its reason.
 *   <li>{@code StateLost}: present only if all servers that had the region were once gone; Unknown ({@code NotStarted})
 *       until it acts again, then True ever since: {@code RestoredFromStore} if what came after a tick that the message
 *       names is lost, {@code GeneratedAnew} if all of it is.
 *   <li>{@code WaitingForStore}: present only if a region once could not begin since the store did not give it; True
 *       ({@code NotLoaded}) as long as that is so, with what the server says of it.
 * </ul>
 */
public final class RegionStatuses {

    private static final String READY = "Ready";
    private static final String STATE_LOST = "StateLost";
    private static final String WAITING_FOR_STORE = "WaitingForStore";
    // Reasons of StateLost.
    private static final String NOT_STARTED = "NotStarted";
    private static final String RESTORED = "RestoredFromStore";
    private static final String GENERATED_ANEW = "GeneratedAnew";

    private RegionStatuses() {}

    /**
     * Reads a status.
     *
     * @param status as stored; null from an object that never had one
     * @return what the coordinator needs of it
     */
    public static RegionStatus read(io.gamemesh.crd.v1alpha1.@Nullable RegionStatus status) {
        if (status == null) {
            return RegionStatus.NEW;
        }
        return new RegionStatus(
                phase(status.phase()),
                server(status.authority()),
                server(status.next()),
                status.epoch(),
                Math.max(status.epoch(), status.highestEpoch()),
                status.players(),
                status.entities(),
                status.load(),
                transfer(status.lastTransfer(), status.epoch()),
                Conditions.find(status.conditions(), STATE_LOST)
                        .filter(condition -> !condition.getMessage().isEmpty())
                        .map(RegionStatuses::loss)
                        .orElse(StateLoss.NONE),
                Conditions.find(status.conditions(), WAITING_FOR_STORE)
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .map(Condition::getMessage)
                        .orElse(""),
                backups(status));
    }

    /**
     * Writes a status.
     *
     * @param present    what is stored; null if nothing is
     * @param wanted     what the coordinator wants
     * @param generation of the object that the decision was made on
     * @param now        the time
     * @return what to store
     */
    public static io.gamemesh.crd.v1alpha1.RegionStatus write(
            io.gamemesh.crd.v1alpha1.@Nullable RegionStatus present,
            RegionStatus wanted,
            long generation,
            Instant now) {
        io.gamemesh.crd.v1alpha1.RegionStatus before =
                present == null ? new io.gamemesh.crd.v1alpha1.RegionStatus() : present;
        return before.toBuilder()
                .observedGeneration(generation)
                .phase(phase(wanted.phase()))
                .authority(server(wanted.authority()))
                .backups(backups(wanted.backups()))
                .configuration(wanted.backups().configuration())
                .next(server(wanted.next()))
                .epoch(wanted.epoch())
                .highestEpoch(wanted.highestEpoch())
                .players(wanted.players())
                .entities(wanted.entities())
                .load(wanted.loadPercent())
                .lastTransfer(transfer(before, wanted, now))
                .conditions(conditions(before.conditions(), wanted, generation, now))
                .build();
    }

    private static List<Condition> conditions(
            List<Condition> before, RegionStatus wanted, long generation, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        boolean acting = wanted.phase() == io.gamemesh.planner.coordinator.RegionPhase.ACTIVE
                || wanted.phase() == io.gamemesh.planner.coordinator.RegionPhase.MOVING;
        ServerId authority = wanted.authority();
        conditions.set(
                READY,
                acting,
                word(phase(wanted.phase())),
                authority == null
                        ? "no server acts for the region"
                        : authority.name() + (acting ? " acts" : " is to act") + " at epoch " + wanted.epoch());
        StateLoss loss = wanted.stateLost();
        switch (loss.extent()) {
            case NONE -> {}
            case UNKNOWN -> conditions.setUnknown(STATE_LOST, NOT_STARTED, loss.message());
            case SINCE_STORED -> conditions.set(STATE_LOST, true, RESTORED, loss.message());
            case ALL -> conditions.set(STATE_LOST, true, GENERATED_ANEW, loss.message());
        }
        if (!wanted.waitsFor().isEmpty()) {
            conditions.set(WAITING_FOR_STORE, true, "NotLoaded", wanted.waitsFor());
        } else if (Conditions.find(before, WAITING_FOR_STORE).isPresent()) {
            conditions.set(WAITING_FOR_STORE, false, "Loaded", "the region does not wait for the store");
        }
        return conditions.all();
    }

    private static StateLoss loss(Condition condition) {
        StateLoss.Extent extent = switch (condition.getReason()) {
            case NOT_STARTED -> StateLoss.Extent.UNKNOWN;
            case RESTORED -> StateLoss.Extent.SINCE_STORED;
            default -> StateLoss.Extent.ALL;
        };
        return new StateLoss(extent, condition.getMessage());
    }

    private static @Nullable Transfer transfer(
            io.gamemesh.crd.v1alpha1.RegionStatus before, RegionStatus wanted, Instant now) {
        io.gamemesh.planner.coordinator.Transfer transfer = wanted.lastTransfer();
        if (transfer == null) {
            return null;
        }
        Transfer stored = before.lastTransfer();
        if (stored != null && Objects.equals(transfer(stored, transfer.epoch()), transfer) && !newer(before, wanted)) {
            return stored;
        }
        return new Transfer(
                now.toString(),
                transfer.from(),
                transfer.to(),
                transfer.reason(),
                transfer.durationMillis() < 0 ? null : transfer.durationMillis());
    }

    private static boolean newer(io.gamemesh.crd.v1alpha1.RegionStatus before, RegionStatus wanted) {
        return wanted.phase() == io.gamemesh.planner.coordinator.RegionPhase.ACTIVE && wanted.epoch() > before.epoch();
    }

    private static io.gamemesh.planner.coordinator.@Nullable Transfer transfer(@Nullable Transfer stored, long epoch) {
        if (stored == null) {
            return null;
        }
        Long duration = stored.durationMillis();
        return new io.gamemesh.planner.coordinator.Transfer(
                stored.from(), stored.to(), epoch, stored.reason(), duration == null ? -1 : duration);
    }

    private static Backups backups(io.gamemesh.crd.v1alpha1.RegionStatus stored) {
        return new Backups(
                stored.configuration(),
                stored.backups().stream()
                        .map(backup -> new Backups.Backup(
                                new ServerId(backup.server(), backup.incarnation()), backup.inSync()))
                        .toList());
    }

    private static List<Backup> backups(Backups wanted) {
        return wanted.list().stream()
                .map(backup ->
                        new Backup(backup.server().name(), backup.server().incarnation(), backup.inSync()))
                .toList();
    }

    private static @Nullable ServerId server(@Nullable ServerIncarnation stored) {
        return stored == null ? null : new ServerId(stored.server(), stored.incarnation());
    }

    private static @Nullable ServerIncarnation server(@Nullable ServerId server) {
        return server == null ? null : new ServerIncarnation(server.name(), server.incarnation());
    }

    private static RegionPhase phase(io.gamemesh.planner.coordinator.RegionPhase phase) {
        return switch (phase) {
            case PENDING -> RegionPhase.PENDING;
            case STARTING -> RegionPhase.STARTING;
            case PROMOTING -> RegionPhase.PROMOTING;
            case ACTIVE -> RegionPhase.ACTIVE;
            case MOVING -> RegionPhase.MOVING;
            case LOST -> RegionPhase.LOST;
            case RELEASING -> RegionPhase.RELEASING;
        };
    }

    private static io.gamemesh.planner.coordinator.RegionPhase phase(RegionPhase phase) {
        return switch (phase) {
            case PENDING -> io.gamemesh.planner.coordinator.RegionPhase.PENDING;
            case STARTING -> io.gamemesh.planner.coordinator.RegionPhase.STARTING;
            case PROMOTING -> io.gamemesh.planner.coordinator.RegionPhase.PROMOTING;
            case ACTIVE -> io.gamemesh.planner.coordinator.RegionPhase.ACTIVE;
            case MOVING -> io.gamemesh.planner.coordinator.RegionPhase.MOVING;
            case LOST -> io.gamemesh.planner.coordinator.RegionPhase.LOST;
            case RELEASING -> io.gamemesh.planner.coordinator.RegionPhase.RELEASING;
            case SPLITTING, MERGING ->
                throw new IllegalArgumentException("phase " + word(phase) + " is not known to this operator:"
                        + " a newer one has written it; upgrade this operator again");
        };
    }

    /** As it reads in YAML: {@code Active}. */
    private static String word(RegionPhase phase) {
        String name = phase.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
