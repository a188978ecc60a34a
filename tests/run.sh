#!/bin/sh
# Installs missing packages (Debian 12), builds with sanitizers and with warnings as errors, and runs every test. Needs root or
# sudo if packages are missing. Can be run any number of times.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/samples/progress.sh"
. "$root/samples/packages.sh"
step="installing packages"
# The last line says how it went, however much was printed before.
tell_end() {
    end=$?
    if [ "$end" -eq 0 ]; then echo "All tests have passed."; else echo "FAILED while $step (exit code $end)."; fi
}
trap tell_end EXIT
install_packages $BUILD_PACKAGES $ENGINE_PACKAGES $TEST_PACKAGES
cd "$root"
# Debian has no package of axe-core. Without it, the test that needs it is skipped and says so.
if command -v npm >/dev/null && [ ! -e build/npm/node_modules/axe-core ]; then
    mkdir -p build/npm
    echo "Installing axe-core ..."
    timeout 60 npm install --silent --no-audit --no-fund --prefix build/npm axe-core@4 >/dev/null 2>&1 || echo "axe-core cannot be installed."
fi
jobs=$(nproc)
sources=$(find pipeline stages config program tests bench tools -name '*.[ch]')

# build PRESET [TARGET]
build() {
    quietly cmake --preset "$1"
    # After a failure, one job at a time shows the first error alone.
    quietly cmake --build "build/$1" -j "$jobs" --target "${2:-all}" || { cmake --build "build/$1" -j 1 --target "${2:-all}"; exit 1; }
}

# Tests often wait for a server, a disk or a moment, so there are more of them than processors at a time.
run_tests() {
    (cd "build/$1" && shift && ctest --output-on-failure -j $((jobs * 2)) "$@")
}

begin() {
    step=$1
    echo "$2 ..."
}

begin "checking the format" "Checking the format"
clang-format --dry-run -Werror $sources
begin "building with sanitizers" "Building with AddressSanitizer and UndefinedBehaviorSanitizer"
build check
step="testing with sanitizers"
run_tests check
begin "building with clang" "Building the program with clang, warnings as errors"
build clang dragoman
begin "running clang-tidy" "Running clang-tidy"
find pipeline stages config program -name '*.c' | xargs -P "$jobs" -n 8 clang-tidy -p build/clang --quiet
begin "building with ThreadSanitizer" "Building with ThreadSanitizer"
build threads threaded_tests
step="testing with ThreadSanitizer"
export TSAN_OPTIONS="suppressions=$root/tests/threads.supp"
run_tests threads -L threads
