package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One cube of a world, with the one server that acts for it. Made by the operator. */
@JsonClassDescription("One cube of a world, with the one server that acts for it. Made by the operator.")
@Group("gamemesh.io")
@Version("v1alpha1")
@ShortNames("rg")
@Categories("mesh")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Authority",
        jsonPath = ".status.authority.server",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Backup",
        jsonPath = ".status.backups[0].server",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Epoch", jsonPath = ".status.epoch", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Players", jsonPath = ".status.players", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Load%", jsonPath = ".status.load", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Next",
        jsonPath = ".status.next.server",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Pinned",
        jsonPath = ".spec.pinnedTo",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Entities",
        jsonPath = ".status.entities",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Incarnation",
        jsonPath = ".status.authority.incarnation",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Last transfer",
        jsonPath = ".status.lastTransfer.reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public class Region extends CustomResource<RegionSpec, RegionStatus> implements Namespaced {

    @Override
    protected RegionStatus initStatus() {
        return new RegionStatus();
    }
}
