package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import io.gamemesh.protocol.wire.ToClient.BlockType;
import io.gamemesh.protocol.wire.ToClient.BlocksChanged;
import io.gamemesh.protocol.wire.ToClient.Disconnect;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.EditResult;
import io.gamemesh.protocol.wire.ToClient.EntityInfo;
import io.gamemesh.protocol.wire.ToClient.Inventory;
import io.gamemesh.protocol.wire.ToClient.ItemInfo;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemResult;
import io.gamemesh.protocol.wire.ToClient.Pong;
import io.gamemesh.protocol.wire.ToClient.Prepare;
import io.gamemesh.protocol.wire.ToClient.Redirect;
import io.gamemesh.protocol.wire.ToClient.RedirectReason;
import io.gamemesh.protocol.wire.ToClient.RegionChanged;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.ToClient.Section;
import io.gamemesh.protocol.wire.ToClient.SectionForget;
import io.gamemesh.protocol.wire.ToClient.Standby;
import io.gamemesh.protocol.wire.ToClient.Ticket;
import io.gamemesh.protocol.wire.ToClient.TradeEnded;
import io.gamemesh.protocol.wire.ToClient.TradeOffered;
import io.gamemesh.protocol.wire.ToClient.Untouched;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import java.nio.ByteBuffer;
import java.util.List;

/** Between {@link ToClient} and its bytes: type byte and body, without the length that frames them. */
public final class ToClientCodec {

    private static final int WELCOME = 0x01;
    private static final int REDIRECT = 0x02;
    private static final int TICKET = 0x03;
    private static final int REGION_CHANGED = 0x04;
    private static final int ENTITY_INFO = 0x05;
    private static final int EDIT_RESULT = 0x06;
    private static final int PONG = 0x07;
    private static final int DISCONNECT = 0x08;
    private static final int SEALED_KEYS = 0x09;
    private static final int INVENTORY = 0x0a;
    private static final int ITEM_RESULT = 0x0b;
    private static final int ITEM_INFO = 0x0c;
    private static final int TRADE_OFFERED = 0x0d;
    private static final int TRADE_ENDED = 0x0e;

    private static final int STANDBY = 0x0f;
    private static final int PREPARE = 0x10;
    private static final int SECTION = 0x20;
    private static final int SECTION_FORGET = 0x21;
    private static final int BLOCKS_CHANGED = 0x22;
    private static final int UNTOUCHED = 0x23;

    private static final Codec<Bytes> TICKET_BYTES = Codec.bytes("ticket", 1, Wire.MAX_TICKET);
    private static final Codec<String> ADDRESS = Codec.string("Redirect address", 1, Wire.MAX_ADDRESS);
    private static final Codec<RedirectReason> REDIRECT_REASON =
            Codec.constant("Redirect reason", List.of(RedirectReason.values()));
    private static final Codec<EditOutcome> EDIT_OUTCOME =
            Codec.constant("EditResult outcome", List.of(EditOutcome.values()));
    private static final Codec<String> STANDBY_ADDRESS = Codec.string("Standby address", 0, Wire.MAX_ADDRESS);
    private static final Codec<ItemOutcome> ITEM_OUTCOME =
            Codec.constant("ItemResult outcome", List.of(ItemOutcome.values()));
    private static final Codec<String> REASON = Codec.string("Disconnect reason", 0, Wire.MAX_REASON);
    private static final Codec<String> ENTITY_NAME = Codec.string("EntityInfo name", 0, Wire.MAX_PLAYER_NAME);
    private static final Codec<String> SERVER = Codec.string("Welcome server", 0, 64);
    private static final Codec<String> PLAYER_ID = Codec.string("Welcome player id", 1, Wire.MAX_PLAYER_ID);
    private static final Codec<String> GENERATOR = Codec.string("Welcome generator", 1, Wire.MAX_GENERATOR_NAME);
    private static final Codec<Long> TICK_RATE = Codec.varint("Welcome tick rate", 1, 255);
    private static final Codec<Long> VIEW_RADIUS = Codec.varint("Welcome view radius", 1, 4096);
    private static final Codec<Long> REGION_SIZE = Codec.varint("Welcome region size", 16, 1 << 24);
    private static final Codec<String> BLOCK_NAME = Codec.string("block name", 1, 64);
    private static final Codec<List<BlockType>> BLOCKS = Codec.<BlockType>of(
                    (out, type) -> {
                        BLOCK_NAME.write(out, type.name());
                        out.bool(type.solid());
                    },
                    in -> new BlockType(BLOCK_NAME.read(in), in.bool("block solid")))
            .list("Welcome blocks", 1, Wire.MAX_BLOCKS);

