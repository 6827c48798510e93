package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emits Kubernetes Events in the background. They are for people and may get lost: at most a few hundred wait, what
 * comes on top is counted and dropped. Safe for use by several threads.
 */
public final class KubernetesEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesEvents.class);
    private static final int WAITING = 512;
    private static final int LONGEST_NOTE = 1024;
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC)
            .withLocale(Locale.ROOT);

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;
    private final Counter dropped;
    private final AtomicLong number = new AtomicLong();
    private final ThreadPoolExecutor executor;

    /**
     * Makes an emitter.
     *
     * @param client   the API server
     * @param instance the pod of this operator
     * @param clock    the time of the Events
     * @param registry counts those dropped
     */
    public KubernetesEvents(KubernetesClient client, String instance, Clock clock, MeterRegistry registry) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
        this.dropped = registry.counter("gamemesh.operator.events.dropped");
        this.executor = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("events").daemon().factory());
    }

    /**
     * Emits an Event.
     *
     * @param about   the object that it is about
     * @param warning true for type Warning, false for Normal
     * @param reason  one word in CamelCase
     * @param note    for people; cut at 1,024 characters
     */
    public void emit(HasMetadata about, boolean warning, String reason, String note) {
        try {
            executor.execute(() -> create(about, warning, reason, note));
        } catch (RejectedExecutionException full) {
            dropped.increment();
        }
    }

    /** Drops what still waits. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void create(HasMetadata about, boolean warning, String reason, String note) {
        String namespace = about.getMetadata().getNamespace();
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(name(about))
                            .endMetadata()
                            .withEventTime(new MicroTime(
                                    MICRO_TIME.format(clock.instant().truncatedTo(ChronoUnit.MICROS))))
                            .withReportingController("gamemesh.io/operator")
                            .withReportingInstance(instance)
                            .withType(warning ? "Warning" : "Normal")
                            .withAction(reason)
                            .withReason(reason)
                            .withNote(note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note)
                            .withRegarding(reference(about))
                            .build())
                    .create();
        } catch (KubernetesClientException refused) {
            dropped.increment();
            LOG.atWarn()
                    .addKeyValue("reason", reason)
                    .addKeyValue("about", about.getMetadata().getName())
                    .log("Event not emitted: {}", refused.getMessage());
        }
    }

    private String name(HasMetadata about) {
        return about.getMetadata().getName() + "." + Long.toHexString(clock.millis()) + "."
                + Long.toHexString(number.incrementAndGet());
    }

    private static ObjectReference reference(HasMetadata about) {
        return new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .build();
    }
}
