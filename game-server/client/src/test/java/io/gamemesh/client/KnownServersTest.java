package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownServersTest {

    private static final ServerAddress A = new ServerAddress("a", 1);
    private static final ServerAddress B = new ServerAddress("b", 1);
    private static final ServerAddress C = new ServerAddress("c", 1);

    @Test
    void givesEachItsTurn() {
        KnownServers servers = new KnownServers(List.of(A, B), 1);
        servers.learn(C);
        servers.learn(B);

        List<ServerAddress> turns = Stream.generate(servers::next).limit(4).toList();

        assertThat(turns).containsExactly(B, C, A, B);
    }

    @Test
    void avoidsTheOneThatWasLostWhileThereAreOthers() {
        KnownServers servers = new KnownServers(List.of(A, B), 0);

        assertThat(servers.nextOtherThan(A)).isEqualTo(B);
        assertThat(new KnownServers(List.of(A), 0).nextOtherThan(A)).isEqualTo(A);
    }

    @Test
    void forgetsTheFirstLearnedAndNeverThoseItWasGiven() {
        KnownServers servers = new KnownServers(List.of(A), 0);
        for (int i = 0; i < 100; i++) {
            servers.learn(new ServerAddress("learned-" + i, 1));
        }

        List<ServerAddress> all = Stream.generate(servers::next).limit(65).toList();

        assertThat(all).doesNotHaveDuplicates().contains(A, new ServerAddress("learned-99", 1));
        assertThat(servers.next()).isEqualTo(A);
    }
}
