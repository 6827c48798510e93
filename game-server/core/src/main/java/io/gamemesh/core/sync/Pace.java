package io.gamemesh.core.sync;

/**
 * How many bytes a client is sent, from what it says of loss and delay: a quarter less when more than a twelfth is lost,
 * a sixth less when packets queue up for longer than a fifth of a second, a tenth more a second otherwise (additive
 * increase, multiplicative decrease: Chiu and Jain, 1989). What the path takes without a queue is the least delay of the
 * last ten to twenty seconds, since paths change. What is not used now may be used within the next few ticks.
 */
final class Pace {

    static final int LEAST_BYTES_PER_SECOND = 2_000;
    private static final int BURST_TICKS = 6;
    private static final int SILENCE_SHARE = 8;
    private static final int SMOOTHING = 8;
    private static final int WINDOW_SECONDS = 10;

    private final SyncSettings settings;
    private final long greatestPerSecond;
    private long perSecond;
    private long allowance;
    private long heardTick;
    private long nextReviewTick;
    private int arrived;
    private int lost;
    // In this window, and in the one before.
    private int leastDelay = Integer.MAX_VALUE;
    private int leastDelayBefore = Integer.MAX_VALUE;
    private long windowEndTick;
    // Ticks times SMOOTHING; a guess before anything is known.
    private int smoothDelay = 3 * SMOOTHING;

    Pace(SyncSettings settings, long tick) {
        this.settings = settings;
        this.greatestPerSecond = (long) settings.bytesPerSecond() * Byte.SIZE;
        this.perSecond = greatestPerSecond;
        this.heardTick = tick;
        this.nextReviewTick = tick + settings.tickRate();
        this.windowEndTick = tick + windowTicks();
        this.allowance = perTick() * BURST_TICKS;
    }

    private long windowTicks() {
        return (long) WINDOW_SECONDS * settings.tickRate();
    }

    private long perTick() {
        return perSecond / settings.tickRate();
    }

    /** Once a tick: how many bits may go. */
    long begin(long tick) {
        if (tick >= nextReviewTick) {
            review();
            turnWindow(tick);
            nextReviewTick = tick + settings.tickRate();
        }
        boolean silent = tick - heardTick > settings.tickRate();
        long more = silent ? perTick() / SILENCE_SHARE : perTick();
        allowance = Math.clamp(allowance + more, -perTick() * BURST_TICKS, perTick() * BURST_TICKS);
        return allowance;
    }

    void spend(long bits) {
        allowance -= bits;
    }

    /** A datagram has been acknowledged so many ticks after it went. */
    void arrived(long tick, int delay) {
        heardTick = tick;
        arrived++;
        leastDelay = Math.min(leastDelay, delay);
        smoothDelay += delay - (smoothDelay + SMOOTHING / 2) / SMOOTHING;
    }

    void lost() {
        lost++;
    }

    /** Ticks from sending to hearing of it, rounded up. */
    int delay() {
        return (smoothDelay + SMOOTHING - 1) / SMOOTHING;
    }

    private void turnWindow(long tick) {
        if (tick >= windowEndTick) {
            leastDelayBefore = leastDelay;
            leastDelay = Integer.MAX_VALUE;
            windowEndTick = tick + windowTicks();
        }
    }

    private boolean isQueueing() {
        return delay() > Math.min(leastDelay, leastDelayBefore) + Math.max(2, settings.tickRate() / 5);
    }

    private void review() {
        if (lost * 12 > lost + arrived) {
            perSecond -= perSecond / 4;
        } else if (arrived > 0 && isQueueing()) {
            perSecond -= perSecond / 6;
        } else if (arrived > 0) {
            perSecond += perSecond / 10;
        }
        perSecond = Math.clamp(perSecond, (long) LEAST_BYTES_PER_SECOND * Byte.SIZE, greatestPerSecond);
        lost = 0;
        arrived = 0;
    }
}
