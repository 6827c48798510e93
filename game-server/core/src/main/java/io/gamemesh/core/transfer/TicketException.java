package io.gamemesh.core.transfer;

/** Bytes that are not a valid ticket of this mesh; the message may be told to the client. */
public final class TicketException extends Exception {

    /** Says what is wrong without repeating the bytes. */
    public TicketException(String message) {
        super(message);
    }
}
