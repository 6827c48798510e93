package io.gamemesh.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gamemesh.coordinator.ControlPlane;
import io.gamemesh.coordinator.ControlPlaneMetrics;
import io.gamemesh.operator.coordination.KubernetesEvents;
import io.gamemesh.planner.coordinator.CoordinatorSettings;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** Puts together what comes from other modules; clocks and randomness are made here and nowhere else. */
class OperatorBeans {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    SecureRandom random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    ControlPlaneMetrics metrics(MeterRegistry registry) {
        return new ControlPlaneMetrics(registry);
    }

    @Produces
    @Singleton
    ControlPlane controlPlane(ControlPlaneMetrics metrics) {
        return new ControlPlane(CoordinatorSettings.DEFAULT, System::nanoTime, metrics);
    }

    @Produces
    @Singleton
    KubernetesEvents events(KubernetesClient client, OperatorSettings settings, Clock clock, MeterRegistry registry) {
        return new KubernetesEvents(client, settings.pod().name(), clock, registry);
    }
}
