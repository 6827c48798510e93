package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gamemesh.planner.coordinator.Event;
import io.gamemesh.planner.coordinator.WriteFailure;
import java.net.HttpURLConnection;

/** What the API server's answer to a write means to a coordinator. */
final class WriteResults {

    private static final int UNPROCESSABLE = 422;

    private WriteResults() {}

    static Event.WriteFailed failed(long write, KubernetesClientException failure) {
        return new Event.WriteFailed(write, kind(failure), String.valueOf(failure.getMessage()));
    }

    private static WriteFailure kind(KubernetesClientException failure) {
        return switch (failure.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> WriteFailure.NOT_FOUND;
            case HttpURLConnection.HTTP_CONFLICT ->
                failure.getStatus() != null
                                && "AlreadyExists".equals(failure.getStatus().getReason())
                        ? WriteFailure.ALREADY_EXISTS
                        : WriteFailure.CONFLICT;
            case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE ->
                WriteFailure.REFUSED;
            default -> WriteFailure.UNKNOWN;
        };
    }
}
