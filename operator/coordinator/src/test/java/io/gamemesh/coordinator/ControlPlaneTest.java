package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {

    private static final MeshKey MESH = new MeshKey("default", "demo");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void saysWhenACoordinatorHasFailed() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        ObjectsInMemory objects = new ObjectsInMemory() {
            @Override
            public void published(MeshView view) {
                throw new IllegalStateException("nobody can see this view");
            }
        };
        try (ControlPlane controlPlane = controlPlane(System::nanoTime)) {
            controlPlane.onFailure(failed::countDown);

            controlPlane.open(MESH, objects);
            controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));

            assertThat(failed.await(30, TimeUnit.SECONDS))
                    .as("the failure was said")
                    .isTrue();
        }
    }

    @Test
    void doesWhatIsStillInTheMailboxBeforeItEnds() throws InterruptedException {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        AtomicInteger failures = new AtomicInteger();
        ObjectsInMemory objects = new ObjectsInMemory();
        ControlPlane controlPlane = controlPlane(() -> {
            goOn.join();
            return System.nanoTime();
        });
        controlPlane.onFailure(failures::incrementAndGet);
        controlPlane.open(MESH, objects);
        controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));

        Thread closing = Thread.ofPlatform().start(controlPlane::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING || !closing.isAlive());
        goOn.complete(null);
        closing.join();

        assertThat(objects.mesh().coordinator().term()).isEqualTo(1);
        assertThat(failures).hasValue(0);
    }

    @Test
    void forgetsTheFiguresOfAMeshThatIsGoneWhateverItsMailboxHolds() {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        ObjectsInMemory objects = new ObjectsInMemory();
        try (ControlPlane controlPlane = controlPlane(() -> {
            goOn.join();
            return System.nanoTime();
        })) {
            controlPlane.open(MESH, objects);
            controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));
            controlPlane.gone(MESH);

            goOn.complete(null);
        }

        assertThat(objects.views).isNotEmpty();
        assertThat(registry.find("gamemesh.mesh.regions").gauges()).isEmpty();
    }

    @Test
    void writesNothingWhileItDoesNotLeadForCertain() {
        ObjectsInMemory objects = new ObjectsInMemory();
        try (ControlPlane controlPlane = controlPlane(System::nanoTime)) {
            controlPlane.actWhile(() -> false);
            controlPlane.open(MESH, objects);
            controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));

            await().until(() -> !objects.views.isEmpty());
        }

        assertThat(objects.mesh().coordinator().term()).isZero();
    }

    @Test
    void writesWhatItCouldNotOnceItLeadsForCertainAgain() {
        AtomicBoolean leads = new AtomicBoolean();
        ObjectsInMemory objects = new ObjectsInMemory();
        try (ControlPlane controlPlane = controlPlane(System::nanoTime)) {
            controlPlane.actWhile(leads::get);
            controlPlane.open(MESH, objects);
            controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));
            await().until(() -> !objects.views.isEmpty());

            leads.set(true);

            await().untilAsserted(() ->
                    assertThat(objects.mesh().coordinator().term()).isEqualTo(1));
        }
    }

    private ControlPlane controlPlane(LongSupplier nanoTime) {
        ControlPlane controlPlane =
                new ControlPlane(CoordinatorSettings.DEFAULT, nanoTime, new ControlPlaneMetrics(registry));
        controlPlane.actWhile(() -> true);
        return controlPlane;
    }
}
