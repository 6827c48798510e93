package io.gamemesh.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.ClusterBuilder;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The connection of a client, whatever context it is of, as a file that other programs of this machine read. */
final class Kubeconfig {

    private static final String NAME = "gamemesh";

    private Kubeconfig() {}

    /**
     * Writes it, keys and tokens included, so the folder has to be one that nobody else can read.
     *
     * @throws UncheckedIOException if it can't be written
     */
    static void write(Config connection, Path file) {
        ClusterBuilder cluster = new ClusterBuilder().withServer(connection.getMasterUrl());
        if (connection.isTrustCerts()) {
            // With an authority beside it other programs refuse the file.
            cluster.withInsecureSkipTlsVerify(true);
        } else {
            cluster.withCertificateAuthority(connection.getCaCertFile())
                    .withCertificateAuthorityData(connection.getCaCertData());
        }
        AuthInfo user = new AuthInfoBuilder()
                .withClientCertificate(connection.getClientCertFile())
                .withClientCertificateData(connection.getClientCertData())
                .withClientKey(connection.getClientKeyFile())
                .withClientKeyData(connection.getClientKeyData())
                .withToken(
                        connection.getOauthToken() == null
                                ? connection.getAutoOAuthToken()
                                : connection.getOauthToken())
                .build();
        var kubeconfig = new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .addNewCluster()
                .withName(NAME)
                .withCluster(cluster.build())
                .endCluster()
                .addNewUser()
                .withName(NAME)
                .withUser(user)
                .endUser()
                .addNewContext()
                .withName(NAME)
                .withNewContext()
                .withCluster(NAME)
                .withUser(NAME)
                .endContext()
                .endContext()
                .withCurrentContext(NAME)
                .build();
        try {
            Files.writeString(file, Serialization.asYaml(kubeconfig));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
