package io.gamemesh.client.bot;

import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What bots have asked to be done with items, and what became of it. Confined to the event loop. */
final class ItemLedger {

    private final Map<ItemOutcome, Long> outcomes = new EnumMap<>(ItemOutcome.class);
    private long asked;

    void asked() {
        asked++;
    }

    void answered(ItemOutcome outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
    }

    long sent() {
        return asked;
    }

    long done() {
        return outcomes.getOrDefault(ItemOutcome.DONE, 0L);
    }

    /** How often what was answered, for people. */
    String answers() {
        return outcomes.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    void reset() {
        asked = 0;
        outcomes.clear();
    }
}
