#!/bin/sh
# Installs missing packages (Debian 12), builds the program, translates samples/ with the embedded engine, and prints where the
# digest is. Needs root or sudo if packages are missing, but no key, and no network except for Debian's packages. Can be run
# any number of times.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/samples/progress.sh"
. "$root/samples/packages.sh"
install_packages $BUILD_PACKAGES $ENGINE_PACKAGES
cd "$root"
echo "Building, which takes a few minutes the first time ..."
quietly cmake --preset release
quietly cmake --build build/release

translate() {
    build/release/dragoman --config samples/dragoman.conf --set "run.output=$root/out" --set "run.state=$root/out/state.db" run
}
count_records() {
    echo "$(find "$root"/out/2*/articles -name '*.json' | wc -l) articles written"
}
echo "Translating samples/ ..."
status=0
if [ -t 2 ]; then
    translate || status=$? # the program shows its own progress
else
    translate &
    worker=$!
    tell_until_end count_records || status=$?
fi
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then exit "$status"; fi
build/release/dragoman --config samples/dragoman.conf --set "run.state=$root/out/state.db" status
echo "The digest: file://$root/out/latest/index.html"
echo "Next, with news of your own: build/release/dragoman init"
