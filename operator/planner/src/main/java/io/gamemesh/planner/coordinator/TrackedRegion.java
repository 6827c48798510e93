package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.RegionLoad;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One region, as this leader knows it: what the API server shows, what servers have said, and what is under way. */
final class TrackedRegion {

    /**
     * A status write under way.
     *
     * @param write its number
     * @param expectedVersion what it is compared with
     * @param status what is being written
     * @param then what to report once it has succeeded
     */
    record Pending(long write, String expectedVersion, RegionStatus status, List<Effect> then) {}

    /**
     * The command that was sent last.
     *
     * @param kind which command
     * @param epoch that it was about
     * @param stream on which it was sent
     * @param againAt when it is to be sent again
     */
    record Sent(Command kind, long epoch, long stream, long againAt) {}

    enum Command {
        START,
        MOVE,
        CANCEL,
        RESUME,
        RELEASE,
        CONFIGURE,
        PROMOTE
    }

    /**
     * Nobody acts, though the status may still name an authority.
     *
     * @param stateLost what of its state is lost
     */
    record Vacancy(StateLoss stateLost) {}

    final RegionId id;
    final String name;

    /** Null while there is no such object, as far as this operator has seen. */
    @Nullable RegionResource resource;

    RegionStatus status = RegionStatus.NEW;
    String version = "";

    /** The version with which a write has met a conflict: nothing is written until a newer one is seen. */
    @Nullable String refutedVersion;

    @Nullable Pending pending;

    long retryAt = Long.MIN_VALUE;
    final Map<ServerId, Witness> witnesses = new TreeMap<>(BY_NUMBER);

    /** The highest epoch that a server has named beyond what the status knows. */
    long namedEpoch;

    /** Nobody acts at this epoch or a lower one any more, as was certain when the object was let go; 0 if it never was. */
    long settledUpTo;

    @Nullable Sent sent;

    /** Where backups are to be found, as the authority was told last. */
    String toldWhereabouts = "";

    @Nullable Vacancy vacancy;

    /** A creation or a removal of the finalizer under way, by the number of its write; 0 if none. */
    long objectWrite;

    long objectRetryAt = Long.MIN_VALUE;
    boolean finalizerRemoved;

    /** Since when the present move is under way. */
    long movingSince;

    String moveReason = "";

    /** To whom it moves as soon as that one has a copy in sync. */
    @Nullable ServerId prepared;

    long preparedSince;
    long startingSince;

    long promotingSince;
    String startReason = "Start";

    /** The move is to be given up, whatever its source says. */
    boolean abandon;

    long leaveAloneUntil = Long.MIN_VALUE;
    long restUntil = Long.MIN_VALUE;

    RegionLoad load = RegionLoad.IDLE;
    double score;
    boolean loadKnown;
    long figuresAt = Long.MIN_VALUE;
    long tickNumber = -1;
    long tickAt;
    double tickRate;

    private static final Comparator<ServerId> BY_NUMBER =
            Comparator.comparingInt(ServerId::incarnation).thenComparing(ServerId::name);

    TrackedRegion(RegionId id, String name) {
        this.id = id;
        this.name = name;
    }

    boolean exists() {
        return resource != null;
    }

    Witness witness(ServerId server) {
        return witnesses.computeIfAbsent(server, s -> new Witness());
    }

    /** Processes that act for it, are about to, or may yet; one may come up twice. */
    Stream<ServerId> owners() {
        List<RegionStatus> told = List.of(status, pending == null ? status : pending.status());
        Stream<@Nullable ServerId> named = told.stream().flatMap(each -> Stream.of(each.authority(), each.next()));
        Stream<ServerId> backups = told.stream().flatMap(each -> each.backups().inSync().stream());
        return Stream.concat(
                Stream.concat(named.filter(Objects::nonNull), backups),
                witnesses.entrySet().stream()
                        .filter(entry -> {
                            Holding holding = entry.getValue().holding;
                            return holding != null && !isFollowed(holding);
                        })
                        .map(Map.Entry::getKey));
    }

    /** True if somebody acts at that epoch or a later one: who held it is frozen or gone, whatever it said last. */
    boolean isFollowed(Holding holding) {
        return holding.epoch()
                <= Math.max(settledUpTo, status.authority() == null ? status.epoch() - 1 : status.epoch());
    }

