package io.gamemesh.core.authority;

import java.util.function.Consumer;

/** Where the parts of the state machine put what is to be done, in order. */
final class Outbox {

    private Consumer<AuthorityAction> sink = action -> {};

    void open(Consumer<AuthorityAction> actions) {
        sink = actions;
    }

    void put(AuthorityAction action) {
        sink.accept(action);
    }

    void refuse(String reason) {
        put(new AuthorityAction.Refused(reason));
    }
}
