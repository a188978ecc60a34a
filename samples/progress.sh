# Progress of commands that take long. Sourced by samples/demo.sh and tests/run.sh. The command runs in the background and the
# script itself tells how far it is, so that nothing has to be stopped when the command ends.
worker=""
stop_worker() {
    [ -z "$worker" ] || kill "$worker" 2>/dev/null || true
}
trap 'stop_worker; exit 130' INT
trap 'stop_worker; exit 143' TERM

# Waits for the process $worker, and returns its exit code. Every three seconds, prints what the given command prints. On a
# terminal the line is written again.
tell_until_end() {
    turn=0 last="" dots="" status=0
    while [ -d "/proc/$worker" ]; do
        sleep 0.2
        turn=$((turn + 1))
        [ $((turn % 15)) -eq 0 ] || continue
        line=$("$@" 2>/dev/null | tail -n 1 | tr -d '\r' | cut -c 1-76)
        # The same words twice would look like a program that hangs, so dots show that it goes on.
        if [ "$line" = "$last" ]; then dots="$dots."; else dots=""; fi
        last=$line
        if [ -t 1 ]; then printf '\r\033[K  %s%s' "$line" "$dots"; else echo "  $line$dots"; fi
    done
    wait "$worker" || status=$?
    worker=""
    if [ -t 1 ]; then printf '\r\033[K'; fi
    return "$status"
}

# Runs a command, of whose output only the last line is shown from time to time, and the end if it fails.
quietly() {
    log=$(mktemp)
    "$@" >"$log" 2>&1 &
    worker=$!
    code=0
    tell_until_end tail -n 1 "$log" || code=$?
    [ "$code" -eq 0 ] || tail -n 30 "$log"
    rm -f "$log"
    return "$code"
}
