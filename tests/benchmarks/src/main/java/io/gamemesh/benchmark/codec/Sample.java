package io.gamemesh.benchmark.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A coding on the sections of a corpus.
 *
 * @param <T> a coded section
 */
final class Sample<T> {

    private final Corpus corpus;
    private final String name;
    private final Coding<T> coding;
    private final List<short[]> sections;
    private final List<T> coded = new ArrayList<>();
    private final short[] decoded;
    private long encodeNanos;
    private long encodes;
    private long decodeNanos;
    private long decodes;

    /** Checks that each section decodes to what it was. */
    Sample(Corpus corpus, String name, Coding<T> coding, List<short[]> sections) {
        this.corpus = corpus;
        this.name = name;
        this.coding = coding;
        this.sections = sections;
        decoded = new short[sections.getFirst().length];
        for (short[] section : sections) {
            T code = coding.encode(section);
            coding.decode(code, decoded);
            if (!Arrays.equals(decoded, section)) {
                throw new IllegalStateException("%s does not decode what it has encoded".formatted(name));
            }
            coded.add(code);
        }
    }

    Corpus corpus() {
        return corpus;
    }

    String name() {
        return name;
    }

    /** Bytes of a section. */
    int length(int section) {
        return coding.length(coded.get(section));
    }

    /** Mean bytes of a section. */
    double meanLength() {
        return coded.stream().mapToInt(coding::length).average().orElseThrow();
    }

    /** Forgets what has been measured. */
    void reset() {
        encodeNanos = 0;
        encodes = 0;
        decodeNanos = 0;
        decodes = 0;
    }

    /** Encodes all sections again and again for so long, then decodes them. */
    void measure(long nanos) {
        long begin = System.nanoTime();
        long now = begin;
        int length = 0;
        while (now - begin < nanos) {
            for (short[] section : sections) {
                length += coding.length(coding.encode(section));
            }
            encodes += sections.size();
            now = System.nanoTime();
        }
        encodeNanos += now - begin;
        begin = now;
        while (now - begin < nanos) {
            for (T code : coded) {
                coding.decode(code, decoded);
                length += decoded[0];
            }
            decodes += sections.size();
            now = System.nanoTime();
        }
        decodeNanos += now - begin;
        if (length == 0) {
            throw new IllegalStateException("%s makes nothing of sections".formatted(name));
        }
    }

    /** Microseconds that encoding a section took since {@link #reset}. */
    double encodeMicros() {
        return encodeNanos / 1e3 / encodes;
    }

    /** Microseconds that decoding a section took since {@link #reset}. */
    double decodeMicros() {
        return decodeNanos / 1e3 / decodes;
    }
}
