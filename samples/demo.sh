#!/bin/sh
# Installs missing packages (Debian 12), builds the program, translates samples/ with the embedded engine, and prints where the
# digest is. Needs root or sudo if packages are missing, but no key, and no network except for Debian's packages. Can be run
# any number of times.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/samples/packages.sh"
install_packages $BUILD_PACKAGES $ENGINE_PACKAGES
echo "Building ..."
cd "$root"
cmake --preset release >build-demo.log 2>&1 && cmake --build build/release >>build-demo.log 2>&1 || { tail -n 30 build-demo.log; exit 1; }
rm -f build-demo.log
echo "Translating samples/ ..."
status=0
build/release/dragoman --config samples/dragoman.conf --set "run.output=$root/out" --set "run.state=$root/out/state.db" run || status=$?
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then exit "$status"; fi
build/release/dragoman --config samples/dragoman.conf --set "run.state=$root/out/state.db" status
echo "The digest is in $(ls -d "$root"/out/*/index.html | tail -n 1)"
