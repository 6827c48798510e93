package io.gamemesh.benchmark.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One run in a process of its own: says {@code METRIC VALUE} a line, and an empty line in the end. */
public final class CodecRun {

    static final String GAMEMESH = "gamemesh";
    static final String ZLIB = "zlib";
    static final String ZSTANDARD = "zstd";
    static final String RUN_LENGTHS = "rle";

    private static final int WARM_UPS = 8;
    private static final int ROUNDS = 8;
    private static final Duration TURN = Duration.ofMillis(100);

    private CodecRun() {}

    /** Measures all codings, in turns, so that what disturbs the machine disturbs them alike. */
    public static void main(String[] arguments) {
        List<Sample<?>> samples = new ArrayList<>();
        for (Corpus corpus : Corpus.values()) {
            List<short[]> sections = corpus.sections();
            samples.add(new Sample<>(corpus, GAMEMESH, new PredictedCoding(), sections));
            samples.add(new Sample<>(corpus, ZLIB, new ZlibCoding(), sections));
            samples.add(new Sample<>(corpus, ZSTANDARD, new ZstandardCoding(), sections));
            samples.add(new Sample<>(corpus, RUN_LENGTHS, new RunLengthCoding(), sections));
        }
        measure(samples, WARM_UPS);
        samples.forEach(Sample::reset);
        measure(samples, ROUNDS);
        CodecFigures.of(samples).forEach((metric, value) -> System.out.println(metric + " " + value));
        System.out.println();
    }

    private static void measure(List<Sample<?>> samples, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (Sample<?> sample : samples) {
                sample.measure(TURN.toNanos());
            }
        }
    }
}
