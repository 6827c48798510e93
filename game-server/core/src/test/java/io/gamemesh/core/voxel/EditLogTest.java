package io.gamemesh.core.voxel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EditLogTest {

    private record Entry(long id, long tick, long author, int x, int y, int z, short from, short to) {}

    private static List<Entry> known(EditLog log) {
        List<Entry> entries = new ArrayList<>();
        log.forEachFrom(
                0,
                (id, tick, author, x, y, z, from, to) -> entries.add(new Entry(id, tick, author, x, y, z, from, to)));
        return entries;
    }

    private static List<Entry> fill(EditLog log, Random random, int count) {
        List<Entry> entries = new ArrayList<>();
        long tick = 0;
        for (int i = 0; i < count; i++) {
            tick += random.nextInt(3);
            Entry entry = new Entry(
                    log.lastId() + 1,
                    tick,
                    random.nextInt(4),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    (short) random.nextInt(4096),
                    (short) random.nextInt(4096));
            long id = log.add(entry.tick, entry.author, entry.x, entry.y, entry.z, entry.from, entry.to);
            assertThat(id).isEqualTo(entry.id);
            entries.add(entry);
        }
        return entries;
    }

    private static byte[] bytes(EditLog log) {
        WireWriter out = new WireWriter(64);
        log.write(out);
        return out.toBytes().toArray();
    }

    private static EditLog read(byte[] bytes, int limit) {
        WireReader in = new WireReader(ByteBuffer.wrap(bytes));
        EditLog log = EditLog.read(in, limit);
        in.end("edit log");
        return log;
    }

    private static EditLog with(int differing, int author, int count) {
        EditLog log = new EditLog(1000);
        for (int i = 0; i < count; i++) {
            log.add(i, i == differing ? author : 7, i, 2, 3, (short) 4, (short) 5);
        }
        return log;
    }

    @Test
    void aChecksumTellsLogsApartForAsLongAsTheyDiffer() {
        assertThat(with(3, 8, 1003).checksum()).isNotEqualTo(with(3, 9, 1003).checksum());
        assertThat(with(3, 8, 1003).checksum()).isEqualTo(with(3, 8, 1003).checksum());
        assertThat(with(3, 8, 1004).checksum()).isEqualTo(with(3, 9, 1004).checksum());
        assertThat(with(3, 8, 1004).checksum()).isNotEqualTo(with(3, 8, 1003).checksum());
    }

    @Property(tries = 100)
    void aChecksumIsThatOfAnEqualLog(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int limit,
            @ForAll @IntRange(min = 0, max = 700) int count) {
        EditLog log = new EditLog(limit);
        fill(log, new Random(seed), count);

        assertThat(read(bytes(log), limit).checksum()).isEqualTo(log.checksum());
    }

    @Property(tries = 200)
    void keepsTheLastEdits(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int limit,
            @ForAll @IntRange(min = 0, max = 700) int count) {
        EditLog log = new EditLog(limit);

        List<Entry> all = fill(log, new Random(seed), count);

        List<Entry> expected = all.subList(Math.max(0, count - limit), count);
        assertThat(known(log)).isEqualTo(expected);
        assertThat(log.size()).isEqualTo(expected.size());
        assertThat(log.firstId()).isEqualTo(count - expected.size() + 1);
        List<Entry> byTwo = new ArrayList<>();
        log.forEachBy(
                2,
                count / 2,
                (id, tick, author, x, y, z, from, to) -> byTwo.add(new Entry(id, tick, author, x, y, z, from, to)));
        assertThat(byTwo)
                .isEqualTo(expected.stream()
                        .filter(entry -> entry.author == 2 && entry.id >= count / 2)
                        .toList());
        List<Entry> back = new ArrayList<>();
        log.forEachBackTo(
                count / 2,
                (id, tick, author, x, y, z, from, to) -> back.addFirst(new Entry(id, tick, author, x, y, z, from, to)));
        assertThat(back)
                .isEqualTo(
                        expected.stream().filter(entry -> entry.id >= count / 2).toList());
    }

    @Property(tries = 100)
    void isReadAsItWasWritten(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int limit,
            @ForAll @IntRange(min = 0, max = 700) int count) {
        EditLog log = new EditLog(limit);
        fill(log, new Random(seed), count);
        byte[] written = bytes(log);

        EditLog read = read(written, limit);

        assertThat(read).isEqualTo(log);
        assertThat(bytes(read)).isEqualTo(written);
        read.add(1L << 40, 1, 0, 0, 0, Blocks.AIR, Blocks.STONE);
        log.add(1L << 40, 1, 0, 0, 0, Blocks.AIR, Blocks.STONE);
        assertThat(known(read)).isEqualTo(known(log));
    }

    @Property(tries = 300)
    void refusesWhatIsCutShortOrBroken(@ForAll long seed) {
        Random random = new Random(seed);
        EditLog log = new EditLog(100);
        fill(log, random, random.nextInt(1, 50));
        byte[] written = bytes(log);

        byte[] cut = Arrays.copyOf(written, random.nextInt(written.length));
        byte[] broken = written.clone();
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));

        assertThatThrownBy(() -> read(cut, 100)).isInstanceOf(WireFormatException.class);
        try {
            assertThat(read(broken, 100)).isNotEqualTo(log);
        } catch (WireFormatException e) {
            assertThat(e).message().isNotBlank();
        }
    }

    @Test
    void takesTheEditsOfOneBack() {
        Terrain terrain = new Terrain(Generator.named("flat", 1), 0, 0, 0, 16);
        EditLog log = new EditLog(100);
        for (int i = 0; i < 20; i++) {
            short before = terrain.block(i % 3, 0, 0);
            short after = (short) (i % 5 + 6);
            terrain.edit(i % 3, 0, 0, after);
            log.add(i, 7, i % 3, 0, 0, before, after);
        }

        log.forEachBackTo(1, (id, tick, author, x, y, z, from, to) -> terrain.edit(x, y, z, from));

        for (int x = 0; x < 3; x++) {
            assertThat(terrain.block(x, 0, 0)).isEqualTo(Blocks.GRASS);
        }
    }

    @Test
    void refusesTicksThatGoBack() {
        EditLog log = new EditLog(10);
        log.add(5, 1, 0, 0, 0, Blocks.AIR, Blocks.STONE);

        assertThatThrownBy(() -> log.add(4, 1, 0, 0, 0, Blocks.AIR, Blocks.STONE))
                .hasMessageContaining("tick 4");
        assertThatThrownBy(() -> new EditLog(0)).hasMessageContaining("limit is 0");
        assertThat(log.size()).isEqualTo(1);
    }
}
