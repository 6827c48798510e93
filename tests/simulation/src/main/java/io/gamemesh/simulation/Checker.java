package io.gamemesh.simulation;

import io.gamemesh.planner.coordinator.CoordinatorStatus;
import io.gamemesh.planner.coordinator.RegionPhase;
import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows what is true rather than what anybody believes, and throws at the first step at which an invariant is broken. It
 * takes its facts from the engines, the stored objects and the wire, and shares no logic with the state machines.
 */
final class Checker {

    /** One engine that simulates. */
    private record Acting(Object process, String name, long epoch) {}

    /** Something that a leader may tell a server, because it stands or stood in a stored status. */
    private record Licence(String what, long region, String server, long epoch, String target, long offered) {}

    private final Map<RegionId, Acting> acting = new TreeMap<>();
    private final Map<RegionId, Acting> latest = new TreeMap<>();
    /** Who has begun to run an engine last, stepped or not. */
    private final Map<RegionId, Acting> ran = new TreeMap<>();

    /** Who was listed in sync by whoever has stepped a region last. */
    private final Map<RegionId, List<ServerId>> shared = new HashMap<>();

    private final Map<RegionId, Long> lastTick = new HashMap<>();
    private final Map<RegionId, Map<Object, String>> holders = new HashMap<>();
    private final Set<Licence> licences = new HashSet<>();
    private final Map<RegionId, Long> named = new HashMap<>();
    private final Map<Integer, Object> processes = new HashMap<>();
    private long storedTerm;
    private int storedIncarnation;
    private long checks;
    private final Map<String, Integer> commands = new TreeMap<>();
    private long moves;
    private long starts;

    long checks() {
        return checks;
    }

    /** What coordinators have sent, by kind. */
    Map<String, Integer> commands() {
        return Map.copyOf(commands);
    }

    /** How often a region began to act on another process than before while that was alive. */
    long moves() {
        return moves;
    }

    /** How often a region began to act at all. */
    long starts() {
        return starts;
    }

    private static InvariantViolation broken(String what) {
        return new InvariantViolation(what);
    }

    // Engines.

    /** A process has the state of a region, acting or not. */
    void holds(RegionId region, Object process, String name, long epoch) {
        ran.put(region, new Acting(process, name, epoch));
        holders.computeIfAbsent(region, r -> new HashMap<>()).put(process, name);
    }

    /** A process has stepped a region: whoever has done so at a later epoch must be the last to do so. */
    void steps(RegionId region, Object process, String name, long epoch, long tick, List<ServerId> inSync) {
        checks++;
        shared.put(region, inSync);
        Acting before = latest.get(region);
        if (before != null && before.process().equals(process) && before.epoch() == epoch) {
            if (tick <= lastTick.getOrDefault(region, -1L)) {
                throw broken(region + ": " + name + " steps tick " + tick + " a second time");
            }
            lastTick.put(region, tick);
            return;
        }
        if (before != null && before.epoch() >= epoch) {
            throw broken(region + ": " + name + " acts at epoch " + epoch + " after " + before.name() + " has acted at "
                    + before.epoch());
        }
        lastTick.put(region, tick);
        starts++;
        if (before != null
                && !before.process().equals(process)
                && holders(region).containsKey(before.process())) {
            moves++;
        }
        Acting now = new Acting(process, name, epoch);
        acting.put(region, now);
        latest.put(region, now);
        holders.computeIfAbsent(region, r -> new HashMap<>()).put(process, name);
    }

    /** A region is about to begin anew: nobody may have its state who could still act on it. */
    void lost(RegionId region, Object by) {
        checks++;
        Map<Object, String> others = new HashMap<>(holders(region));
        others.remove(by);
        // Who took over and died before its first tick may have acted, for all that anybody knows.
        Acting last = ran.get(region);
        if (last != null && others.containsKey(last.process())) {
            throw broken(region + ": begins anew on " + by + " while " + last.name() + " has its state");
        }
    }

    /** The epoch at which a region was stepped last; 0 if it never was. */
    long lastEpoch(RegionId region) {
        Acting before = latest.get(region);
        return before == null ? 0 : before.epoch();
    }

    /** Who may have all that whoever stepped a region last has told anybody. */
    List<ServerId> sharedWith(RegionId region) {
        return shared.getOrDefault(region, List.of());
    }

    void freezes(RegionId region, Object process) {
        Acting present = acting.get(region);
        if (present != null && present.process().equals(process)) {
            acting.remove(region);
        }
    }

    void drops(RegionId region, Object process) {
        freezes(region, process);
        Map<Object, String> held = holders.get(region);
        if (held != null) {
            held.remove(process);
        }
    }

    void dies(Object process) {
        acting.values().removeIf(each -> each.process().equals(process));
        holders.values().forEach(held -> held.remove(process));
    }

    @Nullable Object actingProcess(RegionId region) {
        Acting present = acting.get(region);
        return present == null ? null : present.process();
    }

    long actingEpoch(RegionId region) {
        Acting present = acting.get(region);
        return present == null ? 0 : present.epoch();
    }

    Map<Object, String> holders(RegionId region) {
        return holders.getOrDefault(region, Map.of());
    }

    // Stored objects.

    void coordinatorWritten(CoordinatorStatus before, CoordinatorStatus after, String by) {
        checks++;
        if (after.term() < before.term()
                || after.lastIncarnation() < before.lastIncarnation()
                || after.epochFloor() < before.epochFloor()) {
            throw broken("mesh: " + by + " writes " + after + " over " + before);
        }
        storedTerm = Math.max(storedTerm, after.term());
        storedIncarnation = Math.max(storedIncarnation, after.lastIncarnation());
    }

