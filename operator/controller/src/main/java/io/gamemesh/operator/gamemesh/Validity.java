package io.gamemesh.operator.gamemesh;

import java.util.List;

/**
 * Whether a spec can be used.
 *
 * @param problems what is wrong: field, value, what was expected; none if it is valid
 */
record Validity(List<String> problems) {

    Validity {
        problems = List.copyOf(problems);
    }

    boolean valid() {
        return problems.isEmpty();
    }

    String message() {
        return valid() ? "the spec is valid" : String.join("; ", problems);
    }
}
