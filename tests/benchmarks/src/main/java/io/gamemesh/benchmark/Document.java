package io.gamemesh.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page in Markdown with a place for each benchmark's figures: what is between {@code <!-- figures: NAME -->} and the next
 * {@code <!-- end -->} is replaced, all else is left as it is.
 */
final class Document {
    private static final String END = "<!-- end -->";

    private final Path file;

    Document(Path file) {
        this.file = file;
    }

    /**
     * Refuses a page that has no place for them, before anything is measured for it.
     *
     * @throws IllegalArgumentException if there is none, naming what to add
     * @throws IOException if it can't be read
     */
    void requirePlaceFor(String benchmark) throws IOException {
        placeIn(Files.readString(file), benchmark);
    }

    /**
     * Puts a benchmark's figures in their place.
     *
     * @throws IllegalArgumentException if there is none
     * @throws IOException if it can't be read or written
     */
    void put(Report report) throws IOException {
        String page = Files.readString(file);
        Place place = placeIn(page, report.name());
        Files.writeString(
                file, page.substring(0, place.start()) + "\n" + report.toMarkdown() + page.substring(place.end()));
    }

    private Place placeIn(String page, String benchmark) {
        String begin = "<!-- figures: %s -->\n".formatted(benchmark);
        int start = page.indexOf(begin);
        int end = start < 0 ? -1 : page.indexOf(END, start);
        if (end < 0) {
            throw new IllegalArgumentException(
                    "%s has no place for the figures of '%s', expected the lines '%s' and '%s'"
                            .formatted(file, benchmark, begin.strip(), END));
        }
        return new Place(start + begin.length(), end);
    }

    private record Place(int start, int end) {}
}
