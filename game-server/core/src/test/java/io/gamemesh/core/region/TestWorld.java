package io.gamemesh.core.region;

import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.geometry.LeafMap;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.geometry.WorldGeometry;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionForm;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.BlockChange;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.SectionSet;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Engines of a small world with a network between them that may lose, repeat, delay and reorder, under virtual time. It
 * does for the players what a server's shell does: it attaches them where their entities have gone.
 */
final class TestWorld {

    static final int TICK_RATE = 20;
    static final int REGION = 256;
    private static final long TICK_NANOS = 1_000_000_000 / TICK_RATE;

    /** What one player's client would know. */
    static final class Player {
        final long session;
        final String id;
        final List<ToClient> messages = new ArrayList<>();
        final List<RegionOutput> answers = new ArrayList<>();
        RegionId region;

        @Nullable EntityId entity;

        long sequence;
        long requests;
        int hop;
        Vec3 position = Vec3.ZERO;
        List<Long> visible = new ArrayList<>();
        // Newest first.
        final ArrayDeque<InputDatagram.Input> lately = new ArrayDeque<>();
        // In which tick the latest snapshot came, of which region, and after which input that says the player is so.
        final List<Seen> seen = new ArrayList<>();
        final SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);
        final TreeMap<Long, EntityTrack> sees = new TreeMap<>();
        // Heads and hands by their kinds, of the players that have some.
        final Map<Long, Map<Integer, EntityTrack>> seesParts = new HashMap<>();
        private int view;
        private int decodedView = -1;
        // What its client makes terrain with.
        private @Nullable Generator generator;
        private boolean generates;

        Player(long session, String id, RegionId region) {
            this.session = session;
            this.id = id;
            this.region = region;
        }

        /** One snapshot: the tick of the world in which it came, and what it says. */
        record Seen(long tick, RegionId region, int lastInput, Vec3 position) {}

        EntityTrack part(long player, int kind) {
            EntityTrack part = seesParts.getOrDefault(player, Map.of()).get(kind);
            if (part == null) {
                throw new AssertionError("player " + id + " sees no part " + kind + " of " + player);
            }
            return part;
        }

        InputDatagram.Acknowledged acknowledged() {
            return decoder.started()
                    ? new InputDatagram.Acknowledged(decoder.view(), decoder.newestSequence(), decoder.received())
                    : InputDatagram.Acknowledged.NOTHING;
        }

        EntityId entity() {
            if (entity == null) {
                throw new AssertionError("player " + id + " has not joined: " + answers);
            }
            return entity;
        }

        /** The block at a place as the client knows it; -1 if it has not been told. */
        int block(int x, int y, int z) {
            int known = -1;
            short[] blocks = new short[SectionShape.VOLUME];
            for (ToClient message : messages) {
                switch (message) {
                    case ToClient.Section(int sectionX, int sectionY, int sectionZ, var coded)
                    when sectionX == x >> 4 && sectionY == y >> 4 && sectionZ == z >> 4 -> {
                        if (SectionForm.of(coded).needsGenerator()) {
                            generated(sectionX, sectionY, sectionZ).copyTo(blocks);
                        }
                        new SectionDecoder().decode(coded, blocks);
                        known = blocks[SectionShape.index(x & 15, y & 15, z & 15)];
                    }
                    case ToClient.BlocksChanged(var changes) -> {
                        for (BlockChange change : changes.blocks()) {
                            if (change.x() == x && change.y() == y && change.z() == z) {
                                known = change.block();
                            }
                        }
                    }
                    case ToClient.Untouched(var sections)
                    when contains(sections, x >> 4, y >> 4, z >> 4) ->
                        known = generated(x >> 4, y >> 4, z >> 4).get(SectionShape.index(x & 15, y & 15, z & 15));
                    default -> {}
                }
            }
            return known;
        }

        private Section generated(int x, int y, int z) {
            if (generator == null) {
                throw new AssertionError("player " + id + " has no generator");
            }
            return generator.section(x, y, z);
        }

        private static boolean contains(SectionSet sections, int x, int y, int z) {
            boolean[] found = new boolean[1];
            sections.forEach(
                    (sectionX, sectionY, sectionZ) -> found[0] |= sectionX == x && sectionY == y && sectionZ == z);
            return found[0];
        }

