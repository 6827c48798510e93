import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a program once to see which classes it loads and how it starts, so that its image has them ready: the cache of JEP
 * 483 and JEP 514. Leaves in the program's folder {@code program.options}, the arguments of {@code java} in the image after
 * those of {@code jvm.options}, and {@code program.aot}, the cache. Where there is no runtime of our own there is no cache,
 * as another runtime would refuse it.
 *
 * <p>Arguments: the program's name, its folder, the runtime's folder.
 */
final class Training {
    private static final String IN_THE_IMAGE = "/app/";
    private static final String CACHE = "program.aot";
    /** What the manifest of quarkus-run.jar asks for: threads of pools are given back without what was kept in them. */
    private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final long PATIENCE_SECONDS = 60;

    private final String name;
    private final Path folder;
    private final Path java;

    private Training(String name, Path folder, Path java) {
        this.name = name;
        this.folder = folder;
        this.java = java;
    }

    public static void main(String[] arguments) throws Exception {
        Path java = Path.of(arguments[2], "opt/java/openjdk/bin/java");
        new Training(arguments[0], Path.of(arguments[1]), java).run();
    }

    private void run() throws Exception {
        List<String> options = new ArrayList<>();
        if (Files.isExecutable(java)) {
            train();
            options.add("-XX:AOTCache=" + IN_THE_IMAGE + CACHE);
        }
        options.addAll(List.of(OPENS, "-cp", classPath(IN_THE_IMAGE), mainClass()));
        Files.write(folder.resolve("program.options"), options);
    }

    /** All jars in one order, as the cache holds for it only; what the build has changed is before what it was made from. */
    private String classPath(String prefix) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String part : List.of("quarkus", "app", ".", "lib")) {
            Path start = folder.resolve(part);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start, part.equals(".") ? 1 : 9)) {
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .map(file -> folder.relativize(file.normalize()).toString())
                            .sorted(Comparator.comparing((String jar) -> !jar.contains("transformed"))
                                    .thenComparing(Comparator.naturalOrder()))
                            .forEach(jars::add);
                }
            }
        }
        return jars.stream().map(jar -> prefix + jar).collect(Collectors.joining(":"));
    }

    private String mainClass() {
        return name.equals("bots") ? "io.gamemesh.client.bot.Bots" : "io.quarkus.runner.GeneratedMain";
    }

    private void train() throws Exception {
        Path work = Files.createTempDirectory("gamemesh-training");
        try (ServerSocket apiServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            apiServer.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            List<String> command = new ArrayList<>(List.of(java.toString()));
            try (Stream<String> options = Files.lines(folder.resolve("jvm.options"))) {
                options.filter(option -> !option.startsWith("-Dquarkus.config.locations=")).forEach(command::add);
            }
            command.add("-XX:AOTCacheOutput=" + folder.resolve(CACHE));
            command.addAll(List.of(OPENS, "-cp", classPath(folder + "/")));
            int port = freePort();
            Map<String, String> configuration = configuration(work, port, apiServer);
            configuration.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.add(mainClass());
            if (configuration.isEmpty()) {
                command.add("--help");
            }
            Process program = new ProcessBuilder(command).inheritIO().start();
            switch (name) {
                case "server" -> {
                    use(program, port);
                    program.destroy();
                }
                case "operator" -> {
                    // As far as it gets by itself.
                    apiServer.accept().close();
                    program.destroy();
                }
                default -> {}
            }
            if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                program.destroyForcibly();
                throw new IllegalStateException(name + " does not end, so there is no cache of its classes");
            }
            if (!Files.exists(folder.resolve(CACHE))) {
                throw new IllegalStateException(
                        name + " ended with status " + program.exitValue() + " and left no cache of its classes");
            }
        } finally {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Asks what the kubelet and Prometheus ask. */
    private void use(Process program, int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!answers(client, port, "/ready")) {
                if (!program.isAlive()) {
                    throw new IllegalStateException(
                            name + " ended with status " + program.exitValue() + " before it was ready");
                }
                if (System.nanoTime() - until > 0) {
                    throw new IllegalStateException(name + " is not ready after " + PATIENCE_SECONDS + " s");
                }
                Thread.sleep(100);
            }
        }
    }

    private static boolean answers(HttpClient client, int port, String path) throws InterruptedException {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Map<String, String> configuration(Path work, int port, ServerSocket apiServer) throws Exception {
        Map<String, String> keys = new HashMap<>();
        if (name.equals("bots")) {
            return keys;
        }
        keys.put("quarkus.http.host", "127.0.0.1");
        keys.put("quarkus.http.port", Integer.toString(port));
        if (name.equals("server")) {
            secret(work);
            keys.put("quarkus.management.host", "127.0.0.1");
            keys.put("quarkus.management.port", "0");
            keys.put("gamemesh.mesh.name", "training");
            keys.put("gamemesh.mesh.namespace", "default");
            keys.put("gamemesh.coordinator.endpoint", "127.0.0.1:9");
            keys.put("gamemesh.coordinator.ca-file", work.resolve("ca.crt").toString());
            keys.put("gamemesh.coordinator.token-file", work.resolve("ca.crt").toString());
            keys.put("gamemesh.world.seed", "1");
            keys.put("gamemesh.world.bounds", "-2048,-2048,-2048,2048,2048,2048");
            keys.put("gamemesh.server.termination-log", work.resolve("termination").toString());
            keys.put("gamemesh.server.drain-deadline", "1s");
            keys.put("gamemesh.listen.host", "127.0.0.1");
            keys.put("gamemesh.listen.player-port", "0");
            keys.put("gamemesh.listen.query-port", "0");
            keys.put("gamemesh.listen.peer-port", "0");
            keys.put("gamemesh.security.directory", work.toString());
        } else {
            keys.put("quarkus.kubernetes-client.api-server-url", "http://127.0.0.1:" + apiServer.getLocalPort());
        }
        return keys;
    }

    /** The files of a mesh's secret: a key of keytool's, which nobody trusts. */
    private static void secret(Path work) throws Exception {
        Path store = work.resolve("store.p12");
        String password = "training";
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair", "-alias", "training", "-keyalg", "EC", "-groupname", "secp256r1",
                        "-dname", "CN=training", "-storetype", "PKCS12", "-keystore", store.toString(),
                        "-storepass", password)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool ended with status " + keytool.exitValue());
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        pem(work.resolve("tls.key"), "PRIVATE KEY", keys.getKey("training", password.toCharArray()).getEncoded());
        pem(work.resolve("tls.crt"), "CERTIFICATE", keys.getCertificate("training").getEncoded());
        pem(work.resolve("ca.crt"), "CERTIFICATE", keys.getCertificate("training").getEncoded());
        Files.write(work.resolve("ticket.key"), new byte[32]);
    }

    private static void pem(Path file, String type, byte[] content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(("-----BEGIN " + type + "-----\n").getBytes());
            out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(content));
            out.write(("\n-----END " + type + "-----\n").getBytes());
        }
    }
}
