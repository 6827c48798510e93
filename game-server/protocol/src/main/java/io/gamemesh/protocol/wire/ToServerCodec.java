package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import io.gamemesh.protocol.wire.ToServer.AnswerTrade;
import io.gamemesh.protocol.wire.ToServer.BlockEdit;
import io.gamemesh.protocol.wire.ToServer.BulkEdit;
import io.gamemesh.protocol.wire.ToServer.DropItem;
import io.gamemesh.protocol.wire.ToServer.GeneratorVersion;
import io.gamemesh.protocol.wire.ToServer.Goodbye;
import io.gamemesh.protocol.wire.ToServer.Hello;
import io.gamemesh.protocol.wire.ToServer.Network;
import io.gamemesh.protocol.wire.ToServer.OfferTrade;
import io.gamemesh.protocol.wire.ToServer.PickUpItem;
import io.gamemesh.protocol.wire.ToServer.Ping;
import io.gamemesh.protocol.wire.ToServer.Undo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Between {@link ToServer} and its bytes: type byte and body, without the length that frames them. */
public final class ToServerCodec implements MessageCodec<ToServer> {

    private static final int HELLO = 0x01;
    private static final int BLOCK_EDIT = 0x02;
    private static final int PING = 0x03;
    private static final int GOODBYE = 0x04;
    private static final int BULK_EDIT = 0x05;
    private static final int UNDO = 0x06;
    private static final int DROP_ITEM = 0x07;
    private static final int PICK_UP_ITEM = 0x08;
    private static final int OFFER_TRADE = 0x09;
    private static final int ANSWER_TRADE = 0x0a;

    private static final Codec<Network> NETWORK = Codec.constant("Hello network", List.of(Network.values()));
    private static final Codec<String> NAME = Codec.string("Hello name", 1, Wire.MAX_PLAYER_NAME);
    private static final Codec<Optional<Bytes>> TOKEN =
            Codec.bytes("Hello token", 1, Wire.MAX_TOKEN).optional("Hello token");
    private static final Codec<Optional<Bytes>> TICKET =
            Codec.bytes("Hello ticket", 1, Wire.MAX_TICKET).optional("Hello ticket");

    private static final Codec<String> GENERATOR_NAME = Codec.string("Hello generator", 1, Wire.MAX_GENERATOR_NAME);
    private static final Codec<List<GeneratorVersion>> GENERATORS = Codec.<GeneratorVersion>of(
                    (out, generator) -> {
                        GENERATOR_NAME.write(out, generator.name());
                        out.varint(generator.version());
                    },
                    in -> new GeneratorVersion(
                            GENERATOR_NAME.read(in), (int) in.varint("Hello generator version", 1, Integer.MAX_VALUE)))
            .list("Hello generators", 1, Wire.MAX_GENERATORS);

    private static final Codec<Hello> HELLO_CODEC = Codec.of(
            (out, hello) -> {
                out.varint(hello.version()).i64(hello.capabilities());
                NETWORK.write(out, hello.network());
                NAME.write(out, hello.name());
                TOKEN.write(out, hello.token());
                TICKET.write(out, hello.ticket());
                if (!hello.generators().isEmpty()) {
                    GENERATORS.write(out, hello.generators());
                }
            },
            ToServerCodec::hello);

    private static final Codec<BlockEdit> BLOCK_EDIT_CODEC = Codec.of(
            (out, edit) -> out.u32(edit.request())
                    .i32(edit.x())
                    .i32(edit.y())
                    .i32(edit.z())
                    .varint(edit.block()),
            in -> new BlockEdit(
                    in.u32("BlockEdit request"),
                    in.i32("BlockEdit x"),
                    in.i32("BlockEdit y"),
                    in.i32("BlockEdit z"),
                    (int) in.varint("BlockEdit block", 0, Integer.MAX_VALUE)));

    private static final Codec<BulkEdit> BULK_EDIT_CODEC = Codec.of(
            (out, edit) -> {
                edit.shape().write(out.u32(edit.request()));
                out.bool(edit.replaced().isPresent());
                edit.replaced().ifPresent(out::varint);
                out.varint(edit.block());
            },
            in -> new BulkEdit(
                    in.u32("BulkEdit request"),
                    EditShape.read(in),
                    in.bool("BulkEdit replaced flag")
                            ? OptionalInt.of((int) in.varint("BulkEdit replaced", 0, Integer.MAX_VALUE))
                            : OptionalInt.empty(),
                    (int) in.varint("BulkEdit block", 0, Integer.MAX_VALUE)));

