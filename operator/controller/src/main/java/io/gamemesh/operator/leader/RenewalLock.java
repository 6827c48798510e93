package io.gamemesh.operator.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notes on the monotonic clock when the latest renewal that succeeded was sent. Nobody else can have taken the Lease
 * before its duration has passed since then, however long the answer took and whatever the wall clock says.
 */
final class RenewalLock implements Lock {

    private final LeaseLock lease;
    private final LongSupplier nanoTime;
    private volatile long holdsUntilNanos;

    RenewalLock(LeaseLock lease, LongSupplier nanoTime) {
        this.lease = lease;
        this.nanoTime = nanoTime;
        this.holdsUntilNanos = nanoTime.getAsLong();
    }

    /** Whether the latest renewal still holds. */
    boolean holds() {
        return holdsUntilNanos - nanoTime.getAsLong() > 0;
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient client) {
        return lease.get(client);
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord wanted) {
        long sent = nanoTime.getAsLong();
        lease.create(client, wanted);
        renewed(wanted, sent);
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord wanted) {
        long sent = nanoTime.getAsLong();
        lease.update(client, wanted);
        renewed(wanted, sent);
    }

    @Override
    public String identity() {
        return lease.identity();
    }

    @Override
    public String describe() {
        return lease.describe();
    }

    private void renewed(LeaderElectionRecord written, long sentNanos) {
        boolean ours = identity().equals(written.getHolderIdentity());
        Duration lasts = ours ? written.getLeaseDuration() : Duration.ZERO;
        holdsUntilNanos = sentNanos + lasts.toNanos();
    }
}
