package io.gamemesh.planner.coordinator;

/** What is due when, apart from single regions: plans, views, and the end of the time to come back. */
final class Agenda {

    private final CoordinatorSettings settings;
    private long nextPlanAt = Long.MIN_VALUE;
    private long nextPublishAt;
    private boolean publishSoon;
    private long settledAt;

    Agenda(CoordinatorSettings settings) {
        this.settings = settings;
    }

    void planNow() {
        nextPlanAt = Long.MIN_VALUE;
    }

    /** True if a plan is due, which is then taken for made. */
    boolean takePlan(long now) {
        if (now < nextPlanAt) {
            return false;
        }
        nextPlanAt = now + settings.planEvery().toNanos();
        return true;
    }

    void publishSoon() {
        publishSoon = true;
    }

    /** True if a view is due, which is then taken for published. */
    boolean takePublication(long now) {
        long every = settings.publishEvery().toNanos();
        if (now < (publishSoon ? nextPublishAt - 9 * every / 10 : nextPublishAt)) {
            return false;
        }
        publishSoon = false;
        nextPublishAt = now + every;
        return true;
    }

    /** Gives servers the time to come back, from some moment on. */
    void settleFrom(long nanos) {
        settledAt = nanos + settings.settle().toNanos();
    }

    /** The same, but never less than they have already. */
    void settleLonger(long now) {
        settledAt = Math.max(settledAt, now + settings.settle().toNanos());
    }

    boolean isSettled(long now) {
        return now >= settledAt;
    }
}
