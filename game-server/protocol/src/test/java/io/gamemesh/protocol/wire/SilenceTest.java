package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Silence silence = new Silence(60, 10, 1000);

    private boolean lastsUntil(long first, long last) {
        for (long now = first; now < last; now += 10) {
            assertThat(silence.isTooLong(now)).isFalse();
        }
        return silence.isTooLong(last);
    }

    @Test
    void isTooLongOnceItLastsLongerThanItMay() {
        assertThat(lastsUntil(1010, 1060)).isFalse();
        assertThat(silence.isTooLong(1061)).isTrue();
    }

    @Test
    void endsWithWhatComes() {
        lastsUntil(1010, 1060);

        silence.heard(1060);

        assertThat(lastsUntil(1070, 1120)).isFalse();
        assertThat(silence.isTooLong(1121)).isTrue();
    }

    @Test
    void isNotJudgedByWhoLooksLate() {
        assertThat(silence.isTooLong(1100)).isFalse();
        assertThat(silence.isTooLong(1110)).isTrue();
    }
}
