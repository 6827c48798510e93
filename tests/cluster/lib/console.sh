# shellcheck shell=bash
# What all scripts say and how: progress with elapsed time, failures with what to do, output kept in log files.

say() {
    printf '%s%4ds%s  %s\n' "$(colour 2)" "$SECONDS" "$(colour 0)" "$*" >&2
}

warn() {
    printf '%s%4ds  %s%s\n' "$(colour 33)" "$SECONDS" "$*" "$(colour 0)" >&2
}

# fail WHAT [WHAT TO DO]... ends the script.
fail() {
    printf '%serror:%s %s\n' "$(colour 31)" "$(colour 0)" "$1" >&2
    shift
    local line
    for line in "$@"; do
        printf '       %s\n' "$line" >&2
    done
    exit 1
}

colour() {
    if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
        printf '\033[%sm' "$1"
    fi
}

# logged LABEL LOG COMMAND... runs a command with its output in a log file, and says every 20 s that it is still at it.
# On failure it prints the end of the log and ends the script.
logged() {
    local label=$1 log=$2 ticker status error_trap
    shift 2
    say "$label"
    mkdir -p "$(dirname "$log")"
    still_at "$label" "$$" &
    ticker=$!
    error_trap=$(trap -p ERR)
    trap - ERR
    set +e
    # In a shell of its own that ends at the first error, which it would not as part of a condition.
    (
        set -e
        "$@"
    ) >"$log" 2>&1 </dev/null
    status=$?
    set -e
    eval "$error_trap"
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if ((status != 0)); then
        tail -n 25 "$log" | sed 's/^/       | /' >&2
        fail "$label: exit status $status" "all of its output: $log"
    fi
}

# The sleeping process outlives its shell, so it must hold no lock (9) and no pipe that somebody reads to its end.
still_at() {
    while sleep 20 >/dev/null 2>&1 9>&- && kill -0 "$2" 2>/dev/null; do
        say "  … $1"
    done
}

# eventually SECONDS COMMAND... repeats a command until it succeeds; fails when the time is up.
eventually() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= deadline)); then
            return 1
        fi
        sleep 0.3
    done
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# have_program NAME: like `have`, but functions of this script don't count.
have_program() {
    [[ -n $(type -P "$1") ]]
}
