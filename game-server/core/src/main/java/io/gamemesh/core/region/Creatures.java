package io.gamemesh.core.region;

import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.behaviour.Creature;
import io.gamemesh.core.voxel.SplitMix64;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Quantized;
import org.agrona.collections.IntArrayList;

/**
 * Creatures of a region: they appear near players until there are as many as there may be, one a second or as many as fill
 * an empty region in a minute. Each decides ten times a second, and moves by the rules of players. One that has no player near sleeps, and costs next to nothing.
 */
final class Creatures {

    private static final int SECONDS_TO_FILL = 60;
    private static final double SPAWN_NEAREST = 16;
    private static final double SPAWN_FURTHEST = 48;
    private static final double TURN = 2 * Math.PI;
    // How far apart the creatures' decisions are, in ticks at the most.
    private static final int PHASES = 64;

    private final RegionSettings settings;
    private final RegionState state;
    private final Movement movement;
    private final Cadence decisions;
    private final int spawnsPerSecond;
    private final Cursor cursor = new Cursor();

    Creatures(RegionSettings settings, RegionState state, Movement movement) {
        this.settings = settings;
        this.state = state;
        this.movement = movement;
        this.decisions = new Cadence(settings.tickRate(), Behaviour.RATE);
        this.spawnsPerSecond = Math.ceilDiv(settings.wildlife().creatures(), SECONDS_TO_FILL);
    }

    void step() {
        for (int number = spawnsDue() - 1; number >= 0; number--) {
            spawn(number);
        }
        Entities entities = state.entities;
        if (entities.creatures() == 0) {
            return;
        }
        for (int row = 0; row < entities.count; row++) {
            if (entities.kind[row] == EntityKind.CREATURE) {
                step(entities, row);
            }
        }
    }

    private void step(Entities entities, int row) {
        if (decisions.due(state.tick + entities.id[row] % PHASES)) {
            cursor.decide(row);
        }
        long decision = entities.decision[row];
        if ((decision & Decision.AWAKE) == 0) {
            entities.vx[row] = 0;
            entities.vy[row] = 0;
            entities.vz[row] = 0;
            return;
        }
        double vx = Decision.x(decision);
        double vz = Decision.z(decision);
        if (vx != 0 || vz != 0) {
            entities.yaw[row] = Quantized.yaw16(StrictMath.atan2(-vx, -vz));
        }
        boolean jump = (decision & Decision.JUMP) != 0;
        movement.roam(entities, row, vx, Decision.y(decision), vz, (decision & Decision.RUN) != 0, jump);
        entities.decision[row] = decision & ~Decision.JUMP;
    }

    // Where they come from.

    private int spawnsDue() {
        return (int) ((state.tick + 1) * spawnsPerSecond / settings.tickRate()
                - state.tick * spawnsPerSecond / settings.tickRate());
    }

    /** @param number tells apart those of one tick */
    private void spawn(int number) {
        Entities entities = state.entities;
        boolean room = entities.creatures() < settings.wildlife().creatures()
                && state.population() < settings.limits().maxEntities();
        if (!room || entities.players() == 0) {
            return;
        }
        int near = anyPlayer(number);
        long random = SplitMix64.mix(random(entities.id[near]) + 1 + number);
        double angle = (random & 0xffff) * (TURN / 0x10000);
        double distance = SPAWN_NEAREST + ((random >>> 16) & 0xffff) * ((SPAWN_FURTHEST - SPAWN_NEAREST) / 0x10000);
        double x = entities.x[near] + distance * StrictMath.cos(angle);
        double z = entities.z[near] + distance * StrictMath.sin(angle);
        Vec3 place = Spawn.onGround(settings.geometry(), settings.generator(), x, z);
        if (state.bounds.contains(place) && !movement.collides(place.x(), place.y(), place.z())) {
            state.add(creature(place), null, 0);
        }
    }

