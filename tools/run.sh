#!/bin/sh
# `make run`: installs what is missing, builds, and serves a demo at http://127.0.0.1:8080.
# Its data lie in build/demo and its keys in build/demo-keys; remove both to begin anew.
# TONGSU_LISTEN=ADDR:PORT chooses another address.
set -eu
cd "$(dirname "$0")/.."
listen=${TONGSU_LISTEN:-127.0.0.1:8080}

tools/install.sh run
if command -v npm >/dev/null; then
    tools/vendor.sh
elif [ ! -d static/vendor ]; then
    echo 'npm is not here: pages go without uploads that resume and without drawn signatures.'
fi
echo 'Building (about a minute the first time).'
make --no-print-directory -j"$(nproc)" build

# Says so once the program answers.
(
    for _ in $(seq 300); do
        if curl -fs -o /dev/null "http://$listen/readyz"; then
            echo "Tongsu serves at http://$listen - log in as citizen-1 or reviewer@京0105, password tongsu-demo. Ctrl-C ends it."
            exit
        fi
        sleep 0.2
    done
) &
mkdir -p build
exec build/tongsu serve --demo --listen "$listen" --data build/demo
