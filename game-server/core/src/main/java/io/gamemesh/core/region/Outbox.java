package io.gamemesh.core.region;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.ToClient;
import java.util.function.Consumer;

/** Where the parts of an engine put what they want sent, and whose name stands on it. */
final class Outbox {

    private final RegionId region;
    long epoch;
    long refused;
    private Consumer<RegionOutput> sink = output -> {};

    Outbox(RegionId region, long epoch) {
        this.region = region;
        this.epoch = epoch;
    }

    void open(Consumer<RegionOutput> out) {
        sink = out;
    }

    void put(RegionOutput output) {
        sink.accept(output);
    }

    void send(long session, ToClient message) {
        sink.accept(new RegionOutput.Send(session, message));
    }

    void toPeer(RegionId to, long toEpoch, PeerMessage.Builder message) {
        sink.accept(new RegionOutput.ToPeer(message.setFromRegion(region.packed())
                .setFromEpoch(epoch)
                .setToRegion(to.packed())
                .setToEpoch(toEpoch)
                .build()));
    }
}
