package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.crd.v1alpha1.ServersSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a mesh's own pods from those that only bear its labels, which whoever may create a pod can give it. */
public final class MeshPods {

    private MeshPods() {}

    /**
     * Says why a pod is not one of the mesh's game servers: those are named MESH-ORDINAL and are controlled by the mesh's
     * StatefulSet.
     *
     * @param pod     a pod in the mesh's namespace
     * @param mesh    which mesh its labels name
     * @param servers the StatefulSet of the mesh's name; null if there is none
     * @return what is wrong with it, with what was expected; empty if it is a game server of the mesh
     */
    public static Optional<String> faultOf(Pod pod, MeshKey mesh, @Nullable StatefulSet servers) {
        String name = pod.getMetadata().getName();
        String who = "pod " + pod.getMetadata().getNamespace() + "/" + name;
        if (!isServerName(name, mesh.name())) {
            return Optional.of(who + " bears the labels of mesh " + mesh + ", but not the name of a server: expected "
                    + mesh.name() + "-0 to " + mesh.name() + "-" + (ServersSpec.MAX_SERVERS - 1));
        }
        if (servers == null || !isControlledBy(pod, servers)) {
            return Optional.of(who + " bears the labels of mesh " + mesh + ", but is not controlled by it: expected the"
                    + " controller StatefulSet " + mesh + (servers == null ? ", which does not exist" : ""));
        }
        return Optional.empty();
    }

    /**
     * Says whether a pod of this name can be a game server of a mesh.
     *
     * @param pod  the pod's name
     * @param mesh the mesh's name
     * @return true for MESH-ORDINAL, of an ordinal that a mesh may have and without leading zeros
     */
    public static boolean isServerName(String pod, String mesh) {
        if (!pod.startsWith(mesh + "-")) {
            return false;
        }
        String ordinal = pod.substring(mesh.length() + 1);
        return ordinal.matches("0|[1-9][0-9]{0,3}") && Integer.parseInt(ordinal) < ServersSpec.MAX_SERVERS;
    }

    private static boolean isControlledBy(Pod pod, StatefulSet servers) {
        for (OwnerReference owner : pod.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())) {
                return "StatefulSet".equals(owner.getKind())
                        && owner.getApiVersion() != null
                        && owner.getApiVersion().startsWith("apps/")
                        && servers.getMetadata().getName().equals(owner.getName())
                        && servers.getMetadata().getUid().equals(owner.getUid());
            }
        }
        return false;
    }
}
