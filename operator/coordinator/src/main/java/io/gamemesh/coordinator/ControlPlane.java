package io.gamemesh.coordinator;

import io.gamemesh.planner.coordinator.Coordinator;
import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators of all meshes, each with a mailbox of its own. Exists on every replica; has meshes only on the one
 * that leads. Safe for use by several threads.
 */
public final class ControlPlane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Map<MeshKey, MeshLoop> loops = new ConcurrentHashMap<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ExecutorService writers;
    private final CoordinatorSettings settings;
    private final LongSupplier nanoTime;
    private final ControlPlaneMetrics metrics;
    private volatile Runnable failure = () -> {};
    private volatile BooleanSupplier leads = () -> false;

    /**
     * Makes a control plane without meshes.
     *
     * @param settings of the coordinators
     * @param nanoTime a monotonic clock, nanoseconds
     * @param metrics  what is counted
     */
    public ControlPlane(CoordinatorSettings settings, LongSupplier nanoTime, ControlPlaneMetrics metrics) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
        this.writers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("coordinator-write-", 0).factory());
    }

    /**
     * Names what to do when a mesh's coordinator has failed for a reason that is in no plan. It does nothing from then
     * on, so whoever leads had better let somebody else lead.
     *
     * @param handler runs once for each such mesh, on a thread that then ends
     */
    public void onFailure(Runnable handler) {
        failure = handler;
    }

    /**
     * Names who says whether this replica leads; without, nothing is written and no server is told anything.
     *
     * @param leading whether it does, for certain, at the time of the call; any thread
     */
    public void actWhile(BooleanSupplier leading) {
        leads = leading;
    }

    /**
     * Begins to coordinate a mesh. What it is to know first is posted by the caller afterwards; events that come in
     * between do no harm.
     *
     * @param mesh    which
     * @param objects its objects in the API server
     * @return false if it is coordinated already
     */
    public boolean open(MeshKey mesh, MeshObjects objects) {
        MeshLoop loop = new MeshLoop(
                mesh, new Coordinator(settings), objects, writers, () -> leads.getAsBoolean(), nanoTime, metrics);
        if (loops.putIfAbsent(mesh, loop) != null) {
            return false;
        }
        Thread thread = Thread.ofPlatform()
                .name("coordinator-" + mesh)
                .daemon()
                .uncaughtExceptionHandler((failing, cause) -> failed(mesh, cause))
                .unstarted(() -> run(mesh, loop));
        threads.add(thread);
        thread.start();
        loop.post(new Event.LeadershipGained());
        return true;
    }

    private void run(MeshKey mesh, MeshLoop loop) {
        try {
            loop.run();
            // Not sooner, as it counts until its end; and not what another of that name counts by now.
            loops.compute(mesh, (key, successor) -> {
                if (successor == null) {
                    metrics.forget(key);
                }
                return successor;
            });
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    /**
     * Tells a mesh's coordinator something; nothing happens if the mesh is not coordinated.
     *
     * @param mesh  which
     * @param event what
     */
    public void post(MeshKey mesh, Event event) {
        MeshLoop loop = loops.get(mesh);
        if (loop != null) {
            loop.post(event);
        }
    }

    /**
     * Says how a mesh looks to its coordinator.
     *
     * @param mesh which
     * @return the latest view, or empty if there is none yet
     */
    public Optional<MeshView> view(MeshKey mesh) {
        return Optional.ofNullable(loops.get(mesh)).flatMap(MeshLoop::view);
    }

    /**
     * Ends the coordination of a mesh that is gone.
     *
     * @param mesh which
     */
    public void gone(MeshKey mesh) {
        MeshLoop loop = loops.remove(mesh);
        if (loop != null) {
            loop.stop(new Event.MeshGone());
        }
    }

    /**
     * Ends the coordination of all meshes: this replica does not lead any more. Waits up to two seconds for what was
     * under way, writes included.
     */
    @Override
    public void close() {
        loops.values().forEach(loop -> loop.stop(new Event.LeadershipLost()));
        loops.clear();
        long until = System.nanoTime() + GRACE.toNanos();
        try {
            // Mailboxes first: what is in them may still ask for writes.
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(until - System.nanoTime()));
            }
            writers.shutdown();
            if (!writers.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.warn("coordinators or their writes have not ended within {}", GRACE);
            }
        } catch (InterruptedException interrupted) {
            writers.shutdown();
            Thread.currentThread().interrupt();
        }
    }

    private void failed(MeshKey mesh, Throwable cause) {
        LOG.error("the coordinator of mesh {} has failed", mesh, cause);
        failure.run();
    }

    Optional<StreamHandler> handler(MeshKey mesh) {
        return Optional.ofNullable(loops.get(mesh));
    }
}
