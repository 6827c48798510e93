package io.gamemesh.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run of benchmarks found.
 *
 * @param name of the benchmark, or {@code all}
 * @param machine processor, cores, memory and kernel
 * @param jvm vendor's name and version of the Java machine
 * @param metrics by name
 */
record Report(String name, String machine, String jvm, SortedMap<String, Metric> metrics) {

    Report {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }

    /** As one JSON object: {@code {"name":…,"machine":…,"jvm":…,"metrics":{"METRIC":{"value":…,"unit":…,…}}}}. */
    String toJson() {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report that is no JSON: " + this, e);
        }
    }

    /** As a table for people: medians, and the range that they come from where there were several runs. */
    String toTable() {
        int width = metrics.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder table = new StringBuilder("%s%n%s%n%n".formatted(machine, jvm));
        metrics.forEach((metric, figure) -> table.append(("%-" + width + "s  %14s  %s%s%n")
                .formatted(metric, number(figure.value()), figure.unit(), range(figure))));
        return table.toString();
    }

    /** As a table in Markdown, with the machine below. */
    String toMarkdown() {
        StringBuilder table = new StringBuilder("| metric | min | median | max | runs |\n|---|---:|---:|---:|---:|\n");
        metrics.forEach((metric, figure) -> table.append("| `%s` | %s | %s %s | %s | %d |\n"
                .formatted(
                        metric,
                        number(figure.min()),
                        number(figure.value()),
                        figure.unit(),
                        number(figure.max()),
                        figure.runs())));
        return table.append("\n%s; %s\n".formatted(machine, jvm)).toString();
    }

    private static String range(Metric figure) {
        return figure.runs() == 1
                ? ""
                : "  (%s to %s in %d runs)".formatted(number(figure.min()), number(figure.max()), figure.runs());
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 10 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
