#!/bin/sh
# Copies the built files of the page scripts' packages to static/vendor/. Run from anywhere; needs
# npm. Pages work without any of them.
set -eu
cd "$(dirname "$0")/.."
[ -d node_modules/tus-js-client ] && [ -d node_modules/signature_pad ] ||
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
mkdir -p static/vendor
cp node_modules/tus-js-client/dist/tus.min.js static/vendor/tus.min.js
cp node_modules/signature_pad/dist/signature_pad.umd.min.js static/vendor/signature_pad.min.js
# Source maps are not served.
sed -i '/^\/\/# sourceMappingURL=/d' static/vendor/*.js
