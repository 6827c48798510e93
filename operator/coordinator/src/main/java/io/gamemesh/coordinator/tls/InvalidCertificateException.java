package io.gamemesh.coordinator.tls;

/** A stored certificate or key that cannot be read; the message says which part, never what it contains. */
public final class InvalidCertificateException extends Exception {

    /**
     * Makes the exception.
     *
     * @param message what is wrong
     * @param cause   why
     */
    public InvalidCertificateException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Makes the exception.
     *
     * @param message what is wrong
     */
    public InvalidCertificateException(String message) {
        super(message);
    }
}
