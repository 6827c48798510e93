package io.gamemesh.operator.leader;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replica's name in the Lease, {@code POD@HOST:PORT}: others read from it where the leader's control plane is.
 *
 * @param pod     the pod's name
 * @param address host:port of its control plane
 */
record Identity(String pod, String address) {

    static Optional<Identity> parse(@Nullable String holder) {
        if (holder == null) {
            return Optional.empty();
        }
        int at = holder.indexOf('@');
        return at < 1 || at == holder.length() - 1
                ? Optional.empty()
                : Optional.of(new Identity(holder.substring(0, at), holder.substring(at + 1)));
    }

    @Override
    public String toString() {
        return pod + "@" + address;
    }
}
