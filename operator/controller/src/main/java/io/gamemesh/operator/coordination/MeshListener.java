package io.gamemesh.operator.coordination;

import io.gamemesh.coordinator.MeshKey;
import io.gamemesh.planner.coordinator.MeshView;

/** Is told by coordinators what a reconciler has to know. Methods return at once; any thread. */
interface MeshListener {

    /**
     * A mesh that is being deleted has no regions any more.
     *
     * @param mesh which
     */
    void released(MeshKey mesh);

    /**
     * A mesh looks like this now.
     *
     * @param mesh which
     * @param view how
     */
    void published(MeshKey mesh, MeshView view);
}
