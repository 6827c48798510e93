package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.Secret;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.crd.v1alpha1.StoreSpec;
import io.gamemesh.crd.v1alpha1.StoresSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Secret with which servers get into the database that keeps the world: a user's, so it is read and never written. */
final class StoreSecret {

    /** Where servers find its keys, each a file. */
    static final String DIRECTORY = "/etc/gamemesh/store";

    /** What servers need. */
    static final List<String> KEYS = List.of("url", "username", "password");

    private StoreSecret() {}

    /** Its name; null if the mesh has no such database. */
    static @Nullable String name(GameMeshSpec spec) {
        StoresSpec stores = spec.stores();
        StoreSpec postgres = stores == null ? null : stores.postgres();
        return postgres == null ? null : postgres.secretRef().name();
    }

    /**
     * Why servers cannot use it, for people; nothing of what is in it.
     *
     * @param name of the Secret that the spec asks for
     * @param secret null if there is none
     */
    static List<String> problems(String name, @Nullable Secret secret) {
        String reference = "Secret " + name + ", which spec.stores.postgres.secretRef names, ";
        if (secret == null) {
            return List.of(reference + "does not exist: new servers wait for it; create it with the keys "
                    + String.join(", ", KEYS));
        }
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        return KEYS.stream()
                .filter(key -> data.getOrDefault(key, "").isEmpty())
                .map(key -> reference + "has no key " + key
                        + ", or it is empty: new servers wait for it; expected the keys " + String.join(", ", KEYS))
                .toList();
    }
}
