package io.gamemesh.core.behaviour;

/**
 * Stands for a while, walks for a while, turns where it can't go on, and runs from players that come too near. Its
 * memory is, from the lowest bit on: 16 bits with the decisions until it changes its mind, 16 with the heading in
 * 1/65,536 turns, and 2 with what it does.
 */
public final class WanderBehaviour implements Behaviour {

    private static final int IDLE = 0;
    private static final int WALK = 1;
    private static final int FLEE = 2;

    private static final double SHY = 4;
    private static final double WALK_SPEED = 1.5;
    private static final double FLEE_SPEED = 6;
    // Slower than that, something is in the way.
    private static final double STUCK = 0.2;
    private static final int LEAST_DECISIONS = 15;
    private static final int MORE_DECISIONS = 50;
    private static final int FLEE_DECISIONS = 20;
    private static final int TURN = 1 << 16;

    /** Makes it under the name {@code wander}. */
    public static final class Factory implements Behaviour.Factory {

        @Override
        public String name() {
            return "wander";
        }

        @Override
        public Behaviour create() {
            return new WanderBehaviour();
        }
    }

    @Override
    public void decide(Creature creature) {
        int left = (int) (creature.memory() & 0xffff);
        int heading = (int) ((creature.memory() >>> 16) & 0xffff);
        int mood = (int) ((creature.memory() >>> 32) & 3);
        if (creature.findPlayer(SHY)) {
            mood = FLEE;
            left = FLEE_DECISIONS;
            heading = heading(creature.x() - creature.playerX(), creature.z() - creature.playerZ());
        } else if (left == 0) {
            long random = creature.random();
            mood = mood == WALK || (random & 1) == 0 ? IDLE : WALK;
            left = LEAST_DECISIONS + (int) ((random >>> 1) & 0xffff) % MORE_DECISIONS;
            heading = (int) ((random >>> 17) & 0xffff);
        } else {
            left--;
            if (mood != IDLE && creature.grounded() && creature.speed() < STUCK) {
                // Away from what is in the way, to one side or the other.
                heading = (heading + TURN / 4 + (int) (creature.random() & 0x7fff)) & 0xffff;
            }
        }
        creature.remember(left | ((long) heading << 16) | ((long) mood << 32));
        double speed = mood == IDLE ? 0 : mood == WALK ? WALK_SPEED : FLEE_SPEED;
        double angle = heading * (2 * Math.PI / TURN);
        creature.move(speed * StrictMath.cos(angle), speed * StrictMath.sin(angle), mood == FLEE);
    }

    private static int heading(double dx, double dz) {
        return (int) Math.round(StrictMath.atan2(dz, dx) / (2 * Math.PI) * TURN) & 0xffff;
    }
}