    private static final Codec<Welcome> WELCOME_CODEC = Codec.of(
            (out, welcome) -> {
                out.varint(welcome.version()).i64(welcome.capabilities());
                SERVER.write(out, welcome.server());
                PLAYER_ID.write(out, welcome.playerId());
                out.i64(welcome.entityId()).bool(welcome.rejoined());
                TICK_RATE.write(out, (long) welcome.tickRate());
                VIEW_RADIUS.write(out, (long) welcome.viewRadius());
                out.i64(welcome.seed());
                GENERATOR.write(out, welcome.generator());
                REGION_SIZE.write(out, (long) welcome.regionSize());
                BLOCKS.write(out, welcome.blocks());
                out.i64(welcome.region());
                LocalPosition.CODEC.write(out, welcome.position());
            },
            in -> new Welcome(
                    (int) in.varint("Welcome version", Wire.VERSION, Wire.VERSION),
                    in.i64("Welcome capabilities"),
                    SERVER.read(in),
                    PLAYER_ID.read(in),
                    in.i64("Welcome entity id"),
                    in.bool("Welcome rejoined"),
                    TICK_RATE.read(in).intValue(),
                    VIEW_RADIUS.read(in).intValue(),
                    in.i64("Welcome seed"),
                    GENERATOR.read(in),
                    REGION_SIZE.read(in).intValue(),
                    BLOCKS.read(in),
                    in.i64("Welcome region"),
                    LocalPosition.CODEC.read(in)));

    private static final Codec<Redirect> REDIRECT_CODEC = Codec.of(
            (out, redirect) -> {
                ADDRESS.write(out, redirect.address());
                TICKET_BYTES.write(out, redirect.ticket());
                REDIRECT_REASON.write(out, redirect.reason());
            },
            in -> new Redirect(ADDRESS.read(in), TICKET_BYTES.read(in), REDIRECT_REASON.read(in)));

    private static final Codec<Prepare> PREPARE_CODEC = Codec.of(
            (out, prepare) -> {
                ADDRESS.write(out, prepare.address());
                TICKET_BYTES.write(out, prepare.ticket());
            },
            in -> new Prepare(ADDRESS.read(in), TICKET_BYTES.read(in)));

    private static final Codec<SealedKeys> SEALED_KEYS_CODEC = Codec.of(
            (out, keys) -> {
                out.u32(keys.connectionId()).u8(keys.phase());
                TrafficKey.CODEC.write(out, keys.toServer());
                TrafficKey.CODEC.write(out, keys.toClient());
            },
            in -> new SealedKeys(
                    in.u32("SealedKeys connection id"),
                    (int) WireReader.bounded("SealedKeys phase", in.u8("SealedKeys phase"), 0, 1),
                    TrafficKey.CODEC.read(in),
                    TrafficKey.CODEC.read(in)));

    private static final Codec<EntityInfo> ENTITY_INFO_CODEC = Codec.of(
            (out, info) -> ENTITY_NAME.write(out.i64(info.entityId()).u8(info.kind()), info.name()),
            in -> new EntityInfo(in.i64("EntityInfo id"), in.u8("EntityInfo kind"), ENTITY_NAME.read(in)));

    private static final Codec<ItemInfo> ITEM_INFO_CODEC = Codec.of(
            (out, info) -> out.i64(info.entityId()).u16(info.item()).varint(info.count()),
            in -> new ItemInfo(in.i64("ItemInfo id"), in.u16("ItemInfo item"), (int)
                    in.varint("ItemInfo count", 1, Integer.MAX_VALUE)));

    private static final Codec<TradeOffered> TRADE_OFFERED_CODEC = Codec.of(
            (out, offer) -> {
                out.i64(offer.trade()).i64(offer.from());
                offer.gives().write(out);
                offer.wants().write(out);
            },
            in -> new TradeOffered(
                    in.i64("TradeOffered trade"),
                    in.i64("TradeOffered from"),
                    ItemCounts.read(in),
                    ItemCounts.read(in)));

    private static final Codec<Section> SECTION_CODEC = Codec.of(
            (out, section) ->
                    out.i32(section.x()).i32(section.y()).i32(section.z()).fixedBytes(section.blocks()),
            in -> new Section(
                    in.i32("Section x"),
                    in.i32("Section y"),
                    in.i32("Section z"),
                    in.rest("Section blocks", Wire.MAX_SECTION)));

    private ToClientCodec() {}

    /** Messages of the control stream. */
    public static MessageCodec<ToClient.Control> control() {
        return new Control();
    }

    /** Messages of the terrain stream. */
    public static MessageCodec<ToClient.Terrain> terrain() {
        return new Terrain();
    }

    private static final class Control implements MessageCodec<ToClient.Control> {

        @Override
        public int maxLength() {
            return Wire.MAX_MESSAGE_TO_CLIENT;
        }

