#!/bin/sh
# Fails when a failure code used in src/ has no words in data/messages/zh.yaml.
#
# A code is a kebab-case string behind an E_ status, or behind the field of cx_error/cx_warning when
# no title follows it (NULL): then the message of the code is shown. Tests are not looked at.
set -eu
cd "$(dirname "$0")/.."
catalogue=data/messages/zh.yaml
sources=$(find src -name '*.c' ! -name '*_test.c' ! -name 'test_*')

used=$(cat $sources | tr '\n' ' ' | tr -s ' ' |
    grep -oE '\bE_[A-Z_]+, ?([^;"]{0,80}\? )?"[a-z][a-z0-9-]*"( : "[a-z][a-z0-9-]*")?|cx_(error|warning)\([^;"]*("[^"]*")?[^;"]*, "[a-z][a-z0-9-]*", NULL' |
    grep -oE '"[a-z][a-z0-9-]*"(, NULL$| : |$)' | grep -oE '[a-z][a-z0-9-]*' | grep -vx NULL | sort -u)

missing=0
for code in $used bug; do
    if ! grep -q "^$code:\$" "$catalogue"; then
        echo "$catalogue: no words for \"$code\"" >&2
        missing=1
    fi
done
[ "$missing" = 0 ] && echo "messages: $(echo "$used" | wc -l) codes in use, all with words"
exit "$missing"
