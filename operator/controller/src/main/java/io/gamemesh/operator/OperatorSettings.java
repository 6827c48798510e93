package io.gamemesh.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** The operator's settings, from the environment: {@code GAMEMESH_SERVER_IMAGE} and so on. */
@ConfigMapping(prefix = "gamemesh")
public interface OperatorSettings {

    /**
     * The image of game servers whose GameMesh names none.
     *
     * @return the image's name
     */
    @WithDefault("gamemesh/server:latest")
    String serverImage();

    /**
     * The pod that this process runs in, from the downward API.
     *
     * @return the pod
     */
    Pod pod();

    /**
     * The control plane that game servers connect to.
     *
     * @return its settings
     */
    Coordinator coordinator();

    /**
     * Election of the leader among the replicas.
     *
     * @return its settings
     */
    @WithName("leader-election")
    LeaderElection leaderElection();

    /** The pod that this process runs in. */
    interface Pod {

        /**
         * The name, unique among the replicas.
         *
         * @return the name
         */
        @WithDefault("${POD_NAME:${HOSTNAME:gamemesh-operator}}")
        String name();

        /**
         * The namespace: of the Lease, of the Secret with the control plane's certificate, and of its Service.
         *
         * @return the namespace
         */
        @WithDefault("${POD_NAMESPACE:gamemesh-system}")
        String namespace();

        /**
         * The address at which other pods reach this one.
         *
         * @return an IP address
         */
        @WithDefault("${POD_IP:127.0.0.1}")
        String ip();
    }

    /** The control plane that game servers connect to. */
    interface Coordinator {

        /**
         * The TCP port.
         *
         * @return 0 for any free one
         */
        @WithDefault("9090")
        int port();

        /**
         * What game servers are told to connect to.
         *
         * @return host:port; the Service {@code gamemesh-coordinator} in the operator's namespace if absent
         */
        Optional<String> endpoint();

        /**
         * How long an accepted token need not be reviewed again.
         *
         * @return the duration
         */
        @WithName("token-cache")
        @WithDefault("10s")
        Duration tokenCache();
    }

    /** Election of the leader. A leader that was killed is replaced within lease duration plus retry period. */
    interface LeaderElection {

        /**
         * How long others wait after the last renewal.
         *
         * @return the duration, whole seconds
         */
        @WithName("lease-duration")
        @WithDefault("4s")
        Duration leaseDuration();

        /**
         * How long a leader tries to renew before it gives up.
         *
         * @return the duration, below the lease duration
         */
        @WithName("renew-deadline")
        @WithDefault("3s")
        Duration renewDeadline();

        /**
         * How long between two tries, of the leader and of the others.
         *
         * @return the duration, below the renew deadline
         */
        @WithName("retry-period")
        @WithDefault("400ms")
        Duration retryPeriod();
    }
}
