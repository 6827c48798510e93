package io.gamemesh.operator.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gamemesh.crd.v1alpha1.GameMesh;
import org.junit.jupiter.api.Test;

class TerminatedAnnotationTest {

    @Test
    void namesIncarnations() {
        assertThat(read(" 7, 12,16777215 ").incarnations()).containsExactlyInAnyOrder(7, 12, 16777215);
    }

    @Test
    void leavesOutAndNamesWhatIsNone() {
        TerminatedAnnotation annotation = read("7,0,x,-1,16777216,99999999999,");

        assertThat(annotation.incarnations()).containsExactly(7);
        assertThat(annotation.unreadable()).containsExactly("0", "x", "-1", "16777216", "99999999999");
    }

    @Test
    void saysNothingWhereThereIsNone() {
        GameMesh mesh = new GameMesh();
        mesh.setMetadata(new ObjectMetaBuilder().withName("demo").build());

        assertThat(TerminatedAnnotation.of(mesh).incarnations()).isEmpty();
        assertThat(TerminatedAnnotation.of(mesh).unreadable()).isEmpty();
    }

    private static TerminatedAnnotation read(String value) {
        GameMesh mesh = new GameMesh();
        mesh.setMetadata(new ObjectMetaBuilder()
                .withName("demo")
                .addToAnnotations(TerminatedAnnotation.NAME, value)
                .build());
        return TerminatedAnnotation.of(mesh);
    }
}
