package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** One seamless voxel world over many game servers. */
@JsonClassDescription("One seamless voxel world over many game servers.")
@Group("gamemesh.io")
@Version("v1alpha1")
@Plural("gamemeshes")
@ShortNames("gm")
@Categories({"mesh", "all"})
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Servers",
        jsonPath = ".status.summary.servers",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Players", jsonPath = ".status.players", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Regions",
        jsonPath = ".status.summary.regions",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Tick rate", jsonPath = ".status.tickRate", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Generator",
        jsonPath = ".spec.world.generator",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Seed",
        jsonPath = ".spec.world.seed",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Address",
        jsonPath = ".status.endpoints.players",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$')",
        message = "a GameMesh's name must be at most 40 lower-case letters, digits and hyphens and begin with "
                + "a letter, so that the names of its pods and services fit")
public class GameMesh extends CustomResource<GameMeshSpec, GameMeshStatus> implements Namespaced {

    /** None, so that a part of the object can be applied without its spec. */
    @Override
    protected @Nullable GameMeshSpec initSpec() {
        return null;
    }

    @Override
    protected GameMeshStatus initStatus() {
        return new GameMeshStatus();
    }
}
