package io.gamemesh.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.wire.EntityKind;
import org.junit.jupiter.api.Test;

class SceneTest {

    private static final int MOST = 16;

    private final Scene scene = new Scene(new SyncSettings(1, 20, 96, 20_000), MOST);

    private int see(long id, int kind) {
        return scene.see(id, kind, 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    private int seeBody(long id) {
        return scene.seeBody(id, 0, 0, 0, 0, 0, 0, PackedRotation.NONE, 0, 0, 0, "");
    }

    @Test
    void leavesOutWhatThereIsNoNumberFor() {
        scene.begin(1);
        for (int id = 1; id <= MOST; id++) {
            see(id, EntityKind.PLAYER);
        }

        int one = see(100, EntityKind.PLAYER);
        int body = seeBody(101);
        scene.seePart(1, EntityKind.HEAD, 0, 0, 0, PackedRotation.NONE);
        scene.end();

        assertThat(one).isEqualTo(Scene.NONE);
        assertThat(body).isEqualTo(Scene.NONE);
        assertThat(scene.number(100)).isEqualTo(Scene.NONE);
        assertThat(scene.number(MOST)).isNotEqualTo(Scene.NONE);
        assertThat(scene.leftOut()).isEqualTo(3);
    }

    @Test
    void keepsNumbersForPlayersOfTheRegion() {
        scene.begin(1);
        int bodies = 0;
        while (bodies < MOST && seeBody(1 + bodies) != Scene.NONE) {
            bodies++;
        }

        int player = see(100, EntityKind.PLAYER);
        scene.beginGhosts();
        int ghost = see(101, EntityKind.PLAYER);
        scene.end();

        assertThat(bodies).isEqualTo(MOST * 3 / 4);
        assertThat(player).isNotEqualTo(Scene.NONE);
        assertThat(ghost).isEqualTo(Scene.NONE);
    }

    @Test
    void showsWhatWasLeftOutOnceThereIsANumberForIt() {
        scene.begin(1);
        for (int id = 1; id <= MOST + 1; id++) {
            see(id, EntityKind.PLAYER);
        }
        scene.end();
        scene.begin(2);
        see(MOST + 1, EntityKind.PLAYER);
        scene.end();

        scene.begin(3);
        int number = see(MOST + 1, EntityKind.PLAYER);
        scene.end();

        assertThat(number).isNotEqualTo(Scene.NONE);
        assertThat(scene.leftOut()).isZero();
    }
}
