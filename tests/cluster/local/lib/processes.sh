# shellcheck shell=bash
# Processes known by a file with their id and start time, so that an id that was used again is never taken for ours.

# start NAME COMMAND... starts a process that outlives this script, unless it runs already.
start() {
    local name=$1 pid
    shift
    if running "$name"; then
        return
    fi
    setsid env -i PATH="$PATH" HOME="$HOME" "$@" >>"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
    pid=$!
    printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$RUN/$name.pid"
}

running() {
    local pid since
    [[ -r $RUN/$1.pid ]] && read -r pid since <"$RUN/$1.pid" && [[ -n $since && $(started_at "$pid") == "$since" ]]
}

started_at() {
    awk '$3 != "Z" { print $22 }' "/proc/$1/stat" 2>/dev/null || true
}

# stop NAME [SECONDS] asks a process to end and, after the time given, ends it.
stop() {
    local name=$1 patience=${2:-10} pid
    if running "$name"; then
        read -r pid _ <"$RUN/$name.pid"
        kill -TERM "$pid"
        if ! eventually "$patience" stopped "$name"; then
            warn "$name did not end within $patience s: killing it"
            kill -KILL "$pid"
            eventually 5 stopped "$name" || fail "$name (process $pid) can't be ended"
        fi
    fi
    rm -f "$RUN/$name.pid"
}

stopped() {
    ! running "$1"
}

# healthy SECONDS NAME COMMAND... waits until the command succeeds; ends the script when NAME dies or time is up.
healthy() {
    local patience=$1 name=$2 deadline=$((SECONDS + $1))
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ! running "$name" || ((SECONDS >= deadline)); then
            tail -n 15 "$LOGS/$name.log" | sed 's/^/       | /' >&2
            if running "$name"; then
                fail "$name is not ready after $patience s" "its log: $LOGS/$name.log"
            fi
            fail "$name ended right after its start" "its log: $LOGS/$name.log"
        fi
        sleep 0.3
    done
}
