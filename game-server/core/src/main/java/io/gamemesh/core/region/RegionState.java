package io.gamemesh.core.region;

import io.gamemesh.core.voxel.BulkEdit;
import io.gamemesh.core.voxel.EditLog;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.core.voxel.SectionChanges;
import io.gamemesh.core.voxel.Terrain;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a region is: what moves with it, and what its log carries. Entities in and out, edits and crossings change
 * through the methods here and in no other way, each of which is an entry of the log; positions and the like change in
 * the columns themselves, and the log tells how they are at the end of a tick.
 */
final class RegionState {

    /** Crossings to one neighbour: entities and consignments, numbered together. */
    static final class Outbound {
        long lastCrossing;
        final TreeMap<Long, Departure> unanswered = new TreeMap<>();
        final TreeMap<Long, Sending> consignments = new TreeMap<>();

        long oldestUnanswered() {
            long entity = unanswered.isEmpty() ? lastCrossing + 1 : unanswered.firstKey();
            return consignments.isEmpty() ? entity : Math.min(entity, consignments.firstKey());
        }
    }

    /** A consignment of which it is not known that it has been received. */
    static final class Sending {
        final Consignment consignment;
        // Not part of the region's state.
        long nextSendNanos = Long.MIN_VALUE;

        Sending(Consignment consignment) {
            this.consignment = consignment;
        }
    }

    // Each epoch that goes on from an older state has so many numbers of crossings for itself, and there are so many
    // such.
    private static final int EPOCH_SHIFT = 36;
    private static final long MAX_SKIPS = 1L << 25;

    /** So many edits are remembered with who made them. */
    static final int EDITS_REMEMBERED = 1 << 14;

    final RegionSettings settings;
    final Box bounds;
    final Terrain terrain;
    final Entities entities = new Entities();
    final TreeMap<RegionId, Outbound> outbound = new TreeMap<>();
    final TreeMap<RegionId, Arrivals> arrivals = new TreeMap<>();
    final Departed departed = new Departed();
    final Outfitted outfitted = new Outfitted();
    // By the number of the trade.
    final TreeMap<Long, Offer.Held> offers = new TreeMap<>();
    final RegionLog log;
    // The epoch at which this state began: moves keep it, being generated anew does not.
    final long lineage;
    long tick;
    // Who has put what where in this region, the last ones.
    EditLog history = new EditLog(EDITS_REMEMBERED);
    // Of the region's own edits, see Checksum for the sum.
    long editSum;
    int ownEdits;
    // Since this state began.
    long itemsCreated;
    long itemsVanished;
    int consignments;

    private final Long2ObjectHashMap<Departure> departures = new Long2ObjectHashMap<>();
    private final Map<String, Long> players = new HashMap<>();

    RegionState(RegionSettings settings, long lineage) {
        this.settings = settings;
        this.lineage = lineage;
        this.bounds = settings.geometry().bounds(settings.region());
        this.log = new RegionLog(entities, settings.tickRate());
        this.terrain = new Terrain(
                settings.generator(),
                section(bounds.min().x()),
                section(bounds.min().y()),
                section(bounds.min().z()),
                settings.limits().cachedSections());
    }

    private static int section(double coordinate) {
        return (int) (coordinate / Section.EDGE);
    }

    void nextTick() {
        tick++;
        log.begin(tick);
    }

    int population() {
        return entities.count + departures.size();
    }

    boolean owns(int blockX, int blockY, int blockZ) {
        return bounds.contains(blockX, blockY, blockZ);
    }

    /** The entity of a player that is here or on its way to another region; 0 if there is none. */
    long entityOf(String playerId) {
        return players.getOrDefault(playerId, 0L);
    }

    // Entities.

    /** One that has never been before. */
    int add(Entity entity, @Nullable Viewer viewer, long nowNanos) {
        log.added(entity);
        itemsCreated += entity.items();
        if (!entity.trait().belongings().items().isEmpty()) {
            outfitted.add(entity.playerId());
        }
        return restore(entity, viewer, nowNanos);
    }

