package io.gamemesh.benchmark.codec;

import io.gamemesh.core.voxel.Section;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What comes of samples. */
final class CodecFigures {

    private static final List<Corpus> TERRAIN = List.of(Corpus.GENERATED, Corpus.EDITED);

    private final List<Sample<?>> samples;
    private final SortedMap<String, Double> figures = new TreeMap<>();

    private CodecFigures(List<Sample<?>> samples) {
        this.samples = samples;
    }

    static SortedMap<String, Double> of(List<Sample<?>> samples) {
        CodecFigures figures = new CodecFigures(samples);
        samples.forEach(figures::add);
        figures.addRatios();
        figures.addNoise();
        figures.addJoins();
        return figures.figures;
    }

    private void add(Sample<?> sample) {
        String name = "%s_%s_".formatted(sample.corpus().name().toLowerCase(Locale.ROOT), sample.name());
        // Bytes in a microsecond are megabytes in a second.
        double bytes = Short.BYTES * Section.VOLUME;
        figures.put(name + "bytes", sample.meanLength());
        figures.put(name + "encode_mb_s", bytes / sample.encodeMicros());
        figures.put(name + "decode_mb_s", bytes / sample.decodeMicros());
    }

    private void addRatios() {
        double size = 0;
        double encode = Double.MAX_VALUE;
        double decode = Double.MAX_VALUE;
        for (Corpus corpus : TERRAIN) {
            Sample<?> ours = sample(corpus, CodecRun.GAMEMESH);
            Sample<?> zlib = sample(corpus, CodecRun.ZLIB);
            Sample<?> zstandard = sample(corpus, CodecRun.ZSTANDARD);
            size = Math.max(size, ours.meanLength() / Math.min(zlib.meanLength(), zstandard.meanLength()));
            encode = Math.min(encode, zlib.encodeMicros() / ours.encodeMicros());
            decode = Math.min(decode, zlib.decodeMicros() / ours.decodeMicros());
        }
        figures.put("size_ratio", size);
        figures.put("encode_speed_ratio", encode);
        figures.put("decode_speed_ratio", decode);
    }

    private void addNoise() {
        List<short[]> sections = Corpus.NOISE.sections();
        Sample<?> ours = sample(Corpus.NOISE, CodecRun.GAMEMESH);
        double worst = 0;
        for (int i = 0; i < sections.size(); i++) {
            worst = Math.max(worst, 100.0 * ours.length(i) / bare(sections.get(i)) - 100);
        }
        figures.put("noise_overhead_percent", worst);
    }

    /**
     * Bytes of a palette of two bytes an id and of indexes of as few bits as hold the last one, or of 12 bits a block if
     * that is less.
     */
    private static int bare(short[] blocks) {
        boolean[] seen = new boolean[1 << 12];
        int kinds = 0;
        for (short block : blocks) {
            kinds += seen[block] ? 0 : 1;
            seen[block] = true;
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(kinds - 1);
        return Math.min(Section.VOLUME * 12, 16 * kinds + Section.VOLUME * bits) / Byte.SIZE;
    }

    private void addJoins() {
        join("join_untouched", BuiltWorld.untouched());
        join("join_town", BuiltWorld.town(0, 0));
    }

    private void join(String name, BuiltWorld world) {
        BuiltWorld untouched = BuiltWorld.untouched();
        PredictedCoding coding = new PredictedCoding();
        int whole = 0;
        int edits = 0;
        for (int[] section : world.view(0, 0)) {
            whole += coding.encode(world.blocks(section)).length();
            edits += coding.encodeOver(world.blocks(section), untouched.blocks(section))
                    .length();
        }
        figures.put(name + "_kb", whole / 1e3);
        figures.put(name + "_edits_kb", edits / 1e3);
    }

    private Sample<?> sample(Corpus corpus, String name) {
        return samples.stream()
                .filter(sample -> sample.corpus() == corpus && sample.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
