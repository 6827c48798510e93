package io.gamemesh.operator;

import io.quarkiverse.operatorsdk.annotations.CSVMetadata;
import io.quarkiverse.operatorsdk.annotations.SharedCSVMetadata;

/**
 * What OperatorHub says of the operator. The build makes a bundle from it; what can be derived (permissions, deployment,
 * descriptors, examples, images) is not here but taken from where it is already said.
 */
@CSVMetadata(
        displayName = "Gamemesh",
        description = CatalogEntry.DESCRIPTION,
        keywords = {"game server", "multiplayer", "voxel", "game", "metaverse", "simulation"},
        maturity = "alpha",
        minKubeVersion = CatalogEntry.KUBERNETES,
        provider = @CSVMetadata.Provider(name = "Gamemesh", url = "https://gamemesh.io"),
        maintainers = @CSVMetadata.Maintainer(name = "Gamemesh", email = "dev@gamemesh.io"),
        links = @CSVMetadata.Link(name = "Gamemesh", url = "https://gamemesh.io"),
        installModes = {
            @CSVMetadata.InstallMode(type = "OwnNamespace", supported = false),
            @CSVMetadata.InstallMode(type = "SingleNamespace", supported = false),
            @CSVMetadata.InstallMode(type = "MultiNamespace", supported = false),
            @CSVMetadata.InstallMode(type = "AllNamespaces", supported = true)
        },
        annotations =
                @CSVMetadata.Annotations(
                        categories = "Application Runtime, Networking",
                        capabilities = "Basic Install",
                        certified = false,
                        repository = "https://gamemesh.io"))
final class CatalogEntry implements SharedCSVMetadata {

    /** The first in which an eviction can take a pod that is not ready past its disruption budget. */
    static final String KUBERNETES = "1.31.0";

    static final String DESCRIPTION = """
            Gamemesh runs one seamless voxel world over as many game servers as it needs.

            You apply a `GameMesh`. The operator brings up game servers, divides the world into `Region`s, gives each an
            authority, and keeps it so while players come and go, pods die, nodes drain and versions change. Players walk
            from one server to the next in one world.

            ### What it does

            * **One resource, a running world.** Game servers, services, certificates, configuration and disruption
              budget from one `GameMesh`; `kubectl get gamemeshes,regions` shows servers, players, load and who acts where.
            * **One authority a region.** Kubernetes itself is the arbiter: who acts for a region is a compare-and-swap on
              its status, under an epoch that is never used twice.
            * **Regions move, players stay.** Before a pod goes, its regions go to another with the players in them.
            * **The operator is not on the path of play.** Several replicas elect a leader; without any, the world goes on.

            ### Before you start

            The operator watches all namespaces. Players reach game servers over UDP: by node ports unless a GameMesh's
            `spec.servers.exposure` says otherwise. Game servers run on Linux on x86-64.

            A first world is the example `demo`: eight regions on three servers.

            ### Uninstalling

            Worlds and their resource definitions survive the removal of the operator, and go on; another install takes
            them up. To remove them too, delete the GameMeshes before the operator.
            """;

    private CatalogEntry() {}
}