    int restore(Entity entity, @Nullable Viewer viewer, long nowNanos) {
        if (entity.isPlayer()) {
            players.put(entity.playerId(), entity.id());
        }
        int row = entities.add(entity, viewer, nowNanos);
        log.track(row);
        return row;
    }

    /** It is no more, nor is what it carries. */
    void remove(int row) {
        log.removed(row);
        itemsVanished += entities.amount[row] + entities.belongings[row].items().total();
        String playerId = entities.playerId[row];
        long id = entities.id[row];
        if (!playerId.isEmpty()) {
            outfitted.add(playerId);
        }
        drop(row);
        forget(playerId, id);
    }

    private void drop(int row) {
        entities.remove(row);
        // In its place is the last one now.
        log.moved(entities.count, row);
    }

    /** Where a region was lost and made anew a player may be here twice: the other one is found again. */
    private void forget(String playerId, long entityId) {
        if (playerId.isEmpty() || !players.remove(playerId, entityId)) {
            return;
        }
        for (Departure departure : departures.values()) {
            if (departure.entity.playerId().equals(playerId)) {
                players.put(playerId, departure.entity.id());
            }
        }
        for (int row = 0; row < entities.count; row++) {
            if (entities.playerId[row].equals(playerId)) {
                players.put(playerId, entities.id[row]);
            }
        }
    }

    void sortEntities() {
        entities.sortById();
        log.sorted();
    }

    List<Entity> entitiesById() {
        List<Entity> sorted = new ArrayList<>(entities.count);
        for (int row = 0; row < entities.count; row++) {
            sorted.add(entities.get(row));
        }
        sorted.sort(Comparator.comparingLong(Entity::id));
        return sorted;
    }

    // Edits.

    /**
     * Those of neighbours are kept beside the region's own, but are not part of its state.
     *
     * @param author entity of the player who makes it, or {@link EditLog#NOBODY}
     */
    boolean edit(int x, int y, int z, short block, long author) {
        if (!owns(x, y, z)) {
            return terrain.edit(x, y, z, block);
        }
        short before = terrain.block(x, y, z);
        int count = terrain.editCount();
        boolean changes = terrain.edit(x, y, z, block);
        if (terrain.editCount() == count) {
            editSum -= Checksum.ofEdit(x, y, z, before);
        } else {
            ownEdits++;
        }
        editSum += Checksum.ofEdit(x, y, z, block);
        history.add(tick, author, x, y, z, before, block);
        log.edited(x, y, z, block, author);
        return changes;
    }

    /**
     * Makes an edit of many blocks, all of which are in this region; says how many it has changed.
     *
     * @param author entity of the player who makes it
     * @param consumer is told of each section, before it changes
     */
    int edit(BulkEdit edit, long author, Consumer<SectionChanges> consumer) {
        log.editedInBulk(edit, author);
        return terrain.edit(edit, changes -> {
            changes.forEach((x, y, z, edited) -> {
                short before = terrain.block(x, y, z);
                if (edited) {
                    editSum -= Checksum.ofEdit(x, y, z, before);
                } else {
                    ownEdits++;
                }
                editSum += Checksum.ofEdit(x, y, z, changes.block());
                history.add(tick, author, x, y, z, before, changes.block());
            });
            consumer.accept(changes);
        });
    }

    void restoreEdit(int x, int y, int z, short block) {
        terrain.restoreEdit(x, y, z, block);
        editSum += Checksum.ofEdit(x, y, z, block);
        ownEdits++;
    }

    // Crossings.

    /** The entity leaves for another region with a raised hop number, and is no longer simulated here. */
    Departure depart(int row, RegionId to) {
        log.left(row, to);
        Outbound link = outbound(to);
        Entity entity = entities.get(row);
        Departure departure =
                new Departure(to, ++link.lastCrossing, entity.withHop(entity.hop() + 1), entities.viewer[row]);
        restoreDeparture(link, departure);
        drop(row);
        return departure;
    }

