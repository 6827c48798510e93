package io.gamemesh.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gamemesh.protocol.v1.ConsignmentSent;
import io.gamemesh.protocol.v1.PeerMessage;
import io.gamemesh.protocol.wire.WireFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorpusTest {

    private static final Path CORPUS = Path.of("corpus");

    static Stream<String> targets() {
        return Targets.all().stream().map(Target::name);
    }

    private static List<Path> files(String target) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void takesOrRefusesEveryFileOfTheCorpus(String name) throws IOException {
        Trial<?> trial = new Trial<>(Targets.named(name));

        List<Path> files = files(name);

        assertThat(files).isNotEmpty().allSatisfy(file -> trial.run(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void takesWhatIsReallySaid(String name) {
        Target<?> target = Targets.named(name);
        Trial<?> trial = new Trial<>(target);

        List<byte[]> seeds = target.seeds();

        assertThat(seeds).isNotEmpty().allMatch(trial::run);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void takesOrRefusesWhatIsReallySaidCutShort(String name) {
        Target<?> target = Targets.named(name);
        Trial<?> trial = new Trial<>(target);

        byte[] seed = target.seeds().getLast();
        int step = Math.max(1, seed.length / 500);

        assertThat(Stream.iterate(0, length -> length < seed.length, length -> length + step))
                .allSatisfy(length -> trial.run(Arrays.copyOf(seed, length)));
    }

    @Test
    void hasAFolderForEachTargetAndNoOther() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(targets().toList());
        }
    }

    /** Else mutations would begin far from it. */
    @Test
    void whatIsReallySaidHasAllThatNeighboursSayOfItems() throws IOException {
        Set<PeerMessage.BodyCase> said = EnumSet.noneOf(PeerMessage.BodyCase.class);
        Set<ConsignmentSent.BodyCase> sent = EnumSet.noneOf(ConsignmentSent.BodyCase.class);

        for (byte[] message : new Recording().peerMessages()) {
            PeerMessage read = PeerMessage.parseFrom(message);
            said.add(read.getBodyCase());
            sent.add(read.getConsignment().getBodyCase());
        }

        assertThat(said)
                .contains(
                        PeerMessage.BodyCase.CONSIGNMENT,
                        PeerMessage.BodyCase.CONSIGNMENT_RECEIVED,
                        PeerMessage.BodyCase.REMOTE_PICK_UP,
                        PeerMessage.BodyCase.REMOTE_PICK_UP_RESULT);
        assertThat(sent).contains(ConsignmentSent.BodyCase.OFFER, ConsignmentSent.BodyCase.PARCEL);
    }

    /** A target for which all goes wrong. */
    private record Broken(long mostAllocated, RuntimeException thrown) implements Target<byte[]> {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public byte[] decode(byte[] input) {
            if (input.length == 0) {
                throw thrown;
            }
            return new byte[100_000];
        }

        @Override
        public void check(byte[] input, byte[] value) {
            throw new AssertionError("it is not what it was");
        }

        @Override
        public long mostAllocated(int length) {
            return mostAllocated;
        }

        @Override
        public List<byte[]> seeds() {
            return List.of();
        }
    }

    @Test
    void noticesMemoryBeyondTheBound() {
        Trial<byte[]> trial = new Trial<>(new Broken(50_000, new IllegalStateException()));

        assertThatThrownBy(() -> trial.run(new byte[1]))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("allocates");
    }

    @Test
    void noticesAValueThatIsNotTheSame() {
        Trial<byte[]> trial = new Trial<>(new Broken(1_000_000, new IllegalStateException()));

        assertThatThrownBy(() -> trial.run(new byte[1])).hasMessage("it is not what it was");
    }

    @Test
    void noticesAnythingButARefusal() {
        Trial<byte[]> trial = new Trial<>(new Broken(1_000_000, new UncheckedIOException(new IOException("broken"))));

        assertThatThrownBy(() -> trial.run(new byte[0])).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void takesARefusalAsSuch() {
        Trial<byte[]> trial = new Trial<>(new Broken(1_000_000, WireFormatException.malformed("a field is missing")));

        assertThat(trial.run(new byte[0])).isFalse();
    }
}
