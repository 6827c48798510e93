package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {

    private static final MeshKey MESH = new MeshKey("default", "demo");

    @Test
    void saysWhenACoordinatorHasFailed() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        ObjectsInMemory objects = new ObjectsInMemory() {
            @Override
            public void published(MeshView view) {
                throw new IllegalStateException("nobody can see this view");
            }
        };
        try (ControlPlane controlPlane = new ControlPlane(
                CoordinatorSettings.DEFAULT, System::nanoTime, new ControlPlaneMetrics(new SimpleMeterRegistry()))) {
            controlPlane.onFailure(failed::countDown);

            controlPlane.open(MESH, objects);
            controlPlane.post(MESH, new Event.MeshObserved(objects.mesh()));

            assertThat(failed.await(30, TimeUnit.SECONDS))
                    .as("the failure was said")
                    .isTrue();
        }
    }
}
