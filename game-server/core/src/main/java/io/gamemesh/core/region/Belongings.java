package io.gamemesh.core.region;

import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;

/**
 * What a player carries.
 *
 * @param items all of them
 * @param lastRequest the greatest number of the player's requests that have changed something, 0 if none has
 */
record Belongings(ItemCounts items, long lastRequest) {

    static final Belongings NONE = new Belongings(ItemCounts.NONE, 0);

    /** The player has others now, by a request of its own, or by one that was done before, or by none, which is 0. */
    Belongings with(ItemCounts others, long request) {
        return new Belongings(others, Math.max(lastRequest, request));
    }

    void write(WireWriter out) {
        items.write(out.u32(lastRequest));
    }

    static Belongings read(WireReader in) {
        long lastRequest = in.u32("last request");
        ItemCounts items = ItemCounts.read(in);
        return lastRequest == 0 && items.isEmpty() ? NONE : new Belongings(items, lastRequest);
    }
}
