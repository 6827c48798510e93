package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MeshPropertiesTest {

    @Test
    void leavesOutTheBoundsOfAnUnboundedWorld() throws IOException {
        assertThat(properties(Meshes.model("defaults"))).doesNotContainKey("gamemesh.world.bounds");
        assertThat(properties(Meshes.model("everything")))
                .containsEntry("gamemesh.world.bounds", "-1024,0,-1024,1024,1024,1024");
    }

    @Test
    void saysWhatPlayersBeginWith() throws IOException {
        var mesh = Meshes.read("everything");
        mesh.setSpec(Meshes.spec("""
                world:
                  startingItems: [{item: 1, count: 10}, {item: 2, count: 5}]
                """));

        assertThat(properties(Meshes.model(mesh))).containsEntry("gamemesh.world.starting-items", "1:10,2:5");
        assertThat(properties(Meshes.model("defaults"))).doesNotContainKey("gamemesh.world.starting-items");
    }

    @Test
    void saysWhatLivesInTheWorld() throws IOException {
        var mesh = Meshes.read("everything");
        mesh.setSpec(Meshes.spec("""
                world:
                  creatures: {perRegion: 250}
                """));

        assertThat(properties(Meshes.model(mesh)))
                .containsEntry("gamemesh.world.creatures", "250")
                .containsEntry("gamemesh.world.behaviour", "wander");
        assertThat(properties(Meshes.model("defaults")))
                .doesNotContainKeys("gamemesh.world.creatures", "gamemesh.world.behaviour");
    }

    @Test
    void namesTheStoreOnlyIfThereIsOne() throws IOException {
        assertThat(properties(Meshes.model("defaults"))).doesNotContainKey("gamemesh.store.kind");
        assertThat(properties(Meshes.model("everything")))
                .containsEntry("gamemesh.store.kind", "postgres")
                .containsEntry("gamemesh.store.directory", "/etc/gamemesh/store");
    }

    @Test
    void keepsAUsersTextFromBecomingAnotherKeyOrAnExpression() throws IOException {
        var mesh = Meshes.read("everything");
        mesh.setSpec(Meshes.spec("""
                security:
                  players: JWT
                  jwt:
                    issuer: "https://a\\ngamemesh.mesh.name=evil"
                    audience: "${TICKET_KEY} C:\\\\ü"
                    jwksSecretRef: {name: keys, key: jwks.json}
                """));

        Properties properties = properties(Meshes.model(mesh));

        assertThat(properties)
                .containsEntry("gamemesh.mesh.name", "world")
                .containsEntry("gamemesh.security.jwt.issuer", "https://a\ngamemesh.mesh.name=evil")
                .containsEntry("gamemesh.security.jwt.audience", "\\${TICKET_KEY} C:\\ü");
    }

    private static Properties properties(MeshModel model) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(MeshProperties.of(model)));
        return properties;
    }
}