        @Override
        public void write(WireWriter out, ToClient.Control message) {
            switch (message) {
                case Welcome welcome -> WELCOME_CODEC.write(out.u8(WELCOME), welcome);
                case Redirect redirect -> REDIRECT_CODEC.write(out.u8(REDIRECT), redirect);
                case Ticket ticket -> TICKET_BYTES.write(out.u8(TICKET), ticket.ticket());
                case Standby standby -> STANDBY_ADDRESS.write(out.u8(STANDBY), standby.address());
                case RegionChanged changed -> out.u8(REGION_CHANGED).i64(changed.region());
                case EntityInfo info -> ENTITY_INFO_CODEC.write(out.u8(ENTITY_INFO), info);
                case EditResult result ->
                    EDIT_OUTCOME.write(out.u8(EDIT_RESULT).u32(result.request()), result.outcome());
                case Pong pong -> out.u8(PONG).i64(pong.nonce());
                case Disconnect disconnect ->
                    REASON.write(out.u8(DISCONNECT).varint(disconnect.code()), disconnect.reason());
                case SealedKeys keys -> SEALED_KEYS_CODEC.write(out.u8(SEALED_KEYS), keys);
                case Inventory inventory ->
                    inventory.items().write(out.u8(INVENTORY).u32(inventory.lastRequest()));
                case ItemResult result ->
                    ITEM_OUTCOME.write(out.u8(ITEM_RESULT).u32(result.request()), result.outcome());
                case ItemInfo info -> ITEM_INFO_CODEC.write(out.u8(ITEM_INFO), info);
                case TradeOffered offer -> TRADE_OFFERED_CODEC.write(out.u8(TRADE_OFFERED), offer);
                case TradeEnded ended -> out.u8(TRADE_ENDED).i64(ended.trade());
                case Prepare prepare -> PREPARE_CODEC.write(out.u8(PREPARE), prepare);
            }
        }

        @Override
        public ToClient.Control read(ByteBuffer message) {
            WireReader in = new WireReader(message);
            int type = in.u8("message type");
            ToClient.Control read = switch (type) {
                case WELCOME -> WELCOME_CODEC.read(in);
                case REDIRECT -> REDIRECT_CODEC.read(in);
                case TICKET -> new Ticket(TICKET_BYTES.read(in));
                case STANDBY -> new Standby(STANDBY_ADDRESS.read(in));
                case REGION_CHANGED -> new RegionChanged(in.i64("RegionChanged region"));
                case ENTITY_INFO -> ENTITY_INFO_CODEC.read(in);
                case EDIT_RESULT -> new EditResult(in.u32("EditResult request"), EDIT_OUTCOME.read(in));
                case PONG -> new Pong(in.i64("Pong nonce"));
                case DISCONNECT -> new Disconnect(in.varint("Disconnect code", 0, Wire.MAX_VARINT), REASON.read(in));
                case SEALED_KEYS -> SEALED_KEYS_CODEC.read(in);
                case INVENTORY -> new Inventory(in.u32("Inventory last request"), ItemCounts.read(in));
                case ITEM_RESULT -> new ItemResult(in.u32("ItemResult request"), ITEM_OUTCOME.read(in));
                case ITEM_INFO -> ITEM_INFO_CODEC.read(in);
                case TRADE_OFFERED -> TRADE_OFFERED_CODEC.read(in);
                case TRADE_ENDED -> new TradeEnded(in.i64("TradeEnded trade"));
                case PREPARE -> PREPARE_CODEC.read(in);
                default -> throw malformed("control message type is " + type + ", expected 1 to 16");
            };
            in.end(read.getClass().getSimpleName());
            return read;
        }
    }

    private static final class Terrain implements MessageCodec<ToClient.Terrain> {

        @Override
        public int maxLength() {
            return Wire.MAX_MESSAGE_TO_CLIENT;
        }

        @Override
        public void write(WireWriter out, ToClient.Terrain message) {
            switch (message) {
                case Section section -> SECTION_CODEC.write(out.u8(SECTION), section);
                case SectionForget forget -> SectionSet.CODEC.write(out.u8(SECTION_FORGET), forget.sections());
                case BlocksChanged changed -> BlockChanges.CODEC.write(out.u8(BLOCKS_CHANGED), changed.changes());
                case Untouched untouched -> SectionSet.CODEC.write(out.u8(UNTOUCHED), untouched.sections());
            }
        }

        @Override
        public ToClient.Terrain read(ByteBuffer message) {
            WireReader in = new WireReader(message);
            int type = in.u8("message type");
            ToClient.Terrain read = switch (type) {
                case SECTION -> SECTION_CODEC.read(in);
                case SECTION_FORGET -> new SectionForget(SectionSet.CODEC.read(in));
                case BLOCKS_CHANGED -> new BlocksChanged(BlockChanges.CODEC.read(in));
                case UNTOUCHED -> new Untouched(SectionSet.CODEC.read(in));
                default -> throw malformed("terrain message type is " + type + ", expected 32 to 35");
            };
            in.end(read.getClass().getSimpleName());
            return read;
        }
    }
}
