package io.gamemesh.server.net;

import java.net.InetSocketAddress;

/**
 * An address as configurations and messages write it: {@code host:port}, an IPv6 host in brackets (RFC 3986, section
 * 3.2.2).
 *
 * @param host without brackets, not empty
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 0xffff;

    public HostPort {
        if (host.isEmpty() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("address has host '" + host + "' and port " + port
                    + ", expected a host and a port up to " + MAX_PORT);
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is not {@code host:port}
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && text.charAt(Math.max(colon - 1, 0)) == ']';
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, Math.max(colon, 0));
        if (colon < 0
                || (!bracketed && host.indexOf(':') >= 0)
                || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "address is '" + text + "', expected host:port, an IPv6 host in brackets");
        }
        return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** Not resolved: that is for whoever connects. */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
