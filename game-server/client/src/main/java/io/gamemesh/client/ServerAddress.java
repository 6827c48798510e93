package io.gamemesh.client;

/**
 * Where a server takes players.
 *
 * @param host a name or an IP address, without brackets
 * @param port UDP, 1 to 65535
 */
public record ServerAddress(String host, int port) {

    public ServerAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException(
                    "the host of a server's address is empty, expected a name or an address");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "the port of " + host + " is " + port + ", expected 1 to 65535: write HOST:PORT");
        }
    }

    /**
     * From {@code host:port}; an IPv6 host in brackets.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        if (colon < 1
                || !text.substring(colon + 1).matches("[0-9]{1,5}")
                || (!bracketed && text.indexOf(':') != colon)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no server address, expected HOST:PORT, as in 10.0.0.7:7777 or [fd00::7]:7777");
        }
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        return new ServerAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
