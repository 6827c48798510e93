package io.gamemesh.bundle;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What tells one version of the bundle from another.
 *
 * @param version a semantic version without build metadata
 * @param replaces the version that an upgrade to this one starts from, if there is one
 * @param operatorImage the image of the operator
 * @param serverImage the image of game servers whose GameMesh names none
 * @see <a href="https://semver.org">Semantic Versioning</a>
 */
public record Release(String version, Optional<String> replaces, String operatorImage, String serverImage) {

    /** In lower case, since it becomes part of an object's name. */
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+(-[a-z0-9.-]+)?");

    public Release {
        requireVersion(version);
        replaces.ifPresent(Release::requireVersion);
        requireImage(operatorImage);
        requireImage(serverImage);
    }

    private static void requireVersion(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException(
                    "the version of a bundle must be like 1.2.3 or 1.2.3-rc.1, not '%s'".formatted(version));
        }
    }

    private static void requireImage(String image) {
        if (image.isBlank()) {
            throw new IllegalArgumentException("a bundle must name the images of operator and game server");
        }
    }
}
