package io.gamemesh.server.coordinator;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Sends the service-account token in {@code file} with each call; read anew each time, as Kubernetes renews it. */
final class TokenCredentials extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Path file;

    TokenCredentials(Path file) {
        this.file = file;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        executor.execute(() -> {
            try {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, "Bearer " + Files.readString(file).strip());
                applier.apply(headers);
            } catch (IOException e) {
                applier.fail(Status.UNAUTHENTICATED
                        .withDescription("cannot read the service-account token " + file
                                + ": mount a projected token with the audience gamemesh-coordinator there")
                        .withCause(e));
            }
        });
    }
}
