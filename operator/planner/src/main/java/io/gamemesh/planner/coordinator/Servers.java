package io.gamemesh.planner.coordinator;

import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.coordinator.Effect.CloseStream;
import io.gamemesh.planner.coordinator.Effect.Counter;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.Register;
import io.gamemesh.protocol.v1.Registered;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams that servers have opened, and the processes that are registered over them. A stream belongs to nobody until
 * its process has a number, is not known dead, and is off the list of the silent.
 */
final class Servers {

    private static final int MAX_ADDRESS = 261;

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final Agenda agenda;
    private final Leadership leadership;
    private final Deaths deaths;
    private final Testimony testimony;
    private final Map<Long, ServerStream> streams = new LinkedHashMap<>();
    private final Map<ServerId, Member> members =
            new TreeMap<>(Comparator.comparing(ServerId::name).thenComparingInt(ServerId::incarnation));

    Servers(
            CoordinatorSettings settings,
            Outbox outbox,
            Agenda agenda,
            Leadership leadership,
            Deaths deaths,
            Testimony testimony) {
        this.settings = settings;
        this.outbox = outbox;
        this.agenda = agenda;
        this.leadership = leadership;
        this.deaths = deaths;
        this.testimony = testimony;
    }

    // Who there is.

    @Nullable Member member(ServerId process) {
        return members.get(process);
    }

    Collection<Member> members() {
        return members.values();
    }

    @Nullable ServerStream stream(long number) {
        return streams.get(number);
    }

    /** The processes that can be given something: heard of lately, and the latest of their name. */
    List<Member> accepting(long now) {
        Map<String, Member> latest = new TreeMap<>();
        for (Member member : members.values()) {
            if (member.connected() && !deaths.isDead(member.id) && now - member.heardAt <= patience(member)) {
                // Of two processes of one name the earlier one is on its way out.
                latest.merge(member.id.name(), member, (a, b) -> a.id.incarnation() > b.id.incarnation() ? a : b);
            }
        }
        return List.copyOf(latest.values());
    }

    /** True if a process has no stream, or should have sent a heartbeat by now and has not. */
    boolean isSilent(ServerId process, long now) {
        Member member = members.get(process);
        return member == null
                || !member.connected()
                || now - member.heardAt
                        > Duration.ofMillis(member.heartbeatMillis).toNanos() * 3 / 2;
    }

    private long patience(Member member) {
        return Duration.ofMillis(member.heartbeatMillis).toNanos() * settings.silentHeartbeats();
    }

    /** True if a process has a stream, whether it is registered or not. */
    boolean isPresent(int incarnation) {
        return streams.values().stream()
                .anyMatch(stream -> (stream.member != null && stream.member.id.incarnation() == incarnation)
                        || (stream.waiting != null && stream.waiting.getIncarnation() == incarnation));
    }

    // Streams.

    void open(long number, String server) {
        ServerStream stream = new ServerStream(number, server);
        streams.put(number, stream);
        if (!leadership.elected()) {
            refuse(stream, CloseReason.NOT_LEADING, "this operator does not lead");
        }
    }

    void close(long number) {
        ServerStream stream = streams.remove(number);
        if (stream != null && stream.member != null && stream.member.stream == number) {
            stream.member.stream = Member.NO_STREAM;
            agenda.publishSoon();
        }
    }

    /** Closes a stream from this side; what still comes from it is not listened to. */
    void refuse(ServerStream stream, CloseReason reason, String message) {
        close(stream.number);
        outbox.add(new CloseStream(stream.number, reason, message));
    }

    void refuseMessage(ServerStream stream, String message) {
        outbox.count(Counter.MESSAGES_REFUSED);
        refuse(stream, CloseReason.REFUSED, message);
    }

    /** Sends everybody away. */
    void dismiss(CloseReason reason, String why) {
        for (ServerStream stream : List.copyOf(streams.values())) {
            refuse(stream, reason, why);
        }
        members.clear();
    }

    /** Strikes a dead process off; if it speaks nevertheless, it is told to end. */
    void bury(ServerId process) {
        Member member = members.remove(process);
        ServerStream stream = member == null ? null : streams.get(member.stream);
        if (stream != null) {
            refuse(stream, CloseReason.KNOWN_DEAD, "process " + process + " is known dead: it must end");
        }
    }

    void bury(int incarnation) {
        members.keySet().stream()
                .filter(process -> process.incarnation() == incarnation)
                .toList()
                .forEach(this::bury);
    }

    /**
     * Forgets processes that nobody will report the end of: without a stream and without a region, and followed by another
     * of their name, or silent for long and without a pod. What regions know of them stays, so that nothing is freed by it,
     * and who comes back is admitted again.
     *
     * @param owners processes that have, or may have, a region
     * @param pods names of the servers that have a pod
     */
    void strikeOff(Set<ServerId> owners, Set<String> pods, long now) {
        Map<String, Integer> latest = new HashMap<>();
        for (ServerId process : members.keySet()) {
            latest.merge(process.name(), process.incarnation(), Math::max);
        }
        members.values()
                .removeIf(member -> !member.connected()
                        && !owners.contains(member.id)
                        && (latest.getOrDefault(member.id.name(), 0) > member.id.incarnation()
                                || (!pods.contains(member.id.name())
                                        && now - member.heardAt
                                                >= settings.settle().toNanos())));
    }

    /** True if anybody has no stream. */
    boolean anyDisconnected() {
        return members.values().stream().anyMatch(member -> !member.connected());
    }

    // Registration.

    /** Streams whose processes need a number of their own. */
    List<Long> numberless() {
        return streams.values().stream()
                .filter(stream -> stream.needsNumber)
                .map(stream -> stream.number)
                .toList();
    }