    void restoreDeparture(Outbound link, Departure departure) {
        link.unanswered.put(departure.crossing, departure);
        departures.put(departure.entity.id(), departure);
        if (departure.entity.isPlayer()) {
            players.put(departure.entity.playerId(), departure.entity.id());
        }
    }

    @Nullable Departure departure(long entityId) {
        return departures.get(entityId);
    }

    Iterable<Departure> departures() {
        return departures.values();
    }

    int departureCount() {
        return departures.size();
    }

    /** The entity is known to have arrived: all that is kept of it is where it went. */
    void settle(Departure departure) {
        log.settled(departure.entity.id());
        departures.remove(departure.entity.id());
        if (departure.entity.isPlayer()) {
            // Nobody comes with a ticket for anything else.
            departed.add(departure.entity.id(), new Departed.Trace(departure.to, departure.entity.hop()));
        }
        Outbound link = outbound.get(departure.to);
        if (link != null) {
            link.unanswered.remove(departure.crossing);
        }
        forget(departure.entity.playerId(), departure.entity.id());
    }

    // Items. What changes hands here is neither created nor does it vanish.

    private void give(int row, long request, ItemCounts items) {
        Belongings before = entities.belongings[row];
        entities.setBelongings(row, before.with(before.items().plus(items), request));
    }

    private void take(int row, long request, ItemCounts items) {
        Belongings before = entities.belongings[row];
        entities.setBelongings(row, before.with(before.items().minus(items), request));
    }

    ItemCounts stack(int itemRow) {
        return ItemCounts.of(entities.type[itemRow], entities.amount[itemRow]);
    }

    /**
     * A part of what a player carries lies there.
     *
     * @param row of the player
     * @param request of the player's, or 0
     * @param item what is new there
     */
    void drop(int row, long request, Entity item) {
        log.dropped(row, request, item);
        take(row, request, ItemCounts.of(item.trait().type(), item.trait().amount()));
        restore(item, null, 0);
    }

    /** A player takes an item that lies there, for which there is room. */
    void pickUp(int row, long request, int itemRow) {
        log.pickedUp(row, request, itemRow);
        give(row, request, stack(itemRow));
        drop(itemRow);
    }

    /** An item that lies there goes to another region, for a player. */
    void send(int itemRow, RegionId to, Parcel parcel) {
        log.sent(itemRow, to, parcel);
        drop(itemRow);
        consign(to, parcel);
    }

    private void consign(RegionId to, Consignment consignment) {
        Outbound link = outbound(to);
        restoreConsignment(link, ++link.lastCrossing, consignment);
    }

    void restoreConsignment(Outbound link, long crossing, Consignment consignment) {
        link.consignments.put(crossing, new Sending(consignment));
        consignments++;
    }

    /** What a player offers is kept here from now on. */
    void offer(int row, Offer.Held held) {
        log.offered(row, held);
        take(row, held.offer().request(), held.offer().gives());
        offers.put(held.offer().trade(), held);
    }

    /** What a player offers one of another region goes there. */
    void offer(int row, RegionId to, Offer offer) {
        log.offeredBeyond(row, to, offer);
        take(row, offer.request(), offer.gives());
        consign(to, offer);
    }

    /** An offer has come from another region. */
    void receive(RegionId from, Arrivals known, long crossing, Offer.Held held) {
        log.offerReceived(from, crossing, held);
        known.add(crossing);
        offers.put(held.offer().trade(), held);
    }

    /** A player gives what was wanted and gets what is offered: both or neither. */
    void trade(int row, long request, Offer.Held held, Delivery ofPayment) {
        log.traded(row, request, held.offer().trade(), ofPayment);
        offers.remove(held.offer().trade());
        Belongings before = entities.belongings[row];
        ItemCounts after =
                before.items().minus(held.offer().wants()).plus(held.offer().gives());
        entities.setBelongings(row, before.with(after, request));
        deliver(held.offer().payment(), ofPayment);
    }

