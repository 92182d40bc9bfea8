#!/bin/sh
# `make test`: everything there is to test, one line of result at the end: "N passed, N failed".
#
#   units under AddressSanitizer and UndefinedBehaviorSanitizer,
#   those with threads under ThreadSanitizer as well,
#   scenarios and browsers on the release build with SQLite, scenarios again with PostgreSQL.
#
# Units, then PostgreSQL, run beside SQLite and the browsers: compilers never wait, servers do. What
# the first find is told when they have ended. Logs lie in build/test/. Ends with 1 when anything failed.
set -eu
cd "$(dirname "$0")/.."
jobs=$(nproc)
logs=build/test
passed=0
failed=0

tools/install.sh test
if [ ! -d node_modules/playwright-core ] || [ ! -d node_modules/axe-core ]; then
    npm ci --ignore-scripts --no-audit --no-fund
fi
tools/vendor.sh
rm -rf $logs
mkdir -p $logs

began=$(date +%s)
step() { printf '\n== %s (at %s s)\n' "$1" "$(($(date +%s) - began))"; }

# build NAME WORDS...: a build that fails is one failure, and what it was for is not run.
build() {
    name=$1
    shift
    if make --no-print-directory -k -j"$jobs" "$@" > "$logs/build-$name.log" 2>&1; then
        return 0
    fi
    echo "FAILED to build $name:"
    grep -E 'error|undefined|Error' "$logs/build-$name.log" | head -n 20
    failed=$((failed + 1))
    return 1
}

# A test program on its own: what it says goes into a log, how it ended beside it.
cat > $logs/one.sh <<'END'
log=build/test/$(echo "${1#build/}" | tr / -)
code=0
timeout 600 "$1" > "$log.log" 2>&1 || code=$?
echo $code > "$log.code"
END

# units PROGRAM...: runs them, as many at once as there are processors, and counts what cmocka says. A
# program that ends badly without a word has failed once; one that was not built is counted there.
units() {
    for one in "$@"; do
        [ ! -x "$one" ] || echo "$one"
    done | xargs -r -n 1 -P "$jobs" sh $logs/one.sh
    for one in "$@"; do
        log=$logs/$(echo "${one#build/}" | tr / -)
        [ -e "$log.code" ] || continue
        code=$(cat "$log.code")
        good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log.log" | awk '{ n += $1 } END { print n + 0 }')
        bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s), listed below:.*/\1/p' "$log.log" | awk '{ n += $1 } END { print n + 0 }')
        if [ "$code" != 0 ] && [ "$bad" = 0 ]; then
            bad=1
        fi
        passed=$((passed + good))
        failed=$((failed + bad))
        if [ "$bad" = 0 ]; then
            echo "ok $one: $good"
        else
            echo "FAILED $one: $bad (ended with $code)"
            grep -aE '^\[  (ERROR|FAILED)  |LINE|Sanitizer|runtime error|Check failed|check failed' "$log.log" | head -n 20 | sed 's/^/    /'
        fi
    done
}

# files NAME WORDS...: counts the last line of test/run.mjs.
files() {
    name=$1
    shift
    "$@" 2>&1 | tee "$logs/$name.log" | grep -vE '^(ok|skipped) ' || true
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$logs/$name.log" | tail -n 1)
    if [ -z "$last" ]; then
        echo "FAILED $name: it broke off"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + $(echo "$last" | cut -d' ' -f1)))
    failed=$((failed + $(echo "$last" | cut -d' ' -f3)))
}

# In memory where there is room for what tests write: else each commit waits for the disk.
base=${TMPDIR:-/tmp}
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -ge 4194304 ] 2>/dev/null; then
    base=/dev/shm
fi
TONGSU_TEST_DIR=$(mktemp -d "$base/tongsu-tests-XXXXXX")
export TONGSU_TEST_DIR
chmod 755 "$TONGSU_TEST_DIR" # PostgreSQL runs as another user
trap 'rm -rf "$TONGSU_TEST_DIR"' EXIT

# What each test program's own PostgreSQL begins with: making it anew takes seconds each time.
template=$TONGSU_TEST_DIR/template
mkdir "$template"
cluster_make() {
    initdb=$(ls /usr/lib/postgresql/*/bin/initdb | tail -n 1)
    as=''
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$template"
        as='runuser -u postgres --'
    fi
    $as "$initdb" -D "$template/data" -A trust -U postgres -N -E UTF8 --locale=C > "$logs/initdb.log" 2>&1
}
if cluster_make; then
    export TONGSU_TEST_PG_TEMPLATE="$template/data"
fi

step 'the program'
program=yes
build release build || program=no

step 'definitions'
if [ $program = yes ]; then
    if build/tongsu check; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
fi

beside() {
    passed=0
    failed=0
    step 'units, with the address and undefined-behaviour sanitizers'
    build asan MODE=asan B=build/asan unit-programs || true
    units $(make -s MODE=asan B=build/asan unit-list)

    step 'units with threads, with the thread sanitizer'
    build tsan MODE=tsan B=build/tsan thread-programs || true
    units $(make -s MODE=tsan B=build/tsan thread-list)

    if [ $program = yes ]; then
        step 'scenarios, PostgreSQL'
        files postgres env TONGSU_TEST_DB=postgres node test/run.mjs scenario/
    fi
    printf '   (to %s s)\n' "$(($(date +%s) - began))"
    echo "$passed $failed" > $logs/beside.count
}
beside > $logs/beside.log 2>&1 &
beside=$!
trap 'kill $beside 2>/dev/null || true; rm -rf "$TONGSU_TEST_DIR"' EXIT
trap 'exit 1' INT TERM

if [ $program = yes ]; then
    step 'scenarios and browsers, SQLite'
    files sqlite node test/run.mjs
fi
step 'what ran beside them'
wait $beside || true
cat $logs/beside.log
if [ -e $logs/beside.count ]; then
    read -r good bad < $logs/beside.count
    passed=$((passed + good))
    failed=$((failed + bad))
else
    echo 'FAILED: they broke off'
    failed=$((failed + 1))
fi

printf '\n%s s\n' "$(($(date +%s) - began))"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
