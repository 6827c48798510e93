package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachingAuthenticatorTest {

    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final List<String> reviewed = new ArrayList<>();
    private final CachingAuthenticator cache = new CachingAuthenticator(this::review, LIFETIME, 2, clock::get);

    @Test
    void reviewsAnAcceptedTokenOnceWithinTheLifetime() {
        Authentication first = cache.authenticate("good-1");
        clock.addAndGet(LIFETIME.toNanos());
        Authentication second = cache.authenticate("good-1");

        assertThat(second).isEqualTo(first);
        assertThat(reviewed).containsExactly("good-1");
    }

    @Test
    void reviewsAgainWhenTheLifetimeIsOver() {
        cache.authenticate("good-1");
        clock.addAndGet(LIFETIME.toNanos() + 1);
        cache.authenticate("good-1");

        assertThat(reviewed).containsExactly("good-1", "good-1");
    }

    @Test
    void remembersNoRefusal() {
        cache.authenticate("bad");
        cache.authenticate("bad");

        assertThat(reviewed).containsExactly("bad", "bad");
    }

    @Test
    void forgetsTheOldestWhenItIsFull() {
        cache.authenticate("good-1");
        cache.authenticate("good-2");
        cache.authenticate("good-3");
        cache.authenticate("good-2");
        cache.authenticate("good-1");

        assertThat(reviewed).containsExactly("good-1", "good-2", "good-3", "good-1");
    }

    private Authentication review(String token) {
        reviewed.add(token);
        return token.startsWith("good")
                ? new Authentication.Accepted(new Caller(new MeshKey("default", "demo"), token, "uid"))
                : new Authentication.Refused("not good");
    }
}
