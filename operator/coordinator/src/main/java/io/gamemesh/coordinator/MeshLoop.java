package io.gamemesh.coordinator;

import io.gamemesh.planner.coordinator.CloseReason;
import io.gamemesh.planner.coordinator.Coordinator;
import io.gamemesh.planner.coordinator.Effect;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.MeshView;
import io.gamemesh.planner.coordinator.WriteFailure;
import io.gamemesh.protocol.v1.ServerMessage;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mesh's mailbox: a thread that gives the coordinator one event at a time and does what it returns, for as long as
 * this operator leads for certain: after that nothing is written and no server is told anything. What may wait is
 * bounded by who puts it there: a stream has at most one message in it, a write one answer, and the API server's watches
 * are as fast as this is on average.
 */
final class MeshLoop implements StreamHandler, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(MeshLoop.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final String NO_LONGER_LEADS = "this operator has not renewed its lead in time";

    private final MeshKey mesh;
    private final Coordinator coordinator;
    private final MeshObjects objects;
    private final Executor writers;
    private final BooleanSupplier leads;
    private final LongSupplier nanoTime;
    private final ControlPlaneMetrics metrics;
    private final BlockingQueue<Letter> mailbox = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable MeshView> view = new AtomicReference<>();

    /** Written by the mailbox's thread, and after its end by whoever opens a stream too late. */
    private final Map<Long, ServerStream> streams = new ConcurrentHashMap<>();

    private volatile boolean stopped;

    /** Something to do on the mailbox's thread: an event, what to note before it and what to run after it. */
    private record Letter(Event event, Runnable before, Runnable after) {}

    MeshLoop(
            MeshKey mesh,
            Coordinator coordinator,
            MeshObjects objects,
            Executor writers,
            BooleanSupplier leads,
            LongSupplier nanoTime,
            ControlPlaneMetrics metrics) {
        this.mesh = mesh;
        this.coordinator = coordinator;
        this.objects = objects;
        this.writers = writers;
        this.leads = leads;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    void post(Event event) {
        mailbox.add(new Letter(event, () -> {}, () -> {}));
    }

    Optional<MeshView> view() {
        return Optional.ofNullable(view.get());
    }

    /** Ends the mailbox after what is in it. */
    void stop(Event last) {
        mailbox.add(new Letter(last, () -> {}, () -> stopped = true));
    }

    @Override
    public void opened(ServerStream stream) {
        mailbox.add(new Letter(
                new Event.StreamOpened(stream.number(), stream.caller().pod()),
                () -> streams.put(stream.number(), stream),
                () -> {}));
        if (stopped) {
            closeRemaining();
        }
    }

    @Override
    public void message(ServerStream stream, ServerMessage message, Runnable handled) {
        mailbox.add(new Letter(new Event.StreamMessage(stream.number(), message), () -> {}, handled));
    }

    @Override
    public void closed(ServerStream stream) {
        mailbox.add(
                new Letter(new Event.StreamClosed(stream.number()), () -> streams.remove(stream.number()), () -> {}));
    }

    @Override
    public void run() {
        long nextTick = nanoTime.getAsLong();
        while (!stopped) {
            try {
                Letter letter = mailbox.poll(nextTick - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
                if (letter != null) {
                    deliver(letter);
                }
                if (nanoTime.getAsLong() - nextTick >= 0) {
                    handle(new Event.Tick());
                    nextTick = nanoTime.getAsLong() + TICK.toNanos();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                stopped = true;
            }
        }
        closeRemaining();
    }

    private void deliver(Letter letter) {
        letter.before().run();
        handle(letter.event());
        letter.after().run();
    }

    private void handle(Event event) {
        long start = nanoTime.getAsLong();
        for (Effect effect : coordinator.handle(event, start)) {
            perform(effect);
        }
        metrics.handled(Duration.ofNanos(nanoTime.getAsLong() - start));
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.WriteCoordinatorStatus write -> async(write.write(), () -> objects.write(write));
            case Effect.WriteRegionStatus write -> async(write.write(), () -> objects.write(write));
            case Effect.CreateRegion write -> async(write.write(), () -> objects.write(write));
            case Effect.DeleteRegion write -> async(write.write(), () -> objects.write(write));
            case Effect.RemoveFinalizer write -> async(write.write(), () -> objects.write(write));
            case Effect.EmitEvent emit -> objects.emit(emit);
            case Effect.MeshReleased() -> {
                if (leads.getAsBoolean()) {
                    objects.released();
                }
            }
            case Effect.Send(long stream, var message) -> {
                ServerStream open = streams.get(stream);
                if (open != null && leads.getAsBoolean()) {
                    open.send(message);
                } else if (open != null) {
                    // Not just dropped: should this operator lead after all, the server must not miss a message.
                    open.close(Status.UNAVAILABLE.withDescription(NO_LONGER_LEADS + "; connect to the one that does"));
                }
            }
            case Effect.CloseStream(long stream, CloseReason reason, String message) -> {
                ServerStream open = streams.get(stream);
                if (open != null) {
                    LOG.atInfo()
                            .addKeyValue("stream", open)
                            .addKeyValue("reason", reason)
                            .log("stream closed: {}", message);
                    open.close(status(reason).withDescription(message));
                }
            }
            case Effect.Count(Effect.Counter counter, long amount) -> metrics.count(mesh, counter, amount);
            case Effect.Time(Effect.Timer timer, long nanos) -> metrics.time(mesh, timer, Duration.ofNanos(nanos));
            case Effect.Publish(MeshView published) -> {
                view.set(published);
                metrics.publish(mesh, published);
                objects.published(published);
            }
        }
    }

    private void async(long number, Supplier<List<Event>> write) {
        writers.execute(() -> {
            // Asked as late as can be: the process may have stood still since the decision was made.
            List<Event> results = leads.getAsBoolean()
                    ? write.get()
                    : List.of(new Event.WriteFailed(number, WriteFailure.UNKNOWN, NO_LONGER_LEADS));
            results.forEach(result -> {
                metrics.written(result);
                post(result);
            });
        });
    }

    /** Closes what is open, and what was opened too late for the coordinator to see. */
    private void closeRemaining() {
        for (Letter late = mailbox.poll(); late != null; late = mailbox.poll()) {
            late.before().run();
        }
        Status ended = Status.UNAVAILABLE.withDescription("the coordinator of mesh " + mesh + " has ended; try again");
        List.copyOf(streams.values()).forEach(stream -> stream.close(ended));
    }

    private static Status status(CloseReason reason) {
        return switch (reason) {
            case NOT_LEADING -> Status.FAILED_PRECONDITION;
            case REPLACED -> Status.ABORTED;
            case KNOWN_DEAD -> Status.PERMISSION_DENIED;
            case REFUSED -> Status.INVALID_ARGUMENT;
            case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
            case MESH_GONE -> Status.NOT_FOUND;
        };
    }
}
