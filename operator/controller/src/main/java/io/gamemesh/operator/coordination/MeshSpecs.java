package io.gamemesh.operator.coordination;

import io.gamemesh.crd.v1alpha1.AutoscalingSpec;
import io.gamemesh.crd.v1alpha1.Bounds;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import io.gamemesh.planner.LoadWeights;
import io.gamemesh.planner.MeshSpec;
import io.gamemesh.planner.scaling.ScalingTargets;
import io.gamemesh.protocol.geometry.Box;
import io.gamemesh.protocol.geometry.WorldGeometry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Translates the spec of a GameMesh for the planner. */
final class MeshSpecs {

    private static final double PERCENT = 100;
    private static final double ENTITIES_PER_WEIGHT = 1000;

    private MeshSpecs() {}

    static MeshSpec of(String name, GameMeshSpec spec) {
        var weights = spec.load().weights();
        return new MeshSpec(
                name,
                new WorldGeometry(
                        spec.world().regionSize(),
                        spec.world().minRegionSize(),
                        spec.world().overlap(),
                        box(spec.world().bounds())),
                spec.servers().replicas(),
                targets(spec.autoscaling()),
                spec.servers().tickRate(),
                spec.servers().maxPlayers(),
                new LoadWeights(
                        weights.players() / PERCENT,
                        weights.thousandEntities() / PERCENT / ENTITIES_PER_WEIGHT,
                        weights.cpu() / PERCENT,
                        weights.network() / PERCENT),
                spec.load().highPercent() / PERCENT,
                spec.failover().heartbeatMillis(),
                spec.failover().coordinatorLeaseMillis(),
                spec.failover().backups(),
                MeshSpec.DEFAULT_MAX_REGIONS);
    }

    private static @Nullable ScalingTargets targets(AutoscalingSpec autoscaling) {
        return autoscaling.enabled()
                ? new ScalingTargets(
                        autoscaling.maxReplicas(),
                        autoscaling.playersPerServer(),
                        autoscaling.cpuPercent() / PERCENT,
                        autoscaling.memoryPercent() / PERCENT,
                        autoscaling.tickRatePercent() / PERCENT,
                        Duration.ofSeconds(autoscaling.scaleUpStabilizationSeconds()),
                        Duration.ofSeconds(autoscaling.scaleDownStabilizationSeconds()))
                : null;
    }

    private static @Nullable Box box(@Nullable Bounds bounds) {
        return bounds == null
                ? null
                : Box.of(
                        bounds.min().x(),
                        bounds.min().y(),
                        bounds.min().z(),
                        bounds.max().x(),
                        bounds.max().y(),
                        bounds.max().z());
    }
}
