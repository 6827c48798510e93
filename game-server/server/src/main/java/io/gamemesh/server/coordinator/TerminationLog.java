package io.gamemesh.server.coordinator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file whose content Kubernetes shows as the message of a terminated container. It is what says for certain which
 * incarnation has died.
 */
public final class TerminationLog {
    private final Path file;

    public TerminationLog(Path file) {
        this.file = file;
    }

    /**
     * Names this process's incarnation.
     *
     * @throws IOException if the file cannot be written; the server must not act then, for nobody could tell that it died
     */
    public void write(int incarnation) throws IOException {
        Files.writeString(file, "gamemesh-incarnation=" + incarnation + "\n", StandardCharsets.US_ASCII);
    }
}
