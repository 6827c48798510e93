package io.gamemesh.protocol.id;

/**
 * The name of a {@code Region} resource: the mesh's name and the region's id, {@code MESH-d0-x1-y0-zn2}.
 *
 * @param mesh the name of the mesh, not empty
 * @param region the region
 */
public record RegionName(String mesh, RegionId region) {

    /** Refuses a mesh without a name. */
    public RegionName {
        if (mesh.isEmpty()) {
            throw new IllegalArgumentException("the mesh's name in a region name is empty, expected MESH-d0-x1-y0-zn2");
        }
    }

    /**
     * Reads a name. The mesh's own name may contain dashes; the last four parts are the region's id.
     *
     * @throws IllegalArgumentException if the text is not exactly {@code MESH-dN-xN-yN-zN}
     */
    public static RegionName parse(String text) {
        int dash = text.length();
        for (int part = 0; part < 4 && dash > 0; part++) {
            dash = text.lastIndexOf('-', dash - 1);
        }
        if (dash <= 0) {
            throw new IllegalArgumentException("region name is '" + text + "', expected MESH-d0-x1-y0-zn2");
        }
        return new RegionName(text.substring(0, dash), RegionId.parse(text.substring(dash + 1)));
    }

    /** {@code MESH-d0-x1-y0-zn2}. */
    @Override
    public String toString() {
        return region.name(mesh);
    }
}