    void regionWritten(RegionId id, RegionStatus before, RegionStatus after, String by) {
        checks++;
        if (after.epoch() < before.epoch() || after.highestEpoch() < before.highestEpoch()) {
            throw broken(id + ": " + by + " writes " + Text.of(after) + " over " + Text.of(before));
        }
        ServerId authority = after.authority();
        boolean isBackup = authority != null && before.backups().inSync().contains(authority);
        if (authority != null
                && !isBackup
                && !authority.equals(before.authority())
                && !authority.equals(before.next())) {
            noneLeft(id, before, by);
        }
        named.merge(id, after.highestEpoch(), Math::max);
        if (authority == null) {
            return;
        }
        String server = authority.toString();
        ServerId next = after.next();
        if (after.phase() == RegionPhase.STARTING) {
            licences.add(new Licence("start", id.packed(), server, after.epoch(), "", 0));
        }
        if (after.phase() == RegionPhase.PROMOTING) {
            licences.add(new Licence("promote", id.packed(), server, after.epoch(), "", 0));
        }
        licences.add(new Licence(
                "configure",
                id.packed(),
                server,
                after.epoch(),
                "",
                after.backups().configuration()));
        if (after.phase() == RegionPhase.MOVING && next == null) {
            licences.add(new Licence("resume", id.packed(), server, after.epoch(), "", 0));
        }
        if (after.phase() == RegionPhase.MOVING && next != null) {
            licences.add(
                    new Licence("move", id.packed(), server, after.epoch(), next.toString(), after.highestEpoch()));
            licences.add(new Licence("cancel", id.packed(), next.toString(), after.highestEpoch(), "", 0));
        }
    }

    /** When a region is given to somebody who was not part of it, who had it last must have it no more. */
    private void noneLeft(RegionId id, RegionStatus before, String by) {
        String holder = lastHolder(id);
        if (holder != null) {
            throw broken(id + ": " + by + " gives it away while " + holder + " has it, with status " + Text.of(before));
        }
    }

    void regionRemoved(RegionId id, boolean withItsMesh) {
        checks++;
        String holder = lastHolder(id);
        if (!withItsMesh && holder != null) {
            throw broken(id + ": its object is let go of while " + holder + " has it");
        }
    }

    /** Who acted last, if it still has the state; whoever merely froze before that can do no harm. */
    private @Nullable String lastHolder(RegionId id) {
        Acting last = ran.get(id);
        return last == null ? null : holders(id).get(last.process());
    }

    // The wire.

    void commanded(
            String operator, long operatorTerm, @Nullable ServerId server, Object process, CoordinatorMessage message) {
        checks++;
        if (message.getTerm() != operatorTerm || message.getTerm() > storedTerm) {
            throw broken(operator + " sends " + Text.of(message) + " but the stored term is " + storedTerm);
        }
        String name = String.valueOf(server);
        commands.merge(message.getBodyCase().toString(), 1, Integer::sum);
        switch (message.getBodyCase()) {
            case REGISTERED -> numbered(operator, process, message);
            case START ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "start",
                                message.getStart().getRegionId(),
                                name,
                                message.getStart().getEpoch(),
                                "",
                                0));
            case RESUME ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "resume",
                                message.getResume().getRegionId(),
                                name,
                                message.getResume().getEpoch(),
                                "",
                                0));
            case MOVE ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "move",
                                message.getMove().getRegionId(),
                                name,
                                message.getMove().getEpoch(),
                                ServerId.of(message.getMove().getTarget()).toString(),
                                message.getMove().getOfferedEpoch()));
            case CANCEL_MOVE ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "cancel",
                                message.getCancelMove().getRegionId(),
                                name,
                                message.getCancelMove().getOfferedEpoch(),
                                "",
                                0));
            case RELEASE -> {
                RegionId region = new RegionId(message.getRelease().getRegionId());
                if (message.getRelease().getEpoch() > named.getOrDefault(region, 0L)) {
                    throw broken(operator + " sends " + Text.of(message) + ", which no status has named");
                }
            }
            case PROMOTE ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "promote",
                                message.getPromote().getRegionId(),
                                name,
                                message.getPromote().getEpoch(),
                                "",
                                0));
            case CONFIGURE ->
                licensed(
                        operator,
                        message,
                        new Licence(
                                "configure",
                                message.getConfigure().getRegionId(),
                                name,
                                message.getConfigure().getEpoch(),
                                "",
                                message.getConfigure().getConfiguration()));
            case LEASE, LEAF_MAP, ADVERTISE, DRAIN_COMPLETE, BODY_NOT_SET -> {
                // Nothing is decided by these.
            }
        }
    }

    private void licensed(String operator, CoordinatorMessage message, Licence licence) {
        if (!licences.contains(licence)) {
            throw broken(operator + " sends " + Text.of(message) + " to " + licence.server()
                    + ", which stands in no stored status");
        }
    }

    private void numbered(String operator, Object process, CoordinatorMessage message) {
        int number = message.getRegistered().getIncarnation();
        if (number > storedIncarnation) {
            throw broken(
                    operator + " gives incarnation " + number + ", but the highest stored is " + storedIncarnation);
        }
        Object before = processes.putIfAbsent(number, process);
        if (before != null && !before.equals(process)) {
            throw broken(operator + " gives incarnation " + number + " to a second process");
        }
    }
}
