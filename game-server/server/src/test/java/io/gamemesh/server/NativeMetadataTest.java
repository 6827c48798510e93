package io.gamemesh.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSourceProvider;
import io.gamemesh.core.behaviour.Behaviour;
import io.gamemesh.core.voxel.Generator;
import io.grpc.LoadBalancerProvider;
import io.grpc.ManagedChannelProvider;
import io.grpc.NameResolverProvider;
import io.grpc.ServerProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.extensibility.Plugin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found by name on Java must be registered by name for the native executable. */
class NativeMetadataTest {
    private static final List<String> METADATA = List.of(
            "META-INF/native-image/io.gamemesh/gamemesh-core/reachability-metadata.json",
            "META-INF/native-image/io.gamemesh/gamemesh-server/reachability-metadata.json");

    @ParameterizedTest
    @ValueSource(
            classes = {
                Behaviour.Factory.class,
                Generator.Factory.class,
                AgroalDataSourceProvider.class,
                LoadBalancerProvider.class,
                ManagedChannelProvider.class,
                NameResolverProvider.class,
                Plugin.class,
                ServerProvider.class
            })
    void registersAllProvidersOf(Class<?> service) throws IOException {
        String services = "META-INF/services/" + service.getName();
        String metadata = METADATA.stream()
                .map(name -> Objects.requireNonNull(
                        NativeMetadataTest.class.getClassLoader().getResource(name), name))
                .map(NativeMetadataTest::text)
                .collect(joining());

        assertThat(metadata).contains("{\"glob\": \"" + services + "\"}");
        assertThat(service.getClassLoader().resources(services).flatMap(NativeMetadataTest::names))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(metadata).contains("{\"type\": \"" + name + "\""));
    }

    private static Stream<String> names(URL file) {
        return text(file)
                .lines()
                .map(line -> line.replaceAll("#.*", "").strip())
                .filter(line -> !line.isEmpty());
    }

    private static String text(URL file) {
        try (InputStream in = file.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
