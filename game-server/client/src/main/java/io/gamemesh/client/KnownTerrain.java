package io.gamemesh.client;

import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.terrain.SectionDecoder;
import io.gamemesh.protocol.terrain.SectionForm;
import io.gamemesh.protocol.terrain.SectionShape;
import io.gamemesh.protocol.wire.BlockChanges;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.ToClient.BlocksChanged;
import io.gamemesh.protocol.wire.ToClient.Section;
import io.gamemesh.protocol.wire.ToClient.SectionForget;
import io.gamemesh.protocol.wire.ToClient.Untouched;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sections that a client has been sent. One of a single kind of block costs a few bytes; any other is kept as it
 * came until a block of it is asked for or changed.
 */
final class KnownTerrain {

    private static final int SHIFT = 4;
    private static final int MASK = SectionShape.EDGE - 1;

    private final SectionDecoder decoder = new SectionDecoder();
    // Of the server that sends now; null before it has said anything.
    private @Nullable Welcome world;
    private @Nullable Generator generator;

    private Long2ObjectHashMap<Blocks> sections = new Long2ObjectHashMap<>();

    /** What the server before the present one had sent, to be shown until the present one has sent it anew. */
    private Long2ObjectHashMap<Blocks> before = new Long2ObjectHashMap<>();

    void put(Section section) {
        Generator makes = SectionForm.of(section.blocks()).needsGenerator() ? requireGenerator() : null;
        sections.put(key(section.x(), section.y(), section.z()), new Blocks(section, makes));
    }

    void put(Untouched untouched) {
        Generator makes = requireGenerator();
        untouched.sections().forEach((x, y, z) -> sections.put(key(x, y, z), new Blocks(x, y, z, makes)));
    }

    /** What makes the world, if the server and this client have agreed on that; made when it is first needed. */
    private Generator requireGenerator() {
        Welcome agreed = world;
        if (agreed == null || (agreed.capabilities() & Wire.GENERATOR) == 0) {
            throw new WireFormatException(
                    CloseCode.MALFORMED,
                    "section is as generated but for edits, expected a whole one: nothing else was agreed on");
        }
        Generator known = generator;
        if (known == null) {
            known = Generator.named(agreed.generator(), agreed.seed());
            generator = known;
        }
        return known;
    }

    void forget(SectionForget forget) {
        forget.sections().forEach((x, y, z) -> sections.remove(key(x, y, z)));
    }

    void change(BlocksChanged change) {
        BlockChanges changes = change.changes();
        Blocks blocks = at(key(changes.x(), changes.y(), changes.z()));
        if (blocks != null) {
            changes.forEach((x, y, z, block) -> blocks.set(within(x, y, z), block));
        }
    }

    OptionalInt block(int x, int y, int z) {
        Blocks blocks = at(key(x >> SHIFT, y >> SHIFT, z >> SHIFT));
        return blocks == null ? OptionalInt.empty() : OptionalInt.of(blocks.get(within(x, y, z)));
    }

    int size() {
        return sections.size();
    }

    /** What the server that sends from now on has said of the world, which is the same on each server. */
    void of(Welcome welcome) {
        world = welcome;
    }

    /** Another server starts to send. */
    void startAnew() {
        before = sections;
        sections = new Long2ObjectHashMap<>();
    }

    /** What the server before has sent and the present one has not is no longer true. */
    void forgetBefore() {
        if (!before.isEmpty()) {
            before = new Long2ObjectHashMap<>();
        }
    }

    /** Drops what lies farther off than the radius, in metres: a server need not take back what it has sent. */
    void prune(double x, double y, double z, double radius) {
        double limit = (radius + SectionShape.EDGE) * (radius + SectionShape.EDGE);
        sections.values().removeIf(blocks -> blocks.distanceSquared(x, y, z) > limit);
    }

    private @Nullable Blocks at(long key) {
        Blocks blocks = sections.get(key);
        return blocks != null ? blocks : before.get(key);
    }

    private static int within(int x, int y, int z) {
        return SectionShape.index(x & MASK, y & MASK, z & MASK);
    }

    /** 22 bits of x and z, 20 of y: 67 million blocks across and 16 million high, then it wraps. */
    private static long key(int x, int y, int z) {
        return ((x & 0x3f_ffffL) << 42) | ((z & 0x3f_ffffL) << 20) | (y & 0xf_ffffL);
    }

    private final class Blocks {

        private final int sectionX;
        private final int sectionY;
        private final int sectionZ;
        private final Bytes encoded;
        private final int uniform;
        // Where what it makes is needed.
        private final @Nullable Generator makes;
        private short @Nullable [] decoded;

        Blocks(Section section, @Nullable Generator makes) {
            this.makes = makes;
            OptionalInt block = SectionDecoder.uniformBlock(section.blocks());
            this.sectionX = section.x();
            this.sectionY = section.y();
            this.sectionZ = section.z();
            this.uniform = block.orElse(-1);
            this.encoded = block.isPresent() ? Bytes.empty() : section.blocks();
        }

        /** As generated. */
        Blocks(int x, int y, int z, Generator makes) {
            this.sectionX = x;
            this.sectionY = y;
            this.sectionZ = z;
            this.uniform = -1;
            this.encoded = Bytes.empty();
            this.makes = makes;
        }

        double distanceSquared(double x, double y, double z) {
            double half = SectionShape.EDGE / 2.0;
            double dx = (double) sectionX * SectionShape.EDGE + half - x;
            double dy = (double) sectionY * SectionShape.EDGE + half - y;
            double dz = (double) sectionZ * SectionShape.EDGE + half - z;
            return dx * dx + dy * dy + dz * dz;
        }

        int get(int index) {
            return uniform >= 0 && decoded == null ? uniform : decoded()[index];
        }

        void set(int index, int block) {
            decoded()[index] = (short) block;
        }

        private short[] decoded() {
            short[] blocks = decoded;
            if (blocks == null) {
                blocks = new short[SectionShape.VOLUME];
                if (uniform >= 0) {
                    Arrays.fill(blocks, (short) uniform);
                } else {
                    if (makes != null) {
                        makes.section(sectionX, sectionY, sectionZ).copyTo(blocks);
                    }
                    if (!encoded.isEmpty()) {
                        decoder.decode(encoded, blocks);
                    }
                }
                decoded = blocks;
            }
            return blocks;
        }
    }
}
