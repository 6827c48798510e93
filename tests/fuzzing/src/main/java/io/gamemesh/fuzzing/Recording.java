package io.gamemesh.fuzzing;

import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionOutput;
import io.gamemesh.core.region.RegionSettings;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
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
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * All that two neighbouring regions say while players walk from one to the other, build, and throw, take and exchange items, and
 * a few creatures wander: real bytes to begin with. The same each time.
 */
final class Recording {

    static final int TICK_RATE = 20;
    static final long EPOCH = 1;

    private static final int EDGE = 256;
    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final int TICKS = 100;
    private static final int LOG_FROM = 40;
    private static final int PLAYERS = 4;
    private static final long EASTERNER = PLAYERS + 1;
    private static final long WESTERNER = PLAYERS + 2;
    private static final int SPEED = 5;
    // Above the flat world's ground.
    private static final double HEIGHT = 66;

    private final WorldGeometry geometry =
            new WorldGeometry(EDGE, EDGE, 100, Box.of(-EDGE, -EDGE, -EDGE, EDGE, EDGE, EDGE));
    private final Random random = new Random(1);
    private final AtomicLong creatures = new AtomicLong();
    private final LeafMap map = LeafMap.of(geometry, 1, 1, List.of(leaf(EAST), leaf(WEST)));
    private final RegionEngine east = RegionEngine.fresh(settings(EAST), EPOCH);
    private final RegionEngine west = RegionEngine.fresh(settings(WEST), EPOCH);
    private final SnapshotDecoder decoder = new SnapshotDecoder(TICK_RATE);

    private final List<InputDatagram> inputs = new ArrayList<>();
    private final List<byte[]> snapshots = new ArrayList<>();
    private final List<ToClient> messages = new ArrayList<>();
    private final List<byte[]> peerMessages = new ArrayList<>();
    private final List<byte[]> log = new ArrayList<>();
    private final List<Long> items = new ArrayList<>();
    private final List<ToClient.TradeOffered> offers = new ArrayList<>();
    private long requests;
    private byte[] early = {};

    Recording() {
        east.accept(new RegionInput.MapChanged(map));
        west.accept(new RegionInput.MapChanged(map));
        for (int player = 1; player <= PLAYERS; player++) {
            join(east, player, new Vec3(6 + 2 * player, HEIGHT, 20 + player));
        }
        join(east, EASTERNER, new Vec3(1.5, HEIGHT, 40));
        join(west, WESTERNER, new Vec3(-1.5, HEIGHT, 40));
        for (int tick = 1; tick <= TICKS; tick++) {
            act(tick);
            if (tick == LOG_FROM) {
                east.startLog();
                early = east.save();
            }
            long now = tick * 1_000_000_000L / TICK_RATE;
            west.step(now, output -> handle(output, east));
            east.step(now, output -> handle(output, west));
            if (tick >= LOG_FROM) {
                log.add(bytes(east.log()));
            }
        }
    }

    private static Leaf leaf(RegionId region) {
        return new Leaf(region, new ServerId("server-0", 1), EPOCH, "players:1", "inside:1", "peers:1");
    }

    private RegionSettings settings(RegionId region) {
        return new RegionSettings(
                geometry,
                region,
                Blocks.standard(),
                Generator.named("flat", 1),
                TICK_RATE,
                RegionSettings.Limits.standard().withBulkEditBlocks(4096),
                new RegionSettings.Wildlife(
                        4,
                        Behaviour.named("wander"),
                        () -> EntityId.of(2, creatures.incrementAndGet()).packed()),
                new RegionSettings.Items(ItemCounts.parse("1:50,2:150"), 3));
    }

    private void act(int tick) {
        if (tick % 15 == 0) {
            buildMuch(tick);
        }
        if (tick % 5 == 0) {
            deal(tick);
        }
        for (int player = 1; player <= PLAYERS; player++) {
            double turn = player == 1 ? Math.PI : random.nextDouble(2 * Math.PI);
            InputDatagram.Input input = InputDatagram.Input.of(
                    tick,
                    SPEED * Math.cos(turn),
                    0,
                    SPEED * Math.sin(turn),
                    turn,
                    0.1 * player,
                    tick % 20 == 0 ? 1 : 0);
            InputDatagram datagram = new InputDatagram(
                    player == 2 && decoder.started()
                            ? new InputDatagram.Acknowledged(
                                    decoder.view(), decoder.newestSequence(), decoder.received())
                            : InputDatagram.Acknowledged.NOTHING,
                    List.of(input));
            inputs.add(datagram);
            east.accept(new RegionInput.Move(player, datagram));
            east.accept(new RegionInput.Edit(
                    player,
                    new ToServer.BlockEdit(
                            tick, 6 + random.nextInt(12), (int) HEIGHT - 2, 20 + random.nextInt(6), tick % 12)));
        }
    }

