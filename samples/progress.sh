# Progress of commands that take long. Sourced by samples/demo.sh and tests/run.sh, which call stop_telling at their exit.
trap 'exit 130' INT
trap 'exit 143' TERM

# Prints what the given command prints, every three seconds, until stop_telling. On a terminal the line is written again.
start_telling() {
    (
        last=""
        while sleep 3 >/dev/null 2>&1; do
            line=$("$@" 2>/dev/null | tail -n 1 | tr -d '\r' | cut -c 1-76)
            # The same words twice would look like a program that hangs, so dots show that it goes on.
            if [ "$line" = "$last" ]; then dots="$dots."; else dots=""; fi
            last=$line
            if [ -t 1 ]; then printf '\r\033[K  %s%s' "$line" "$dots"; else echo "  $line$dots"; fi
        done
    ) &
    teller=$!
}

stop_telling() {
    [ -n "${teller:-}" ] || return 0
    kill "$teller" 2>/dev/null || true
    wait "$teller" 2>/dev/null || true
    teller=""
    if [ -t 1 ]; then printf '\r\033[K'; fi
}

# Runs a command, of whose output only the last line is shown from time to time, and the end if it fails.
quietly() {
    log=$(mktemp)
    status=0
    start_telling tail -n 1 "$log"
    "$@" >"$log" 2>&1 || status=$?
    stop_telling
    [ "$status" -eq 0 ] || tail -n 30 "$log"
    rm -f "$log"
    return "$status"
}
