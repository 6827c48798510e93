package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.ToClient.BlockType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Walks, and every second or two puts a block beside itself or takes one away. */
final class Builder implements Behaviour {

    private static final int AIR = 0;
    private static final int REACH = 3;

    private final RandomGenerator random;
    private final Walker walker;
    private int stepsToEdit;

    Builder(RandomGenerator random, Walker walker) {
        this.random = random;
        this.walker = walker;
        this.stepsToEdit = pause();
    }

    @Override
    public Movement move(WorldView world) {
        return walker.move(world);
    }

    @Override
    public Optional<Edit> edit(WorldView world) {
        if (stepsToEdit-- > 0) {
            return Optional.empty();
        }
        stepsToEdit = pause();
        int x = (int) Math.floor(world.x()) + away();
        int y = (int) Math.floor(world.y()) + random.nextInt(3);
        int z = (int) Math.floor(world.z()) + away();
        OptionalInt there = world.block(x, y, z);
        if (there.isEmpty()) {
            return Optional.empty();
        }
        int block = there.getAsInt() == AIR ? solid(world.world().blocks()) : AIR;
        return Optional.of(new Edit(x, y, z, block));
    }

    /** 2 or 3 blocks to either side: out of its own way and within reach. */
    private int away() {
        int distance = random.nextInt(2, REACH + 1);
        return random.nextBoolean() ? distance : -distance;
    }

    private int solid(List<BlockType> blocks) {
        int start = random.nextInt(blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            int block = (start + i) % blocks.size();
            if (blocks.get(block).solid()) {
                return block;
            }
        }
        throw new IllegalStateException("the world has no solid block, expected one at least");
    }

    private int pause() {
        return random.nextInt(STEPS_A_SECOND, 2 * STEPS_A_SECOND);
    }
}
