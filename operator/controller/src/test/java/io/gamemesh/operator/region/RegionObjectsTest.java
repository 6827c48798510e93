package io.gamemesh.operator.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.Region;
import io.gamemesh.protocol.id.RegionId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegionObjectsTest {

    private static final RegionId ID = RegionId.of(1, 3, 0, -2);

    @Test
    void belongToTheirMeshAndAreHeldUntilTheirAuthorityHasGivenThemUp() {
        Region region = RegionObjects.of(mesh(), ID, 1024, Map.of("a", "b"));

        assertThat(region.getMetadata().getName()).isEqualTo("demo-d1-x3-y0-zn2");
        assertThat(region.getMetadata().getFinalizers()).containsExactly("gamemesh.io/authority");
        assertThat(region.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("GameMesh");
            assertThat(owner.getUid()).isEqualTo("mesh-uid");
            assertThat(owner.getController()).isTrue();
        });
    }

    @Test
    void sayWhichCubeTheyAre() {
        Region region = RegionObjects.of(mesh(), ID, 1024, Map.of());

        assertThat(RegionObjects.id(region)).isEqualTo(ID);
        assertThat(region.getSpec().bounds().min().toList()).isEqualTo(List.of(3072, 0, -2048));
        assertThat(region.getSpec().bounds().max().toList()).isEqualTo(List.of(4096, 1024, -1024));
        assertThat(region.getSpec().parent()).isEqualTo("demo-d0-x1-y0-zn1");
    }

    private static GameMesh mesh() {
        GameMesh mesh = new GameMesh();
        mesh.setMetadata(new ObjectMetaBuilder()
                .withName("demo")
                .withNamespace("default")
                .withUid("mesh-uid")
                .build());
        return mesh;
    }
}
