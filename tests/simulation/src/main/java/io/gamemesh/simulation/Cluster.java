package io.gamemesh.simulation;

import io.gamemesh.planner.coordinator.MeshResource;
import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The stateful set's controller and the kubelets: they keep pods, start containers again, and say how they ended. */
final class Cluster {

    /**
     * What a pod's status shows.
     *
     * @param name the pod's name
     * @param uid of the object
     * @param playerAddress where players outside the cluster reach it
     * @param ready true while its container runs
     * @param deleting true once it has a deletion timestamp
     * @param terminated numbers in the termination messages of its present and its last container
     */
    record PodView(
            String name, String uid, String playerAddress, boolean ready, boolean deleting, Set<Integer> terminated) {}

    private static final class Pod {
        final String name;
        final int ordinal;
        final String uid;
        boolean deleting;

        @Nullable GameServer process;

        int terminatedNow;
        int terminatedLast;

        Pod(String name, int ordinal, String uid) {
            this.name = name;
            this.ordinal = ordinal;
            this.uid = uid;
        }
    }

    private static final int GRACE_SECONDS = 20;

    private final World world;
    private final TreeMap<Integer, Pod> pods = new TreeMap<>();
    private final List<GameServer> processes = new ArrayList<>();
    private int lastProcess;
    private int lastUid;
    private boolean stopped;

    Cluster(World world) {
        this.world = world;
    }

    /** All processes that run, those of pods that are gone included. */
    List<GameServer> processes() {
        return processes;
    }

    List<GameServer> inPods() {
        List<GameServer> running = new ArrayList<>();
        for (Pod pod : pods.values()) {
            if (pod.process != null && !pod.deleting) {
                running.add(pod.process);
            }
        }
        return running;
    }

    /** Whom a client finds that tries any. */
    @Nullable GameServer anyProcess() {
        return processes.isEmpty() ? null : processes.get((int) world.random(processes.size()));
    }

    @Nullable GameServer process(ServerId id) {
        for (GameServer process : processes) {
            if (process.authority.id().filter(id::equals).isPresent()) {
                return process;
            }
        }
        return null;
    }

    /** A name resolves to the pod that has it now. */
    @Nullable GameServer atAddress(String address) {
        for (Pod pod : pods.values()) {
            if (address.startsWith(pod.name + ".")) {
                return pod.process;
            }
        }
        return null;
    }

    /** Several times a second. */
    void reconcile() {
        MeshResource mesh = world.api.mesh();
        int replicas = mesh == null || stopped ? 0 : world.api.servers();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            if (!pods.containsKey(ordinal)) {
                Pod pod = new Pod("demo-" + ordinal, ordinal, "pod-" + ++lastUid);
                pods.put(ordinal, pod);
                publish(pod);
                world.scheduler.after(200 * Scheduler.MILLI + world.random(Scheduler.SECOND), () -> run(pod));
            }
        }
        for (Pod pod : List.copyOf(pods.values())) {
            if (pod.ordinal >= replicas) {
                delete(pod);
            }
        }
        if (stopped && pods.isEmpty() && processes.isEmpty() && mesh != null) {
            world.api.meshReleased();
        }
    }

    /** The mesh has no regions any more: its pods may go. */
    void stop() {
        stopped = true;
    }

    private void run(Pod pod) {
        if (pods.get(pod.ordinal) != pod || pod.process != null || pod.deleting) {
            return;
        }
        GameServer process = new GameServer(world, pod.name, ++lastProcess, pod.terminatedNow);
        pod.process = process;
        if (pod.terminatedNow != 0) {
            pod.terminatedLast = pod.terminatedNow;
            pod.terminatedNow = 0;
        }
        processes.add(process);
        world.history.add("kubelet: " + process + " starts in " + pod.uid);
        publish(pod);
        process.boot();
    }

    void processEnded(GameServer process) {
        processes.remove(process);
        for (Pod pod : pods.values()) {
            if (pod.process == process) {
                pod.process = null;
                // The kubelet takes a moment to notice.
                world.scheduler.after(
                        50 * Scheduler.MILLI + world.random(Scheduler.SECOND), () -> noticed(pod, process));
            }
        }
    }

    private void noticed(Pod pod, GameServer process) {
        pod.terminatedLast = pod.terminatedNow != 0 ? pod.terminatedNow : pod.terminatedLast;
        pod.terminatedNow = process.incarnationWritten();
        if (pods.get(pod.ordinal) != pod) {
            return;
        }
        publish(pod);
        if (pod.deleting) {
            world.scheduler.after(50 * Scheduler.MILLI + world.random(300 * Scheduler.MILLI), () -> gone(pod));
        } else {
            world.scheduler.after(300 * Scheduler.MILLI + world.random(2 * Scheduler.SECOND), () -> run(pod));
        }
    }

    private void gone(Pod pod) {
        if (pods.get(pod.ordinal) == pod) {
            pods.remove(pod.ordinal);
            world.history.add("kubelet: " + pod.uid + " is gone");
            world.api.publish(new ApiServer.PodDeleted(view(pod)));
        }
    }

    void delete(GameServer process) {
        for (Pod pod : pods.values()) {
            if (pod.process == process) {
                delete(pod);
            }
        }
    }

    private void delete(Pod pod) {
        if (pod.deleting) {
            return;
        }
        pod.deleting = true;
        publish(pod);
        GameServer process = pod.process;
        if (process == null) {
            world.scheduler.after(100 * Scheduler.MILLI, () -> gone(pod));
        } else {
            process.terminate(GRACE_SECONDS);
            world.scheduler.after(GRACE_SECONDS * Scheduler.SECOND, process::kill);
        }
    }

    /** The object goes at once; the process, on a node that nobody hears of, some time. */
    void forceDelete(GameServer process) {
        for (Pod pod : List.copyOf(pods.values())) {
            if (pod.process == process) {
                pods.remove(pod.ordinal);
                world.history.add("kubelet: " + pod.uid + " is deleted by force, " + process + " runs on");
                world.api.publish(new ApiServer.PodDeleted(view(pod)));
                world.scheduler.after(world.random(20 * Scheduler.SECOND), process::kill);
            }
        }
    }

    private void publish(Pod pod) {
        world.api.publish(new ApiServer.PodChanged(view(pod)));
    }

    private PodView view(Pod pod) {
        Set<Integer> terminated = new TreeSet<>();
        if (pod.terminatedNow != 0) {
            terminated.add(pod.terminatedNow);
        }
        if (pod.terminatedLast != 0) {
            terminated.add(pod.terminatedLast);
        }
        return new PodView(
                pod.name,
                pod.uid,
                "198.51.100." + pod.ordinal + ":30777",
                pod.process != null,
                pod.deleting,
                Collections.unmodifiableSet(terminated));
    }
}
