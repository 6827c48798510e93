package io.gamemesh.client.bot;

import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.protocol.wire.ToServer.Network;
import io.gamemesh.protocol.wire.Wire;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Sends bots into a mesh, shows a line a second, and says at the end whether all was as it should be. */
@Command(
        name = "gamemesh-bots",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All was as it should be",
            "1:Something was not, said on standard error and in the report",
            "2:The command line is wrong",
            "3:The bots could not join"
        },
        description = "Sends bots into a mesh and checks that they see and stay where they should.")
public final class Bots implements Callable<Integer> {

    private static final String LABEL = "([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)";
    private static final Pattern MESH = Pattern.compile(LABEL + "\\." + LABEL);
    private static final int DISAPPOINTED = 1;
    private static final int NOT_JOINED = 3;
    private static final Duration TO_REPORT = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(names = "--mesh", required = true, paramLabel = "NAME.NAMESPACE", description = "The mesh.")
    private String mesh;

    @Option(
            names = {"--servers", "--server"},
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Some of its servers; the others are learned.")
    private List<String> servers;

    @Option(names = "--ca", required = true, paramLabel = "FILE", description = "The mesh's ca.crt.")
    private Path ca;

    @Option(names = "--players", defaultValue = "60", description = "How many bots (${DEFAULT-VALUE}).")
    private int players;

    @Option(names = "--scenario", defaultValue = "WANDER", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Scenario scenario;

    @Option(
            names = "--around",
            defaultValue = "0,0",
            paramLabel = "X,Z",
            description = "About which place they play, metres (${DEFAULT-VALUE}).")
    private Walker.Place around;

    @Option(
            names = "--duration",
            defaultValue = "60s",
            description = "How long to measure (${DEFAULT-VALUE}); 0s is until interrupted.")
    private Duration duration;

    @Option(names = "--warmup", defaultValue = "0s", description = "How long to play before (${DEFAULT-VALUE}).")
    private Duration warmup;

    @Option(names = "--ramp", defaultValue = "5s", description = "Over how long the bots join (${DEFAULT-VALUE}).")
    private Duration ramp;

    @Option(
            names = "--join-timeout",
            defaultValue = "60s",
            description = "How long after the ramp all must be in (${DEFAULT-VALUE}).")
    private Duration joinTimeout;

    @Option(
            names = "--network",
            defaultValue = "EXTERNAL",
            description = "Where the bots are: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Network network;

    @Option(names = "--name-prefix", defaultValue = "bot-", description = "Names are this and a number.")
    private String namePrefix;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A token for each bot, one a line: JWTs, for a mesh that asks for them.")
    private @Nullable Path tokenFile;

    @Option(names = "--seed", defaultValue = "1", description = "Of the bots' decisions (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the report.")
    private @Nullable Path json;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Where to write what happens to each bot, as it happens: a line of JSON for each event.")
    private @Nullable Path journal;

    @Option(names = "--quiet", description = "No line a second.")
    private boolean quiet;

    private volatile boolean interrupted;

    // The fields that are never null belong to options with a default or without which picocli refuses the command
    // line, and to the @Spec: picocli sets them after this and before call(), which NullAway cannot see.
    @SuppressWarnings("NullAway.Init")
    private Bots() {}

    /** Runs the program and exits with its code. Interrupted, it ends early, and still reports. */
    public static void main(String[] arguments) {
        Bots bots = new Bots();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> bots.interrupt(ended), "interrupted"));
        int status = commandLine(bots).execute(arguments);
        ended.countDown();
        System.exit(status);
    }

    private void interrupt(CountDownLatch ended) {
        interrupted = true;
        try {
            var _ = ended.await(TO_REPORT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static CommandLine commandLine() {
        return commandLine(new Bots());
    }

    private static CommandLine commandLine(Bots bots) {
        return new CommandLine(bots)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOverwrittenOptionsAllowed(true)
                .registerConverter(Duration.class, new DurationConverter())
                .registerConverter(Walker.Place.class, new PlaceConverter());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Matcher names = MESH.matcher(mesh);
        if (!names.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--mesh is '" + mesh + "', expected NAME.NAMESPACE, as in demo.default");
        }
        if (players < 1 || players > 2000) {
            throw new ParameterException(spec.commandLine(), "--players is " + players + ", expected 1 to 2000");
        }
        List<ServerAddress> addresses = addresses();
        List<String> tokens = tokens();
        try (Journal events = journal == null ? Journal.none() : Journal.open(journal);
                ClientTransport transport = ClientTransport.open(authorities(), names.group(2), names.group(1), 1)) {
            EditLedger ledger = new EditLedger();
            Swarm swarm = new Swarm(
                    new Bot.Setting(
                            transport,
                            addresses,
                            network,
                            scenario.keepsTerrain(),
                            ledger,
                            new ItemLedger(),
                            events,
                            new BotErrors(),
                            new MoveMeter()),
                    scenario,
                    around,
                    namePrefix,
                    players,
                    tokens,
                    seed);
            int result = play(swarm);
            swarm.leave();
            return result;
        }
    }

    private int play(Swarm swarm) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long start = System.nanoTime();
        swarm.start(ramp);
        Duration patience = ramp.plus(joinTimeout);
        while (swarm.state().playing() < players) {
            if (interrupted || secondsSince(start) > patience.toMillis() / 1000.0) {
                SwarmState state = swarm.state();
                err.printf(
                        "%d of %d bots joined within %.0f s. Last error: %s%n",
                        state.playing(), players, secondsSince(start), state.latestError());
                writeReport(state);
                return NOT_JOINED;
            }
            show(out, swarm, "joining", start);
        }
        playFor(out, swarm, "warm-up", warmup, start);
        swarm.reset();
        playFor(out, swarm, "measuring", duration.isZero() ? Duration.ofDays(365) : duration, start);
        SwarmState state = swarm.state();
        writeReport(state);
        List<String> disappointments = state.disappointments(scenario);
        out.println(state.line("measured", secondsSince(start)));
        out.flush();
        disappointments.forEach(text -> err.println("not as expected: " + text));
        err.flush();
        return disappointments.isEmpty() ? 0 : DISAPPOINTED;
    }

    private void playFor(PrintWriter out, Swarm swarm, String phase, Duration length, long start)
            throws InterruptedException {
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - until < 0 && !interrupted) {
            show(out, swarm, phase, start);
        }
    }

    private void show(PrintWriter out, Swarm swarm, String phase, long start) throws InterruptedException {
        swarm.play(Duration.ofSeconds(1));
        if (!quiet) {
            boolean terminal = hasTerminal();
            String line = swarm.state().line(phase, secondsSince(start));
            out.print(terminal ? "\r\033[K" + line : line + System.lineSeparator());
            out.flush();
        }
    }

    private static boolean hasTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private void writeReport(SwarmState state) throws IOException {
        if (json != null) {
            new Report(scenario, state).write(json);
        }
    }

    private List<ServerAddress> addresses() {
        try {
            return servers.stream().map(ServerAddress::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--servers: " + e.getMessage(), e);
        }
    }

    /** A token for each bot; none if the mesh asks for none. What is wrong is said by line: a token is a secret. */
    private List<String> tokens() {
        if (tokenFile == null) {
            return List.of();
        }
        List<String> tokens;
        try {
            tokens = Files.readAllLines(tokenFile);
        } catch (IOException e) {
            throw badTokens("cannot be read: " + e + ". Give a file with a token a line", e);
        }
        if (tokens.size() < players) {
            throw badTokens(
                    "has " + tokens.size() + " lines, expected a token for each of " + players
                            + " bots: add tokens or lower --players",
                    null);
        }
        HashSet<String> different = new HashSet<>();
        for (int i = 0; i < players; i++) {
            String token = tokens.get(i);
            if (token.isBlank() || token.getBytes(StandardCharsets.UTF_8).length > Wire.MAX_TOKEN) {
                throw badTokens(
                        "has no token in line " + (i + 1) + ", expected 1 to " + Wire.MAX_TOKEN + " bytes", null);
            }
            if (!different.add(token)) {
                throw badTokens(
                        "repeats a token in line " + (i + 1) + ", expected a different one for each bot, since a"
                                + " player is in the world once",
                        null);
            }
        }
        return List.copyOf(tokens.subList(0, players));
    }

    private ParameterException badTokens(String what, @Nullable Throwable cause) {
        return new ParameterException(spec.commandLine(), "--token-file: " + tokenFile + " " + what, cause);
    }

    private Collection<X509Certificate> authorities() {
        try (InputStream in = Files.newInputStream(ca)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--ca: cannot read certificates from " + ca + ": " + e.getMessage() + ". Use the mesh's ca.crt",
                    e);
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** As in 768,-20.5. */
    private static final class PlaceConverter implements ITypeConverter<Walker.Place> {

        private static final Pattern FORM =
                Pattern.compile("(-?[0-9]{1,9}(?:\\.[0-9]+)?),(-?[0-9]{1,9}(?:\\.[0-9]+)?)");

        @Override
        public Walker.Place convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no place, expected metres X,Z as in 768,-20.5");
            }
            return new Walker.Place(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
        }
    }

    /** As in 500ms, 60s, 5m. */
    private static final class DurationConverter implements ITypeConverter<Duration> {

        private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no duration, expected as in 500ms, 60s, 5m, 1h");
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }
}
