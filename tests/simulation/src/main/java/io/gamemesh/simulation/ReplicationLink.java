package io.gamemesh.simulation;

import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.ReplicationMessage;
import io.gamemesh.protocol.v1.ReplicationReply;

/** The stream by which an authority tells one backup of one region. */
final class ReplicationLink {

    private static final long KEEP_ALIVE = 2 * Scheduler.SECOND;

    private final World world;
    final long number;
    final GameServer authority;
    final GameServer backup;
    final ServerId backupId;
    final RegionId region;
    private final Network.Pipe there;
    private final Network.Pipe back;
    private boolean ended;

    /** The sequence that was sent last. */
    long lastSequence;

    ReplicationLink(
            World world, long number, GameServer authority, GameServer backup, ServerId backupId, RegionId region) {
        this.world = world;
        this.number = number;
        this.authority = authority;
        this.backup = backup;
        this.backupId = backupId;
        this.region = region;
        this.there = world.network.new Pipe(authority.name, backup.name);
        this.back = world.network.new Pipe(backup.name, authority.name);
        watch(world.now());
    }

    private void watch(long reachedAt) {
        world.scheduler.after(500 * Scheduler.MILLI, () -> {
            if (ended) {
                return;
            }
            boolean reached = world.network.reaches(authority.name, backup.name)
                    && world.network.reaches(backup.name, authority.name);
            if (!authority.alive() || !backup.alive()) {
                ends();
            } else if (!reached && world.now() - reachedAt > KEEP_ALIVE) {
                ends();
            } else {
                watch(reached ? world.now() : reachedAt);
            }
        });
    }

    boolean ended() {
        return ended;
    }

    void toBackup(ReplicationMessage message) {
        if (message.hasTick()) {
            lastSequence = message.getTick().getSequence();
        }
        there.send(() -> backup.replicated(this, message));
    }

    void toAuthority(ReplicationReply reply) {
        back.send(() -> authority.replied(this, reply));
    }

    /** What is under way may still arrive, or not; each side learns of the end in its own time. */
    void ends() {
        if (ended) {
            return;
        }
        ended = true;
        there.breaks(world.random(20 * Scheduler.MILLI));
        back.breaks(world.random(20 * Scheduler.MILLI));
        world.scheduler.after(world.random(100 * Scheduler.MILLI), () -> authority.unlinked(this));
        world.scheduler.after(world.random(100 * Scheduler.MILLI), () -> backup.unfollowed(this));
    }
}
