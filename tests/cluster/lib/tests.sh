# shellcheck shell=bash
# Runs tests and benchmarks with Maven, and counts.

NOT_CHECKED=()

maven() {
    mvn -B -ntp -f "$PROJECT/pom.xml" "$@"
}

forget_test_logs() {
    rm -f "$LOGS"/test{,-native,-cluster}.log
}

run_tests_without_cluster() {
    testing "building, and testing all that needs no cluster" "$LOGS/test.log" maven verify --fail-at-end
    fuzz_shortly
    validate_bundle
}

# OperatorHub's own validators. They are Go programs, so without Go there are none.
validate_bundle() {
    local folder
    if ! can_build_go; then
        not_checked "the bundle was not validated and not installed by OLM, and no HorizontalPodAutoscaler tried, for want \
of a Go toolchain (https://go.dev)"
        return
    fi
    logged "testing that OperatorHub's validators refuse what is wrong" "$LOGS/validators-test.log" \
        "$PROJECT/tests/cluster/olm/tools" test
    folder=$("$PROJECT/tests/cluster/olm/tools" validators)
    logged "validating the bundle with OperatorHub's validators" "$LOGS/validators.log" \
        "$folder/validators" "$PROJECT/olm-bundle/bundle"
    say "  $(tail -n 1 "$LOGS/validators.log")"
}

# What the tests left out and why, said now and again at the end.
not_checked() {
    warn "$1"
    NOT_CHECKED+=("$1")
}

can_build_go() {
    have go || [[ -x /usr/local/go/bin/go || -x /usr/lib/go/bin/go ]]
}

# The executable is the one that the image has.
run_tests_of_executables() {
    local program
    program=$(program_of server --native)
    testing "testing the game server's executable" "$LOGS/test-native.log" maven -Pexecutable -pl game-server/server -am \
        "-Dgamemesh.executable=$program/gamemesh-server" test-compile failsafe:integration-test failsafe:verify
}

run_tests_with_cluster() {
    # What was found running goes on running; what is started here is taken down, however this ends.
    if [[ $CLUSTER_KIND != named ]] && ! cluster_script exists && [[ ${GAMEMESH_KEEP:-} != true ]]; then
        trap 'trap - ERR; cluster_script down && forget_cluster' EXIT
    fi
    cluster_up
    remember_cluster
    install_operator
    if can_build_go; then
        # What tests need that put it there themselves, and are skipped without.
        if [[ $CLUSTER_KIND != named ]]; then
            "$PROJECT/tests/cluster/metrics-server/build" >/dev/null
        fi
        GAMEMESH_OLM=$("$PROJECT/tests/cluster/olm/tools" processes)
        export GAMEMESH_OLM
    else
        export GAMEMESH_METRICS=false
    fi
    # There `./mesh metrics` installs nothing, so it would fail.
    if [[ $CLUSTER_KIND == named ]] && ! metrics_api_is_available; then
        export GAMEMESH_METRICS=false
        not_checked "no HorizontalPodAutoscaler was tried, since the cluster that was named has no metrics API"
    fi
    if [[ -n $KUBECONFIG_OPTION ]]; then
        export GAMEMESH_KUBECONFIG=$KUBECONFIG_OPTION
    fi
    if [[ -n $CONTEXT_OPTION ]]; then
        export GAMEMESH_CONTEXT=$CONTEXT_OPTION
    fi
    testing "testing against the cluster" "$LOGS/test-cluster.log" maven -Pcluster -pl tests/cluster -am \
        --fail-at-end test-compile failsafe:integration-test failsafe:verify
}

# Like `logged`, but shows what Maven says of tests as it comes, and the counts before it fails.
testing() {
    local label=$1 log=$2 ticker line status=0
    shift 2
    say "$label"
    still_at "$label" "$$" &
    ticker=$!
    "$@" 2>&1 </dev/null | tee "$log" | while IFS= read -r line; do
        if [[ $line == *" Building Gamemesh "* || $line == *"Tests run:"*"Time elapsed"* ]]; then
            printf '       | %s\n' "${line#*] }" >&2
        fi
    done || status=${PIPESTATUS[0]}
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if ((status != 0)); then
        grep -E '^\[ERROR\]' "$log" | head -n 40 | sed 's/^/       | /' >&2 || true
        print_test_counts
        fail "$label: Maven's exit status is $status" "all of its output: $log"
    fi
}

run_benchmarks() {
    build_program tests/benchmarks
    exec "$JAVA_HOME/bin/java" -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow "-Dgamemesh.project=$PROJECT" \
        -cp "$PROJECT/tests/benchmarks/target/*:$PROJECT/tests/benchmarks/target/lib/*" io.gamemesh.benchmark.Bench "$@"
}

# build_program MODULE: its jar in target/, those of others in target/lib/.
build_program() {
    find_maven
    logged "building $1" "$LOGS/program.log" maven -pl "$1" -am package -Dmaven.test.skip=true
}

# What Maven's summaries of all modules add up to.
print_test_counts() {
    { cat "$LOGS"/test{,-native,-cluster}.log 2>/dev/null || true; } | sed $'s/\033\\[[0-9;]*m//g' | awk '
        /Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$/ {
            gsub(/[^0-9 ]/, "")
            tests += $1; failed += $2 + $3; skipped += $4; modules++
        }
        END {
            printf "\n%d tests in %d modules\n%d passed, %d failed, %d skipped\n",
                tests, modules, tests - failed - skipped, failed, skipped
        }'
    local reason
    for reason in ${NOT_CHECKED[@]+"${NOT_CHECKED[@]}"}; do
        warn "$reason"
    done
}
