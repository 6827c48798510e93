package io.gamemesh.protocol.wire;

/**
 * Bytes from the other side that the specification does not allow. The message names the field, the value and what
 * was expected; it is fit to be sent back as the reason phrase of a close.
 */
public final class WireFormatException extends RuntimeException {

    private final CloseCode code;

    public WireFormatException(CloseCode code, String message) {
        // No stack trace: a stranger can cause these at will, and the message says which field it was.
        super(message, null, false, false);
        this.code = code;
    }

    /** The code to close the connection with. */
    public CloseCode code() {
        return code;
    }

    /** Bytes that the specification does not allow, whatever their length. */
    public static WireFormatException malformed(String message) {
        return new WireFormatException(CloseCode.MALFORMED, message);
    }
}
