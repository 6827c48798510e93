package io.gamemesh.operator.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gamemesh.planner.coordinator.WriteFailure;
import org.junit.jupiter.api.Test;

class WriteResultsTest {

    @Test
    void tellAConflictFromAnObjectThatIsThereAlready() {
        assertThat(kind(409, "Conflict")).isEqualTo(WriteFailure.CONFLICT);
        assertThat(kind(409, "AlreadyExists")).isEqualTo(WriteFailure.ALREADY_EXISTS);
    }

    @Test
    void tellWhatIsRefusedForGood() {
        assertThat(kind(422, "Invalid")).isEqualTo(WriteFailure.REFUSED);
        assertThat(kind(403, "Forbidden")).isEqualTo(WriteFailure.REFUSED);
        assertThat(kind(404, "NotFound")).isEqualTo(WriteFailure.NOT_FOUND);
    }

    @Test
    void leaveOpenWhatNobodyKnows() {
        assertThat(kind(500, "InternalError")).isEqualTo(WriteFailure.UNKNOWN);
        assertThat(WriteResults.failed(1, new KubernetesClientException("timeout"))
                        .failure())
                .isEqualTo(WriteFailure.UNKNOWN);
    }

    private static WriteFailure kind(int code, String reason) {
        return WriteResults.failed(
                        1,
                        new KubernetesClientException(new StatusBuilder()
                                .withCode(code)
                                .withReason(reason)
                                .withMessage(reason)
                                .build()))
                .failure();
    }
}
