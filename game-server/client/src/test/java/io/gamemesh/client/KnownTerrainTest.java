package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.ToClient.BlockChanged;
import io.gamemesh.protocol.wire.ToClient.Section;
import io.gamemesh.protocol.wire.ToClient.SectionForget;
import org.junit.jupiter.api.Test;

class KnownTerrainTest {

    private final KnownTerrain terrain = new KnownTerrain();

    @Test
    void findsBlocksOnBothSidesOfTheOrigin() {
        short[] blocks = new short[SectionShape.VOLUME];
        blocks[SectionShape.index(15, 1, 2)] = 7;
        terrain.put(new Section(-1, 0, -3, new SectionEncoder().encode(blocks)));

        assertThat(terrain.block(-1, 1, -46)).hasValue(7);
        assertThat(terrain.block(-2, 1, -46)).hasValue(0);
        assertThat(terrain.block(0, 1, -46)).isEmpty();
    }

    @Test
    void changesOneBlockOfAUniformSection() {
        terrain.put(new Section(0, 0, 0, new SectionEncoder().uniform(3)));

        terrain.change(new BlockChanged(5, 6, 7, 0));

        assertThat(terrain.block(5, 6, 7)).hasValue(0);
        assertThat(terrain.block(5, 6, 8)).hasValue(3);
    }

    @Test
    void ignoresAChangeInASectionThatItDoesNotHave() {
        terrain.change(new BlockChanged(5, 6, 7, 1));

        assertThat(terrain.block(5, 6, 7)).isEmpty();
    }

    @Test
    void forgetsASectionThatIsTakenBack() {
        terrain.put(new Section(0, 0, 0, new SectionEncoder().uniform(3)));

        terrain.forget(new SectionForget(0, 0, 0));

        assertThat(terrain.block(5, 6, 7)).isEmpty();
        assertThat(terrain.size()).isZero();
    }

    @Test
    void showsWhatTheServerBeforeHasSentUntilItIsSentAnew() {
        terrain.put(new Section(0, 0, 0, new SectionEncoder().uniform(3)));
        terrain.put(new Section(1, 0, 0, new SectionEncoder().uniform(3)));

        terrain.startAnew();
        terrain.put(new Section(0, 0, 0, new SectionEncoder().uniform(4)));

        assertThat(terrain.block(0, 0, 0)).hasValue(4);
        assertThat(terrain.block(16, 0, 0)).hasValue(3);
        terrain.forgetBefore();
        assertThat(terrain.block(16, 0, 0)).isEmpty();
    }

    @Test
    void dropsWhatIsFarOff() {
        for (int x = 0; x < 20; x++) {
            terrain.put(new Section(x, 0, 0, new SectionEncoder().uniform(1)));
        }

        terrain.prune(0, 0, 0, 96);

        assertThat(terrain.block(95, 0, 0)).hasValue(1);
        assertThat(terrain.block(130, 0, 0)).isEmpty();
    }
}
