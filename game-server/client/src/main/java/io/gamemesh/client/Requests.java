package io.gamemesh.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their answers, by number, in the order in which they were made. Confined to its event loop.
 *
 * @param <Q> the request
 * @param <A> what its sender is told in the end
 */
final class Requests<Q, A> {

    private record Waiting<Q, A>(Q request, long since, CompletableFuture<A> answer) {}

    private final Map<Long, Waiting<Q, A>> waiting = new LinkedHashMap<>();
    private final Duration patience;

    Requests(Duration patience) {
        this.patience = patience;
    }

    int size() {
        return waiting.size();
    }

    void add(long number, Q request, CompletableFuture<A> answer) {
        waiting.put(number, new Waiting<>(request, System.nanoTime(), answer));
    }

    /** The request of that number that waits; null if none does. */
    @Nullable Q get(long number) {
        Waiting<Q, A> found = waiting.get(number);
        return found == null ? null : found.request;
    }

    /**
     * Answers a request; given the nanoseconds that it has waited.
     *
     * @return the request; null if none of that number waits, and so nothing is done
     */
    @Nullable Q answer(long number, LongFunction<A> answer) {
        Waiting<Q, A> answered = waiting.remove(number);
        if (answered == null) {
            return null;
        }
        answered.answer.complete(answer.apply(System.nanoTime() - answered.since));
        return answered.request;
    }

    /** Fails those that have waited for too long. */
    void expire() {
        long now = System.nanoTime();
        waiting.values().removeIf(each -> {
            boolean late = now - each.since > patience.toNanos();
            if (late) {
                each.answer.completeExceptionally(new GameClientException(
                        Optional.empty(), "no answer to " + each.request + " within " + patience));
            }
            return late;
        });
    }

    /** Fails all. */
    void fail(GameClientException why) {
        waiting.values().forEach(each -> each.answer.completeExceptionally(why));
        waiting.clear();
    }

    /** The oldest first: what is asked again must come in the order in which it was asked. */
    void forEach(Consumer<Q> action) {
        waiting.values().forEach(each -> action.accept(each.request));
    }
}
