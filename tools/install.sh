#!/bin/sh
# Installs what is missing of the Debian packages that Tongsu needs. Says what before it does.
#
#   tools/install.sh run      to build and serve
#   tools/install.sh test     also what the tests need
#   tools/install.sh check    also the analysers
#   tools/install.sh bench    what the tests need, and what the benchmarks compare with
set -eu

run='gcc make pkg-config curl ca-certificates libmicrohttpd-dev libjansson-dev libsqlite3-dev libpq-dev libssl-dev
    libpango1.0-dev libcairo2-dev libsodium-dev libmagic-dev libqrencode-dev libzip-dev libyaml-dev libxml2-dev
    libcurl4-openssl-dev zlib1g-dev libunistring-dev libharfbuzz-dev libfreetype-dev libjpeg-dev libleptonica-dev libpoppler-glib8 poppler-data fonts-noto-cjk fonts-hanazono'
test="libcmocka-dev nodejs postgresql postgresql-client sqlite3 chromium-headless-shell clamav-daemon
    poppler-utils openssl procps nginx git"
check='clang clang-tidy clang-format cppcheck'
bench='wrk'

wanted=$run
[ "${1:-run}" = run ] || wanted="$wanted $test"
[ "${1:-run}" != check ] || wanted="$wanted $check"
[ "${1:-run}" != bench ] || wanted="$wanted $bench"

missing=''
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
# npm comes with some packages of nodejs and apart from others.
if [ "${1:-run}" != run ] && ! command -v npm >/dev/null; then
    missing="$missing npm"
fi
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif command -v sudo >/dev/null; then
    as_root='sudo'
else
    echo "These Debian packages are missing, and neither root nor sudo is at hand. Have them installed:" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -q update
# The tests start servers of their own: none of the system's is wanted.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod +x $policy
    trap '$as_root rm -f $policy' EXIT
fi
# shellcheck disable=SC2086 # a list of words
$as_root apt-get -q -y --no-install-recommends install $missing
