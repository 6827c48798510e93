package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EditShapeTest {

    private static EditShape read(Consumer<WireWriter> write) {
        WireWriter out = new WireWriter();
        write.accept(out);
        return EditShape.read(new WireReader(out.view()));
    }

    private static void refuses(String how, Consumer<WireWriter> write) {
        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(() -> read(write))
                .withMessageContaining(how)
                .satisfies(e -> assertThat(e.code()).isEqualTo(CloseCode.MALFORMED));
    }

    @Test
    void refusesToCoverTooMuch() {
        refuses(
                "64 x 64 x 65",
                out -> out.u8(0).i32(0).i32(0).i32(0).varint(64).varint(64).varint(65));
        refuses(
                "expected 1 to 262144",
                out -> out.u8(0)
                        .i32(0)
                        .i32(0)
                        .i32(0)
                        .varint(262_144)
                        .varint(262_144)
                        .varint(262_144));
        refuses("radius is 32", out -> out.u8(1).i32(0).i32(0).i32(0).u8(32));
        assertThat(new EditShape.Box(0, 0, 0, 64, 64, 64).volume()).isEqualTo(EditShape.MAX_VOLUME);
        assertThat(new EditShape.Sphere(0, 0, 0, 31).volume()).isEqualTo(63 * 63 * 63);
    }

    @Test
    void refusesToCoverNothing() {
        refuses(
                "edit size y is 0",
                out -> out.u8(0).i32(0).i32(0).i32(0).varint(1).varint(0).varint(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EditShape.Box(0, 0, 0, 1, 1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EditShape.Sphere(0, 0, 0, -1));
    }

    @Test
    void refusesWhatEndsBeyondTheGreatestNumber() {
        refuses(
                "box from z 2147483647 is 2 blocks long",
                out -> out.u8(0)
                        .i32(0)
                        .i32(0)
                        .i32(Integer.MAX_VALUE)
                        .varint(1)
                        .varint(1)
                        .varint(2));
        refuses(
                "sphere about x -2147483648 has radius 1",
                out -> out.u8(1).i32(Integer.MIN_VALUE).i32(0).i32(0).u8(1));
    }

    @Test
    void refusesAShapeThatItDoesNotKnow() {
        refuses(
                "edit shape is 2, expected 0 to 1",
                out -> out.u8(2).i32(0).i32(0).i32(0).u8(1));
    }
}
