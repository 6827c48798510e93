package io.gamemesh.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Wire;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentInputsTest {

    private final RecentInputs recent = new RecentInputs();

    private void hear(long... newestFirst) {
        recent.add(new InputDatagram(
                new InputDatagram.Acknowledged(3, 9, 1),
                Arrays.stream(newestFirst)
                        .mapToObj(sequence -> Input.of(sequence, 1, 0, 0, 0, 0, 0))
                        .toList()));
    }

    private List<Long> known() {
        return recent.datagram().orElseThrow().inputs().stream()
                .map(Input::sequence)
                .toList();
    }

    @Test
    void knowsNoneAtFirst() {
        assertThat(recent.datagram()).isEmpty();
    }

    @Test
    void keepsTheLatestOnceEachWhateverIsRepeated() {
        hear(2, 1);
        hear(3, 2, 1);
        hear(1);
        hear(4, 3);

        assertThat(known()).containsExactly(4L, 3L, 2L, 1L);
        assertThat(recent.datagram().orElseThrow().acknowledged().isNothing()).isTrue();
    }

    @Test
    void keepsAsManyAsADatagramHolds() {
        for (long sequence = 1; sequence <= 20; sequence++) {
            hear(sequence);
        }

        assertThat(known()).hasSize(Wire.MAX_INPUTS).startsWith(20L).endsWith(13L);
    }

    @Test
    void goesNoFurtherBackThanToTheFirstThatIsMissing() {
        hear(1);
        hear(2);
        hear(5, 4);

        assertThat(known()).containsExactly(5L, 4L);
    }
}