    /** Nothing comes of an offer. */
    void endOffer(Offer.Held held, ItemOutcome why, Delivery ofReturned) {
        log.offerEnded(held.offer().trade(), why, ofReturned);
        offers.remove(held.offer().trade());
        deliver(held.offer().returned(why), ofReturned);
    }

    /** A parcel has come from another region. */
    void receive(RegionId from, Arrivals known, long crossing, Parcel parcel, Delivery delivery) {
        log.parcelReceived(from, crossing, parcel, delivery);
        known.add(crossing);
        deliver(parcel, delivery);
    }

    private void deliver(Parcel parcel, Delivery delivery) {
        switch (delivery) {
            case Delivery.ToPlayer(int row) -> give(row, parcel.request(), parcel.items());
            case Delivery.OnGround(var items) -> items.forEach(item -> restore(item, null, 0));
            case Delivery.Onward(RegionId to) -> consign(to, parcel.forwarded());
        }
    }

    /** The other region has it. */
    void settle(RegionId to, Outbound link, long crossing) {
        log.consignmentSettled(to, crossing);
        link.consignments.remove(crossing);
        consignments--;
    }

    /** Those of this region that nobody else has: carried, lying about, and offered. */
    long items() {
        long sum = entities.items();
        for (Offer.Held held : offers.values()) {
            sum += held.offer().total();
        }
        return sum;
    }

    /** Those that have left, and of which it is not known that they have arrived. */
    long itemsUnderWay() {
        long sum = 0;
        for (Departure departure : departures.values()) {
            sum += departure.entity.items();
        }
        if (consignments > 0) {
            for (Outbound link : outbound.values()) {
                for (Sending sending : link.consignments.values()) {
                    sum += sending.consignment.total();
                }
            }
        }
        return sum;
    }

    private Outbound outbound(RegionId to) {
        Outbound link = outbound.get(to);
        if (link == null) {
            link = new Outbound();
            for (Outbound other : outbound.values()) {
                link.lastCrossing = Math.max(link.lastCrossing, other.lastCrossing >>> EPOCH_SHIFT << EPOCH_SHIFT);
            }
            outbound.put(to, link);
        }
        return link;
    }

    /**
     * This state is an older one than the region once had: neighbours may know of crossings that it knows nothing of. Their
     * numbers are not given again, so that what crosses from now on is not taken for a repeat of those, and what was under
     * way keeps its number, so that a repeat of it is recognised.
     *
     * @param epoch at which the region goes on
     */
    void skipCrossings(long epoch) {
        long from = Math.min(epoch, MAX_SKIPS) << EPOCH_SHIFT;
        settings.region().neighbours().forEach(this::outbound);
        for (Outbound link : outbound.values()) {
            link.lastCrossing = Math.max(link.lastCrossing, from);
        }
    }

    /** The neighbour's state has begun anew: so have its numbers. */
    Arrivals beginArrivals(RegionId from, long neighbourLineage) {
        log.arrivalsBegun(from, neighbourLineage);
        Arrivals begun = new Arrivals(neighbourLineage);
        arrivals.put(from, begun);
        return begun;
    }

    /** What the sender has an answer to is remembered no longer. */
    void raiseFloor(RegionId region, Arrivals from, long oldestUnanswered) {
        if (oldestUnanswered > from.floor()) {
            log.floorRaised(region, oldestUnanswered);
            from.raiseFloor(oldestUnanswered);
        }
    }

    /** The crossing is remembered as applied, though nobody arrives by it. */
    void recognise(RegionId region, Arrivals from, long crossing) {
        log.recognised(region, crossing);
        from.add(crossing);
    }

    /** The entity arrives; its crossing is remembered. */
    int arrive(RegionId region, Arrivals from, long crossing, Entity entity, @Nullable Viewer viewer, long nowNanos) {
        log.arrived(region, crossing, entity);
        from.add(crossing);
        departed.remove(entity.id());
        return restore(entity, viewer, nowNanos);
    }
}
