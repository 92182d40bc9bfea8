#!/bin/sh
# Builds build/preview, which renders a page for looking at it; see preview.c and shots.mjs.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build
# shellcheck disable=SC2046
${CC:-cc} -std=c17 -O1 -g -D_GNU_SOURCE -Wall -Wextra -Isrc $(pkg-config --cflags jansson) \
    test/preview/preview.c src/render/template.c src/render/template_parse.c \
    src/render/html_place.c src/base/arena.c src/base/check.c src/base/clock.c src/base/date.c \
    src/base/fail.c src/base/json.c src/base/money.c src/base/random.c src/base/text.c \
    src/base/value.c -ljansson -lcrypto -lunistring -o build/preview