        /** The blocks that it was told have changed, in order. */
        List<BlockChange> changes() {
            return received(ToClient.BlocksChanged.class).stream()
                    .flatMap(message -> message.changes().blocks().stream())
                    .toList();
        }

        /** What it carries, by what it was told last. */
        ItemCounts items() {
            return received(ToClient.Inventory.class).getLast().items();
        }

        /** What it was answered to a request; it was answered once. */
        ToClient.ItemOutcome outcome(long request) {
            List<ToClient.ItemResult> results = received(ToClient.ItemResult.class).stream()
                    .filter(result -> result.request() == request)
                    .toList();
            if (results.size() != 1) {
                throw new AssertionError("player " + id + " was answered " + results + " to request " + request);
            }
            return results.getFirst().outcome();
        }

        <T extends ToClient> List<T> received(Class<T> type) {
            return messages.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    private record InFlight(long deliverTick, long order, PeerMessage message) {}

    final WorldGeometry geometry;
    final Map<RegionId, RegionEngine> engines = new LinkedHashMap<>();
    final Map<Long, Player> players = new TreeMap<>();
    final List<PeerMessage> sent = new ArrayList<>();
    private final Generator generator;
    private final RegionSettings.Limits limits;
    private final RegionSettings.Wildlife wildlife;
    private final RegionSettings.Items items;
    private final Random random;
    private final List<InFlight> network = new ArrayList<>();
    private final Map<RegionId, Long> epochs = new HashMap<>();
    private long mapVersion;
    private long tick;
    private long nextSession = 1;
    private long order;
    // Is told of each engine's step once all that it has put out is under way.
    Consumer<RegionEngine> stepped = engine -> {};
    // Whether regions know which session waits for a player who comes over a border, as those of a server do.
    boolean followers;
    double loss;
    double repeats;
    int maxDelayTicks = 1;

    TestWorld(String generatorName, long seed) {
        this(generatorName, seed, 0);
    }

    TestWorld(String generatorName, long seed, int creatures) {
        this(generatorName, seed, creatures, RegionSettings.Limits.standard());
    }

    TestWorld(String generatorName, long seed, int creatures, RegionSettings.Limits limits) {
        this(Generator.named(generatorName, seed), seed, creatures, limits);
    }

    TestWorld(Generator generator, long seed, int creatures, RegionSettings.Limits limits) {
        this(generator, seed, creatures, limits, RegionSettings.Items.NONE);
    }

    TestWorld(Generator generator, long seed, int creatures, RegionSettings.Limits limits, RegionSettings.Items items) {
        this.items = items;
        this.generator = generator;
        this.limits = limits;
        AtomicLong ids = new AtomicLong();
        wildlife = new RegionSettings.Wildlife(
                creatures,
                Behaviour.named("wander"),
                () -> EntityId.of(3, ids.incrementAndGet()).packed());
        geometry = new WorldGeometry(REGION, REGION, 100, Box.of(-REGION, -REGION, -REGION, REGION, REGION, REGION));
        random = new Random(seed);
        for (RegionId region : geometry.roots()) {
            epochs.put(region, 1L);
            engines.put(region, RegionEngine.fresh(settings(region), 1));
        }
        publishMap();
    }

    RegionSettings settings(RegionId region) {
        return new RegionSettings(geometry, region, Blocks.standard(), generator, TICK_RATE, limits, wildlife, items);
    }

    RegionEngine engine(RegionId region) {
        RegionEngine engine = engines.get(region);
        if (engine == null) {
            throw new AssertionError("no engine for " + region);
        }
        return engine;
    }

    RegionId regionAt(Vec3 position) {
        return geometry.regionAt(position, 0);
    }

    void publishMap() {
        List<Leaf> leaves = new ArrayList<>();
        epochs.forEach((region, epoch) ->
                leaves.add(new Leaf(region, new ServerId("test-0", 1), epoch, "players:1", "inside:1", "peers:1")));
        LeafMap map = LeafMap.of(geometry, 1, ++mapVersion, leaves);
        engines.values().forEach(engine -> engine.accept(new RegionInput.MapChanged(map)));
    }

    /** A player who joins at a place, as with a ticket. */
    Player join(String id, Vec3 place) {
        return join(id, place, false);
    }

    /** A player whose client has the generator. */
    Player joinWithGenerator(String id, Vec3 place) {
        return join(id, place, true);
    }

    private Player join(String id, Vec3 place, boolean generates) {
        Player player = new Player(nextSession++, id, regionAt(place));
        player.generates = generates;
        player.generator = generates ? generator : null;
        player.position = place;
        players.put(player.session, player);
        begin(player);
        return player;
    }

    private void begin(Player player) {
        EntityId fresh = EntityId.of(1, player.session);
        engine(player.region)
                .accept(new RegionInput.Join(
                        player.session,
                        fresh,
                        player.id,
                        player.id,
                        Optional.of(new RegionInput.Claim(fresh, 0, player.position)),
                        0,
                        player.generates));
    }

    void walk(Player player, double vx, double vz) {
        player.sequence++;
        InputDatagram.Input input = InputDatagram.Input.of(player.sequence, vx, 0, vz, 0, 0, InputDatagram.SPRINT);
        player.lately.addFirst(input);
        if (player.lately.size() > Wire.MAX_INPUTS) {
            player.lately.removeLast();
        }
        engine(player.region)
                .accept(new RegionInput.Move(player.session, new InputDatagram(player.acknowledged(), List.of(input))));
    }

    /** Stands still, with head and hands as a player in virtual reality has them. */
    void wave(Player player, Parts parts) {
        InputDatagram.Input input = InputDatagram.Input.of(++player.sequence, 0, 0, 0, 0, 0, 0);
        engine(player.region)
                .accept(new RegionInput.Move(
                        player.session, new InputDatagram(player.acknowledged(), List.of(input), parts)));
    }

    /** So many new inputs of walking, and those before them that one datagram has room for. */
    void walk(Player player, double vx, double vz, int inputs) {
        player.sequence += inputs;
        List<InputDatagram.Input> newestFirst = new ArrayList<>();
        for (long each = player.sequence; each > 0 && newestFirst.size() < Wire.MAX_INPUTS; each--) {
            newestFirst.add(InputDatagram.Input.of(each, vx, 0, vz, 0, 0, InputDatagram.SPRINT));
        }
        player.lately.clear();
        player.lately.addAll(newestFirst);
        engine(player.region)
                .accept(new RegionInput.Move(player.session, new InputDatagram(player.acknowledged(), newestFirst)));
    }

    void edit(Player player, int x, int y, int z, int block) {
        engine(player.region)
                .accept(new RegionInput.Edit(player.session, new ToServer.BlockEdit(player.sequence, x, y, z, block)));
    }

    void fill(Player player, EditShape shape, int block) {
        engine(player.region)
                .accept(new RegionInput.Edit(
                        player.session, new ToServer.BulkEdit(player.sequence, shape, OptionalInt.empty(), block)));
    }

    void undo(Player player) {
        engine(player.region).accept(new RegionInput.Edit(player.session, new ToServer.Undo(player.sequence)));
    }

    void replace(Player player, EditShape shape, int replaced, int block) {
        engine(player.region)
                .accept(new RegionInput.Edit(
                        player.session,
                        new ToServer.BulkEdit(player.sequence, shape, OptionalInt.of(replaced), block)));
    }

    /** With the number after that of the request before; says which. */
    long request(Player player, LongFunction<ToServer.ItemRequest> request) {
        ToServer.ItemRequest numbered = request.apply(++player.requests);
        engine(player.region).accept(new RegionInput.Handle(player.session, numbered));
        return numbered.request();
    }

    long drop(Player player, int item, int count, double speed) {
        return request(
                player,
                number -> new ToServer.DropItem(number, item, count, 0, 0, (int) (speed * Quantized.PER_METRE)));
    }

    long pickUp(Player player, long entityId) {
        return request(player, number -> new ToServer.PickUpItem(number, entityId));
    }

    long offer(Player player, long partner, ItemCounts gives, ItemCounts wants) {
        return request(player, number -> new ToServer.OfferTrade(number, partner, gives, wants));
    }

    long answer(Player player, long trade, boolean accepts) {
        return request(player, number -> new ToServer.AnswerTrade(number, trade, accepts));
    }

    long nowNanos() {
        return tick * TICK_NANOS;
    }

    void step() {
        tick++;
        deliver();
        List<RegionEngine> all = new ArrayList<>(engines.values());
        for (RegionEngine engine : all) {
            engine.step(nowNanos(), output -> handle(engine, output));
            stepped.accept(engine);
        }
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    /** Stops the engine of a region and goes on with another one from its state, at a higher epoch. */
    void move(RegionId region) {
        RegionEngine source = engine(region);
        source.freeze();
        // What nobody has looked at yet is refused, as by a server that still steps the frozen engine.
        List<RegionOutput> refusals = new ArrayList<>();
        source.step(nowNanos(), refusals::add);
        long epoch = source.epoch() + 1;
        RegionEngine target;
        try {
            target = RegionEngine.restore(settings(region), epoch, source.save());
        } catch (RegionStateException e) {
            throw new AssertionError(e);
        }
        goOn(region, source, target, refusals);
    }

    /** The server of a region dies, with all that has come to it since its last step, and a replica's goes on. */
    void takeOver(RegionId region, RegionReplica replica) {
        RegionEngine source = engine(region);
        goOn(region, source, RegionEngine.takeOver(replica, source.epoch() + 1), List.of());
    }

    /** All who had a region die, and another goes on with it from what a replica was at some time. */
    void recover(RegionId region, RegionReplica replica) {
        RegionEngine source = engine(region);
        goOn(region, source, RegionEngine.recover(replica, source.epoch() + 1), List.of());
    }

    private void goOn(RegionId region, RegionEngine source, RegionEngine target, List<RegionOutput> refusals) {
        engines.put(region, target);
        epochs.put(region, target.epoch());
        publishMap();
        refusals.forEach(refusal -> handle(source, refusal));
        for (RegionSession session : source.sessions()) {
            if (!player(session.session()).region.equals(region)) {
                // It has followed its player over a border, and this region does not know yet.
                continue;
            }
            target.accept(new RegionInput.Join(
                    session.session(),
                    EntityId.of(2, session.session()),
                    session.playerId(),
                    session.name(),
                    Optional.of(new RegionInput.Claim(session.entity(), session.hop(), session.position())),
                    ++player(session.session()).view,
                    player(session.session()).generates));
        }
        // Newcomers who were refused, or have had no answer, ask again.
        players.values().stream()
                .filter(player -> player.entity == null && player.region.equals(region))
                .forEach(this::begin);
    }

    private void deliver() {
        List<InFlight> due = new ArrayList<>(
                network.stream().filter(each -> each.deliverTick() <= tick).toList());
        network.removeAll(due);
        due.sort((a, b) -> Long.compare(a.order(), b.order()));
        for (InFlight each : due) {
            RegionEngine engine = engines.get(new RegionId(each.message().getToRegion()));
            if (engine != null) {
                // It came at once, and has waited for the tick.
                engine.accept(new RegionInput.FromPeer(
                        each.message(),
                        OptionalLong.of((each.deliverTick() - 1) * TICK_NANOS),
                        follower(each.message())));
            }
        }
    }

    private Optional<RegionInput.Follower> follower(PeerMessage message) {
        if (!followers || !message.hasLeft()) {
            return Optional.empty();
        }
        EntityId entity = new EntityId(message.getLeft().getEntityId());
        return players.values().stream()
                .filter(player -> entity.equals(player.entity))
                .findFirst()
                .map(player -> new RegionInput.Follower(player.session, ++player.view, player.generates));
    }

    private void transmit(PeerMessage message) {
        sent.add(message);
        if (random.nextDouble() >= loss) {
            // Random order within a tick: messages overtake each other as soon as there is any delay.
            long at = tick + 1 + random.nextInt(maxDelayTicks);
            network.add(new InFlight(at, maxDelayTicks > 1 ? random.nextLong() : order++, message));
        }
        if (random.nextDouble() < repeats) {
            network.add(new InFlight(tick + 1 + random.nextInt(20 * maxDelayTicks), random.nextLong(), message));
        }
    }

    private void handle(RegionEngine engine, RegionOutput output) {
        switch (output) {
            case RegionOutput.ToPeer(PeerMessage message) -> transmit(message);
            case RegionOutput.Send(long session, ToClient message) ->
                Optional.ofNullable(players.get(session)).ifPresent(player -> player.messages.add(message));
            case RegionOutput.Joined joined -> {
                Player player = player(joined.session());
                player.entity = joined.entity();
                if (!player.region.equals(engine.region()) && joined.hop() > player.hop) {
                    repeatInputs(player, engine);
                }
                player.region = engine.region();
                player.hop = Math.max(player.hop, joined.hop());
                player.answers.add(joined);
            }
            case RegionOutput.Snapshot(long session, var datagram) -> read(player(session), datagram);
            case RegionOutput.Located located -> player(located.session()).position = located.position();
            case RegionOutput.Crossed crossed -> {
                Player player = player(crossed.session());
                if (followers && player.hop >= crossed.hop()) {
                    return;
                }
                player.answers.add(crossed);
                player.region = crossed.region();
                player.position = crossed.position();
                player.hop = crossed.hop();
                engine(crossed.region())
                        .accept(new RegionInput.Attach(
                                crossed.session(),
                                crossed.entity(),
                                crossed.playerId(),
                                crossed.lastInput(),
                                crossed.sinceNanos(),
                                ++player.view,
                                player.generates));
            }
            case RegionOutput.JoinElsewhere(long session, RegionId region) -> {
                Player player = player(session);
                player.region = region;
                engine(region)
                        .accept(new RegionInput.Attach(
                                session,
                                player.entity(),
                                player.id,
                                player.sequence,
                                nowNanos(),
                                ++player.view,
                                player.generates));
            }
            case RegionOutput.JoinRefused refused ->
                player(refused.session()).answers.add(refused);
            case RegionOutput.Close close -> player(close.session()).answers.add(close);
        }
    }

    /** Those that came to the region before are not done, if they came after the player had left. */
    private void repeatInputs(Player player, RegionEngine engine) {
        if (!player.lately.isEmpty()) {
            engine.accept(new RegionInput.Move(
                    player.session, new InputDatagram(InputDatagram.Acknowledged.NOTHING, List.copyOf(player.lately))));
        }
    }

    /** With the ticket that the client has. */
    void rejoin(Player player) {
        engine(player.region)
                .accept(new RegionInput.Join(
                        player.session,
                        EntityId.of(2, order++),
                        player.id,
                        player.id,
                        Optional.of(new RegionInput.Claim(player.entity(), player.hop, player.position)),
                        ++player.view,
                        player.generates));
    }

    private Player player(long session) {
        Player player = players.get(session);
        if (player == null) {
            throw new AssertionError("no player has session " + session);
        }
        return player;
    }

    private void read(Player player, java.nio.ByteBuffer datagram) {
        boolean applied = player.decoder.decode(datagram, new SnapshotDecoder.Listener() {
            @Override
            public void appeared(EntityTrack entity) {
                startAnew();
                if (EntityKind.isPart(entity.kind())) {
                    player.seesParts
                            .computeIfAbsent(entity.id(), _ -> new TreeMap<>())
                            .put(entity.kind(), entity);
                } else {
                    player.sees.put(entity.id(), entity);
                }
            }

            @Override
            public void changed(EntityTrack entity) {
                // Where it is does not matter here.
            }

            @Override
            public void gone(EntityTrack entity) {
                if (EntityKind.isPart(entity.kind())) {
                    player.seesParts.getOrDefault(entity.id(), Map.of()).remove(entity.kind());
                } else {
                    player.sees.remove(entity.id());
                }
            }

            private void startAnew() {
                if (player.decodedView != player.decoder.view()) {
                    player.decodedView = player.decoder.view();
                    player.sees.clear();
                    player.seesParts.clear();
                }
            }
        });
        if (applied) {
            player.visible = List.copyOf(player.sees.keySet());
            RegionId shownIn = new RegionId(player.decoder.region());
            player.region = shownIn;
            Vec3 min = geometry.bounds(player.region).min();
            player.position = new Vec3(
                    WorldGeometry.toWorld(player.decoder.selfPosition(0), min.x()),
                    WorldGeometry.toWorld(player.decoder.selfPosition(1), min.y()),
                    WorldGeometry.toWorld(player.decoder.selfPosition(2), min.z()));
            player.seen.add(new Player.Seen(tick, shownIn, player.decoder.lastInput(), player.position));
        }
    }

    /** Where each entity is that some region simulates; an entity in two regions fails. */
    Map<EntityId, RegionId> whereEntitiesAre() {
        Map<EntityId, RegionId> where = new HashMap<>();
        for (RegionEngine engine : engines.values()) {
            for (EntityId entity : engine.entities()) {
                RegionId other = where.put(entity, engine.region());
                if (other != null) {
                    throw new AssertionError("entity " + entity + " is in " + other + " and in " + engine.region());
                }
            }
        }
        return where;
    }

    int crossing() {
        return engines.values().stream()
                .mapToInt(engine -> engine.stats().crossing())
                .sum();
    }
}
