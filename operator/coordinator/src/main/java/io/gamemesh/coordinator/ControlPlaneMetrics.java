package io.gamemesh.coordinator;

import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What the control plane counts. Tags have few values, so that no caller can grow them. */
public final class ControlPlaneMetrics {

    private final MeterRegistry registry;
    private final AtomicInteger streams;
    private final Counter redirected;
    private final Timer handling;
    private final Map<MeshKey, AtomicReference<@Nullable MeshView>> views = new ConcurrentHashMap<>();

    /**
     * Registers the meters.
     *
     * @param registry where to
     */
    public ControlPlaneMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.streams = new AtomicInteger();
        Gauge.builder("gamemesh.coordinator.streams", streams, AtomicInteger::get)
                .register(registry);
        this.redirected = registry.counter("gamemesh.coordinator.calls.redirected");
        this.handling = registry.timer("gamemesh.coordinator.event.handling");
    }

    void streamOpened() {
        streams.incrementAndGet();
    }

    void streamClosed() {
        streams.decrementAndGet();
    }

    void redirected() {
        redirected.increment();
    }

    /** Counts a call or a stream that was refused, by its status. */
    void refused(Status.Code code) {
        registry.counter("gamemesh.coordinator.calls.refused", "status", code.name())
                .increment();
    }

    /** Counts a message that made no sense; its stream is closed. */
    void invalidMessage() {
        registry.counter("gamemesh.coordinator.messages.invalid").increment();
    }

    void handled(Duration duration) {
        handling.record(duration);
    }

    /** Counts a write to the API server by what became of it; other events are not counted. */
    void written(Event result) {
        switch (result) {
            case Event.WriteSucceeded success -> written("succeeded");
            case Event.WriteFailed failed -> written(failed.failure().name().toLowerCase(Locale.ROOT));
            default -> {}
        }
    }

    private void written(String outcome) {
        registry.counter("gamemesh.coordinator.writes", "outcome", outcome).increment();
    }

    /** Counts what a coordinator counts. */
    void count(MeshKey mesh, Effect.Counter counter, long amount) {
        registry.counter("gamemesh.mesh." + name(counter), tags(mesh)).increment((double) amount);
    }

    /** Records what a coordinator times. */
    void time(MeshKey mesh, Effect.Timer timer, Duration duration) {
        registry.timer("gamemesh.mesh." + name(timer) + ".duration", tags(mesh)).record(duration);
    }

    /** Shows a mesh's figures as gauges. */
    void publish(MeshKey mesh, MeshView view) {
        views.computeIfAbsent(mesh, this::register).set(view);
    }

    /** Forgets the gauges, counters and timers of a mesh that is gone, so that a registry does not grow with each. */
    void forget(MeshKey mesh) {
        views.remove(mesh);
        registry.getMeters().stream()
                .filter(meter ->
                        meter.getId().getTags().containsAll(tags(mesh).stream().toList()))
                .forEach(registry::remove);
    }

    private AtomicReference<@Nullable MeshView> register(MeshKey mesh) {
        AtomicReference<@Nullable MeshView> view = new AtomicReference<>();
        gauge(mesh, "servers.ready", view, MeshView::readyServers);
        gauge(mesh, "regions", view, MeshView::regions);
        gauge(mesh, "regions.ready", view, MeshView::readyRegions);
        gauge(mesh, "regions.moving", view, MeshView::movingRegions);
        gauge(mesh, "players", view, MeshView::players);
        gauge(mesh, "entities", view, MeshView::entities);
        return view;
    }

    private void gauge(
            MeshKey mesh, String name, AtomicReference<@Nullable MeshView> source, ToIntFunction<MeshView> figure) {
        Gauge.builder("gamemesh.mesh." + name, () -> {
                    MeshView view = source.get();
                    return view == null ? 0 : figure.applyAsInt(view);
                })
                .tags(tags(mesh))
                .register(registry);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static Tags tags(MeshKey mesh) {
        return Tags.of("namespace", mesh.namespace(), "mesh", mesh.name());
    }
}
