package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.core.voxel.Section;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.v1.BlockEdit;
import io.gamemesh.protocol.v1.BoundaryEdits;
import io.gamemesh.protocol.v1.BoundaryEntities;
import io.gamemesh.protocol.v1.Ghost;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.BlockChange;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.EntityKind;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.ToClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BorderTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);

    private final TestWorld world = new TestWorld("flat", 1);

    @Test
    void playersSeeEachOtherOverABorder() {
        Player ann = world.join("ann", new Vec3(3, 1, 8));
        Player bob = world.join("bob", new Vec3(-3, 1, 8));

        world.steps(10);

        assertThat(ann.visible).containsExactly(bob.entity().packed());
        assertThat(bob.visible).containsExactly(ann.entity().packed());
        assertThat(ann.received(ToClient.EntityInfo.class))
                .extracting(ToClient.EntityInfo::name)
                .containsExactly("bob");
    }

    private static final Parts PARTS = new Parts(
            new Parts.Part(6, 218, -13, 0), new Parts.Part(-51, 141, -38, 0), new Parts.Part(51, 154, -51, 0));

    @Test
    void headsAndHandsAreSeenOverABorder() {
        Player ann = world.join("ann", new Vec3(3, 1, 8));
        Player bob = world.join("bob", new Vec3(-3, 1, 8));
        world.step();

        for (int i = 0; i < 20; i++) {
            world.wave(ann, PARTS);
            world.step();
        }

        assertThat(bob.seesParts.getOrDefault(ann.entity().packed(), Map.of()))
                .containsOnlyKeys(EntityKind.HEAD, EntityKind.LEFT_HAND, EntityKind.RIGHT_HAND);
        EntityTrack head = bob.part(ann.entity().packed(), EntityKind.HEAD);
        // Metres from the lowest corner of the western region, whose edge is 256 m.
        assertThat(head.position(0, bob.decoder.tick())).isCloseTo(TestWorld.REGION + 3 + 6 / 128.0, within(0.1));
        assertThat(head.position(1, bob.decoder.tick())).isCloseTo(1 + 218 / 128.0, within(0.1));
    }

    /** What a neighbour says of one entity that is 3 m east of the border. */
    private void tell(Ghost.Builder ghost) {
        world.engine(WEST)
                .accept(new RegionInput.FromPeer(PeerMessage.newBuilder()
                        .setFromRegion(EAST.packed())
                        .setFromEpoch(1)
                        .setToRegion(WEST.packed())
                        .setToEpoch(1)
                        .setEntities(BoundaryEntities.newBuilder()
                                .setTick(1_000_000)
                                .addGhosts(ghost.setEntityId(77)
                                        .setX(3 * 128)
                                        .setY(128)
                                        .setZ(8 * 128)))
                        .build()));
        world.steps(5);
    }

    @Test
    void partsOfANeighboursPlayerAreBroughtWithinReach() {
        Player bob = world.join("bob", new Vec3(-3, 1, 8));
        world.step();
        Parts.Part far = new Parts.Part(Parts.MAX_OFFSET, 154, 0, 0);

        tell(Ghost.newBuilder().setKind(EntityKind.PLAYER).setParts(Entity.coded(new Parts(far, far, far))));

        EntityTrack head = bob.part(77, EntityKind.HEAD);
        assertThat(head.position(0, bob.decoder.tick())).isCloseTo(TestWorld.REGION + 3 + 217 / 128.0, within(0.1));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refusesGhostsThatNothingCanBe(Ghost.Builder ghost) {
        Player bob = world.join("bob", new Vec3(-3, 1, 8));
        world.step();

        tell(ghost);

        assertThat(world.engine(WEST).stats().refused()).isEqualTo(1);
        assertThat(bob.visible).isEmpty();
    }

    private static List<Ghost.Builder> impossible() {
        ByteString cutShort = Entity.coded(PARTS).substring(1);
        ByteString tooFar = ByteString.copyFrom(new byte[] {0x7f}).concat(cutShort);
        Ghost.Builder body = Ghost.newBuilder().setKind(EntityKind.BODY).setRotation(PackedRotation.NONE);
        return List.of(
                body.clone().setSpin(-1),
                body.clone().setRotation(0x7ffff_7ffffL),
                Ghost.newBuilder().setKind(EntityKind.HEAD),
                Ghost.newBuilder().setKind(EntityKind.PLAYER).setParts(cutShort),
                Ghost.newBuilder().setKind(EntityKind.PLAYER).setParts(tooFar),
                Ghost.newBuilder().setKind(EntityKind.CREATURE).setParts(Entity.coded(PARTS)));
    }

    @Test
    void aPlayerWhoHasCrossedIsSeenAllTheWay() {
        Player ann = world.join("ann", new Vec3(6, 1, 8));
        Player bob = world.join("bob", new Vec3(3, 1, 3));
        world.steps(10);

        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
            assertThat(bob.visible)
                    .as("tick %d", i)
                    .containsExactly(ann.entity().packed());
        }

        assertThat(ann.region).isEqualTo(WEST);
    }

    @Test
    void aPlayerWhoCrossesIsSeenOnceFromAThirdRegion() {
        Player ann = world.join("ann", new Vec3(6, 1, 3));
        Player carl = world.join("carl", new Vec3(3, 1, -3));
        world.steps(10);

        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
            assertThat(carl.visible)
                    .as("tick %d", i)
                    .containsExactly(ann.entity().packed());
        }

        assertThat(ann.region).isEqualTo(WEST);
    }

    @Test
    void aPlayerWhoIsNotAnsweredWhereHeGoesIsSeenFromAThirdRegionMeanwhile() {
        Player ann = world.join("ann", new Vec3(6, 1, 3));
        Player carl = world.join("carl", new Vec3(3, 1, -3));
        world.steps(10);
        world.engines.remove(WEST);

        for (int i = 0; i < 6 * TestWorld.TICK_RATE; i++) {
            world.walk(ann, -5, 0);
            world.step();
            assertThat(carl.visible)
                    .as("tick %d", i)
                    .containsExactly(ann.entity().packed());
        }

        assertThat(world.engine(EAST).stats().crossing()).isEqualTo(1);
    }

    @Test
    void aPlayerIsSeenOverTheBorderWhileTheRegionMoves() {
        Player ann = world.join("ann", new Vec3(3, 1, 8));
        Player bob = world.join("bob", new Vec3(-3, 1, 8));
        world.steps(10);

        world.move(WEST);

        for (int i = 0; i < 20; i++) {
            world.step();
            assertThat(ann.visible)
                    .as("tick %d", i)
                    .containsExactly(bob.entity().packed());
        }
    }

    @Test
    void aGhostGoesWhenItsRegionNoLongerTellsOfIt() {
        Player ann = world.join("ann", new Vec3(3, 1, 8));
        world.join("bob", new Vec3(-3, 1, 8));
        world.steps(10);

        world.engines.remove(WEST);
        world.steps(3 * TestWorld.TICK_RATE);

        assertThat(ann.visible).isEmpty();
    }

    @Test
    void anEditIsSeenOnBothSidesOfABorder() {
        Player ann = world.join("ann", new Vec3(3.5, 1, 8.5));
        Player bob = world.join("bob", new Vec3(-3.5, 1, 8.5));
        // Until both have the terrain round them.
        world.steps(200);

        world.edit(ann, 2, 2, 8, Blocks.BRICK);
        world.steps(5);

        BlockChange change = new BlockChange(2, 2, 8, Blocks.BRICK);
        assertThat(ann.changes()).containsExactly(change);
        assertThat(bob.changes()).containsExactly(change);
    }

    @Test
    void aPlayerEditsABlockBeyondTheBorder() {
        Player ann = world.join("ann", new Vec3(1.5, 1, 8.5));
        Player bob = world.join("bob", new Vec3(-5.5, 1, 8.5));
        world.steps(200);

        world.edit(ann, -2, 2, 8, Blocks.BRICK);
        world.steps(5);

        BlockChange change = new BlockChange(-2, 2, 8, Blocks.BRICK);
        assertThat(ann.received(ToClient.EditResult.class))
                .extracting(ToClient.EditResult::outcome)
                .containsExactly(ToClient.EditOutcome.ACCEPTED);
        assertThat(ann.changes()).containsExactly(change);
        assertThat(bob.changes()).containsExactly(change);
        assertThat(world.engine(WEST).stats().edits()).isEqualTo(1);
    }

    /** Each at the block on the other's side, and at its own: whoever prevails, both see the same. */
    @Test
    void bothSidesAgreeOnWhatBothEditAtTheSameMoment() {
        Player ann = world.join("ann", new Vec3(1.5, 1, 8.5));
        Player bob = world.join("bob", new Vec3(-1.5, 1, 8.5));
        world.steps(200);

        world.edit(ann, -1, 3, 8, Blocks.BRICK);
        world.edit(bob, -1, 3, 8, Blocks.STONE);
        world.edit(bob, 0, 3, 8, Blocks.STONE);
        world.step();
        world.edit(ann, 0, 3, 8, Blocks.BRICK);
        world.steps(2 * TestWorld.TICK_RATE);

        for (int x = -1; x <= 0; x++) {
            assertThat(ann.block(x, 3, 8))
                    .as("block at x = %d", x)
                    .isIn((int) Blocks.BRICK, (int) Blocks.STONE)
                    .isEqualTo(bob.block(x, 3, 8));
        }
        assertThat(world.engine(WEST).stats().edits()).isEqualTo(2);
        assertThat(world.engine(EAST).stats().edits()).isEqualTo(2);
    }

    @Test
    void anEditBeyondTheBorderOfASilentRegionIsNotNow() {
        Player ann = world.join("ann", new Vec3(1.5, 1, 8.5));
        world.steps(5);

        world.engines.remove(WEST);
        world.edit(ann, -2, 2, 8, Blocks.BRICK);
        world.steps(2 * TestWorld.TICK_RATE);

        assertThat(ann.received(ToClient.EditResult.class))
                .extracting(ToClient.EditResult::outcome)
                .containsExactly(ToClient.EditOutcome.NOT_NOW);
    }

    /** However many messages are lost: in the end both sides show the same blocks. */
    @Property(tries = 10)
    void bothSidesAgreeOnEditsInTheEnd(@ForAll long seed, @ForAll @DoubleRange(max = 0.6) double loss) {
        TestWorld lossy = new TestWorld("flat", seed);
        Player ann = lossy.join("ann", new Vec3(3.5, 1, 8.5));
        lossy.steps(3);
        lossy.loss = loss;
        lossy.repeats = loss;
        lossy.maxDelayTicks = 4;

        for (int i = 0; i < 60; i++) {
            lossy.edit(ann, i % 5, 2 + i / 5 % 3, 6, i % 2 == 0 ? Blocks.BRICK : Blocks.AIR);
            if (i == 30) {
                lossy.move(EAST);
            }
            lossy.steps(3);
        }
        lossy.loss = 0;
        lossy.steps(80);

        Player bob = lossy.join("bob", new Vec3(-3.5, 1, 8.5));
        lossy.steps(200);
        assertThat(lossy.engine(WEST).stats().edits())
                .as("edits mirrored")
                .isEqualTo(lossy.engine(EAST).stats().edits())
                .isEqualTo(15);
        assertThat(bob.received(ToClient.Section.class)).isNotEmpty();
        for (int i = 0; i < 15; i++) {
            int x = i % 5;
            int y = 2 + i / 5;
            assertThat(bob.block(x, y, 6))
                    .as("block at (%d, %d, 6)", x, y)
                    .isNotNegative()
                    .isEqualTo(ann.block(x, y, 6));
        }
    }

    /** What the eastern neighbour says of its edits: bricks at heights 5 and above over a square at the border. */
    private static BoundaryEdits.Builder wall(int fromHeight, int toHeight) {
        BoundaryEdits.Builder edits = BoundaryEdits.newBuilder();
        for (int y = fromHeight; y < toHeight; y++) {
            for (int i = 0; i < 256; i++) {
                edits.addEdits(
                        BlockEdit.newBuilder().setX(i & 15).setY(y).setZ(i >> 4).setBlock(Blocks.BRICK));
            }
        }
        return edits;
    }

    private static void tell(TestWorld listening, BoundaryEdits.Builder edits) {
        listening
                .engine(WEST)
                .accept(new RegionInput.FromPeer(PeerMessage.newBuilder()
                        .setFromRegion(EAST.packed())
                        .setFromEpoch(1)
                        .setToRegion(WEST.packed())
                        .setToEpoch(1)
                        .setEdits(edits)
                        .build()));
        listening.step();
    }

    @Test
    void aResetForgetsWhatItDoesNotCarryOnceItIsThereInWhole() {
        world.steps(5);
        tell(world, wall(5, 8).setReset(true).setSequence(101));
        assertThat(world.engine(WEST).stats().edits()).isEqualTo(3 * 256);

        tell(world, wall(5, 6).setReset(true).setMore(true).setSequence(102));
        assertThat(world.engine(WEST).stats().edits()).as("halfway").isEqualTo(3 * 256);
        tell(world, wall(6, 7).setSequence(103));

        assertThat(world.engine(WEST).stats().edits()).isEqualTo(2 * 256);
    }

    @Test
    void aResetThatMissesAPartForgetsNothing() {
        world.steps(5);
        tell(world, wall(5, 8).setReset(true).setSequence(101));

        tell(world, wall(5, 6).setReset(true).setMore(true).setSequence(102));
        tell(world, wall(7, 8).setSequence(104));
        assertThat(world.engine(WEST).stats().edits()).isEqualTo(3 * 256);
        tell(world, wall(7, 8).setReset(true).setSequence(105));

        assertThat(world.engine(WEST).stats().edits()).isEqualTo(256);
    }

    @Test
    void forgettingManyEditsMakesTheirSectionAnewOnce() {
        AtomicInteger made = new AtomicInteger();
        Generator flat = Generator.named("flat", 1);
        Generator counting = new Generator() {
            @Override
            public Section section(int x, int y, int z) {
                made.incrementAndGet();
                return flat.section(x, y, z);
            }

            @Override
            public int surface(int x, int z) {
                return flat.surface(x, z);
            }
        };
        TestWorld counted = new TestWorld(counting, 1, 0, RegionSettings.Limits.standard());
        counted.steps(5);
        tell(counted, wall(5, 8).setReset(true).setSequence(101));
        made.set(0);

        tell(counted, BoundaryEdits.newBuilder().setReset(true).setSequence(102));

        assertThat(counted.engine(WEST).stats().edits()).isZero();
        assertThat(made).hasValue(1);
    }

    @Test
    void aResetOfManyEditsSaysWhichMessageIsItsLast() {
        TestWorld large =
                new TestWorld("flat", 1, 0, RegionSettings.Limits.standard().withBulkEditBlocks(20_000));
        Player ann = large.join("ann", new Vec3(20.5, 1, 20.5));
        large.steps(40);
        large.fill(ann, new EditShape.Box(20, 10, 20, 28, 25, 28), Blocks.BRICK);
        large.steps(5);
        large.sent.clear();

        large.move(EAST);
        large.steps(20);

        List<BoundaryEdits> resets = large.sent.stream()
                .filter(message -> message.getFromRegion() == EAST.packed() && message.getToRegion() == WEST.packed())
                .map(PeerMessage::getEdits)
                .filter(edits -> edits.getEditsCount() > 0)
                .toList();
        assertThat(resets).extracting(BoundaryEdits::getReset).containsExactly(true, false);
        assertThat(resets).extracting(BoundaryEdits::getMore).containsExactly(true, false);
        assertThat(large.engine(WEST).stats().edits()).isEqualTo(28 * 25 * 28);
    }

    @Test
    void takesOnlySoManyGhostsInAll() {
        BoundaryEntities.Builder crowd = BoundaryEntities.newBuilder().setTick(1_000_000);
        List<RegionId> neighbours = world.engines.keySet().stream()
                .filter(region -> !region.equals(EAST))
                .limit(3)
                .toList();
        for (RegionId neighbour : neighbours) {
            crowd.clearGhosts();
            for (int i = 0; i < 10_000; i++) {
                crowd.addGhosts(Ghost.newBuilder()
                        .setEntityId(neighbour.packed() * 100_000 + i)
                        .setKind(EntityKind.PLAYER)
                        .setName("one of many"));
            }
            world.engine(EAST)
                    .accept(new RegionInput.FromPeer(PeerMessage.newBuilder()
                            .setFromRegion(neighbour.packed())
                            .setFromEpoch(1)
                            .setToRegion(EAST.packed())
                            .setToEpoch(1)
                            .setEntities(crowd)
                            .build()));
        }

        world.step();

        assertThat(world.engine(EAST).stats().ghosts()).isEqualTo(20_000);
        assertThat(world.engine(EAST).stats().refused()).isEqualTo(10_000);
    }

    @Test
    void refusesMessagesOfAnOlderEpoch() {
        world.join("ann", new Vec3(3, 1, 8));
        world.steps(5);
        PeerMessage old = world.sent.stream()
                .filter(message -> message.getFromRegion() == EAST.packed() && message.getToRegion() == WEST.packed())
                .findFirst()
                .orElseThrow();
        world.move(EAST);
        world.move(WEST);
        world.steps(5);
        long before = world.engine(WEST).stats().refused();

        world.engine(WEST).accept(new RegionInput.FromPeer(old));
        world.engine(WEST)
                .accept(new RegionInput.FromPeer(old.toBuilder().setToEpoch(2).build()));
        world.step();

        assertThat(world.engine(WEST).stats().refused() - before).isEqualTo(2);
    }
}
