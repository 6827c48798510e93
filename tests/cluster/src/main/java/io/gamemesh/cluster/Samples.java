package io.gamemesh.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one scrape of a {@code /metrics} endpoint said, in the Prometheus text format. Labels other than {@code le} are
 * summed over.
 *
 * @param values sums by name
 * @param buckets cumulative counts by the name of the histogram and the upper bound of the bucket
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
public record Samples(Map<String, Double> values, Map<String, Histogram> buckets) {

    private static final Pattern LINE =
            Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? (?<value>\\S+)(?: .*)?");
    private static final Pattern BOUND = Pattern.compile("(?:^|,)le=\"([^\"]+)\"");
    private static final String BUCKET = "_bucket";

    public Samples {
        values = Map.copyOf(values);
        buckets = Map.copyOf(buckets);
    }

    /**
     * Reads a scrape.
     *
     * @throws IllegalArgumentException if a line is neither a comment nor a sample
     */
    public static Samples parse(String text) {
        Map<String, Double> values = new HashMap<>();
        Map<String, TreeMap<Double, Double>> buckets = new HashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            Matcher sample = LINE.matcher(line);
            if (!sample.matches()) {
                throw new IllegalArgumentException("not a sample of the Prometheus text format: " + line);
            }
            String name = sample.group("name");
            double value = number(sample.group("value"));
            String labels = sample.group("labels");
            Matcher bound = BOUND.matcher(labels == null ? "" : labels);
            if (name.endsWith(BUCKET) && bound.find()) {
                String histogram = name.substring(0, name.length() - BUCKET.length());
                buckets.computeIfAbsent(histogram, any -> new TreeMap<>())
                        .merge(number(bound.group(1)), value, Double::sum);
            } else {
                values.merge(name, value, Double::sum);
            }
        });
        Map<String, Histogram> histograms = new HashMap<>();
        buckets.forEach((name, counts) -> histograms.put(name, new Histogram(counts)));
        return new Samples(values, histograms);
    }

    /**
     * The sum of the samples of that name.
     *
     * @throws IllegalArgumentException if the scrape has none
     */
    public double value(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no metric %s among %s".formatted(name, new TreeMap<>(values).keySet()));
        }
        return value;
    }

    /**
     * The histogram of that name, which is without {@code _bucket}.
     *
     * @throws IllegalArgumentException if the scrape has none
     */
    public Histogram histogram(String name) {
        Histogram histogram = buckets.get(name);
        if (histogram == null) {
            throw new IllegalArgumentException("no histogram %s among %s".formatted(name, buckets.keySet()));
        }
        return histogram;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
