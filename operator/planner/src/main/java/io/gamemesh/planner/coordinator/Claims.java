package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ReleaseRegion;
import java.util.Map;

/** What processes hold of a region that its status does not allow them to hold. */
final class Claims {

    private final CoordinatorSettings settings;
    private final Outbox outbox;
    private final RegionSteps.Context context;

    Claims(CoordinatorSettings settings, Outbox outbox, RegionSteps.Context context) {
        this.settings = settings;
        this.outbox = outbox;
        this.context = context;
    }

    /**
     * True if a process that is not known dead holds what the status does not allow it to hold, at an epoch that nobody has
     * followed.
     */
    boolean exist(TrackedRegion region) {
        for (Map.Entry<ServerId, Witness> entry : region.witnesses.entrySet()) {
            Holding holding = entry.getValue().holding;
            if (holding != null && !region.isFollowed(holding) && isWrong(region, entry.getKey(), holding)) {
                return true;
            }
        }
        return false;
    }

    /** True if anybody holds what it should not, whether that can stand in the way or not. */
    boolean leaveSomethingOver(TrackedRegion region) {
        for (Map.Entry<ServerId, Witness> entry : region.witnesses.entrySet()) {
            Holding holding = entry.getValue().holding;
            if (holding != null && isWrong(region, entry.getKey(), holding)) {
                return true;
            }
        }
        return false;
    }

    private boolean isWrong(TrackedRegion region, ServerId process, Holding holding) {
        return !context.isDead(process) && !region.isRightful(process, holding);
    }

    /** Tells whoever holds what the status has passed over to let go of it. */
    void release(TrackedRegion region, long upTo, long now) {
        for (Map.Entry<ServerId, Witness> entry : region.witnesses.entrySet()) {
            ServerId process = entry.getKey();
            Witness witness = entry.getValue();
            Holding holding = witness.holding;
            Member member = context.member(process);
            if (holding == null
                    || holding.epoch() > upTo
                    || now < witness.releaseAgainAt
                    || member == null
                    || !member.connected()
                    || !isWrong(region, process, holding)) {
                continue;
            }
            witness.releaseAgainAt = now + settings.resend().toNanos();
            outbox.send(
                    member.stream,
                    CoordinatorMessage.newBuilder()
                            .setRelease(ReleaseRegion.newBuilder()
                                    .setRegionId(region.id.packed())
                                    .setEpoch(holding.epoch())));
        }
    }
}
