package io.gamemesh.server;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for what happens on other threads; generous, since machines that test are busy. */
final class Eventually {
    private Eventually() {}

    static ConditionFactory within() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }
}
