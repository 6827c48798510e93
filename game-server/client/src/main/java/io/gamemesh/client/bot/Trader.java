package io.gamemesh.client.bot;

import io.gamemesh.client.Movement;
import io.gamemesh.client.RemoteEntity;
import io.gamemesh.client.WorldView;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.ToClient.TradeOffered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Walks, and every second or two throws something, takes what lies there, or offers somebody near an exchange. */
final class Trader implements Behaviour {

    private static final double ITEM_REACH = 4;
    private static final double PLAYER_REACH = 7;
    private static final int MOST_AT_ONCE = 5;
    private static final double FASTEST_THROW = 8;

    private final RandomGenerator random;
    private final Walker walker;
    private int stepsToDeal;

    Trader(RandomGenerator random, Walker walker) {
        this.random = random;
        this.walker = walker;
        this.stepsToDeal = pause();
    }

    @Override
    public Movement move(WorldView world) {
        return walker.move(world);
    }

    @Override
    public Optional<Deal> deal(WorldView world) {
        if (stepsToDeal-- > 0) {
            return Optional.empty();
        }
        stepsToDeal = pause();
        ItemCounts carried = world.items().orElse(ItemCounts.NONE);
        return switch (random.nextInt(4)) {
            case 0 -> drop(carried);
            case 1 -> offer(world, carried);
            default -> near(world, EntityKind.ITEM, ITEM_REACH).map(item -> new Deal.PickUp(item.id()));
        };
    }

    private Optional<Deal> drop(ItemCounts carried) {
        ItemCounts some = someOf(carried);
        List<Deal> drops = new ArrayList<>();
        some.forEach((item, count) -> drops.add(
                new Deal.Drop(item, count, random.nextDouble(2 * Math.PI), random.nextDouble(FASTEST_THROW))));
        return drops.stream().findFirst();
    }

    private Optional<Deal> offer(WorldView world, ItemCounts carried) {
        ItemCounts gives = someOf(carried);
        if (gives.isEmpty()) {
            return Optional.empty();
        }
        // Others mostly carry the same kinds.
        ItemCounts wants = random.nextBoolean() ? ItemCounts.NONE : someOf(carried);
        return near(world, EntityKind.PLAYER, PLAYER_REACH).map(player -> new Deal.Offer(player.id(), gives, wants));
    }

    /** A few of one item. */
    private ItemCounts someOf(ItemCounts carried) {
        List<ItemCounts> stacks = new ArrayList<>();
        carried.forEachStack((item, count) ->
                stacks.add(ItemCounts.of(item, random.nextInt(1, Math.min(count, MOST_AT_ONCE) + 1))));
        return stacks.isEmpty() ? ItemCounts.NONE : stacks.get(random.nextInt(stacks.size()));
    }

    private Optional<RemoteEntity> near(WorldView world, int kind, double reach) {
        List<RemoteEntity> found = world.entities().stream()
                .filter(entity -> entity.kind() == kind && distance(world, entity) < reach)
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
    }

    private static double distance(WorldView world, RemoteEntity entity) {
        double dx = entity.x() - world.x();
        double dy = entity.y() - world.y();
        double dz = entity.z() - world.z();
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    @Override
    public boolean accepts(WorldView world, TradeOffered offer) {
        return random.nextInt(4) > 0;
    }

    private int pause() {
        return random.nextInt(STEPS_A_SECOND, 2 * STEPS_A_SECOND);
    }
}
