package io.gamemesh.server.store;

import io.agroal.api.security.AgroalSecurityProvider;
import java.util.Properties;
import org.jboss.logging.Logger;

/** Gives the pool the login of each new connection from the files, so that a renewed password needs no restart. */
final class LoginProvider implements AgroalSecurityProvider {
    private static final Logger LOG = Logger.getLogger(LoginProvider.class);

    @Override
    @SuppressWarnings("NullAway") // By its contract null is for what it does not know.
    public Properties getSecurityProperties(Object securityObject) {
        if (!(securityObject instanceof StoreCredentials credentials)) {
            return null;
        }
        try {
            return credentials.login();
        } catch (StoreException e) {
            // The connection is refused without a login, and that is reported as any refusal is.
            LOG.error(e.getMessage());
            return new Properties();
        }
    }
}