    private static final Codec<DropItem> DROP_ITEM_CODEC = Codec.of(
            (out, drop) -> out.u32(drop.request())
                    .u16(drop.item())
                    .u8(drop.count())
                    .u16(drop.yaw())
                    .i16(drop.pitch())
                    .u16(drop.speed()),
            in -> new DropItem(
                    itemRequest(in),
                    in.u16("DropItem item"),
                    (int) WireReader.bounded("DropItem count", in.u8("DropItem count"), 1, ItemCounts.MAX_STACK),
                    in.u16("DropItem yaw"),
                    (int) WireReader.bounded(
                            "DropItem pitch", in.i16("DropItem pitch"), -Wire.MAX_PITCH, Wire.MAX_PITCH),
                    (int) WireReader.bounded("DropItem speed", in.u16("DropItem speed"), 0, Wire.MAX_THROW)));

    private static final Codec<OfferTrade> OFFER_TRADE_CODEC = Codec.of(
            (out, offer) -> {
                out.u32(offer.request()).i64(offer.partner());
                offer.gives().write(out);
                offer.wants().write(out);
            },
            in -> {
                long request = itemRequest(in);
                long partner = in.i64("OfferTrade partner");
                ItemCounts gives = ItemCounts.read(in);
                ItemCounts wants = ItemCounts.read(in);
                if (gives.isEmpty() && wants.isEmpty()) {
                    throw malformed("OfferTrade offers nothing for nothing, expected some items");
                }
                return new OfferTrade(request, partner, gives, wants);
            });

    /** Those of before the first are numbered 0. */
    private static long itemRequest(WireReader in) {
        return WireReader.bounded("item request", in.u32("item request"), 1, 0xffff_ffffL);
    }

    @Override
    public int maxLength() {
        return Wire.MAX_MESSAGE_TO_SERVER;
    }

    @Override
    public void write(WireWriter out, ToServer message) {
        switch (message) {
            case Hello hello -> HELLO_CODEC.write(out.u8(HELLO), hello);
            case BlockEdit edit -> BLOCK_EDIT_CODEC.write(out.u8(BLOCK_EDIT), edit);
            case Ping ping -> out.u8(PING).i64(ping.nonce());
            case Goodbye _ -> out.u8(GOODBYE);
            case BulkEdit edit -> BULK_EDIT_CODEC.write(out.u8(BULK_EDIT), edit);
            case Undo undo -> out.u8(UNDO).u32(undo.request());
            case DropItem drop -> DROP_ITEM_CODEC.write(out.u8(DROP_ITEM), drop);
            case PickUpItem take -> out.u8(PICK_UP_ITEM).u32(take.request()).i64(take.entityId());
            case OfferTrade offer -> OFFER_TRADE_CODEC.write(out.u8(OFFER_TRADE), offer);
            case AnswerTrade answer ->
                out.u8(ANSWER_TRADE).u32(answer.request()).i64(answer.trade()).bool(answer.accepts());
        }
    }

    @Override
    public ToServer read(ByteBuffer message) {
        WireReader in = new WireReader(message);
        int type = in.u8("message type");
        ToServer read = switch (type) {
            case HELLO -> HELLO_CODEC.read(in);
            case BLOCK_EDIT -> BLOCK_EDIT_CODEC.read(in);
            case PING -> new Ping(in.i64("Ping nonce"));
            case GOODBYE -> new Goodbye();
            case BULK_EDIT -> BULK_EDIT_CODEC.read(in);
            case UNDO -> new Undo(in.u32("Undo request"));
            case DROP_ITEM -> DROP_ITEM_CODEC.read(in);
            case PICK_UP_ITEM -> new PickUpItem(itemRequest(in), in.i64("PickUpItem entity"));
            case OFFER_TRADE -> OFFER_TRADE_CODEC.read(in);
            case ANSWER_TRADE ->
                new AnswerTrade(itemRequest(in), in.i64("AnswerTrade trade"), in.bool("AnswerTrade accepts"));
            default -> throw malformed("message type is " + type + ", expected 1 to 10");
        };
        in.end(read.getClass().getSimpleName());
        return read;
    }

    private static Hello hello(WireReader in) {
        int version = version(in);
        long capabilities = in.i64("Hello capabilities");
        return new Hello(
                version,
                capabilities,
                NETWORK.read(in),
                NAME.read(in),
                TOKEN.read(in),
                TICKET.read(in),
                (capabilities & Wire.GENERATOR) == 0 ? List.of() : GENERATORS.read(in));
    }

    /** Read before all else, since the rest of another version's Hello may look different. */
    private static int version(WireReader in) {
        long version = in.varint("Hello version", 0, Wire.MAX_VARINT);
        if (version != Wire.VERSION) {
            throw new WireFormatException(
                    CloseCode.UNSUPPORTED_VERSION,
                    "Hello version is " + version + ", this server speaks " + Wire.VERSION
                            + ": use a client of the same release");
        }
        return (int) version;
    }
}
