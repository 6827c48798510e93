package io.gamemesh.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    private final SnapshotWriter writer = new SnapshotWriter();
    private final SnapshotReader reader = new SnapshotReader();

    @Property(tries = 300)
    void readsWhatItWroteInAsManyPartsAsItTakes(@ForAll @IntRange(min = 0, max = 500) int count, @ForAll long seed) {
        List<Entity> entities = entities(count, seed);

        List<ByteBuffer> parts = write(7L << 40, 1L << 33, entities);

        List<Entity> read = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i).remaining()).isLessThanOrEqualTo(Wire.MAX_DATAGRAM);
            reader.wrap(parts.get(i));
            assertThat(reader.part()).isEqualTo(i);
            assertThat(reader.last()).isEqualTo(i == parts.size() - 1);
            while (reader.next()) {
                read.add(new Entity(
                        reader.entityId(),
                        reader.entityKind(),
                        reader.entityX(),
                        reader.entityY(),
                        reader.entityZ(),
                        reader.entityYaw(),
                        reader.entityPitch()));
            }
        }
        assertThat(read).isEqualTo(entities);
    }

    @Test
    void carriesThePlayersOwnState() {
        writer.begin(-1, 99, 0xffff_ffffL, 1, -2, Integer.MAX_VALUE, -32768, 0, 32767);
        writer.beginPart(ByteBuffer.allocate(Wire.MAX_DATAGRAM));

        reader.wrap(writer.endPart(true));

        assertThat(reader.region()).isEqualTo(-1);
        assertThat(reader.tick()).isEqualTo(99);
        assertThat(reader.lastInput()).isEqualTo(0xffff_ffffL);
        assertThat(List.of(reader.x(), reader.y(), reader.z())).containsExactly(1, -2, Integer.MAX_VALUE);
        assertThat(List.of(reader.velocityX(), reader.velocityY(), reader.velocityZ()))
                .containsExactly(-32768, 0, 32767);
        assertThat(reader.next()).isFalse();
    }

    @Test
    void saysANearEntityInSeventeenBytes() {
        writer.begin(0, 0, 0, 0, 0, 0, 0, 0, 0);
        ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.MAX_DATAGRAM);
        writer.beginPart(buffer);
        int header = buffer.position();

        writer.entity(1, EntityKind.PLAYER, 30 * 128, 128, -30 * 128, 0, 0);

        assertThat(buffer.position() - header).isEqualTo(17);
    }

    @Property(tries = 5000)
    void throwsNothingButWireFormatExceptionOnAnyBytes(@ForAll byte[] bytes) {
        readToTheEnd(ByteBuffer.wrap(bytes));
    }

    @Property(tries = 2000)
    void throwsNothingButWireFormatExceptionOnDamagedSnapshots(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer damaged = write(1, 1, entities(20, seed)).getFirst();
        int at = random.nextInt(damaged.limit());
        damaged.put(at, (byte) random.nextInt()).limit(1 + random.nextInt(damaged.limit()));

        readToTheEnd(damaged);
    }

    @Test
    void refusesAnEntityThatIsCutOff() {
        writer.begin(0, 0, 0, 0, 0, 0, 0, 0, 0);
        writer.beginPart(ByteBuffer.allocate(Wire.MAX_DATAGRAM));
        writer.entity(1, EntityKind.PLAYER, 0, 0, 0, 0, 0);
        ByteBuffer whole = writer.endPart(true);
        reader.wrap(whole.limit(whole.limit() - 1));

        assertThatExceptionOfType(WireFormatException.class)
                .isThrownBy(reader::next)
                .withMessage("Snapshot entity pitch needs 1 bytes, 0 are left");
    }

    private void readToTheEnd(ByteBuffer datagram) {
        try {
            reader.wrap(datagram);
            while (reader.next()) {
                assertThat(reader.entityPitch()).isBetween(-64, 64);
            }
        } catch (WireFormatException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    private List<ByteBuffer> write(long region, long tick, List<Entity> entities) {
        List<ByteBuffer> parts = new ArrayList<>();
        writer.begin(region, tick, 1, 1000, 2000, 3000, 0, 0, 0);
        writer.beginPart(ByteBuffer.allocate(2000));
        for (Entity e : entities) {
            if (!writer.entity(e.id, e.kind, e.x, e.y, e.z, e.yaw, e.pitch)) {
                parts.add(writer.endPart(false));
                writer.beginPart(ByteBuffer.allocate(2000));
                assertThat(writer.entity(e.id, e.kind, e.x, e.y, e.z, e.yaw, e.pitch))
                        .isTrue();
            }
        }
        parts.add(writer.endPart(true));
        return parts;
    }

    private static List<Entity> entities(int count, long seed) {
        Random random = new Random(seed);
        List<Entity> entities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int shift = random.nextInt(32);
            entities.add(new Entity(
                    random.nextLong(),
                    random.nextInt(256),
                    random.nextInt() >> shift,
                    random.nextInt() >> shift,
                    random.nextInt() >> shift,
                    random.nextInt(256),
                    random.nextInt(129) - 64));
        }
        return entities;
    }

    private record Entity(long id, int kind, int x, int y, int z, int yaw, int pitch) {}
}
