# shellcheck shell=bash
# Fuzzes decoders with Jazzer (https://github.com/CodeIntelligenceTesting/jazzer).

FUZZING=$PROJECT/tests/fuzzing
# Inputs that have led somewhere new, for the next run to go on from, and those that have broken something.
FUZZED=$HOME_DIR/fuzzing
# So many inputs in `./mesh test`.
SHORT_RUNS=40000

# fuzzing list | seeds FOLDER | replay DECODER FILE
fuzzing() {
    fuzzing_java "" io.gamemesh.fuzzing.Fuzzing "$@"
}

fuzzing_java() {
    local decoder=$1
    shift
    "$JAVA_HOME/bin/java" -Xmx1g -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -XX:+EnableDynamicAgentLoading "-Dgamemesh.fuzzing.target=$decoder" \
        -cp "$FUZZING/target/*:$FUZZING/target/lib/*" "$@"
}

# fuzz DECODER LOG OPTION...: the options are libFuzzer's; fails when something was found. Without a name all decoders at once.
fuzz() {
    local decoder=$1 log=$2 work=$FUZZED/${1:-all}
    shift 2
    mkdir -p "$work"
    rm -rf "$FUZZED/seeds"
    fuzzing seeds "$FUZZED/seeds" >"$log" 2>&1 || return
    # Only our own code is watched: to look into that of the JDK takes longer than a short run.
    fuzzing_java "$decoder" com.code_intelligence.jazzer.Jazzer --target_class=io.gamemesh.fuzzing.FuzzEntry \
        "--reproducer_path=$FUZZED" '--custom_hook_includes=io.gamemesh.**' '--instrumentation_includes=io.gamemesh.**' \
        -rss_limit_mb=3072 -timeout=60 "-artifact_prefix=$FUZZED/${decoder:-all}-" "$@" \
        "$work" "$FUZZED/seeds/${decoder:-all}" $([[ -z $decoder ]] || echo "$FUZZING/corpus/$decoder") >"$log" 2>&1
}

fuzz_for() {
    local seconds=$1 decoder log found
    shift
    if (($# == 0)); then
        # shellcheck disable=SC2046 # One word each.
        set -- $(fuzzing list)
    fi
    for decoder in "$@"; do
        log=$LOGS/fuzz-$decoder.log
        say "fuzzing $decoder for $((seconds / $#)) s"
        if ! fuzz "$decoder" "$log" "-max_total_time=$((seconds / $#))"; then
            found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
            fail "$decoder: $(grep -a -m 1 -A 1 '^== Java Exception' "$log" | tail -n 1)" \
                "the input is ${found:-not known}; try it again: ./mesh fuzz --replay ${found:-FILE} $decoder" \
                "all that was said: $log"
        fi
        say "  $(grep -a 'DONE' "$log" | tail -n 1 | tr -s '\t ' ' ')"
    done
}

# The same inputs each time, as long as the code is the same.
fuzz_shortly() {
    local log=$LOGS/fuzz.log
    say "fuzzing all decoders with $SHORT_RUNS inputs"
    rm -rf "$FUZZED/all"
    if ! fuzz "" "$log" "-runs=$SHORT_RUNS" -seed=1; then
        fail "a decoder has not stood an input: $(grep -a -m 1 'AssertionError\|Exception: ' "$log")" \
            "all that was said: $log"
    fi
    say "  $(grep -a 'DONE' "$log" | tail -n 1 | tr -s '\t ' ' ')"
}
