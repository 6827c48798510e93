package io.gamemesh.minestom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final BotFigures FIGURES = new BotFigures(10.5, 100, 12_345, 22.25, 20, 19.75, 1.5, 0.125);

    private final List<String> told = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void doesWhatLinesSayAndAnswersEach() throws IOException {
        obey("play 100\ncount\nfigures\n");

        List<String> answers = said.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(told).containsExactly("play 100", "count");
        assertThat(answers).hasSize(3).startsWith("playing", "counting");
        assertThat(BotFigures.parse(answers.getLast())).isEqualTo(FIGURES);
    }

    @Test
    void refusesALineThatSaysNothing() {
        assertThatThrownBy(() -> obey("dance\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'dance'");
    }

    @Test
    void refusesFiguresThatAreNone() {
        assertThatThrownBy(() -> BotFigures.parse("playing")).hasMessageContaining("'playing'");
    }

    private void obey(String lines) throws IOException {
        Crowd crowd = new Crowd() {
            @Override
            public void play(int players) {
                told.add("play " + players);
            }

            @Override
            public void count() {
                told.add("count");
            }

            @Override
            public String figures() {
                return FIGURES.toString();
            }
        };
        crowd.obey(new BufferedReader(new StringReader(lines)), new PrintStream(said, true, StandardCharsets.UTF_8));
    }
}