    /** Of the two who stand on both sides of the border, and two others. */
    private void deal(int tick) {
        ask(east, 2, number -> new ToServer.DropItem(number, 1, 3, tick * 500, 0, 512));
        ask(west, WESTERNER, number -> new ToServer.DropItem(number, 2, 1, 0, 0, 0));
        ask(east, EASTERNER, number -> new ToServer.DropItem(number, 1, 1, 0, 0, 0));
        items.stream().skip(Math.max(0, items.size() - 3)).forEach(item -> {
            ask(east, 3, number -> new ToServer.PickUpItem(number, item));
            ask(east, EASTERNER, number -> new ToServer.PickUpItem(number, item));
            ask(west, WESTERNER, number -> new ToServer.PickUpItem(number, item));
        });
        ItemCounts one = ItemCounts.of(1, 1);
        ItemCounts two = ItemCounts.of(2, 2);
        ask(
                east,
                EASTERNER,
                number -> new ToServer.OfferTrade(number, entity(WESTERNER).packed(), one, two));
        ask(
                west,
                WESTERNER,
                number -> new ToServer.OfferTrade(number, entity(EASTERNER).packed(), two, one));
        ask(east, 3, number -> new ToServer.OfferTrade(number, entity(2).packed(), one, ItemCounts.NONE));
        for (ToClient.TradeOffered offer : offers) {
            for (RegionEngine region : List.of(east, west)) {
                for (long player = 1; player <= PLAYERS + 2; player++) {
                    long whose = player;
                    ask(region, whose, number -> new ToServer.AnswerTrade(number, offer.trade(), tick % 20 != 0));
                }
            }
        }
        offers.clear();
    }

    private void ask(RegionEngine of, long session, LongFunction<ToServer.ItemRequest> request) {
        of.accept(new RegionInput.Handle(session, request.apply(++requests)));
    }

    private static EntityId entity(long player) {
        return EntityId.of(1, player);
    }

    private void join(RegionEngine region, long player, Vec3 place) {
        EntityId entity = entity(player);
        region.accept(new RegionInput.Join(
                player,
                entity,
                "player-" + player,
                "Player " + player,
                Optional.of(new RegionInput.Claim(entity, 0, place))));
    }

    /** Now a ball, then what is left of another block in a box. */
    private void buildMuch(int tick) {
        int x = 10 + tick % 7;
        int y = (int) HEIGHT + 8;
        ToServer.BulkEdit edit = tick % 2 == 0
                ? new ToServer.BulkEdit(tick, new EditShape.Sphere(x, y, 30, 4), OptionalInt.empty(), tick % 12)
                : new ToServer.BulkEdit(tick, new EditShape.Box(x, y, 20, 9, 3, 20), OptionalInt.of(0), Blocks.BRICK);
        east.accept(new RegionInput.Edit(2, edit));
    }

    private void handle(RegionOutput output, RegionEngine other) {
        switch (output) {
            case RegionOutput.Send(long session, ToClient message) -> {
                if (session <= 2) {
                    messages.add(message);
                }
                switch (message) {
                    case ToClient.ItemInfo item -> items.add(item.entityId());
                    case ToClient.TradeOffered offer -> offers.add(offer);
                    default -> {}
                }
            }
            case RegionOutput.Snapshot(long session, ByteBuffer datagram) -> {
                if (session == 2) {
                    snapshots.add(bytes(datagram));
                    boolean _ = decoder.decode(datagram.duplicate(), Unseen.LISTENER);
                }
            }
            case RegionOutput.ToPeer(PeerMessage message) -> {
                if (other.region().equals(EAST)) {
                    peerMessages.add(message.toByteArray());
                }
                other.accept(new RegionInput.FromPeer(message));
            }
            case RegionOutput.Joined _,
                    RegionOutput.JoinElsewhere _,
                    RegionOutput.JoinRefused _,
                    RegionOutput.Located _,
                    RegionOutput.Crossed _,
                    RegionOutput.Close _ -> {
                // No bytes of ours.
            }
        }
    }

    private enum Unseen implements SnapshotDecoder.Listener {
        LISTENER;

        @Override
        public void appeared(EntityTrack entity) {
            // Only what is acknowledged matters.
        }

        @Override
        public void changed(EntityTrack entity) {
            // Only what is acknowledged matters.
        }

        @Override
        public void gone(EntityTrack entity) {
            // Only what is acknowledged matters.
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return Pieces.bytes(buffer);
    }

    RegionSettings eastern() {
        return settings(EAST);
    }

    RegionId western() {
        return WEST;
    }

    LeafMap map() {
        return map;
    }

    /** What players did. */
    List<InputDatagram> inputs() {
        return inputs;
    }

    /** Datagrams for a player who stays in the eastern region, in order. */
    List<byte[]> snapshots() {
        return snapshots;
    }

    /** What players were told, of the given kind. */
    <T extends ToClient> List<T> messages(Class<T> kind) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What the western region told the eastern one. */
    List<byte[]> peerMessages() {
        return peerMessages;
    }

    /** The eastern region's state before the first tick of {@link #log}. */
    byte[] early() {
        return early;
    }

    /** Its last one. */
    byte[] late() {
        return east.save();
    }

    /** Its log, tick by tick. */
    List<byte[]> log() {
        return log;
    }
}