    /** The one with the least random number: whatever the order of rows is, the same. */
    private int anyPlayer(int number) {
        Entities entities = state.entities;
        int least = Entities.NONE;
        long leastRandom = 0;
        for (int row = 0; row < entities.count; row++) {
            if (entities.kind[row] == EntityKind.PLAYER) {
                long random = SplitMix64.mix(random(entities.id[row]) - number);
                if (least == Entities.NONE || random < leastRandom) {
                    least = row;
                    leastRandom = random;
                }
            }
        }
        return least;
    }

    private Entity creature(Vec3 place) {
        return new Entity(
                settings.wildlife().ids().getAsLong(),
                0,
                EntityKind.CREATURE,
                place.x(),
                place.y(),
                place.z(),
                0,
                0,
                0,
                0,
                0,
                false,
                "",
                "",
                Entity.Trait.NONE);
    }

    /** Counter-based, as Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011): nothing to keep. */
    private long random(long entityId) {
        long world = SplitMix64.mix(settings.region().packed() ^ SplitMix64.mix(state.lineage));
        return SplitMix64.mix(SplitMix64.mix(world + entityId) + state.tick);
    }

    /** The one creature that is deciding. */
    private final class Cursor implements Creature {

        private final IntArrayList near = new IntArrayList();
        private int row;
        private int player = Entities.NONE;
        private long decision;

        void decide(int creature) {
            row = creature;
            if (findPlayer(SIGHT)) {
                decision = Decision.AWAKE;
                settings.wildlife().behaviour().decide(this);
            } else {
                decision = 0;
            }
            state.entities.decision[row] = decision;
        }

        @Override
        public int species() {
            return state.entities.type[row];
        }

        @Override
        public double x() {
            return state.entities.x[row];
        }

        @Override
        public double y() {
            return state.entities.y[row];
        }

        @Override
        public double z() {
            return state.entities.z[row];
        }

        @Override
        public double speed() {
            double vx = state.entities.vx[row];
            double vz = state.entities.vz[row];
            return Math.sqrt(vx * vx + vz * vz);
        }

        @Override
        public boolean grounded() {
            return state.entities.grounded[row];
        }

        @Override
        public long memory() {
            return state.entities.memory[row];
        }

        @Override
        public void remember(long memory) {
            state.entities.memory[row] = memory;
        }

        @Override
        public long random() {
            return Creatures.this.random(state.entities.id[row]);
        }

        @Override
        public boolean findPlayer(double radius) {
            Entities entities = state.entities;
            double sight = Math.clamp(radius, 0, SIGHT);
            double least = sight * sight;
            player = Entities.NONE;
            entities.near(x(), y(), z(), sight, near);
            for (int i = 0; i < near.size(); i++) {
                int other = near.getInt(i);
                if (entities.kind[other] != EntityKind.PLAYER) {
                    continue;
                }
                double dx = entities.x[other] - x();
                double dy = entities.y[other] - y();
                double dz = entities.z[other] - z();
                double square = dx * dx + dy * dy + dz * dz;
                if (square < least || (square == least && isFirst(other))) {
                    least = square;
                    player = other;
                }
            }
            return player != Entities.NONE;
        }

        /** Of two that are equally near the one with the lower id counts, since rows have no fixed order. */
        private boolean isFirst(int other) {
            return player == Entities.NONE || state.entities.id[other] < state.entities.id[player];
        }

        private int found() {
            if (player == Entities.NONE) {
                throw new IllegalStateException("no player has been found: ask findPlayer first");
            }
            return player;
        }

        @Override
        public double playerX() {
            return state.entities.x[found()];
        }

        @Override
        public double playerY() {
            return state.entities.y[found()];
        }

        @Override
        public double playerZ() {
            return state.entities.z[found()];
        }

        @Override
        public void move(double vx, double vz, boolean run) {
            decision = Decision.AWAKE | (decision & Decision.JUMP) | Decision.of(vx, 0, vz, false, run);
        }

        @Override
        public void jump() {
            decision |= Decision.JUMP;
        }
    }
}
