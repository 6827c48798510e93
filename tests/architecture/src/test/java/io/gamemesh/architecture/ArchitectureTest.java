package io.gamemesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/architecture/fixture/"))
            .importPackages("io.gamemesh");

    private static final JavaClasses FIXTURE =
            new ClassFileImporter().importPackages("io.gamemesh.architecture.fixture");

    private static final Map<String, Function<Rules, ArchRule>> RULES = rules();

    private static Map<String, Function<Rules, ArchRule>> rules() {
        Map<String, Function<Rules, ArchRule>> rules = new LinkedHashMap<>();
        rules.put("protocolUsesNothingOfOurs", r -> r.mayUseOnly("protocol"));
        rules.put("coreUsesProtocol", r -> r.mayUseOnly("core", "protocol"));
        rules.put(
                "clientUsesRulesOfMotionTerrainAndProtocol",
                r -> r.mayUseOnly("client", "core.motion", "core.voxel", "protocol"));
        rules.put("serverUsesCoreAndProtocol", r -> r.mayUseOnly("server", "core", "protocol"));
        rules.put("crdsUseNothingOfOurs", r -> r.mayUseOnly("crd"));
        rules.put("plannerUsesProtocol", r -> r.mayUseOnly("planner", "protocol"));
        rules.put("coordinatorUsesPlannerAndProtocol", r -> r.mayUseOnly("coordinator", "planner", "protocol"));
        rules.put(
                "operatorUsesCoordinatorPlannerCrdsAndProtocol",
                r -> r.mayUseOnly("operator", "coordinator", "planner", "crd", "protocol"));
        rules.put(
                "plannerKnowsNoKubernetesClientAndNoTransport",
                r -> r.usesNone("planner", "io.fabric8..", "io.grpc..", "io.netty..", "io.quarkus..", "java.net.."));
        rules.put(
                "coreKnowsNoFrameworkAndNoSockets",
                r -> r.usesNone(
                        "core",
                        "io.fabric8..",
                        "io.grpc..",
                        "io.netty..",
                        "io.quarkus..",
                        "jakarta..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.sql.."));
        for (String part : new String[] {"core", "planner"}) {
            rules.put(part + "StartsNoThreads", r -> r.startsNoThreads(part));
            rules.put(part + "ReadsNoClock", r -> r.readsNoClock(part));
            rules.put(part + "DrawsNoLots", r -> r.drawsNoLots(part));
            rules.put(part + "OpensNoFiles", r -> r.opensNoFiles(part));
        }
        rules.put("packagesAreNullMarked", Rules::packagesAreNullMarked);
        rules.put("noGrabBags", Rules::noGrabBags);
        rules.put("nothingStaticChanges", Rules::nothingStaticChanges);
        rules.put("nothingStaticIsOfQuic", Rules::nothingStaticIsOfQuic);
        return rules;
    }

    static Stream<String> names() {
        return RULES.keySet().stream();
    }

    private static ArchRule rule(String name, String root) {
        Function<Rules, ArchRule> rule = RULES.get(name);
        if (rule == null) {
            throw new IllegalArgumentException("no rule is named " + name);
        }
        return rule.apply(new Rules(root));
    }

    @ParameterizedTest
    @MethodSource("names")
    void holdsForTheProject(String name) {
        ArchRule rule = rule(name, "io.gamemesh");

        rule.check(PROJECT);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noticesAFixtureThatBreaksIt(String name) {
        ArchRule rule = rule(name, "io.gamemesh.architecture.fixture");

        assertThatThrownBy(() -> rule.check(FIXTURE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was violated");
    }

    @Test
    void looksAtEveryPart() {
        Stream<String> parts =
                Stream.of("protocol", "core", "client", "server", "crd", "planner", "coordinator", "operator");

        assertThat(parts)
                .allSatisfy(part -> assertThat(PROJECT)
                        .as("classes of io.gamemesh.%s", part)
                        .anyMatch(type -> type.getPackageName().startsWith("io.gamemesh." + part)));
    }
}
