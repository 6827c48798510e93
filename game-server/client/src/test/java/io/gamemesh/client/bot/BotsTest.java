package io.gamemesh.client.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.client.TestAuthority;
import io.gamemesh.client.TestServer;
import io.gamemesh.client.TestServer.Player;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole program against an endpoint that shows it what it should see, or does not. */
class BotsTest {

    private static final long REGION = RegionId.of(0, 0, 0, 0).packed();

    @TempDir
    private Path folder;

    private final TestAuthority authority = new TestAuthority();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private final List<TestServer> servers = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        ticker.shutdownNow();
        servers.forEach(TestServer::close);
    }

    @Test
    void isContentWhenPlayersSeeEachOther() throws Exception {
        TestServer server = serverThatShows(true);

        int exit = run(server, "--players", "2", "--duration", "8s");

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(report())
                .contains("\"name\": \"wander\"", "\"passed\": true", "\"failures\": []")
                .contains("\"players\": {\"value\": 2, \"unit\": \"players\"}")
                .contains("\"missing\": {\"value\": 0, \"unit\": \"times\"}")
                .containsPattern("\"gap_p50_ms\": \\{\"value\": \\d+(\\.\\d+)?, \"unit\": \"ms\"}")
                .containsPattern("\"bytes_per_player_s\": \\{\"value\": [1-9]");
        assertThat(out.toString()).contains("2/2 players on 1 servers");
    }

    @Test
    void saysWhoDoesNotSeeWhom() throws Exception {
        TestServer server = serverThatShows(false);

        int exit = run(server, "--players", "2", "--duration", "5s");

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .contains("did not see each other for a second 2 times")
                .containsPattern("bot-[01] in d0-\\S+ on test does not see bot-[01] in d0-\\S+ on test, 1 m away");
        assertThat(report()).contains("\"passed\": false", "\"missing\": {\"value\": 2, \"unit\": \"times\"}");
    }

    @Test
    void writesDownWhatHappensToEachBot() throws Exception {
        TestServer server = serverThatShows(true);
        Path journal = folder.resolve("journal");

        run(server, "--players", "2", "--duration", "2s", "--journal", journal.toString());

        assertThat(Files.readAllLines(journal))
                .allSatisfy(line -> assertThat(line).matches("\\{\"at\": \\d+, \"player\": \"bot-[01]\", .*}"))
                .anySatisfy(line ->
                        assertThat(line).contains("\"player\": \"bot-0\", \"event\": \"came\", \"server\": \"test\""))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"player\": \"bot-1\", \"event\": \"played\", \"server\": \"test\", \"made\": "));
    }

    @Test
    void saysThatNothingWasDoneWithItems() throws Exception {
        TestServer server = serverThatShows(true);

        int exit = run(server, "--players", "2", "--duration", "5s", "--scenario", "TRADE");

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).contains("requests about items was done");
    }

    @Test
    void saysThatItCouldNotJoin() throws Exception {
        TestServer server = new TestServer("test", authority.identity("other.default.gamemesh"), (_, _) -> {});
        servers.add(server);

        int exit = run(server, "--players", "1", "--join-timeout", "3s", "--ramp", "0s");

        assertThat(exit).isEqualTo(3);
        assertThat(err.toString()).contains("0 of 1 bots joined within 3 s", "expected demo.default.gamemesh");
    }

    @Test
    void refusesACommandLineThatIsWrong() {
        int exit = command().execute("--mesh", "demo", "--server", "x:1", "--ca", "none", "--players", "1");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("--mesh is 'demo', expected NAME.NAMESPACE, as in demo.default");
    }

    @Test
    void refusesADurationWithoutAUnit() {
        int exit = command().execute("--mesh", "demo.default", "--server", "x:1", "--ca", "none", "--duration", "60");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("'60' is no duration, expected as in 500ms, 60s, 5m, 1h");
    }

    @Test
    void refusesAPlaceThatIsNone() {
        int exit = command().execute("--mesh", "demo.default", "--server", "x:1", "--ca", "none", "--around", "768");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("'768' is no place, expected metres X,Z as in 768,-20.5");
    }

    @Test
    void givesEachBotATokenOfItsOwn() throws Exception {
        TestServer server = serverThatShows(true);
        Path tokens = Files.writeString(folder.resolve("tokens"), "token of ada\ntoken of bob\ntoken of cy\n");

        run(server, "--players", "2", "--duration", "1s", "--token-file", tokens.toString());

        assertThat(server.players)
                .extracting(player -> player.hello().token().map(Bytes::toArray).map(String::new))
                .containsExactlyInAnyOrder(Optional.of("token of ada"), Optional.of("token of bob"));
    }

    @Test
    void refusesFewerTokensThanPlayers() throws Exception {
        assertThat(runWithTokens("token of ada\n")).isEqualTo(2);

        assertThat(err.toString())
                .contains("tokens has 1 lines, expected a token for each of 2 bots: add tokens or lower --players");
    }

    @Test
    void refusesALineWithoutAToken() throws Exception {
        assertThat(runWithTokens("token of ada\n\n")).isEqualTo(2);

        assertThat(err.toString()).contains("tokens has no token in line 2, expected 1 to 16384 bytes");
    }

    @Test
    void refusesATokenForTwoBotsAndKeepsItToItself() throws Exception {
        assertThat(runWithTokens("token of ada\ntoken of ada\n")).isEqualTo(2);

        assertThat(err.toString())
                .contains("tokens repeats a token in line 2, expected a different one for each bot")
                .doesNotContain("token of ada");
    }

    @Test
    void refusesATokenFileThatIsNotThere() {
        int exit = command()
                .execute("--mesh", "demo.default", "--server", "x:1", "--ca", "none", "--token-file", "missing-tokens");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("--token-file: missing-tokens cannot be read");
    }

    private int runWithTokens(String content) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), content);
        return command()
                .execute("--mesh=demo.default", "--server=x:1", "--ca=none", "--players=2", "--token-file=" + tokens);
    }

    private int run(TestServer server, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--mesh=demo.default",
                "--server=" + server.address(),
                "--ca=" + authorityFile(),
                "--json=" + folder.resolve("report.json"),
                "--ramp=100ms"));
        arguments.addAll(List.of(options));
        return command().execute(arguments.toArray(String[]::new));
    }

    private CommandLine command() {
        return Bots.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }

    private String report() throws IOException {
        return Files.readString(folder.resolve("report.json"));
    }

    private Path authorityFile() throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(authority.certificate().getEncoded());
        return Files.writeString(
                folder.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    /** Players stand a metre apart; whether they are shown to each other is the question. */
    private TestServer serverThatShows(boolean others) {
        TestServer server = new TestServer("test", authority.identity("demo.default.gamemesh"), this::answer);
        servers.add(server);
        AtomicLong tick = new AtomicLong();
        var _ = ticker.scheduleAtFixedRate(
                () -> {
                    long now = tick.incrementAndGet();
                    for (int i = 0; i < server.players.size(); i++) {
                        // sendSnapshot puts entities a metre further along x: the first sees the second there.
                        Player player = server.players.get(i);
                        if (!player.inputs.isEmpty()) {
                            player.lastInput =
                                    player.inputs.getLast().inputs().getFirst().sequence();
                        }
                        long[] seen = others ? new long[] {100 + 1 - i} : new long[0];
                        player.sendSnapshot(REGION, now, i, seen);
                    }
                },
                50,
                50,
                TimeUnit.MILLISECONDS);
        return server;
    }

    private void answer(Player player, ToServer message) {
        switch (message) {
            case ToServer.Hello _ -> {
                int number = servers.getFirst().players.indexOf(player);
                player.send(servers.getFirst().welcome(REGION, number, 100 + number));
            }
            case ToServer.Ping ping -> player.send(new ToClient.Pong(ping.nonce()));
            default -> {}
        }
    }
}
