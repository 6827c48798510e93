package io.gamemesh.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions of one object while a new status is made: a transition time changes only with the condition's status.
 * Not safe for use by several threads.
 */
public final class Conditions {

    private final Map<String, Condition> byType = new LinkedHashMap<>();
    private final long generation;
    private final Instant now;

    /**
     * Starts from the conditions that there are.
     *
     * @param present    as stored
     * @param generation of the object that is looked at
     * @param now        the time
     */
    public Conditions(Collection<Condition> present, long generation, Instant now) {
        present.forEach(condition -> byType.put(condition.getType(), condition));
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Sets a condition.
     *
     * @param type    which
     * @param status  True or False
     * @param reason  one word in CamelCase
     * @param message for people
     */
    public void set(String type, boolean status, String reason, String message) {
        put(type, status ? "True" : "False", reason, message);
    }

    /**
     * Sets a condition of which nobody can say now whether it is so.
     *
     * @param type    which
     * @param reason  one word in CamelCase
     * @param message for people
     */
    public void setUnknown(String type, String reason, String message) {
        put(type, "Unknown", reason, message);
    }

    private void put(String type, String value, String reason, String message) {
        Condition before = byType.get(type);
        String since =
                before != null && value.equals(before.getStatus()) ? before.getLastTransitionTime() : now.toString();
        byType.put(
                type,
                new ConditionBuilder()
                        .withType(type)
                        .withStatus(value)
                        .withReason(reason)
                        .withMessage(message)
                        .withObservedGeneration(generation)
                        .withLastTransitionTime(since)
                        .build());
    }

    /**
     * Returns all conditions.
     *
     * @return in the order in which they were first set
     */
    public List<Condition> all() {
        return List.copyOf(byType.values());
    }

    /**
     * Finds a condition.
     *
     * @param conditions among which
     * @param type       which
     * @return the condition, or empty if there is none of that type
     */
    public static Optional<Condition> find(Collection<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }
}
