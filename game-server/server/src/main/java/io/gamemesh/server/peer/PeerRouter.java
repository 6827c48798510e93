package io.gamemesh.server.peer;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionInput;
import io.gamemesh.core.region.RegionInput.Follower;
import io.gamemesh.protocol.geometry.Leaf;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.server.metrics.ServerMetrics;
import io.gamemesh.server.world.HostedRegion;
import io.gamemesh.server.world.HostedRegions;
import io.gamemesh.server.world.MeshView;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Brings what a region says to the region it is meant for: into its mailbox if it is hosted here, else over the link to
 * the server that the leaf map names. What finds no way is lost, and repeated by whoever said it. Thread-safe.
 */
public final class PeerRouter {
    private final MeshView view;
    private final HostedRegions regions;
    private final PeerLinks links;
    private final LongFunction<Optional<Follower>> followers;
    private final ServerMetrics metrics;

    /** @param followers which session goes on with an entity that comes here; asked on any thread */
    public PeerRouter(
            MeshView view,
            HostedRegions regions,
            PeerLinks links,
            LongFunction<Optional<Follower>> followers,
            ServerMetrics metrics) {
        this.view = view;
        this.regions = regions;
        this.links = links;
        this.followers = followers;
        this.metrics = metrics;
    }

    /** A region hosted here has said something. */
    public void route(PeerMessage message) {
        RegionId to = new RegionId(message.getToRegion());
        HostedRegion here = regions.get(to);
        if (here != null) {
            post(here, message);
            return;
        }
        Leaf leaf = view.leaves().get(to);
        if (leaf != null
                && leaf.authority() != null
                && !leaf.authority().equals(view.self())
                && !leaf.peerAddress().isEmpty()) {
            links.send(leaf.peerAddress(), message);
        }
    }

    /** A peer has said something. */
    public void deliver(PeerMessage message) {
        HostedRegion here = regions.get(new RegionId(message.getToRegion()));
        if (here != null) {
            post(here, message);
        } else {
            metrics.refused("peer-region");
            RegionEngine.refusal(message, "this server does not act for region " + new RegionId(message.getToRegion()))
                    .ifPresent(this::route);
        }
    }

    private void post(HostedRegion region, PeerMessage message) {
        Optional<Follower> follower =
                message.hasLeft() ? followers.apply(message.getLeft().getEntityId()) : Optional.empty();
        RegionInput input = new RegionInput.FromPeer(message, OptionalLong.of(System.nanoTime()), follower);
        if (!region.post(input)) {
            metrics.refused("mailbox");
        }
    }
}
