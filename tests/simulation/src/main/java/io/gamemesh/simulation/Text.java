package io.gamemesh.simulation;

import io.gamemesh.planner.coordinator.RegionStatus;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.RegionReport;
import io.gamemesh.protocol.v1.ServerMessage;

/** Short forms of statuses and messages, for the history. */
final class Text {

    private Text() {}

    static String of(RegionStatus status) {
        return status.phase() + " " + status.authority() + "@" + status.epoch()
                + (status.next() == null ? "" : " -> " + status.next()) + " highest " + status.highestEpoch()
                + (status.stateLost().isEmpty() ? "" : " (lost: " + status.stateLost() + ")");
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
                + report.getEpoch() + (report.getOfferedEpoch() == 0 ? "" : " offered " + report.getOfferedEpoch());
    }

    private static RegionId region(long packed) {
        return new RegionId(packed);
    }
}
