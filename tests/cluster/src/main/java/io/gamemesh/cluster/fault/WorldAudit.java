package io.gamemesh.cluster.fault;

import static org.awaitility.Awaitility.await;

import io.gamemesh.client.ClientTransport;
import io.gamemesh.client.GameClient;
import io.gamemesh.client.ServerAddress;
import io.gamemesh.client.WorldView;
import io.gamemesh.cluster.Mesh;
import io.gamemesh.cluster.Pause;
import io.gamemesh.cluster.fault.PlayersJournal.Edit;
import io.gamemesh.cluster.fault.PlayersJournal.Place;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Compares what players were told is done with the world, as it is shown to somebody who has just come into it and knows nothing
 * of before. Of the edits of a block those may be seen that nobody can say to have been followed by another: an edit was
 * surely followed by each that was accepted and asked for only after the answer to the first.
 */
final class WorldAudit {

    private static final Duration TO_SHOW = Duration.ofSeconds(30);

    /** What is shown may be older than what was just answered. */
    private static final Duration TO_CATCH_UP = Duration.ofSeconds(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final long SECONDS_TO_ANSWER = 10;

    private WorldAudit() {}

    /** What the audit found: blocks that were edited, and a sentence for each that is not as players were told. */
    record Finding(int places, List<String> lost) {}

    static Finding of(Mesh mesh, PlayersJournal journal) {
        List<ServerAddress> servers =
                mesh.playerAddresses().stream().map(ServerAddress::parse).toList();
        try (ClientTransport transport = ClientTransport.open(authority(mesh), mesh.namespace(), mesh.name(), 1)) {
            GameClient auditor = GameClient.builder()
                    .transport(transport)
                    .servers(servers)
                    .name("auditor")
                    .generate(false)
                    .connect()
                    .join();
            try {
                return look(auditor, journal);
            } finally {
                auditor.close();
                auditor.ended().orTimeout(SECONDS_TO_ANSWER, TimeUnit.SECONDS).join();
            }
        }
    }

    private static Finding look(GameClient auditor, PlayersJournal journal) {
        journal.read();
        Map<Place, List<Edit>> edits = journal.edits();
        await("all edited blocks to be shown")
                .atMost(TO_SHOW)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> shown(auditor, edits.keySet()).values().stream().allMatch(OptionalInt::isPresent));
        List<String> lost = differences(auditor, journal, edits.keySet());
        long until = System.nanoTime() + TO_CATCH_UP.toNanos();
        while (!lost.isEmpty() && System.nanoTime() - until < 0) {
            Pause.of(BETWEEN_LOOKS);
            lost = differences(auditor, journal, edits.keySet());
        }
        return new Finding(edits.size(), lost);
    }

    private static List<String> differences(GameClient auditor, PlayersJournal journal, Collection<Place> places) {
        Map<Place, OptionalInt> world = shown(auditor, places);
        // After the look: what was asked for until then may be seen.
        journal.read();
        Map<Place, List<Edit>> edits = journal.edits();
        return places.stream()
                .filter(place -> edits.containsKey(place))
                .filter(place ->
                        !mayBe(edits.getOrDefault(place, List.of()), world.getOrDefault(place, OptionalInt.empty())))
                .map(place -> "at %s there is %s after %s".formatted(place, world.get(place), edits.get(place)))
                .toList();
    }

    private static boolean mayBe(List<Edit> edits, OptionalInt block) {
        return edits.stream()
                .filter(edit -> block.equals(OptionalInt.of(edit.block())))
                .anyMatch(edit ->
                        edits.stream().noneMatch(later -> later.accepted() && later.askedAt() > edit.answeredAt()));
    }

    private static Map<Place, OptionalInt> shown(GameClient auditor, Collection<Place> places) {
        return auditor.inspect(world ->
                        places.stream().collect(Collectors.toMap(place -> place, at -> block(world, at))))
                .orTimeout(SECONDS_TO_ANSWER, TimeUnit.SECONDS)
                .join();
    }

    private static OptionalInt block(WorldView world, Place place) {
        return world.block(place.x(), place.y(), place.z());
    }

    private static Collection<X509Certificate> authority(Mesh mesh) {
        try {
            byte[] pem = mesh.certificateAuthority().getBytes(StandardCharsets.UTF_8);
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalStateException("the mesh's ca.crt is no certificate", e);
        }
    }
}
