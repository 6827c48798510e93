package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.LeafMap;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps the leaf map of one term and tells servers of it: all of it to a newcomer, then what has changed. */
final class LeafPublisher {

    private final Map<RegionId, Leaf> leaves = new TreeMap<>();
    private final Map<RegionId, Leaf> changed = new TreeMap<>();
    private final Set<RegionId> removed = new TreeSet<>();
    private long version;

    void reset() {
        leaves.clear();
        newTerm();
    }

    void newTerm() {
        changed.clear();
        removed.clear();
        version = 0;
    }

    void update(Leaf leaf) {
        if (!leaf.equals(leaves.put(leaf.region(), leaf))) {
            changed.put(leaf.region(), leaf);
            removed.remove(leaf.region());
        }
    }

    void remove(RegionId region) {
        if (leaves.remove(region) != null) {
            changed.remove(region);
            removed.add(region);
        }
    }

    void send(Collection<Member> members, Outbox outbox) {
        boolean news = !changed.isEmpty() || !removed.isEmpty();
        if (news) {
            version++;
        }
        for (Member member : members) {
            if (!member.connected()) {
                continue;
            }
            if (member.wantsFullMap) {
                member.wantsFullMap = false;
                LeafMap.Builder full = LeafMap.newBuilder().setVersion(version).setFull(true);
                leaves.values().forEach(leaf -> full.addEntries(leaf.toProto()));
                outbox.send(member.stream, CoordinatorMessage.newBuilder().setLeafMap(full));
            } else if (news) {
                LeafMap.Builder delta = LeafMap.newBuilder().setVersion(version);
                changed.values().forEach(leaf -> delta.addEntries(leaf.toProto()));
                removed.forEach(region -> delta.addRemoved(region.packed()));
                outbox.send(member.stream, CoordinatorMessage.newBuilder().setLeafMap(delta));
            }
        }
        changed.clear();
        removed.clear();
    }
}
