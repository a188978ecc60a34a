#!/bin/sh
# Installs missing packages (Debian 12), builds with sanitizers and with warnings as errors, and runs every test. Needs root or
# sudo if packages are missing. Can be run any number of times.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/samples/packages.sh"
install_packages $BUILD_PACKAGES $ENGINE_PACKAGES $TEST_PACKAGES
cd "$root"
# Debian has no package of axe-core. Without it, the test that needs it is skipped and says so.
if command -v npm >/dev/null && [ ! -e build/npm/node_modules/axe-core ]; then
    mkdir -p build/npm
    timeout 60 npm install --silent --no-audit --no-fund --prefix build/npm axe-core@4 >/dev/null 2>&1 || echo "axe-core cannot be installed."
fi
jobs=$(nproc)
sources=$(find pipeline stages config program tests bench tools -name '*.[ch]')
echo "Checking the format ..."
clang-format --dry-run -Werror $sources
echo "Building with AddressSanitizer and UndefinedBehaviorSanitizer ..."
cmake --preset check >/dev/null
cmake --build build/check -j "$jobs" >/dev/null || { cmake --build build/check -j 1; exit 1; }
(cd build/check && ctest --output-on-failure -j "$jobs")
echo "Building with clang, warnings as errors ..."
cmake --preset clang >/dev/null
cmake --build build/clang -j "$jobs" >/dev/null || { cmake --build build/clang -j 1; exit 1; }
echo "Running clang-tidy ..."
find pipeline stages config program -name '*.c' | xargs -P "$jobs" -n 8 clang-tidy -p build/clang --quiet
echo "Building with ThreadSanitizer ..."
cmake --preset threads >/dev/null
cmake --build build/threads -j "$jobs" >/dev/null || { cmake --build build/threads -j 1; exit 1; }
export TSAN_OPTIONS="suppressions=$root/tests/threads.supp"
# Without the command tests that run no articles, or whose articles other tests run as well.
(cd build/threads && ctest --output-on-failure -j "$jobs" -R 'unit_pipeline|unit_program|command' \
    -E 'command_(arguments|backup|docs|explain|init|lists|look|manual|metrics|output|refusals|readme|tutorials|upgrade|words)')
echo "All tests have passed."
