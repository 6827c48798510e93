package io.gamemesh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    Path directory;

    private GameServer server;

    @BeforeEach
    void startAServerWithoutACoordinator() throws Exception {
        server = start("30s");
    }

    private GameServer start(String timeout) throws Exception {
        MeshFiles files = MeshFiles.in(directory, "demo.default.gamemesh");
        Map<String, String> limits =
                Map.of("gamemesh.limits.query-connections", "2", "gamemesh.limits.query-timeout", timeout);
        return new GameServer(TestConfig.of(files, 1, "demo-0", limits), "1.2.3", registry, failure -> {});
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.queryAddress());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static JsonObject read(Socket socket) throws IOException {
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Json.createReader(new StringReader(answer)).readObject();
    }

    @Test
    void answersWhoeverConnectsWithOneDocument() throws IOException {
        try (Socket socket = connect()) {
            JsonObject answer = read(socket);

            assertThat(answer.getString("mesh")).isEqualTo("demo");
            assertThat(answer.getString("server")).isEqualTo("demo-0");
            assertThat(answer.getString("version")).isEqualTo("1.2.3");
            assertThat(answer.getInt("maxPlayers")).isEqualTo(60);
            assertThat(answer.getInt("tickRate")).isEqualTo(20);
            assertThat(answer.getJsonArray("regions")).isEmpty();
        }
    }

    @Test
    void answersAlsoWhenARequestLineIsSent() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("status\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(read(socket).getString("mesh")).isEqualTo("demo");
        }
    }

    /** A byte at a time: a long request would be a reason of its own to be closed. */
    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write(0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void refusesMoreConnectionsThanItsLimitAndCountsThem() throws IOException {
        try (Socket first = connect();
                Socket second = connect()) {
            assertThat(first.getInputStream().read()).isEqualTo('{');
            assertThat(second.getInputStream().read()).isEqualTo('{');

            try (Socket third = connect()) {
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(registry.get("inputs_refused")
                            .tag("reason", "query-connections")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void closesConnectionsThatLinger() throws Exception {
        server.close();
        server = start("500ms");
        try (Socket socket = connect()) {
            assertThat(read(socket)).isNotNull();

            Eventually.within().pollInterval(Duration.ofMillis(100)).until(() -> isClosed(socket));
        }
    }
}
