#!/bin/sh
# Runs a long test: sh tests/long.sh NAME [OPTION ...]. Without a name, lists the long tests: the files tests/long/NAME.py,
# described by their first line. Builds the release program unless DRAGOMAN names one. On Debian 12, installs missing
# packages, for which it needs root or sudo.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
list() {
    for file in "$root"/tests/long/*.py; do
        printf '%-10s %s\n' "$(basename "$file" .py)" "$(sed -n '1s/"""//gp' "$file")"
    done
}
[ $# -gt 0 ] || { list; exit 0; }
test="$root/tests/long/$1.py"
[ -f "$test" ] || { echo "unknown long test '$1'; expected one of:" >&2; list >&2; exit 64; }
shift
if [ -z "${DRAGOMAN:-}" ]; then
    . "$root/samples/packages.sh"
    install_packages $BUILD_PACKAGES $ENGINE_PACKAGES python3
    (cd "$root" && cmake --preset release >/dev/null && cmake --build build/release >/dev/null)
    DRAGOMAN="$root/build/release/dragoman"
fi
export DRAGOMAN DRAGOMAN_SOURCE="$root"
exec python3 -B "$test" "$@"
