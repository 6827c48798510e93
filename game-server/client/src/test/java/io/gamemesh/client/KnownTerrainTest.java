package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.terrain.SectionEncoder;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.LocalPosition;
import io.gamemesh.protocol.wire.SectionSet;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClient.BlocksChanged;
import io.gamemesh.protocol.wire.ToClient.Section;
import io.gamemesh.protocol.wire.ToClient.SectionForget;
import io.gamemesh.protocol.wire.ToClient.Untouched;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.util.BitSet;
import java.util.List;
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

        terrain.change(new BlocksChanged(BlockChanges.ofOne(5, 6, 7, 0)));

        assertThat(terrain.block(5, 6, 7)).hasValue(0);
        assertThat(terrain.block(5, 6, 8)).hasValue(3);
    }

    @Test
    void ignoresAChangeInASectionThatItDoesNotHave() {
        terrain.change(new BlocksChanged(BlockChanges.ofOne(5, 6, 7, 1)));

        assertThat(terrain.block(5, 6, 7)).isEmpty();
    }

    @Test
    void forgetsSectionsThatAreTakenBackAndNoOthers() {
        for (int x = -1; x <= 1; x++) {
            terrain.put(new Section(x, 0, 0, new SectionEncoder().uniform(3)));
        }

        terrain.forget(new SectionForget(SectionSet.of(-1, 0, 0, 3, 1, 1, BitSet.valueOf(new long[] {0b101}))));

        assertThat(terrain.block(-5, 6, 7)).isEmpty();
        assertThat(terrain.block(5, 6, 7)).hasValue(3);
        assertThat(terrain.block(21, 6, 7)).isEmpty();
        assertThat(terrain.size()).isEqualTo(1);
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
    void makesWhatTheServerSaysIsUntouched() {
        terrain.of(welcome(Wire.GENERATOR));
        BitSet both = new BitSet();
        both.set(0, 2);

        terrain.put(new Untouched(SectionSet.of(-1, 0, 3, 2, 1, 1, both)));

        assertThat(terrain.block(-16, 0, 48)).hasValue(Blocks.GRASS);
        assertThat(terrain.block(15, 1, 63)).hasValue(Blocks.AIR);
        assertThat(terrain.block(16, 0, 48)).isEmpty();
    }

    @Test
    void makesWhatHasNotBeenChanged() {
        terrain.of(welcome(Wire.GENERATOR));
        short[] generated = new short[SectionShape.VOLUME];
        Generator.named("flat", 7).section(0, 0, 0).copyTo(generated);
        short[] blocks = generated.clone();
        blocks[SectionShape.index(5, 6, 7)] = Blocks.BRICK;

        terrain.put(new Section(0, 0, 0, new SectionEncoder().encodeOver(blocks, generated)));

        assertThat(terrain.block(5, 6, 7)).hasValue(Blocks.BRICK);
        assertThat(terrain.block(5, 0, 7)).hasValue(Blocks.GRASS);
    }

    @Test
    void refusesEditsAloneUnlessThatWasAgreedOn() {
        terrain.of(welcome(Wire.SEALED));
        short[] blocks = new short[SectionShape.VOLUME];
        Section section = new Section(0, 0, 0, new SectionEncoder().encodeOver(blocks, blocks));
        BitSet one = new BitSet();
        one.set(0);
        Untouched untouched = new Untouched(SectionSet.of(0, 0, 0, 1, 1, 1, one));

        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> terrain.put(section));
        assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> terrain.put(untouched));
    }

    private static Welcome welcome(long capabilities) {
        return new Welcome(
                Wire.VERSION,
                capabilities,
                "test",
                "player-1",
                1,
                false,
                20,
                96,
                7,
                "flat",
                2048,
                List.of(new ToClient.BlockType("air", false)),
                0,
                LocalPosition.ofMetres(0, 0, 0));
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
