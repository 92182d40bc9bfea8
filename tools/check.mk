# `make check`: what can be known of the sources without running them. Included by the Makefile.
# Every part works by stamps: only what has changed is looked at again. The first run is a quarter
# of an hour on two processors, nearly all of it clang's analyser; it takes as many as there are.

CHECKED_C := $(SOURCES) $(TESTS) $(wildcard tools/*.c test/*/*.c)
CHECKED   := $(CHECKED_C) $(HEADERS) $(wildcard test/*/*.h)

.PHONY: check check-parts
check:
	@$(MAKE) --no-print-directory -k -j$(shell nproc) check-parts
	@echo "check: all in order"
check-parts: format layers tidy headers lint cppcheck messages

# --- layers: part of every build ---
.PHONY: layers
layers: $(B)/layers.ok
$(B)/layers.ok: $(OBJECTS) $(SOURCES) $(HEADERS) $(TESTS) tools/layers.txt tools/layers.awk tools/layers.sh
	@tools/layers.sh $(B) $(OBJECTS)
	@touch $@

# --- format ---
.PHONY: format
format: $(CHECKED:%=$(B)/check/%.format)
$(B)/check/%.format: % .clang-format
	@mkdir -p $(dir $@)
	@clang-format --dry-run -Werror $<
	@touch $@

# --- tidy: length, banned words, names ---
TIDIED := $(CHECKED) $(shell find data docs pages sim sql static test tools .ci -type f \
            ! -path 'static/vendor/*' ! -path '*/corpus/*' ! -path 'data/tables/*' \
            \( -name '*.yaml' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.mjs' -o -name '*.sh' \
               -o -name '*.md' -o -name '*.sql' -o -name '*.mk' \)) Makefile $(wildcard *.md)

$(B)/tools/tidy: $(B)/tools/tidy.o $(patsubst src/%.c,$(B)/%.o,$(filter-out %_test.c,$(wildcard src/base/*.c)))
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS_PKG)

.PHONY: tidy
tidy: $(B)/tools/tidy
	@$< tools/tidy.allow $(TIDIED)

# --- headers stand alone (those of tests lean on their test) ---
.PHONY: headers
headers: $(patsubst %,$(B)/check/%.alone,$(filter-out %.tbl.h src/store/test_% src/flow/test_% src/jobs/test_% src/record/test_% src/render/test_%,$(HEADERS)))
$(B)/check/%.alone: %
	@mkdir -p $(dir $@)
	@printf '#include "%s"\n' $(<:src/%=%) > $@.c
	@$(CC) $(CFLAGS) -fsyntax-only -Wno-unused-function $@.c
	@touch $@

# --- analysers ---
LINTED := $(SOURCES) $(wildcard tools/*.c)
.PHONY: lint
lint: $(LINTED:%=$(B)/check/%.lint)
# A source is looked at again when it changes or the header it defines; a stamp a file.
$(foreach c,$(LINTED),$(eval $(B)/check/$(c).lint: $(wildcard $(c:.c=.h))))
$(B)/check/%.lint: % .clang-tidy
	@mkdir -p $(dir $@)
	@echo "  LINT $<"
	@clang-tidy --quiet $< -- -std=c17 -D_GNU_SOURCE -Isrc -I$(B)/gen $(CFLAGS_PKG) > $@.out 2>/dev/null \
	    || { cat $@.out; exit 1; }
	@touch $@

.PHONY: cppcheck
cppcheck: $(B)/check/cppcheck.ok
$(B)/check/cppcheck.ok: $(LINTED) $(HEADERS) tools/cppcheck.txt
	@mkdir -p $(B)/check/cppcheck
	@cppcheck --quiet -j $(shell nproc) --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppressions-list=tools/cppcheck.txt --cppcheck-build-dir=$(B)/check/cppcheck --error-exitcode=1 \
	    -D_GNU_SOURCE -Isrc $(LINTED)
	@touch $@

# --- tests: what tools/test.sh builds and runs ---
UNIT_PROGRAMS   := $(TESTS:src/%.c=$(B)/%)
# Those in which threads meet. Helpers are processes with limits too narrow for the thread sanitizer.
THREAD_PROGRAMS := $(filter $(addprefix $(B)/,store/store_test store/write_test store/mishap_test \
                     web/http_test web/http_stream_test jobs/sequencer_test jobs/runner_test), \
                     $(UNIT_PROGRAMS))
.PHONY: unit-programs unit-list thread-programs thread-list
unit-programs: $(UNIT_PROGRAMS)
unit-list:
	@echo $(UNIT_PROGRAMS)
thread-programs: $(THREAD_PROGRAMS)
thread-list:
	@echo $(THREAD_PROGRAMS)

.PHONY: run test
run:
	@tools/run.sh
test:
	@tools/test.sh

# Pictures of a filing, page by page, on a phone and on a desk: build/shots/.
.PHONY: screenshots
screenshots:
	@tools/screenshots.sh
