package io.gamemesh.planner.coordinator;

/**
 * Order of Kubernetes resource versions of one kind. The API server promises that they can be compared as whole numbers
 * (KEP-5504); what is not a number is taken for news.
 */
final class ResourceVersions {

    private ResourceVersions() {}

    /** True unless the candidate is known to be as old as, or older than, what is there. */
    static boolean isNews(String candidate, String present) {
        if (candidate.equals(present)) {
            return false;
        }
        if (!isNumber(candidate) || !isNumber(present)) {
            return true;
        }
        return candidate.length() != present.length()
                ? candidate.length() > present.length()
                : candidate.compareTo(present) > 0;
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
