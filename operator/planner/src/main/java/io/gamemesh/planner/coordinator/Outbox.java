package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.coordinator.Effect.Count;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.planner.coordinator.Effect.EmitEvent;
import io.gamemesh.planner.coordinator.Effect.Send;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what one event leads to, and numbers writes. */
final class Outbox {

    private List<Effect> effects = new ArrayList<>();
    private long lastWrite;
    private long term;

    void term(long newTerm) {
        term = newTerm;
    }

    long nextWrite() {
        return ++lastWrite;
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void addAll(List<Effect> more) {
        effects.addAll(more);
    }

    void send(long stream, CoordinatorMessage.Builder message) {
        effects.add(new Send(stream, message.setTerm(term).build()));
    }

    void count(Counter counter) {
        effects.add(new Count(counter, 1));
    }

    void normal(String reason, String message, @Nullable RegionId region) {
        effects.add(new EmitEvent(false, reason, message, region));
    }

    void warning(String reason, String message, @Nullable RegionId region) {
        effects.add(new EmitEvent(true, reason, message, region));
    }

    List<Effect> drain() {
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }
}
