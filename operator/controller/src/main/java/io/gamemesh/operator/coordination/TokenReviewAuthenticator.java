package io.gamemesh.operator.coordination;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gamemesh.coordinator.Authentication;
import io.gamemesh.coordinator.Authenticator;
import io.gamemesh.coordinator.Caller;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.operator.gamemesh.MeshLabels;
import io.gamemesh.operator.gamemesh.MeshPods;
import java.util.List;
import java.util.Optional;

/**
 * Recognises a game server by its projected service-account token: TokenReview names the pod that the token is bound to,
 * and the pod's label the mesh. A token that is bound to no pod, or to one that the mesh's StatefulSet has not made, is
 * refused.
 */
final class TokenReviewAuthenticator implements Authenticator {

    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private final KubernetesClient client;

    TokenReviewAuthenticator(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Authentication authenticate(String token) {
        try {
            TokenReview review = client.resource(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .withAudiences(AUDIENCE)
                            .endSpec()
                            .build())
                    .create();
            return review.getStatus() != null
                            && Boolean.TRUE.equals(review.getStatus().getAuthenticated())
                    ? caller(review.getStatus().getUser())
                    : new Authentication.Refused("the token is not valid for the audience " + AUDIENCE);
        } catch (KubernetesClientException unavailable) {
            return new Authentication.Unavailable("the API server cannot review tokens right now; try again");
        }
    }

    private Authentication caller(UserInfo user) {
        String namespace = namespace(user).orElse(null);
        String name = extra(user, POD_NAME).orElse(null);
        String uid = extra(user, POD_UID).orElse(null);
        if (namespace == null || name == null || uid == null) {
            return new Authentication.Refused("the token is bound to no pod; expected a projected one");
        }
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null || !uid.equals(pod.getMetadata().getUid())) {
            return new Authentication.Refused("pod " + namespace + "/" + name + " that the token is bound to is gone");
        }
        MeshKey mesh = MeshLabels.meshOf(pod).orElse(null);
        if (mesh == null || !MeshLabels.isGameServer(pod)) {
            return new Authentication.Refused("pod " + namespace + "/" + name + " is not a game server of a mesh");
        }
        StatefulSet servers = client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(mesh.name())
                .get();
        return MeshPods.faultOf(pod, mesh, servers)
                .<Authentication>map(Authentication.Refused::new)
                .orElseGet(() -> new Authentication.Accepted(new Caller(mesh, name, uid)));
    }

    private static Optional<String> namespace(UserInfo user) {
        String username = user.getUsername();
        if (username == null || !username.startsWith(SERVICE_ACCOUNT)) {
            return Optional.empty();
        }
        String account = username.substring(SERVICE_ACCOUNT.length());
        int colon = account.indexOf(':');
        return colon < 1 ? Optional.empty() : Optional.of(account.substring(0, colon));
    }

    private static Optional<String> extra(UserInfo user, String key) {
        List<String> values = user.getExtra() == null ? null : user.getExtra().get(key);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }
}
