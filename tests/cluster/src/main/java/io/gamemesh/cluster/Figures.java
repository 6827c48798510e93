package io.gamemesh.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;

/** What tests measure in passing and do not judge, a line each in {@code target/cluster-figures.txt}. */
public final class Figures {

    private final Path file;

    Figures(Path file) {
        this.file = file;
    }

    public void record(String name, Duration duration) {
        record(name, duration.toNanos() / 1e9, "s");
    }

    public void record(String name, double value, String unit) {
        String line = "%s %s %.3f %s%n"
                .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), name, value, unit)
                .toLowerCase(Locale.ROOT);
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
