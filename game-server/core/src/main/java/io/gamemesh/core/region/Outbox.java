package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.ToClient;
import java.nio.ByteBuffer;

/** Where the parts of an engine put what they want sent, and whose name stands on it. */
final class Outbox {

    private final RegionId region;
    long epoch;
    long refused;
    private RegionSink sink = output -> {};

    Outbox(RegionId region, long epoch) {
        this.region = region;
        this.epoch = epoch;
    }

    void open(RegionSink out) {
        sink = out;
    }

    void put(RegionOutput output) {
        sink.put(output);
    }

    void send(long session, ToClient message) {
        sink.put(new RegionOutput.Send(session, message));
    }

    void snapshot(long session, ByteBuffer datagram) {
        sink.snapshot(session, datagram);
    }

    void located(long session, long entity, int hop, double x, double y, double z) {
        sink.located(session, entity, hop, x, y, z);
    }

    void named(long session, long entity, int kind, String name) {
        sink.named(session, entity, kind, name);
    }

    void item(long session, long entity, int item, int count) {
        send(session, new ToClient.ItemInfo(entity, item, count));
    }

    void toPeer(RegionId to, long toEpoch, PeerMessage.Builder message) {
        sink.put(new RegionOutput.ToPeer(message.setFromRegion(region.packed())
                .setFromEpoch(epoch)
                .setToRegion(to.packed())
                .setToEpoch(toEpoch)
                .build()));
    }
}
