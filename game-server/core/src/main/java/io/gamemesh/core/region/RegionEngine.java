package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One region: its entities, its edits, its players and its borders. Not thread-safe: one thread at a time accepts and
 * steps. It reads no clock; time comes with {@link #step}.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class RegionEngine {

    private final RegionSettings settings;
    private long epoch;

    private RegionEngine(RegionSettings settings, long epoch) {
        this.settings = settings;
        this.epoch = epoch;
    }

    /**
     * A region as generated, without entities.
     *
     * @param epoch at which this server acts for it, 1 or more
     */
    public static RegionEngine fresh(RegionSettings settings, long epoch) {
        return new RegionEngine(settings, epoch);
    }

    /**
     * A region that goes on from its state, which another engine has {@link #save saved}.
     *
     * @param epoch at which this server acts for it, higher than that of the engine that saved
     * @throws RegionStateException if the bytes are not the state of that region
     */
    public static RegionEngine restore(RegionSettings settings, long epoch, byte[] state) throws RegionStateException {
        throw new UnsupportedOperationException("not yet: " + state.length + settings + epoch);
    }

    /** Takes an input for the next step. Cheap; most of the work is done by the step. */
    public void accept(RegionInput input) {
        throw new UnsupportedOperationException("not yet: " + input);
    }

    /**
     * One tick: applies what was accepted, moves what moves, and gives what to send. A frozen engine only refuses.
     *
     * @param nowNanos of any monotonic clock, always the same one
     * @param out called during the step, in order
     */
    public void step(long nowNanos, Consumer<RegionOutput> out) {
        throw new UnsupportedOperationException("not yet: " + nowNanos + out);
    }

    /** Stops the region between two steps: nothing of its state changes until {@link #resume}. */
    public void freeze() {
        throw new UnsupportedOperationException("not yet");
    }

    /** True between {@link #freeze} and {@link #resume}. */
    public boolean frozen() {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Goes on after {@link #freeze}.
     *
     * @param epoch at which it goes on: its own, or a higher one
     * @throws IllegalArgumentException if the epoch is lower than its own
     */
    public void resume(long epoch) {
        this.epoch = epoch;
    }

    /**
     * The region's whole state in the region state format of {@code docs/protocol.md}: equal states are equal bytes.
     * Sessions are not part of it.
     */
    public byte[] save() {
        throw new UnsupportedOperationException("not yet");
    }

    /** The sessions of this region, those whose entities are about to cross included. */
    public List<RegionSession> sessions() {
        throw new UnsupportedOperationException("not yet");
    }

    /** What to report. */
    public RegionStats stats() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Which region this is. */
    public RegionId region() {
        return settings.region();
    }

    /** The epoch at which this server acts for it. */
    public long epoch() {
        return epoch;
    }

    /**
     * What a server answers to a message for a region that it does not act for; empty where none is due.
     *
     * @param message as it came
     * @param reason for people
     */
    public static Optional<PeerMessage> refusal(PeerMessage message, String reason) {
        throw new UnsupportedOperationException("not yet: " + message + reason);
    }
}
