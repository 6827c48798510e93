package io.gamemesh.core.region;

/** Bytes that are not a region's state, or not that region's. Nothing was changed by trying to read them. */
public final class RegionStateException extends Exception {

    /** Names what was found and what was expected. */
    public RegionStateException(String message) {
        super(message);
    }
}
