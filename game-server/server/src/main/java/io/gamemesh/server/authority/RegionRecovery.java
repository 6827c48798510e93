package io.gamemesh.server.authority;

import io.gamemesh.core.authority.Origin;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionReplica;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.server.store.RegionStore;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.gamemesh.server.store.StoredRegion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One region on its way from the store to an engine: claimed, loaded, and led on by its log. As long as the store does not
 * give it, it is tried again and nothing is generated, for that would be written over what the store has. For the
 * authority's thread.
 */
final class RegionRecovery {
    private static final Logger LOG = Logger.getLogger(RegionRecovery.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5000;

    /** What it comes to; called on the authority's thread, and not after {@link #cancel}. */
    interface Listener {

        /** The region is claimed, and this is its engine. */
        void recovered(RegionEngine engine, Origin origin);

        /** The store has not given it yet, for another reason than before. */
        void waiting(String reason);

        /** Somebody else has it: it is not tried again. */
        void superseded(Refusal.Superseded refusal);
    }

    private record Recovered(RegionEngine engine, Origin origin) {}

    private final RegionStore store;
    private final RegionSettings settings;
    private final long epoch;
    private final ServerId claimant;
    private final ScheduledExecutorService executor;
    private final Executor workers;
    private final Listener listener;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private String told = "";
    private boolean ended;

    /**
     * @param executor the authority's thread
     * @param workers for what takes a while
     */
    RegionRecovery(
            RegionStore store,
            RegionSettings settings,
            long epoch,
            ServerId claimant,
            ScheduledExecutorService executor,
            Executor workers,
            Listener listener) {
        this.store = store;
        this.settings = settings;
        this.epoch = epoch;
        this.claimant = claimant;
        this.executor = executor;
        this.workers = workers;
        this.listener = listener;
    }

    /** Tries, until it has it or is told otherwise. */
    void begin() {
        CompletableFuture<Outcome> _ =
                store.claim(settings.region(), epoch, claimant).whenCompleteAsync(this::claimed, executor);
    }

    /** Nobody is told anything any more. */
    void cancel() {
        ended = true;
    }

    private void claimed(@Nullable Outcome outcome, @Nullable Throwable failure) {
        if (ended) {
            return;
        }
        switch (outcome) {
            case Outcome.Done() -> load();
            case Outcome.Refused(Refusal.Superseded refusal) -> {
                ended = true;
                listener.superseded(refusal);
            }
            case Outcome.Refused(Refusal refusal) -> tryAgain(refusal.message());
            case null -> tryAgain(message(failure));
        }
    }

    private void load() {
        CompletableFuture<Recovered> _ = store.load(settings.region())
                .thenApplyAsync(this::recover, workers)
                .whenCompleteAsync(this::loaded, executor);
    }

    private Recovered recover(StoredRegion stored) {
        StoredRegion.Contents contents = stored.contents();
        if (stored.epoch() != epoch) {
            // Claiming it again will tell who has it.
            throw new CompletionException(new IllegalStateException("region " + settings.region()
                    + " was claimed at epoch " + epoch + ", and the store has epoch " + stored.epoch()));
        }
        if (contents == null) {
            return new Recovered(RegionEngine.fresh(settings, epoch), Origin.GENERATED);
        }
        try {
            RegionReplica replica =
                    RegionReplica.restore(settings, contents.snapshot().toArray());
            for (Bytes tick : contents.log()) {
                replica.apply(tick.asReadOnlyBuffer());
            }
            return new Recovered(RegionEngine.recover(replica, epoch), new Origin(contents.head()));
        } catch (RegionStateException e) {
            throw new CompletionException(e);
        }
    }

    private void loaded(@Nullable Recovered recovered, @Nullable Throwable failure) {
        if (ended) {
            return;
        }
        if (recovered == null) {
            tryAgain(message(failure));
            return;
        }
        ended = true;
        listener.recovered(recovered.engine(), recovered.origin());
    }

    private static String message(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause == null ? null : cause.getMessage());
    }

    private void tryAgain(String reason) {
        RegionId region = settings.region();
        if (!reason.equals(told)) {
            told = reason;
            LOG.warnf("Region %s waits for the store, nobody acts for it at epoch %d: %s", region, epoch, reason);
            listener.waiting(reason);
        }
        var _ = executor.schedule(
                () -> {
                    if (!ended) {
                        begin();
                    }
                },
                pauseMillis,
                TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
}