    /** True if somebody cannot be admitted before it is certain that no write puts it on the list of the silent. */
    boolean waitForTheList() {
        return streams.values().stream()
                .anyMatch(stream -> stream.waiting != null
                        && stream.waiting.getIncarnation() != 0
                        && deaths.declared.isPerhapsListed(stream.waiting.getIncarnation(), leadership.version()));
    }

    /** Gives out the numbers that have been stored. */
    void admitNumbered(Leadership.Pending stored, long now) {
        int number = stored.status().lastIncarnation() - stored.numbered().size();
        for (long streamNumber : stored.numbered()) {
            number++;
            ServerStream stream = streams.get(streamNumber);
            if (stream != null && stream.waiting != null && stream.needsNumber) {
                stream.needsNumber = false;
                admit(stream, new ServerId(stream.server, number), stream.waiting, now);
            }
        }
    }

    /** Registers those that wait for it, if this leader can. */
    void registerWaiting(long now) {
        for (ServerStream stream : List.copyOf(streams.values())) {
            if (stream.waiting != null && !stream.needsNumber) {
                register(stream, stream.waiting, now);
            }
        }
    }

    private void register(ServerStream stream, Register register, long now) {
        String fault = faultOf(stream.server, register);
        if (fault != null) {
            refuseMessage(stream, "registration of server " + stream.server + " has " + fault);
            return;
        }
        if (register.getHighestTerm() > leadership.term()) {
            // Commands of this term would be refused.
            leadership.raiseTermAbove(register.getHighestTerm());
            return;
        }
        if (register.getIncarnation() == 0) {
            askForANumber(stream);
            return;
        }
        ServerId id = new ServerId(stream.server, register.getIncarnation());
        int highest = leadership.known().lastIncarnation();
        if (deaths.isDead(id)) {
            refuse(stream, CloseReason.KNOWN_DEAD, "process " + id + " is known dead: it must end");
        } else if (id.incarnation() > highest) {
            refuseMessage(
                    stream,
                    "server " + stream.server + " says that it is incarnation " + id.incarnation()
                            + ", but the highest given is " + highest + "; start it anew");
        } else if (!isPerhapsSilent(id.incarnation())) {
            admit(stream, id, register, now);
        }
    }

    private void askForANumber(ServerStream stream) {
        if (leadership.known().lastIncarnation() + streams.size() >= EntityId.MAX_INCARNATION) {
            refuse(stream, CloseReason.TOO_MANY, "the mesh has used up all incarnations; make a new mesh");
        } else if (members.size() >= settings.maxServers()) {
            refuse(
                    stream,
                    CloseReason.TOO_MANY,
                    "the mesh has " + members.size() + " servers already, which is the most that it may have");
        } else {
            stream.needsNumber = true;
        }
    }

    /** True if the list of the silent has this process, or soon may: it is taken off before it is admitted. */
    private boolean isPerhapsSilent(int incarnation) {
        Leadership.Pending pending = leadership.pending();
        return leadership.known().silent().contains(incarnation)
                || (pending != null && pending.status().silent().contains(incarnation))
                || deaths.declared.isPerhapsListed(incarnation, leadership.version());
    }

    private @Nullable String faultOf(String server, Register register) {
        long term = leadership.known().term();
        if (Ordinal.of(server) >= MeshSpec.MAX_SERVERS) {
            return "a name that ends in a number above " + (MeshSpec.MAX_SERVERS - 1)
                    + ", which is that of the last server that a mesh may have";
        }
        if (register.getPeerAddress().length() > MAX_ADDRESS
                || register.getInternalPlayerAddress().length() > MAX_ADDRESS) {
            return "an address longer than " + MAX_ADDRESS + " characters, expected host:port";
        }
        if (register.getRegionsCount() > settings.maxReports()) {
            return register.getRegionsCount() + " regions, expected at most " + settings.maxReports();
        }
        if (register.getIncarnation() < 0 || register.getIncarnation() > EntityId.MAX_INCARNATION) {
            return "incarnation " + Integer.toUnsignedString(register.getIncarnation()) + ", expected at most "
                    + EntityId.MAX_INCARNATION;
        }
        if (register.getHighestTerm() < 0 || register.getHighestTerm() - term > settings.maxEpochLead()) {
            return "highest term " + Long.toUnsignedString(register.getHighestTerm()) + ", but the term is " + term;
        }
        if (register.getIncarnation() == 0 && register.getRegionsCount() > 0) {
            return "regions of a process without an incarnation, expected none";
        }
        return null;
    }

    private void admit(ServerStream stream, ServerId id, Register register, long now) {
        Member member = members.get(id);
        if (member == null) {
            member = new Member(id);
            if (accepting(now).isEmpty()) {
                // The first of several that start together waits for the others.
                agenda.settleLonger(now);
            }
            members.put(id, member);
        } else if (member.connected()) {
            ServerStream old = streams.get(member.stream);
            if (old != null) {
                refuse(old, CloseReason.REPLACED, "process " + id + " has opened another stream");
            }
        }
        stream.waiting = null;
        stream.member = member;
        member.registered(stream.number, register, now);
        member.heartbeatMillis = leadership.spec().heartbeatMillis();
        outbox.send(
                stream.number,
                CoordinatorMessage.newBuilder()
                        .setRegistered(Registered.newBuilder()
                                .setIncarnation(id.incarnation())
                                .setHeartbeatMillis(member.heartbeatMillis)));
        testimony.takeStock(member, register);
        agenda.planNow();
        agenda.publishSoon();
    }
}
