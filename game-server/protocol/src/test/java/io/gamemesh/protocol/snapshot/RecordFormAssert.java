package io.gamemesh.protocol.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** What every form of records keeps to. */
final class RecordFormAssert {

    private RecordFormAssert() {}

    static BitReader reader(BitWriter bits) {
        ByteBuffer bytes = ByteBuffer.allocate(bits.length() / Byte.SIZE + 1);
        bits.copyTo(bytes);
        BitReader in = new BitReader(bytes.capacity());
        in.fill(bytes.flip());
        return in;
    }

    static void assertReadsTheDifferenceThatItWrites(RecordForm form, int[] older, int age, int[] now, int tickRate) {
        BitWriter bits = new BitWriter(1);
        int[] read = new int[RecordForm.FIELDS];

        form.write(bits, older, 0, age, now, 0, tickRate);
        BitReader in = reader(bits);
        form.read(in, older, 0, age, read, 0, tickRate);

        assertThat(read).containsExactly(now);
        in.end("difference");
    }

    static void assertReadsTheWholeThatItWrites(RecordForm form, int[] now) {
        BitWriter bits = new BitWriter(1);
        int[] read = new int[RecordForm.FIELDS];

        form.writeWhole(bits, now, 0);
        BitReader in = reader(bits);
        form.readWhole(in, read, 0);

        assertThat(bits.length()).isEqualTo(form.wholeBits());
        assertThat(read).containsExactly(now);
        in.end("whole");
    }
}
