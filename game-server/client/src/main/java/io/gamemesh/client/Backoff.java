package io.gamemesh.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pauses between attempts, each twice as long as the last up to a limit. Confined to its event loop. */
final class Backoff {

    static final long MAX_MILLIS = 3000;
    private static final long FIRST_MILLIS = 100;

    private final EventLoop loop;
    private @Nullable ScheduledFuture<?> waiting;
    private long millis = FIRST_MILLIS;

    Backoff(EventLoop loop) {
        this.loop = loop;
    }

    /** Does something after the next pause, in place of what was waiting for one. */
    void pause(Runnable then) {
        cancel();
        // Spread, so that the clients of a server that died do not come all at once.
        long delay = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
        millis = Math.min(millis * 2, MAX_MILLIS);
        waiting = loop.schedule(then, delay, TimeUnit.MILLISECONDS);
    }

    /** What waits for its pause to end is not done. */
    void cancel() {
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
    }

    /** An attempt has succeeded: the next pause is short again. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}
