package io.gamemesh.server;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Configurations of servers on loopback, read as the process reads its own. */
final class TestConfig {
    private TestConfig() {}

    static Map<String, String> keys(MeshFiles files, int coordinatorPort, String server, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>();
        keys.put("gamemesh.mesh.name", "demo");
        keys.put("gamemesh.mesh.namespace", "default");
        keys.put("gamemesh.coordinator.endpoint", "localhost:" + coordinatorPort);
        keys.put("gamemesh.coordinator.ca-file", files.ca().toString());
        keys.put("gamemesh.coordinator.token-file", files.token().toString());
        keys.put("gamemesh.world.seed", "42");
        keys.put("gamemesh.world.generator", "flat");
        keys.put("gamemesh.world.region-size", "512");
        keys.put("gamemesh.world.min-region-size", "512");
        keys.put("gamemesh.world.bounds", "-512,-512,-512,512,512,512");
        keys.put("gamemesh.server.name", server);
        keys.put("gamemesh.server.address", "127.0.0.1");
        keys.put("gamemesh.server.termination-log", files.terminationLog(server).toString());
        keys.put("gamemesh.server.engine-threads", "1");
        keys.put("gamemesh.server.drain-deadline", "10s");
        keys.put("gamemesh.listen.host", "127.0.0.1");
        keys.put("gamemesh.listen.player-port", "0");
        keys.put("gamemesh.listen.query-port", "0");
        keys.put("gamemesh.listen.peer-port", "0");
        keys.put("gamemesh.security.directory", files.secret().toString());
        keys.putAll(more);
        return keys;
    }

    static ServerConfig of(MeshFiles files, int coordinatorPort, String server, Map<String, String> more) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(keys(files, coordinatorPort, server, more), "test", 100))
                .withMapping(ServerConfig.class)
                .build()
                .getConfigMapping(ServerConfig.class);
    }

    /** With an environment like a pod's, which prevails over files. */
    static ServerConfig of(MeshFiles files, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(
                        new PropertiesConfigSource(keys(files, 1, "demo-0", Map.of()), "test", 100),
                        new EnvConfigSource(environment, 300))
                .withMapping(ServerConfig.class)
                .build()
                .getConfigMapping(ServerConfig.class);
    }
}
