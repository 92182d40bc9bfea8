#!/bin/sh
# `make screenshots`: files and dockets a case in a browser, as its test does, and leaves a picture of
# each page in build/shots/ (phone-*.png, desk-*.png).
set -eu
cd "$(dirname "$0")/.."

tools/install.sh test
[ -d node_modules/playwright-core ] && [ -d node_modules/axe-core ] ||
    npm ci --ignore-scripts --no-audit --no-fund
tools/vendor.sh
make --no-print-directory -j"$(nproc)" build
rm -rf build/shots
node test/run.mjs browser/filing
ls build/shots/*.png
