package io.gamemesh.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.core.region.Departed.Trace;
import io.gamemesh.protocol.id.EntityId;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.EntityKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where entities have gone, and that a region's state says so. */
class DepartedTest {

    private static final RegionId EAST = RegionId.of(0, 0, 0, 0);
    private static final RegionId WEST = RegionId.of(0, -1, 0, 0);
    private static final RegionId NORTH = RegionId.of(0, 0, 0, -1);
    private static final int VERSION_OFFSET = 4;

    private final RegionSettings settings = new TestWorld("flat", 1).settings(EAST);
    private final RegionState state = new RegionState(settings, 1);

    private static long entity(int counter) {
        return EntityId.of(1, counter).packed();
    }

    private static Entity ann(int hop) {
        return new Entity(
                entity(5), hop, EntityKind.PLAYER, 9, 1, 9, 0, 0, 0, 0, 0, true, "ann", "ann", Entity.Trait.NONE);
    }

    private static List<Map.Entry<Long, Trace>> traces(RegionState state) {
        List<Map.Entry<Long, Trace>> traces = new ArrayList<>();
        state.departed.oldestFirst().forEach(each -> traces.add(Map.entry(each.getKey(), each.getValue())));
        return traces;
    }

    @Test
    void theLongestGoneMakesRoom() {
        Departed departed = new Departed();
        for (int i = 0; i < Departed.MAX; i++) {
            departed.add(entity(i), new Trace(WEST, 1));
        }
        // Back and gone again: no longer the one that has been gone the longest.
        departed.add(entity(0), new Trace(NORTH, 3));

        departed.add(entity(Departed.MAX), new Trace(WEST, 1));

        assertThat(departed.size()).isEqualTo(Departed.MAX);
        assertThat(departed.get(entity(1))).isNull();
        assertThat(departed.get(entity(0))).isEqualTo(new Trace(NORTH, 3));
        assertThat(departed.get(entity(Departed.MAX))).isEqualTo(new Trace(WEST, 1));
    }

    @Test
    void movesWithTheRegionInTheSameOrder() throws RegionStateException {
        state.departed.add(entity(9), new Trace(WEST, 1));
        state.departed.add(entity(2), new Trace(NORTH, 7));

        RegionState restored = StateCodec.read(settings, StateCodec.write(state));

        assertThat(traces(restored)).isEqualTo(traces(state)).hasSize(2);
        assertThat(StateCodec.write(restored)).isEqualTo(StateCodec.write(state));
    }

    // What a state ends with, from the only player's parts on: of that, its number of requests and its items; then four
    // empty lists, what is remembered of no edits, and of items two empty lists and two numbers.
    private static final int PARTS = 1;
    private static final int BELONGINGS = 4 + 1;
    private static final int LISTS = 4;
    private static final int REMEMBERED = 2;
    private static final int ITEMS = 4;

    @Test
    void readsTheStateOfTheReleaseBefore() throws RegionStateException {
        state.add(ann(0), null, 0);
        byte[] current = StateCodec.write(state);
        int player = current.length - ITEMS - REMEMBERED - LISTS - BELONGINGS;
        byte[] before = Arrays.copyOf(current, player + LISTS + REMEMBERED);
        System.arraycopy(current, player + BELONGINGS, before, player, LISTS + REMEMBERED);
        before[VERSION_OFFSET + 1] = StateCodec.NOBODY_CARRIES;

        RegionState restored = StateCodec.read(settings, before);

        assertThat(StateCodec.write(restored)).isEqualTo(current);
    }

    @Test
    void readsTheStateOfTheReleaseBeforeThat() throws RegionStateException {
        state.add(ann(0), null, 0);
        byte[] current = StateCodec.write(state);
        int player = current.length - ITEMS - REMEMBERED - LISTS - BELONGINGS - PARTS;
        // The four lists are as many zeros.
        byte[] before = Arrays.copyOf(Arrays.copyOf(current, player), player + LISTS);
        before[VERSION_OFFSET + 1] = StateCodec.PLAYERS_ONLY;

        RegionState restored = StateCodec.read(settings, before);

        assertThat(StateCodec.write(restored)).isEqualTo(current);
    }

    @Test
    void refusesAVersionThatIsNewer() {
        byte[] newer = StateCodec.write(state);
        newer[VERSION_OFFSET + 1] = StateCodec.VERSION + 1;

        assertThatThrownBy(() -> StateCodec.read(settings, newer))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("version 5, expected 0x474d5253 and 2 to 4");
    }

    @Test
    void refusesAnEntityThatIsHereAndGoneAtOnce() {
        state.departed.add(entity(5), new Trace(WEST, 1));
        state.add(ann(2), null, 0);

        assertThatThrownBy(() -> StateCodec.read(settings, StateCodec.write(state)))
                .isInstanceOf(RegionStateException.class)
                .hasMessageContaining("expected an entity that is here no more");
    }

    @Test
    void refusesATraceThatLeadsBackHereOrOutOfTheWorld() {
        RegionId outside = RegionId.of(0, 7, 0, 0);
        for (RegionId to : List.of(EAST, outside)) {
            RegionState wrong = new RegionState(settings, 1);
            wrong.departed.add(entity(5), new Trace(to, 1));

            assertThatThrownBy(() -> StateCodec.read(settings, StateCodec.write(wrong)))
                    .isInstanceOf(RegionStateException.class)
                    .hasMessageContaining("has departed to " + to);
        }
    }

    @Test
    void refusesAHopThatNoDepartureHas() {
        state.departed.add(entity(5), new Trace(WEST, 0));

        assertThatThrownBy(() -> StateCodec.read(settings, StateCodec.write(state)))
                .isInstanceOf(RegionStateException.class);
    }

    @Test
    void anEntityOnItsWayIsNotYetGone() {
        state.add(ann(0), null, 0);
        Departure departure = state.depart(0, WEST);
        assertThat(state.departed.size()).isZero();

        state.settle(departure);

        assertThat(state.departed.get(entity(5))).isEqualTo(new Trace(WEST, 1));
    }
}
