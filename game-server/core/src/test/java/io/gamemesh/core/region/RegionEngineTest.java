package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gamemesh.core.motion.Motion;
import io.gamemesh.core.region.TestWorld.Player;
import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.protocol.geometry.Vec3;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.terrain.SectionForm;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.BlockChange;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegionEngineTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);

    private final TestWorld world = new TestWorld("flat", 1);

    @Test
    void aPlayerJoinsAndIsShownTheTerrainRoundIt() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));

        world.steps(100);

        assertThat(ann.answers.getFirst()).isInstanceOf(RegionOutput.Joined.class);
        List<ToClient.Section> sections = ann.received(ToClient.Section.class);
        assertThat(sections.getFirst()).extracting("x", "y", "z").containsExactly(1, 0, 1);
        assertThat(sections)
                .extracting(section -> List.of(section.x(), section.y(), section.z()))
                .doesNotHaveDuplicates();
        assertThat(ann.block(20, 0, 20)).isEqualTo(Blocks.GRASS);
    }

    @Test
    void aClientWithTheGeneratorIsToldOfEditsAlone() {
        Player bob = world.join("bob", new Vec3(20.5, 1, 20.5));
        world.steps(100);
        world.edit(bob, 21, 1, 21, Blocks.BRICK);
        world.steps(10);

        Player ann = world.joinWithGenerator("ann", new Vec3(20.5, 1, 20.5));
        world.steps(100);
        world.edit(bob, 22, 17, 22, Blocks.PLANKS);
        world.edit(bob, 22, 1, 22, Blocks.PLANKS);
        world.steps(10);

        assertThat(ann.received(ToClient.Section.class))
                .singleElement()
                .satisfies(
                        section -> assertThat(SectionForm.of(section.blocks())).isEqualTo(SectionForm.CHANGES));
        assertThat(sections(ann)).containsExactlyInAnyOrderElementsOf(sections(bob));
        assertThat(ann.block(21, 1, 21)).isEqualTo(Blocks.BRICK);
        assertThat(ann.block(22, 1, 22)).isEqualTo(Blocks.PLANKS);
        assertThat(ann.block(20, 0, 20)).isEqualTo(Blocks.GRASS);
        assertThat(ann.block(20, 0, 60)).isEqualTo(Blocks.GRASS);
    }

    @Test
    void oneMessageTellsOfAllSectionsThatAreAsGenerated() {
        Player ann = world.joinWithGenerator("ann", new Vec3(20.5, 1, 20.5));

        world.steps(3);

        assertThat(ann.received(ToClient.Section.class)).isEmpty();
        assertThat(ann.received(ToClient.Untouched.class))
                .singleElement()
                .satisfies(all -> assertThat(all.sections().count()).isGreaterThan(100));
    }

    @Test
    void oneMessageTellsOfAllSectionsThatAreOutOfSight() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(100);
        int known = ann.received(ToClient.Section.class).size();

        for (int i = 0; ann.position.x() < 100; i++) {
            assertThat(i).isLessThan(500);
            world.walk(ann, 8, 0);
            world.step();
        }

        List<ToClient.SectionForget> forgets = ann.received(ToClient.SectionForget.class);
        List<List<Integer>> forgotten = new ArrayList<>();
        forgets.forEach(each -> each.sections().forEach((x, y, z) -> forgotten.add(List.of(x, y, z))));
        // It has come into five other sections, and to the first two of them all was still near enough.
        assertThat(forgets).hasSizeBetween(1, 3);
        assertThat(forgotten).doesNotHaveDuplicates().hasSizeBetween(50, known);
        assertThat(sections(ann)).containsAll(forgotten);
        assertThat(forgotten)
                .allSatisfy(section -> assertThat(section.getFirst()).isLessThan(1));
    }

    private static List<List<Integer>> sections(Player player) {
        List<List<Integer>> sections = new ArrayList<>();
        player.received(ToClient.Section.class)
                .forEach(section -> sections.add(List.of(section.x(), section.y(), section.z())));
        player.received(ToClient.Untouched.class)
                .forEach(all -> all.sections().forEach((x, y, z) -> sections.add(List.of(x, y, z))));
        return sections;
    }

    @Test
    void aNewPlayerBeginsOnTheSurface() {
        TestWorld hills = new TestWorld("hills", 7);
        RegionEngine engine = hills.engine(EAST);
        List<RegionOutput> outputs = new ArrayList<>();

        engine.accept(new RegionInput.Join(1, EntityId.of(1, 5), "ann", "ann", Optional.empty()));
        for (int i = 1; i < 60; i++) {
            engine.step(i * 50_000_000L, outputs::add);
        }

        List<Double> heights = outputs.stream()
                .filter(RegionOutput.Located.class::isInstance)
                .map(output -> ((RegionOutput.Located) output).position().y())
                .toList();
        assertThat(heights.getLast()).isCloseTo(heights.getFirst(), within(2.0));
    }

    @Test
    void walksNoFasterThanAPlayerCan() {
        Player ann = world.join("ann", new Vec3(20, 1, 20));
        world.step();

        for (int i = 0; i < TestWorld.TICK_RATE; i++) {
            world.walk(ann, 200, 0);
            world.step();
        }

        assertThat(ann.position.x()).isCloseTo(28, within(0.5));
        assertThat(ann.position.y()).isEqualTo(1);
    }

    @Test
    void standsStillWhenItsClientFallsSilent() {
        Player ann = world.join("ann", new Vec3(20, 1, 20));
        world.step();
        world.walk(ann, 5, 0);

        world.steps(10 * TestWorld.TICK_RATE);

        assertThat(ann.position.x()).isBetween(20.0, 24.0);
    }

    @Test
    void doesNotWalkThroughAWallButUpAStep() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.step();
        world.edit(ann, 23, 1, 20, Blocks.BRICK);
        world.edit(ann, 25, 1, 20, Blocks.BRICK);
        world.edit(ann, 25, 2, 20, Blocks.BRICK);
        world.edit(ann, 25, 3, 20, Blocks.BRICK);
        world.step();

        for (int i = 0; i < 40; i++) {
            world.walk(ann, 5, 0);
            world.step();
        }

        assertThat(ann.position.x()).isBetween(23.0, 25.0 - Motion.HALF_WIDTH);
    }

    @Test
    void anEditIsSeenByWhoHasTheSection() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(40.5, 1, 20.5));
        world.steps(100);

        world.edit(ann, 22, 1, 20, Blocks.PLANKS);
        world.steps(2);

        assertThat(ann.received(ToClient.EditResult.class))
                .containsExactly(new ToClient.EditResult(0, EditOutcome.ACCEPTED));
        assertThat(bob.changes()).containsExactly(new BlockChange(22, 1, 20, Blocks.PLANKS));
    }

    @Test
    void refusesImpossibleEdits() {
        Player ann = world.join("ann", new Vec3(2.5, 1, 255.5));
        world.steps(2);

        world.edit(ann, 3, 2, 254, 4000);
        world.edit(ann, 30, 1, 250, Blocks.BRICK);
        world.edit(ann, 3, 2, 256, Blocks.BRICK);
        world.edit(ann, 2, 1, 255, Blocks.BRICK);
        world.steps(2);

        assertThat(ann.received(ToClient.EditResult.class))
                .extracting(ToClient.EditResult::outcome)
                .containsExactly(
                        EditOutcome.UNKNOWN_BLOCK,
                        EditOutcome.OUT_OF_REACH,
                        EditOutcome.OUT_OF_WORLD,
                        EditOutcome.OCCUPIED);
        assertThat(world.engine(EAST).stats().refused()).isEqualTo(4);
        assertThat(world.engine(EAST).stats().edits()).isZero();
    }

    @Test
    void editsThatComeTooFastAreRefused() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(30);

        assertThat(refusedOfFifty(ann)).isEqualTo(30);
    }

    @Test
    void whoHasJustComeHasNoMoreThanAFewEdits() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));

        assertThat(refusedOfFifty(ann)).isBetween(44L, 47L);
    }

    private long refusedOfFifty(Player player) {
        for (int i = 0; i < 50; i++) {
            world.edit(player, 22, 1, 20, i % 2 == 0 ? Blocks.PLANKS : Blocks.AIR);
        }
        world.steps(2);
        assertThat(player.received(ToClient.EditResult.class)).hasSize(50);
        return player.received(ToClient.EditResult.class).stream()
                .filter(result -> result.outcome() == EditOutcome.RATE_LIMITED)
                .count();
    }

    @Test
    void aPlayerWhoLosesItsConnectionFindsItsEntityAgain() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(2);
        world.engine(EAST).accept(new RegionInput.Disconnected(ann.session, false));
        world.steps(10 * TestWorld.TICK_RATE);

        Player again = world.join("ann", new Vec3(50, 1, 50));
        world.steps(2);

        assertThat(again.entity()).isEqualTo(ann.entity());
        assertThat(again.position.x()).isEqualTo(20.5);
    }

    @Test
    void aPlayerWhoStaysAwayIsRemovedAfterTheGraceTime() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(2);

        world.engine(EAST).accept(new RegionInput.Disconnected(ann.session, false));
        world.steps(29 * TestWorld.TICK_RATE);
        int during = world.engine(EAST).stats().players();
        world.steps(2 * TestWorld.TICK_RATE);

        assertThat(during).isEqualTo(1);
        assertThat(world.engine(EAST).stats().players()).isZero();
    }

    /** Whoever comes and goes again and again would fill the region. */
    @Test
    void ofTooManyWhoStayAwayTheFirstAreRemovedEarly() {
        int most = RegionSettings.Limits.standard().maxEntities() / 8;
        List<Player> all = new ArrayList<>();
        // Ten in a tick, or the first would be removed after their time.
        for (int tick = 0; tick < (most + 20) / 10; tick++) {
            List<Player> together = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                together.add(world.join("guest" + (all.size() + i), new Vec3(20.5, 1, 20.5)));
            }
            world.step();
            together.forEach(player -> world.engine(EAST).accept(new RegionInput.Disconnected(player.session, false)));
            all.addAll(together);
        }

        world.step();
        int left = world.engine(EAST).stats().players();
        Player last = world.join("guest" + (most + 19), new Vec3(50, 1, 50));
        Player first = world.join("guest0", new Vec3(50, 1, 50));
        world.steps(2);

        assertThat(left).isEqualTo(most);
        assertThat(last.entity()).isEqualTo(all.getLast().entity());
        assertThat(first.entity()).isNotEqualTo(all.getFirst().entity());
    }

    @Test
    void aPlayerWhoSaysGoodbyeIsRemovedAtOnce() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(2);

        world.engine(EAST).accept(new RegionInput.Disconnected(ann.session, true));
        world.step();

        assertThat(world.engine(EAST).stats().players()).isZero();
    }

    @Test
    void endsTheSessionOfAClientThatNeverAcknowledgesWhatIsGone() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        Player bob = world.join("bob", new Vec3(25.5, 1, 20.5));
        world.steps(5);
        world.engine(EAST).accept(new RegionInput.Disconnected(bob.session, true));

        world.steps(9 * TestWorld.TICK_RATE);
        int sessionsBefore = world.engine(EAST).stats().sessions();
        world.steps(2 * TestWorld.TICK_RATE);
        int sessionsAfter = world.engine(EAST).stats().sessions();
        world.rejoin(ann);
        world.steps(2);

        assertThat(sessionsBefore).isOne();
        assertThat(sessionsAfter).isZero();
        assertThat(ann.answers)
                .filteredOn(RegionOutput.Close.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        RegionOutput.Close.class,
                        close -> assertThat(close.code()).isEqualTo(CloseCode.TOO_SLOW));
        assertThat(world.engine(EAST).stats().sessions()).isOne();
        assertThat(world.engine(EAST).stats().players()).isOne();
    }

    @Test
    void theSamePlayerIsNotThereTwice() {
        Player first = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(2);

        Player second = world.join("ann", new Vec3(50, 1, 50));
        world.steps(2);

        assertThat(second.entity()).isEqualTo(first.entity());
        assertThat(first.answers.getLast())
                .isInstanceOfSatisfying(
                        RegionOutput.Close.class,
                        close -> assertThat(close.code()).isEqualTo(CloseCode.REPLACED));
        assertThat(world.engine(EAST).stats().sessions()).isEqualTo(1);
    }

    @Test
    void anOldTicketDoesNotPushOutWhoIsConnected() {
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        Player thief = new Player(99, "ann", ann.region);
        world.players.put(thief.session, thief);

        world.engine(ann.region)
                .accept(new RegionInput.Join(
                        99,
                        EntityId.of(3, 1),
                        "ann",
                        "ann",
                        Optional.of(new RegionInput.Claim(ann.entity(), 0, Vec3.ZERO))));
        world.step();

        assertThat(thief.answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        RegionOutput.JoinRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo(CloseCode.BAD_TICKET));
    }

    @Test
    void saysWhereAnEntityHasGone() {
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        List<RegionOutput> outputs = new ArrayList<>();

        world.engine(EAST)
                .accept(new RegionInput.Join(
                        99,
                        EntityId.of(3, 1),
                        "ann",
                        "ann",
                        Optional.of(new RegionInput.Claim(ann.entity(), 0, Vec3.ZERO))));
        world.engine(EAST).step(world.nowNanos(), outputs::add);

        assertThat(outputs).contains(new RegionOutput.JoinElsewhere(99, ann.region));
    }

    @Test
    void saysWhereAnEntityHasGoneAlsoAfterTheRegionHasMoved() {
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        world.move(EAST);
        List<RegionOutput> outputs = new ArrayList<>();

        world.engine(EAST).accept(withTicket(99, ann.entity(), 0));
        world.engine(EAST).step(world.nowNanos(), outputs::add);

        assertThat(outputs).contains(new RegionOutput.JoinElsewhere(99, ann.region));
        assertThat(world.engine(EAST).stats().players()).isZero();
    }

    @Test
    void forgetsWhereAnEntityHasGoneWhenItComesBack() {
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 120; i++) {
            world.walk(ann, i < 60 ? -5 : 5, 0);
            world.step();
        }
        world.move(EAST);
        world.engine(EAST).accept(new RegionInput.Disconnected(ann.session, true));
        world.step();
        List<RegionOutput> outputs = new ArrayList<>();

        world.engine(EAST).accept(withTicket(99, ann.entity(), 0));
        world.engine(EAST).step(world.nowNanos(), outputs::add);

        assertThat(ann.region).isEqualTo(EAST);
        assertThat(outputs)
                .filteredOn(RegionOutput.Joined.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        RegionOutput.Joined.class,
                        joined -> assertThat(joined.rejoined()).isFalse());
    }

    @Test
    void takesATicketThatIsNewerThanTheDepartureAtItsWord() {
        Player ann = world.join("ann", new Vec3(5, 1, 8));
        world.step();
        for (int i = 0; i < 60; i++) {
            world.walk(ann, -5, 0);
            world.step();
        }
        List<RegionOutput> outputs = new ArrayList<>();

        world.engine(EAST).accept(withTicket(99, ann.entity(), 2));
        world.engine(EAST).step(world.nowNanos(), outputs::add);

        assertThat(outputs).anyMatch(RegionOutput.Joined.class::isInstance);
    }

    private static RegionInput.Join withTicket(long session, EntityId entity, int hop) {
        return new RegionInput.Join(
                session,
                EntityId.of(3, session),
                "ann",
                "ann",
                Optional.of(new RegionInput.Claim(entity, hop, new Vec3(5, 1, 8))));
    }

    @Test
    void aFrozenRegionRefusesAndKeepsItsState() {
        Player ann = world.join("ann", new Vec3(20.5, 1, 20.5));
        world.steps(2);
        RegionEngine engine = world.engine(EAST);
        engine.freeze();
        byte[] before = engine.save();

        world.walk(ann, 5, 0);
        world.edit(ann, 22, 1, 20, Blocks.PLANKS);
        Player bob = world.join("bob", new Vec3(30, 1, 30));
        engine.accept(new RegionInput.Disconnected(ann.session, true));
        world.steps(5);

        assertThat(engine.save()).isEqualTo(before);
        assertThat(bob.answers).first().isInstanceOf(RegionOutput.JoinRefused.class);
        assertThat(ann.received(ToClient.EditResult.class))
                .extracting(ToClient.EditResult::outcome)
                .containsExactly(EditOutcome.NOT_NOW);
    }

    @Test
    void doesNotGoBackToAnOlderEpoch() {
        RegionEngine engine = RegionEngine.fresh(world.settings(EAST), 5);
        engine.freeze();

        assertThatThrownBy(() -> engine.resume(4)).hasMessageContaining("epoch is 4, expected 5");
        engine.resume(7);
        assertThat(engine.epoch()).isEqualTo(7);
    }

    @Test
    void answersForARegionThatIsNotHere() {
        PeerMessage left = PeerMessage.newBuilder()
                .setFromRegion(1)
                .setFromEpoch(2)
                .setToRegion(3)
                .setToEpoch(4)
                .setLeft(io.gamemesh.protocol.v1.EntityLeft.newBuilder()
                        .setEntityId(7)
                        .setHop(8))
                .build();

        PeerMessage refusal = RegionEngine.refusal(left, "not here").orElseThrow();

        assertThat(refusal.getToRegion()).isEqualTo(1);
        assertThat(refusal.getToEpoch()).isEqualTo(2);
        assertThat(refusal.getRefused().getEntityId()).isEqualTo(7);
        assertThat(refusal.getRefused().getHop()).isEqualTo(8);
    }

    /** Saved and restored in the middle of anything, a region has the same state and the same future. */
    @Property(tries = 10)
    void goesOnFromItsStateAsIfNothingHadHappened(@ForAll long seed, @ForAll @IntRange(max = 60) int after)
            throws RegionStateException {
        RegionSettings settings = new TestWorld("hills", seed).settings(EAST);
        RegionEngine original = RegionEngine.fresh(settings, 1);
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            original.accept(new RegionInput.Join(i, EntityId.of(1, i), "p" + i, "p" + i, Optional.empty()));
        }
        drive(original, random, 0, after + 1);
        original.freeze();
        byte[] state = original.save();

        RegionEngine restored = RegionEngine.restore(settings, 2, state);

        assertThat(restored.save()).isEqualTo(state);
        assertThat(restored.checksum()).isEqualTo(original.checksum());
        original.resume(2);
        for (int i = 0; i < 5; i++) {
            RegionInput.Join join =
                    new RegionInput.Join(10 + i, EntityId.of(1, 10 + i), "p" + i, "p" + i, Optional.empty());
            original.accept(join);
            restored.accept(join);
        }
        original.step(after * 50_000_000L, output -> {});
        restored.step(after * 50_000_000L, output -> {});
        drive(original, new Random(seed + 1), after + 1, 40);
        drive(restored, new Random(seed + 1), after + 1, 40);
        assertThat(restored.checksum()).isEqualTo(original.checksum());
    }

    private static void drive(RegionEngine engine, Random random, int from, int ticks) {
        for (int i = from; i < from + ticks; i++) {
            for (RegionSession session : engine.sessions().stream()
                    .sorted(java.util.Comparator.comparingLong(RegionSession::session))
                    .toList()) {
                var input = io.gamemesh.protocol.wire.InputDatagram.Input.of(
                        i + 1, random.nextInt(-5, 5), 0, random.nextInt(-5, 5), 0, 0, random.nextInt(2));
                engine.accept(new RegionInput.Move(
                        session.session(),
                        new io.gamemesh.protocol.wire.InputDatagram(
                                io.gamemesh.protocol.wire.InputDatagram.Acknowledged.NOTHING, List.of(input))));
                Vec3 at = session.position();
                engine.accept(new RegionInput.Edit(
                        session.session(),
                        new io.gamemesh.protocol.wire.ToServer.BlockEdit(
                                i,
                                (int) at.x() + random.nextInt(-3, 3),
                                (int) at.y() + random.nextInt(-3, 3),
                                (int) at.z() + random.nextInt(-3, 3),
                                random.nextInt(13))));
            }
            engine.step(i * 50_000_000L, output -> {});
        }
    }

    @Property(tries = 300)
    void refusesAStateThatWasTamperedWith(@ForAll @IntRange(max = 200) int at, @ForAll byte value)
            throws RegionStateException {
        RegionSettings settings = world.settings(EAST);
        RegionEngine engine = RegionEngine.fresh(settings, 1);
        engine.accept(new RegionInput.Join(
                1,
                EntityId.of(1, 1),
                "ann",
                "ann",
                Optional.of(new RegionInput.Claim(EntityId.of(1, 1), 0, new Vec3(9, 1, 9)))));
        engine.step(1, output -> {});
        byte[] state = engine.save();
        byte[] tampered = state.clone();
        tampered[at % state.length] = value;

        // Either it is refused, or it says something else than it did and says it in the one right way.
        try {
            assertThat(RegionEngine.restore(settings, 2, tampered).save()).isEqualTo(tampered);
        } catch (RegionStateException e) {
            assertThat(e).hasMessageContaining("region");
        }
        assertThatThrownBy(() -> RegionEngine.restore(settings, 2, java.util.Arrays.copyOf(state, state.length - 1)))
                .isInstanceOf(RegionStateException.class);
        assertThatThrownBy(() -> RegionEngine.restore(settings, 2, java.util.Arrays.copyOf(state, state.length + 1)))
                .isInstanceOf(RegionStateException.class);
    }
}
