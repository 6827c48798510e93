package io.gamemesh.protocol.wire;

import io.gamemesh.protocol.wire.InputDatagram.Acknowledged;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any message that can be said. */
final class WireMessages {

    private WireMessages() {}

    static Arbitrary<ToServer> toServer() {
        Arbitrary<ToServer> hello = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.of(ToServer.Network.class),
                        text(1, 16),
                        bytes(1, 200).optional(),
                        bytes(1, 200).optional(),
                        Combinators.combine(text(1, 16), Arbitraries.integers().greaterOrEqual(1))
                                .as(ToServer.GeneratorVersion::new)
                                .list()
                                .ofMaxSize(Wire.MAX_GENERATORS))
                .as((capabilities, network, name, token, ticket, generators) -> new ToServer.Hello(
                        Wire.VERSION,
                        generators.isEmpty() ? capabilities & ~Wire.GENERATOR : capabilities | Wire.GENERATOR,
                        network,
                        name,
                        token,
                        ticket,
                        generators));
        Arbitrary<ToServer> edit = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.integers().greaterOrEqual(0))
                .as(ToServer.BlockEdit::new);
        Arbitrary<ToServer> bulkEdit = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        shape(),
                        Arbitraries.integers().greaterOrEqual(0).optional(),
                        Arbitraries.integers().greaterOrEqual(0))
                .as((request, shape, replaced, block) -> new ToServer.BulkEdit(
                        request, shape, replaced.map(OptionalInt::of).orElseGet(OptionalInt::empty), block));
        Arbitrary<ToServer> undo = Arbitraries.longs().between(0, 0xffff_ffffL).map(ToServer.Undo::new);
        Arbitrary<ToServer> ping = Arbitraries.longs().map(ToServer.Ping::new);
        return Arbitraries.oneOf(
                List.of(hello, edit, bulkEdit, undo, ping, Arbitraries.just(new ToServer.Goodbye()), itemRequest()));
    }

    private static Arbitrary<ToServer> itemRequest() {
        Arbitrary<Long> request = Arbitraries.longs().between(1, 0xffff_ffffL);
        Arbitrary<ToServer> drop = Combinators.combine(
                        request,
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(1, ItemCounts.MAX_STACK),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(-Wire.MAX_PITCH, Wire.MAX_PITCH),
                        Arbitraries.integers().between(0, Wire.MAX_THROW))
                .as(ToServer.DropItem::new);
        Arbitrary<ToServer> pickUp =
                Combinators.combine(request, Arbitraries.longs()).as(ToServer.PickUpItem::new);
        Arbitrary<ToServer> offer = Combinators.combine(request, Arbitraries.longs(), items(), items())
                .filter((number, partner, gives, wants) -> !gives.isEmpty() || !wants.isEmpty())
                .as(ToServer.OfferTrade::new);
        Arbitrary<ToServer> answer = Combinators.combine(request, Arbitraries.longs(), Arbitraries.of(true, false))
                .as(ToServer.AnswerTrade::new);
        return Arbitraries.oneOf(List.of(drop, pickUp, offer, answer));
    }

    static Arbitrary<ItemCounts> items() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, ItemCounts.MAX_ITEM),
                        Arbitraries.integers().between(1, 200))
                .ofMaxSize(12)
                .map(counts -> {
                    ItemCounts items = ItemCounts.NONE;
                    for (var each : counts.entrySet()) {
                        items = items.plus(ItemCounts.of(each.getKey(), each.getValue()));
                    }
                    return items;
                });
    }

    private static Arbitrary<ToClient.Control> aboutItems() {
        Arbitrary<ToClient.Control> inventory = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL), items())
                .as(ToClient.Inventory::new);
        Arbitrary<ToClient.Control> result = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL), Arbitraries.of(ToClient.ItemOutcome.class))
                .as(ToClient.ItemResult::new);
        Arbitrary<ToClient.Control> info = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().greaterOrEqual(1))
                .as(ToClient.ItemInfo::new);
        Arbitrary<ToClient.Control> offered = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.longs(), items(), items())
                .as(ToClient.TradeOffered::new);
        return Arbitraries.oneOf(
                List.of(inventory, result, info, offered, Arbitraries.longs().map(ToClient.TradeEnded::new)));
    }

    private static Arbitrary<EditShape> shape() {
        Arbitrary<Integer> place =
                Arbitraries.integers().between(Integer.MIN_VALUE + EditShape.MAX_RADIUS, Integer.MAX_VALUE - 64);
        Arbitrary<Integer> size = Arbitraries.integers().between(1, 64);
        return Arbitraries.oneOf(
                Combinators.combine(place, place, place, size, size, size).as(EditShape.Box::new),
                Combinators.combine(place, place, place, Arbitraries.integers().between(0, EditShape.MAX_RADIUS))
                        .as(EditShape.Sphere::new));
    }

    static Arbitrary<ToClient.Control> control() {
        Arbitrary<ToClient.Control> welcome = Combinators.combine(
                        Combinators.combine(Arbitraries.longs(), text(0, 16), text(1, 16), Arbitraries.longs())
                                .as(Session::new),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 255),
                        Arbitraries.integers().between(1, 4096),
                        Combinators.combine(
                                        Arbitraries.longs(),
                                        text(1, 16),
                                        Arbitraries.integers().between(16, 1 << 24),
                                        blockTypes())
                                .as(World::new),
                        Arbitraries.longs(),
                        position())
                .as((session, rejoined, tickRate, radius, world, region, position) -> new ToClient.Welcome(
                        Wire.VERSION,
                        session.capabilities,
                        session.server,
                        session.playerId,
                        session.entityId,
                        rejoined,
                        tickRate,
                        radius,
                        world.seed,
                        world.generator,
                        world.regionSize,
                        world.blocks,
                        region,
                        position));
        Arbitrary<ToClient.Control> redirect = Combinators.combine(
                        Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(Wire.MAX_ADDRESS),
                        bytes(1, Wire.MAX_TICKET),
                        Arbitraries.of(ToClient.RedirectReason.class))
                .as(ToClient.Redirect::new);
        Arbitrary<ToClient.Control> prepare = Combinators.combine(
                        Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(Wire.MAX_ADDRESS),
                        bytes(1, Wire.MAX_TICKET))
                .as(ToClient.Prepare::new);
        Arbitrary<ToClient.Control> info = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.integers().between(0, 255), text(0, 16))
                .as(ToClient.EntityInfo::new);
        Arbitrary<ToClient.Control> result = Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL), Arbitraries.of(ToClient.EditOutcome.class))
                .as(ToClient.EditResult::new);
        Arbitrary<ToClient.Control> disconnect = Combinators.combine(
                        Arbitraries.longs().between(0, Wire.MAX_VARINT), text(0, 100))
                .as(ToClient.Disconnect::new);
        return Arbitraries.oneOf(List.of(
                welcome,
                redirect,
                bytes(1, Wire.MAX_TICKET).map(ToClient.Ticket::new),
                text(0, 60).map(ToClient.Standby::new),
                Arbitraries.longs().map(ToClient.RegionChanged::new),
                info,
                result,
                Arbitraries.longs().map(ToClient.Pong::new),
                disconnect,
                prepare,
                sealedKeys(),
                aboutItems()));
    }

    private static Arbitrary<ToClient.Control> sealedKeys() {
        Arbitrary<TrafficKey> key = Combinators.combine(
                        bytes(TrafficKey.KEY_BYTES, TrafficKey.KEY_BYTES),
                        bytes(TrafficKey.IV_BYTES, TrafficKey.IV_BYTES))
                .as(TrafficKey::new);
        return Combinators.combine(
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        Arbitraries.integers().between(0, 1),
                        key,
                        key)
                .as(ToClient.SealedKeys::new);
    }

    static Arbitrary<ToClient.Terrain> terrain() {
        Arbitrary<Integer> any = Arbitraries.integers();
        Arbitrary<ToClient.Terrain> section =
                Combinators.combine(any, any, any, bytes(0, 500)).as(ToClient.Section::new);
        Arbitrary<ToClient.Terrain> forget = sections().map(ToClient.SectionForget::new);
        Arbitrary<ToClient.Terrain> untouched = sections().map(ToClient.Untouched::new);
        Arbitrary<int[]> entries = Arbitraries.integers()
                .between(0, (1 << 24) - 1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(Wire.MAX_BLOCK_CHANGES)
                .uniqueElements(entry -> entry >> 12)
                .map(list -> list.stream().mapToInt(Integer::intValue).sorted().toArray());
        Arbitrary<ToClient.Terrain> changed =
                Combinators.combine(any, any, any, entries).as(BlockChanges::of).map(ToClient.BlocksChanged::new);
        return Arbitraries.oneOf(List.of(section, forget, changed, untouched));
    }

    private static Arbitrary<SectionSet> sections() {
        Arbitrary<Integer> any = Arbitraries.integers();
        Arbitrary<Integer> size = Arbitraries.integers().between(1, 32);
        return Combinators.combine(any, any, any, size, size, size, Arbitraries.longs())
                .as((x, y, z, sizeX, sizeY, sizeZ, seed) ->
                        SectionSet.of(x, y, z, sizeX, sizeY, sizeZ, some(sizeX * sizeY * sizeZ, seed)));
    }

    private static BitSet some(int volume, long seed) {
        Random random = new Random(seed);
        BitSet some = new BitSet();
        for (int i = 0; i < volume; i++) {
            some.set(i, random.nextBoolean());
        }
        return some;
    }

    static Arbitrary<InputDatagram> inputs() {
        Arbitrary<Short> speed = Arbitraries.shorts();
        return Combinators.combine(
                        acknowledged(),
                        Arbitraries.longs().between(Wire.MAX_INPUTS, 0xffff_ffffL),
                        Combinators.combine(
                                        speed,
                                        speed,
                                        speed,
                                        Arbitraries.integers().between(0, 65535),
                                        Arbitraries.integers().between(-16384, 16384),
                                        Arbitraries.integers().between(0, 7))
                                .as((x, y, z, yaw, pitch, flags) -> new Input(0, x, y, z, yaw, pitch, flags))
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(Wire.MAX_INPUTS),
                        parts().injectNull(0.5))
                .as((acknowledged, newest, inputs, parts) ->
                        new InputDatagram(acknowledged, numbered(newest, inputs), parts));
    }

    private static Arbitrary<Parts> parts() {
        Arbitrary<Integer> offset = Arbitraries.integers().between(-Parts.MAX_OFFSET, Parts.MAX_OFFSET);
        Arbitrary<Parts.Part> part = Combinators.combine(offset, offset, offset, Arbitraries.integers())
                .as(Parts.Part::new);
        return Combinators.combine(part, part, part).as(Parts::new);
    }

    private static Arbitrary<Acknowledged> acknowledged() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 0xff),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers())
                .as(Acknowledged::new)
                .injectNull(0.1)
                .map(each -> each == null ? Acknowledged.NOTHING : each);
    }

    private static List<Input> numbered(long newest, List<Input> inputs) {
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> {
                    Input input = inputs.get(i);
                    return new Input(
                            newest - i,
                            input.moveX(),
                            input.moveY(),
                            input.moveZ(),
                            input.yaw(),
                            input.pitch(),
                            input.flags());
                })
                .toList();
    }

    /** Of any script, but no lone surrogates: those have no UTF-8. */
    private static Arbitrary<String> text(int min, int max) {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars('\u00e9', '\u4e16', '\ud7ff', '\ufffd')
                .ofMinLength(min)
                .ofMaxLength(max);
    }

    private static Arbitrary<Bytes> bytes(int min, int max) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(min)
                .ofMaxSize(max)
                .map(Bytes::copyOf);
    }

    private static Arbitrary<LocalPosition> position() {
        Arbitrary<Integer> any = Arbitraries.integers();
        return Combinators.combine(any, any, any).as(LocalPosition::new);
    }

    private static Arbitrary<List<ToClient.BlockType>> blockTypes() {
        return Combinators.combine(text(1, 16), Arbitraries.of(true, false))
                .as(ToClient.BlockType::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    private record Session(long capabilities, String server, String playerId, long entityId) {}

    private record World(long seed, String generator, int regionSize, List<ToClient.BlockType> blocks) {}
}
