package io.gamemesh.operator.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.gamemesh.coordinator.Leadership;
import io.gamemesh.operator.OperatorSettings;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica's part in the election. Leads at most once: who has lost the Lease must end its process and start afresh.
 * Safe for use by several threads.
 */
public final class LeaderElection implements Leadership, AutoCloseable {

    /** The Lease's name, in the operator's namespace. */
    public static final String LEASE = "gamemesh-operator";

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

    private final Identity identity;
    private final RenewalLock lock;
    private final LeaderElector elector;
    private final ExecutorService executor;
    private volatile @Nullable String holder;
    private volatile @Nullable CompletableFuture<?> running;

    /**
     * Makes a candidate; {@link #start} makes it run.
     *
     * @param client   a client that gives up before the renewal deadline
     * @param settings names and durations
     * @param address  host:port of this replica's control plane
     * @param nanoTime a monotonic clock, nanoseconds
     * @param gained   is run once when this replica leads
     * @param lost     is run once when it does not any more
     */
    public LeaderElection(
            KubernetesClient client,
            OperatorSettings settings,
            String address,
            LongSupplier nanoTime,
            Runnable gained,
            Runnable lost) {
        this.identity = new Identity(settings.pod().name(), address);
        this.lock = new RenewalLock(new LeaseLock(settings.pod().namespace(), LEASE, identity.toString()), nanoTime);
        this.executor = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("leader-election-", 0).daemon().factory());
        LeaderElectionConfig config = new LeaderElectionConfigBuilder()
                .withName(LEASE)
                .withLock(lock)
                .withLeaseDuration(settings.leaderElection().leaseDuration())
                .withRenewDeadline(settings.leaderElection().renewDeadline())
                .withRetryPeriod(settings.leaderElection().retryPeriod())
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(() -> executor.execute(gained), lost, this::observed))
                .build();
        this.elector = new LeaderElector(client, config, executor);
    }

    /** Begins to stand for election. */
    public void start() {
        LOG.atInfo().addKeyValue("identity", identity).log("standing for election");
        running = elector.start();
    }

    @Override
    public boolean leading() {
        return identity.toString().equals(holder) && lock.holds();
    }

    @Override
    public Optional<String> leaderAddress() {
        return Identity.parse(holder).map(Identity::address);
    }

    /** Gives the Lease back, so that another replica need not wait for its end. */
    @Override
    public void close() {
        CompletableFuture<?> election = running;
        if (election != null) {
            election.cancel(true);
        }
        executor.shutdown();
    }

    private void observed(@Nullable String leader) {
        holder = leader;
        LOG.atInfo().addKeyValue("leader", leader).log("leader observed");
    }
}