    void dismissWitnesses(Predicate<ServerId> dead) {
        witnesses.entrySet().removeIf(entry -> {
            if (!dead.test(entry.getKey())) {
                return false;
            }
            Holding holding = entry.getValue().holding;
            namedEpoch = Math.max(namedEpoch, entry.getValue().releasedUpTo);
            namedEpoch = Math.max(namedEpoch, holding == null ? 0 : holding.epoch());
            return true;
        });
    }

    @Nullable Holding holding(@Nullable ServerId server) {
        Witness witness = server == null ? null : witnesses.get(server);
        return witness == null ? null : witness.holding;
    }

    long releasedUpTo(@Nullable ServerId server) {
        Witness witness = server == null ? null : witnesses.get(server);
        return witness == null ? -1 : witness.releasedUpTo;
    }

    /** Why a process does not act at the status's epoch yet, as it says; null if it has said nothing of that. */
    @Nullable String whyNotStarted(ServerId server) {
        Witness witness = witnesses.get(server);
        return witness != null && witness.startingEpoch == status.epoch() ? witness.startingDetail : null;
    }

    /** True if this is what the status allows the process to hold. */
    boolean isRightful(ServerId server, Holding holding) {
        if (!exists()) {
            return false;
        }
        if (server.equals(status.authority())) {
            return switch (status.phase()) {
                // Frozen at that epoch means that more has happened since than this operator has seen.
                case STARTING, PROMOTING -> holding.epoch() == status.epoch();
                case ACTIVE, RELEASING -> holding.epoch() <= status.epoch();
                case MOVING -> status.next() == null || holding.epoch() <= status.epoch();
                case PENDING, LOST -> false;
            };
        }
        return server.equals(status.next()) && holding.actsAt(status.highestEpoch());
    }

    /** Takes in what its status is now. */
    void adopt(RegionStatus present, long now) {
        boolean sameMove = status.phase() == RegionPhase.MOVING
                && present.phase() == RegionPhase.MOVING
                && status.highestEpoch() == present.highestEpoch();
        if (present.phase() == RegionPhase.MOVING && !sameMove) {
            movingSince = now;
            abandon = false;
        }
        if (present.phase() == RegionPhase.STARTING && present.epoch() != status.epoch()) {
            startingSince = now;
        }
        if (present.phase() == RegionPhase.PROMOTING && present.epoch() != status.epoch()) {
            promotingSince = now;
        }
        if (present.epoch() != status.epoch()) {
            loadKnown = false;
            tickNumber = -1;
        }
        if (present.phase() != RegionPhase.ACTIVE || present.epoch() != status.epoch()) {
            prepared = null;
        }
        status = present;
        namedEpoch = Math.max(namedEpoch, present.highestEpoch());
    }

    /** There is no such object any more; what servers have said of the region stays. */
    void forgetObject() {
        resource = null;
        status = RegionStatus.NEW;
        version = "";
        refutedVersion = null;
        pending = null;
        retryAt = Long.MIN_VALUE;
        vacancy = null;
        sent = null;
        prepared = null;
        objectWrite = 0;
        objectRetryAt = Long.MIN_VALUE;
        finalizerRemoved = false;
        loadKnown = false;
        load = RegionLoad.IDLE;
    }

    /** Forgets what only a leader may believe. */
    void forgetLeadership() {
        pending = null;
        refutedVersion = null;
        retryAt = Long.MIN_VALUE;
        witnesses.clear();
        namedEpoch = status.highestEpoch();
        sent = null;
        toldWhereabouts = "";
        vacancy = null;
        objectWrite = 0;
        objectRetryAt = Long.MIN_VALUE;
        finalizerRemoved = false;
        abandon = false;
        leaveAloneUntil = Long.MIN_VALUE;
        restUntil = Long.MIN_VALUE;
        load = RegionLoad.IDLE;
        score = 0;
        loadKnown = false;
        figuresAt = Long.MIN_VALUE;
        tickNumber = -1;
        tickRate = 0;
        movingSince = 0;
        promotingSince = 0;
        moveReason = "";
        prepared = null;
        startReason = "Start";
    }
}
