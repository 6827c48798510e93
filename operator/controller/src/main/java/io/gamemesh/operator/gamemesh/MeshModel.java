package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Map;

/**
 * All that the dependents of a mesh are computed from, put together once a reconciliation.
 *
 * @param names               the names of its objects
 * @param spec                the last valid spec
 * @param servers             how many servers there are to be now, those that are still to be emptied included
 * @param playerServices      how many servers have a Service for players: those wanted and those not yet gone
 * @param defaultImage        the game server's image unless the spec names one
 * @param coordinatorEndpoint host:port of the control plane
 * @param coordinatorCa       PEM text of the authority behind the control plane's certificate
 */
record MeshModel(
        MeshNames names,
        GameMeshSpec spec,
        int servers,
        int playerServices,
        String defaultImage,
        String coordinatorEndpoint,
        String coordinatorCa) {

    private static final String KEY = "mesh-model";

    String mesh() {
        return names.mesh();
    }

    String image() {
        String image = spec.servers().image();
        return image == null ? defaultImage : image;
    }

    Map<String, String> selector() {
        return MeshLabels.selector(mesh());
    }

    /** The metadata of one of the mesh's objects. */
    ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(MeshLabels.all(mesh()))
                .build();
    }

    /**
     * The metadata of one of the mesh's Services.
     *
     * @param purpose the value of {@link MeshLabels#SERVICE}, by which the dependents tell their Services apart
     */
    ObjectMeta serviceMetadata(String name, String purpose) {
        return metadata(name).edit().addToLabels(MeshLabels.SERVICE, purpose).build();
    }

    /** Leaves the model where the dependents of this reconciliation find it. */
    void share(Context<?> context) {
        context.managedWorkflowAndDependentResourceContext().put(KEY, this);
    }

    /** The model of this reconciliation. */
    static MeshModel of(Context<?> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(KEY, MeshModel.class);
    }
}
