#!/bin/sh
# Proves that the folders of src/ lean on each other only as tools/layers.txt says: by what sources
# include, and by the symbols that the objects of a build want of each other.
#
#   tools/layers.sh BUILD_DIRECTORY OBJECT...
set -eu
build=$1
shift
table=tools/layers.txt

awk -f tools/layers.awk $table $(find src -name '*.[ch]' | sort)

[ $# -gt 0 ] || exit 0
nm -A -g "$@" | awk '
    { split($1, at, ":"); n = split(at[1], path, "/"); folder = path[n - 1] }
    $(NF - 1) == "U" || $(NF - 1) == "w" || $(NF - 1) == "v" { print "U", folder, at[1], $NF; next }
    { print "D", folder, at[1], $NF }' | sort > "$build/layers.symbols"
awk -v symbols=1 -f tools/layers.awk $table "$build/layers.symbols"
