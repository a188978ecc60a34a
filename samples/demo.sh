#!/bin/sh
# Installs what is missing (Debian 12), builds, translates samples/ with the embedded engine and says where the digest is.
# As root or with sudo. Needs no key and no network beyond Debian's packages. May be run again at any time.
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
echo "The digest: $(ls -d "$root"/out/*/digest.html | tail -n 1)"
