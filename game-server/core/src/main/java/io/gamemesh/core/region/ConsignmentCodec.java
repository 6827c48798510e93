package io.gamemesh.core.region;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.ConsignmentSent;
import io.gamemesh.protocol.v1.TradeOffer;
import io.gamemesh.protocol.v1.Vec3d;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.util.List;

/**
 * Offers and parcels as in states and logs, and as neighbours tell each other of them. Of what is no such thing a {@link
 * WireFormatException} says so.
 */
final class ConsignmentCodec {

    /** The least that one takes. */
    static final int MIN_BYTES = 1 + 8 + 4 + 1 + 1 + 3 * 8;

    private static final int OFFER = 0;
    private static final int PARCEL = 1;
    // The index is the number on the wire.
    private static final List<ItemOutcome> OUTCOMES = List.of(ItemOutcome.values());

    private ConsignmentCodec() {}

    static int number(ItemOutcome outcome) {
        return OUTCOMES.indexOf(outcome);
    }

    static ItemOutcome outcome(long number) {
        if (number < 0 || number >= OUTCOMES.size()) {
            throw malformed("outcome is " + number + ", expected 0 to " + (OUTCOMES.size() - 1));
        }
        return OUTCOMES.get((int) number);
    }

    // In states and logs.

    static void write(WireWriter out, Consignment consignment) {
        switch (consignment) {
            case Offer offer -> writeOffer(out.u8(OFFER), offer);
            case Parcel parcel -> writeParcel(out.u8(PARCEL), parcel);
        }
    }

    static Consignment read(WireReader in) {
        int which = in.u8("consignment");
        return switch (which) {
            case OFFER -> readOffer(in);
            case PARCEL -> readParcel(in);
            default -> throw malformed("consignment is " + which + ", expected " + OFFER + " or " + PARCEL);
        };
    }

    static void writeOffer(WireWriter out, Offer offer) {
        out.i64(offer.trade()).i64(offer.from()).i64(offer.to()).u32(offer.request());
        offer.gives().write(out);
        offer.wants().write(out);
        write(out, offer.place());
    }

    static Offer readOffer(WireReader in) {
        Offer offer = new Offer(
                in.i64("trade"),
                in.i64("offer's from"),
                in.i64("offer's to"),
                in.u32("offer's request"),
                ItemCounts.read(in),
                ItemCounts.read(in),
                readPlace(in));
        return possible(offer);
    }

    static void writeParcel(WireWriter out, Parcel parcel) {
        out.i64(parcel.to()).u32(parcel.request()).u8(number(parcel.outcome()));
        parcel.items().write(out);
        write(out, parcel.place());
        out.u8(parcel.forwards());
    }

    static Parcel readParcel(WireReader in) {
        return new Parcel(
                in.i64("parcel's to"),
                in.u32("parcel's request"),
                outcome(in.u8("parcel's outcome")),
                ItemCounts.read(in),
                readPlace(in),
                forwards(in.u8("parcel's forwards")));
    }

    private static int forwards(int told) {
        if (told > Parcel.MAX_FORWARDS) {
            throw malformed("forwards are " + told + ", expected at most " + Parcel.MAX_FORWARDS);
        }
        return told;
    }

    static void writeHeld(WireWriter out, Offer.Held held) {
        writeOffer(out, held.offer());
        out.i64(held.home().packed()).varint(held.until());
    }

    static Offer.Held readHeld(WireReader in) {
        return new Offer.Held(
                readOffer(in), new RegionId(in.i64("offer's region")), in.varint("offer's end", 0, Long.MAX_VALUE));
    }

    private static void write(WireWriter out, Vec3 place) {
        out.i64(Double.doubleToLongBits(place.x()))
                .i64(Double.doubleToLongBits(place.y()))
                .i64(Double.doubleToLongBits(place.z()));
    }

    private static Vec3 readPlace(WireReader in) {
        return new Vec3(coordinate(in), coordinate(in), coordinate(in));
    }

    private static double coordinate(WireReader in) {
        long bits = in.i64("place");
        double value = Double.longBitsToDouble(bits);
        // Nor minus zero, which would be written as zero.
        if (!Double.isFinite(value) || Double.doubleToRawLongBits(value + 0.0) != bits) {
            throw malformed("place is " + value + ", expected a finite number");
        }
        return value;
    }

    private static Offer possible(Offer offer) {
        if (offer.from() >>> 40 == 0
                || offer.to() >>> 40 == 0
                || offer.from() == offer.to()
                || (offer.gives().isEmpty() && offer.wants().isEmpty())) {
            throw malformed("trade " + offer.trade() + " is of '" + offer.gives() + "' by " + offer.from() + " for '"
                    + offer.wants() + "' by " + offer.to() + ", expected two players, and something for something");
        }
        return offer;
    }

    // Between neighbours.

    static void put(ConsignmentSent.Builder message, Consignment consignment) {
        switch (consignment) {
            case Offer offer ->
                message.setOffer(TradeOffer.newBuilder()
                        .setTrade(offer.trade())
                        .setFrom(offer.from())
                        .setTo(offer.to())
                        .setRequest((int) offer.request())
                        .setGives(Entity.coded(offer.gives()))
                        .setWants(Entity.coded(offer.wants()))
                        .setPlace(proto(offer.place())));
            case Parcel parcel ->
                message.setParcel(io.gamemesh.protocol.v1.Parcel.newBuilder()
                        .setTo(parcel.to())
                        .setRequest((int) parcel.request())
                        .setOutcome(number(parcel.outcome()))
                        .setItems(Entity.coded(parcel.items()))
                        .setPlace(proto(parcel.place()))
                        .setForwards(parcel.forwards()));
        }
    }

    static Consignment of(ConsignmentSent message) {
        return switch (message.getBodyCase()) {
            case OFFER -> {
                TradeOffer offer = message.getOffer();
                yield possible(new Offer(
                        offer.getTrade(),
                        offer.getFrom(),
                        offer.getTo(),
                        Integer.toUnsignedLong(offer.getRequest()),
                        Entity.items(offer.getGives()),
                        Entity.items(offer.getWants()),
                        place(offer.getPlace())));
            }
            case PARCEL -> {
                io.gamemesh.protocol.v1.Parcel parcel = message.getParcel();
                yield new Parcel(
                        parcel.getTo(),
                        Integer.toUnsignedLong(parcel.getRequest()),
                        outcome(Integer.toUnsignedLong(parcel.getOutcome())),
                        Entity.items(parcel.getItems()),
                        place(parcel.getPlace()),
                        forwards(parcel.getForwards() & Integer.MAX_VALUE));
            }
            case BODY_NOT_SET -> throw malformed("consignment has neither an offer nor a parcel");
        };
    }

    static Vec3d proto(Vec3 place) {
        return Vec3d.newBuilder()
                .setX(place.x())
                .setY(place.y())
                .setZ(place.z())
                .build();
    }

    static Vec3 place(Vec3d place) {
        if (!Double.isFinite(place.getX()) || !Double.isFinite(place.getY()) || !Double.isFinite(place.getZ())) {
            throw malformed("place is (" + place.getX() + ", " + place.getY() + ", " + place.getZ()
                    + "), expected finite numbers");
        }
        return new Vec3(place.getX(), place.getY(), place.getZ());
    }
}
