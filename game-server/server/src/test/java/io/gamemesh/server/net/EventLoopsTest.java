package io.gamemesh.server.net;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EventLoopsTest {

    @Test
    void refusesATickRateThatLeavesNoTimeForATick() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventLoops(0))
                .withMessage("tick rate is 0, expected 1 or more a second");
    }
}
