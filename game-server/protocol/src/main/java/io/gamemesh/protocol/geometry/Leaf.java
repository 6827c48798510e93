package io.gamemesh.protocol.geometry;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.LeafEntry;
import org.jspecify.annotations.Nullable;

/**
 * A region that is not divided further, who acts for it, and where to find that server.
 *
 * @param region the region
 * @param authority null while nobody acts for it
 * @param epoch the region's epoch; 0 before its first authority
 * @param playerAddress host:port (UDP) for players outside the cluster; empty if unknown
 * @param internalPlayerAddress host:port (UDP) for clients inside the cluster; empty if unknown
 * @param peerAddress host:port (TCP) for other servers; empty if unknown
 * @param standbyPlayerAddress as {@code playerAddress}, of who would take over; empty if nobody would
 * @param standbyInternalPlayerAddress as {@code internalPlayerAddress}, of who would take over; empty if nobody would
 */
public record Leaf(
        RegionId region,
        @Nullable ServerId authority,
        long epoch,
        String playerAddress,
        String internalPlayerAddress,
        String peerAddress,
        String standbyPlayerAddress,
        String standbyInternalPlayerAddress) {

    /** A leaf without anybody who would take over. */
    public Leaf(
            RegionId region,
            @Nullable ServerId authority,
            long epoch,
            String playerAddress,
            String internalPlayerAddress,
            String peerAddress) {
        this(region, authority, epoch, playerAddress, internalPlayerAddress, peerAddress, "", "");
    }

    /** Refuses a negative epoch. */
    public Leaf {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch of region " + region + " is " + epoch + ", expected 0 or more");
        }
    }

    /** A leaf that nobody acts for. */
    public static Leaf vacant(RegionId region, long epoch) {
        return new Leaf(region, null, epoch, "", "", "");
    }

    /**
     * From its Protobuf form.
     *
     * @throws IllegalArgumentException if a part is out of bounds
     */
    public static Leaf of(LeafEntry entry) {
        return new Leaf(
                new RegionId(entry.getRegionId()),
                entry.hasAuthority() ? ServerId.of(entry.getAuthority()) : null,
                entry.getEpoch(),
                entry.getPlayerAddress(),
                entry.getInternalPlayerAddress(),
                entry.getPeerAddress(),
                entry.getStandbyPlayerAddress(),
                entry.getStandbyInternalPlayerAddress());
    }

    /** This leaf, with the addresses of an earlier one where it has none itself and the same process acts for both. */
    Leaf orAddressesOf(@Nullable Leaf earlier) {
        if (earlier == null || authority == null || !authority.equals(earlier.authority)) {
            return this;
        }
        return new Leaf(
                region,
                authority,
                epoch,
                playerAddress.isEmpty() ? earlier.playerAddress : playerAddress,
                internalPlayerAddress.isEmpty() ? earlier.internalPlayerAddress : internalPlayerAddress,
                peerAddress.isEmpty() ? earlier.peerAddress : peerAddress,
                standbyPlayerAddress,
                standbyInternalPlayerAddress);
    }

    /** Its Protobuf form. */
    public LeafEntry toProto() {
        LeafEntry.Builder entry = LeafEntry.newBuilder()
                .setRegionId(region.packed())
                .setEpoch(epoch)
                .setPlayerAddress(playerAddress)
                .setInternalPlayerAddress(internalPlayerAddress)
                .setPeerAddress(peerAddress)
                .setStandbyPlayerAddress(standbyPlayerAddress)
                .setStandbyInternalPlayerAddress(standbyInternalPlayerAddress);
        if (authority != null) {
            entry.setAuthority(authority.toProto());
        }
        return entry.build();
    }
}
