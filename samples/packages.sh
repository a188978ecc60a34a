# The Debian 12 packages that Dragoman needs. Sourced by samples/demo.sh and tests/run.sh, after
# progress.sh.
BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libcjson-dev libsqlite3-dev
  libexpat1-dev libidn2-dev libpq-dev libutf8proc-dev libxxhash-dev libssl-dev zlib1g-dev ca-certificates"
ENGINE_PACKAGES="apertium apertium-eng-spa apertium-eng-cat apertium-mkd-eng apertium-mkd-bul apertium-hbs-eng
  apertium-hbs-slv apertium-isl-eng apertium-eu-en apertium-eo-en apertium-en-gl apertium-es-pt apertium-fr-es
  apertium-spa-ita apertium-es-ro apertium-oc-ca"
TEST_PACKAGES="apertium-apy chromium clang clang-format clang-tidy cmark-gfm fish git groff jq libclang-rt-14-dev libcmocka-dev libgumbo-dev
  mold openssl poppler-utils postgresql python3 python3-aiosmtpd python3-jsonschema python3-numpy python3-prometheus-client systemd tidy zsh"

# Without progress.sh, what is installed is shown.
command -v quietly >/dev/null || quietly() { "$@"; }

# Installs those of the named packages that are missing.
install_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    echo "Installing:$missing"
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    # The password is asked for here, not amid the lines about progress.
    [ -z "$as_root" ] || sudo -v
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}
