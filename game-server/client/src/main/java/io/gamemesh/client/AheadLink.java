package io.gamemesh.client;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that the player may come to, or come back to, over a border: the server's first snapshot of another
 * view than the last says that the player is there. Confined to its event loop.
 */
final class AheadLink {

    static final int NO_VIEW = -1;

    final Link link;
    /** What the server has sent ahead of that snapshot, on a stream of its own. */
    final List<ToClient.Terrain> terrain = new ArrayList<>();
    /** What the server has said of what the player carries, maybe on its way ahead of that snapshot. */
    final List<ToClient.AboutItems> items = new ArrayList<>();

    private static final long HASTY_NANOS = 1_000_000_000;

    @Nullable Welcome welcome;

    private long welcomedNanos;

    /** Who takes over from that server; null if nobody does, or it has not said. */
    @Nullable ServerAddress standby;

    Optional<Bytes> ticket = Optional.empty();
    /** Of the player's last stay there. */
    int view;
    /** When the player was last said to be near. */
    long wantedNanos;

    /**
     * A connection that stands by.
     *
     * @param welcome null until the server has said it
     * @param view of the player's last stay there, or {@link #NO_VIEW}
     */
    AheadLink(Link link, @Nullable Welcome welcome, int view, long nowNanos) {
        this.link = link;
        this.welcome = welcome;
        this.view = view;
        this.wantedNanos = nowNanos;
        this.welcomedNanos = nowNanos;
    }

    void welcomed(Welcome said, long nowNanos) {
        welcome = said;
        welcomedNanos = nowNanos;
    }

    /** Whether the server has stood by for so short a time that it may not have when the player left for it. */
    boolean isHasty(long nowNanos) {
        return nowNanos - welcomedNanos < HASTY_NANOS;
    }

    /** Whether a datagram of that view is of a new stay. */
    boolean isNew(int viewOfDatagram) {
        return view == NO_VIEW || (byte) (viewOfDatagram - view) > 0;
    }
}
