package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which declarations of people that a process is dead are to be believed: those made while the mesh's status listed the
 * process as silent. List and declaration stand in one object, and a process is never listed while a declaration names it;
 * so wherever both are seen together, by whichever leader, the declaration was made after the list.
 */
final class DeclaredDeaths {

    private static final int NUMBERS_IN_AN_EVENT = 8;

    private final Set<Integer> believed = new HashSet<>();
    private final Set<Integer> warned = new HashSet<>();

    /** Whom regions wait for, by number; null until this leader has given everybody the time to come back. */
    private @Nullable SortedMap<Integer, ServerId> missed;

    private final Set<Integer> perhapsListed = new HashSet<>();
    private String perhapsListedOver = "";

    boolean isBelieved(int incarnation) {
        return believed.contains(incarnation);
    }

    /** Forgets what only a leader may believe. */
    void forget() {
        believed.clear();
        warned.clear();
        missed = null;
    }

    /** Takes in an object of the mesh, and says which processes are dead that were not before. */
    List<Integer> believe(List<Integer> silent, Set<Integer> named) {
        List<Integer> news = new ArrayList<>();
        for (int number : silent) {
            if (named.contains(number) && believed.add(number)) {
                news.add(number);
            }
        }
        return news;
    }

    /** Takes in which processes regions wait for that this leader does not hear of. */
    void missed(SortedMap<Integer, ServerId> processes) {
        missed = processes;
    }

    /**
     * The list as it should be.
     *
     * @param silent as it is
     * @param named by a declaration, in the same object
     * @param present true for a process that has a stream
     */
    List<Integer> list(List<Integer> silent, Set<Integer> named, IntPredicate present) {
        Collection<Integer> candidates = missed == null ? silent : missed.keySet();
        return candidates.stream()
                .filter(number -> named.contains(number) ? silent.contains(number) : !present.test(number))
                .limit(CoordinatorStatus.MAX_SILENT)
                .toList();
    }

    /** A write whose outcome nobody knows: it may yet be made, as long as the object has that version. */
    void unresolved(String expectedVersion, List<Integer> silent) {
        if (!perhapsListedOver.equals(expectedVersion)) {
            perhapsListed.clear();
            perhapsListedOver = expectedVersion;
        }
        perhapsListed.addAll(silent);
    }

    boolean isPerhapsListed(int incarnation, String version) {
        return perhapsListedOver.equals(version) && perhapsListed.contains(incarnation);
    }

    /** Says of whom the list speaks for the first time, and what a person can do about it. */
    void announce(List<Integer> before, List<Integer> after, Outbox outbox) {
        SortedMap<Integer, ServerId> names = missed == null ? new TreeMap<>() : missed;
        for (int number : after) {
            ServerId process = names.get(number);
            if (process != null && !before.contains(number)) {
                outbox.warning(
                        "ServerSilent",
                        "process " + process + " is not heard of, and regions wait for it; if it is certain that it has"
                                + " ended, say so with the annotation gamemesh.io/terminated=" + number,
                        null);
            }
        }
    }

    /** Says which declarations are not believed, once each, where it matters. */
    void refuse(CoordinatorStatus known, Set<Integer> named, IntPredicate present, Outbox outbox) {
        warned.retainAll(named);
        Map<String, TreeSet<Integer>> refused = new TreeMap<>();
        for (int number : named) {
            String why = believed.contains(number) || warned.contains(number) ? null : faultOf(number, known, present);
            if (why != null) {
                warned.add(number);
                refused.computeIfAbsent(why, w -> new TreeSet<>()).add(number);
            }
        }
        refused.forEach((why, numbers) -> outbox.warning(
                "TerminationRefused",
                "annotation gamemesh.io/terminated names "
                        + numbers.stream()
                                .limit(NUMBERS_IN_AN_EVENT)
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + (numbers.size() > NUMBERS_IN_AN_EVENT
                                ? " and " + (numbers.size() - NUMBERS_IN_AN_EVENT) + " more"
                                : "")
                        + ", " + why,
                null));
    }

    private @Nullable String faultOf(int number, CoordinatorStatus known, IntPredicate present) {
        if (number > known.lastIncarnation()) {
            return "which no process has had yet: the highest is " + known.lastIncarnation() + "; take it out";
        }
        if (present.test(number)) {
            return "which is connected: take it out, and delete its pod instead";
        }
        if (missed != null && missed.containsKey(number)) {
            return "which status.coordinator.silent did not list when it was named: take it out, and name it again once"
                    + " it is listed there";
        }
        return null;
    }
}
