package io.gamemesh.simulation;

import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.ServerMessage;
import io.gamemesh.protocol.v1.ServerRef;
import java.util.List;

/** Short forms of statuses and messages, for the history. */
final class Text {

    private Text() {}

    static String of(RegionStatus status) {
        return status.phase() + " " + status.authority() + "@" + status.epoch()
                + (status.next() == null ? "" : " -> " + status.next()) + " highest " + status.highestEpoch()
                + " backups " + status.backups().configuration() + ":" + backups(status)
                + (status.stateLost().isEmpty() ? "" : " (lost: " + status.stateLost() + ")");
    }

    private static String backups(RegionStatus status) {
        StringBuilder text = new StringBuilder();
        status.backups()
                .list()
                .forEach(backup -> text.append(' ').append(backup.server()).append(backup.inSync() ? " in sync" : ""));
        return text.toString();
    }

    static String of(CoordinatorMessage message) {
        String body = switch (message.getBodyCase()) {
            case REGISTERED -> "Registered " + message.getRegistered().getIncarnation();
            case START ->
                "Start " + region(message.getStart().getRegionId()) + "@"
                        + message.getStart().getEpoch();
            case MOVE ->
                "Move " + region(message.getMove().getRegionId()) + "@"
                        + message.getMove().getEpoch() + " to "
                        + message.getMove().getTarget().getName() + "#"
                        + message.getMove().getTarget().getIncarnation() + "@"
                        + message.getMove().getOfferedEpoch();
            case CANCEL_MOVE ->
                "CancelMove " + region(message.getCancelMove().getRegionId()) + "@"
                        + message.getCancelMove().getOfferedEpoch();
            case RESUME ->
                "Resume " + region(message.getResume().getRegionId()) + "@"
                        + message.getResume().getEpoch();
            case RELEASE ->
                "Release " + region(message.getRelease().getRegionId()) + "@"
                        + message.getRelease().getEpoch();
            case PROMOTE ->
                "Promote " + region(message.getPromote().getRegionId()) + "@"
                        + message.getPromote().getEpoch()
                        + (message.getPromote().getPredecessorDead() ? " dead" : "");
            case CONFIGURE ->
                "Configure " + region(message.getConfigure().getRegionId()) + "@"
                        + message.getConfigure().getEpoch() + " configuration "
                        + message.getConfigure().getConfiguration();
            default -> message.getBodyCase().toString();
        };
        return body + " (term " + message.getTerm() + ")";
    }

    static String of(ServerMessage message) {
        return switch (message.getBodyCase()) {
            case REGISTER -> {
                StringBuilder text =
                        new StringBuilder("Register " + message.getRegister().getIncarnation());
                for (RegionReport report : message.getRegister().getRegionsList()) {
                    text.append(", ").append(of(report));
                }
                yield text.toString();
            }
            case REGION -> of(message.getRegion());
            default -> message.getBodyCase().toString();
        };
    }

    private static String of(RegionReport report) {
        return region(report.getRegionId()) + " " + report.getState().name().substring("REGION_STATE_".length()) + "@"
                + report.getEpoch() + (report.getOfferedEpoch() == 0 ? "" : " offered " + report.getOfferedEpoch())
                + (report.getConfiguration() == 0 ? "" : " configuration " + report.getConfiguration())
                + (report.getInSyncCount() == 0 ? "" : " in sync " + names(report.getInSyncList()))
                + (report.getBehindCount() == 0 ? "" : " behind " + names(report.getBehindList()))
                + (report.getAuthoritySilent() ? " authority silent" : "");
    }

    private static String names(List<ServerRef> servers) {
        return String.join(
                ",",
                servers.stream()
                        .map(server -> server.getName() + "#" + server.getIncarnation())
                        .toList());
    }

    private static RegionId region(long packed) {
        return new RegionId(packed);
    }
}
