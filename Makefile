# Tongsu. `make run`, `make test`, `make build`, `make check`, `make bench`; see README.md.
#
# B is the build directory: sanitized and plain builds live side by side.
B        ?= build
ifeq ($(origin CC),default)
CC       := gcc
endif
MODE     ?= release

FOLDERS  := base law seal render proof store record flow procedure link jobs web main
SOURCES  := $(filter-out %_test.c,$(foreach f,$(FOLDERS),$(wildcard src/$(f)/*.c)))
TESTS    := $(foreach f,$(FOLDERS),$(wildcard src/$(f)/*_test.c))
HEADERS  := $(foreach f,$(FOLDERS),$(wildcard src/$(f)/*.h))

PACKAGES := libjpeg freetype2 harfbuzz-subset libmicrohttpd jansson sqlite3 libpq libcrypto pangocairo libsodium libmagic libqrencode \
            libzip yaml-0.1 libxml-2.0 libcurl zlib
# Not asked on a bare machine, where `make run` and `make test` begin with installing it.
ifneq (,$(shell command -v pkg-config))
CFLAGS_PKG := $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
LDLIBS_PKG := $(shell pkg-config --libs $(PACKAGES)) -lunistring -lm -lpthread
endif

# Lines and names are enough for what a sanitizer says, and half the work for compiler and linker.
DEBUG    := $(if $(filter release,$(MODE)),-g,-g1)
# There are a hundred test programs: gold links them in a fifth of the time, where it is at hand.
LD_TESTS := $(if $(shell command -v ld.gold),-fuse-ld=gold)

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wold-style-definition -Wmissing-declarations -Wredundant-decls \
            -Wundef -Wvla -Wcast-qual -Wwrite-strings -Wpointer-arith -Wformat=2 -Wformat-nonliteral \
            -Wswitch-enum -Wimplicit-fallthrough -Wdouble-promotion -Wfloat-equal -Wnull-dereference \
            -Wdate-time -fno-common -Werror
WARN_GCC := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wcast-align=strict -Wtrampolines \
            -Wjump-misses-init -Wstringop-overflow=4
CFLAGS   += -std=c17 $(DEBUG) -D_GNU_SOURCE -Isrc -I$(B)/gen $(WARN) $(CFLAGS_PKG)
ifneq (,$(findstring gcc,$(CC)))
CFLAGS   += $(WARN_GCC)
endif
ifeq ($(MODE),release)
CFLAGS   += -O2 -fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LDFLAGS  += -pie -Wl,-z,relro,-z,now
endif
ifeq ($(MODE),asan)
CFLAGS   += -O0 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS  += -fsanitize=address,undefined
endif
ifeq ($(MODE),tsan)
CFLAGS   += -O1 -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS  += -fsanitize=thread
endif

ifeq ($(MODE),fuzz)
CFLAGS   += -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS  += -fsanitize=address,undefined
endif

OBJECTS  := $(SOURCES:src/%.c=$(B)/%.o)

.PHONY: build
build: $(B)/tongsu

-include tools/targets.mk
-include tools/check.mk
-include test/bench/targets.mk

$(B)/tongsu: $(OBJECTS) $(EMBEDDED) | $(B)/layers.ok
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS_PKG)

$(B)/%.o: src/%.c
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

# --- unit tests: make unit, or make unit-law for one folder ---
# A folder's tests link that folder and those it may include, so that a test cannot lean upwards.
may_base      := base
may_law       := base law
may_seal      := base seal
may_render    := base seal render
may_proof     := base law proof
may_store     := base seal store
may_record    := base law seal store record
may_flow      := base law seal store record flow
may_procedure := base law seal store record flow procedure
may_link      := base seal link
may_jobs      := base law seal render proof store record flow link jobs
may_web       := base law seal render proof store record flow link web
may_main      := $(FOLDERS)

objects_of = $(patsubst src/%.c,$(B)/%.o,$(filter-out %_test.c %/main.c,$(foreach f,$(1),$(wildcard src/$(f)/*.c))))

define folder_tests
unit_$(1) := $(patsubst src/%_test.c,$(B)/%_test,$(wildcard src/$(1)/*_test.c))
$$(unit_$(1)): $(B)/%_test: $(B)/%_test.o $(call objects_of,$(may_$(1)))
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) $$(LD_TESTS) $$^ -o $$@ $$(LDLIBS_PKG) -lcmocka
.PHONY: unit-$(1)
unit-$(1): $$(unit_$(1))
	@set -e; for t in $$(unit_$(1)); do ./$$$$t; done
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_tests,$(f))))
-include test/fuzz/targets.mk

.PHONY: unit
unit: $(foreach f,$(FOLDERS),unit-$(f))

.PHONY: clean
clean:
	rm -rf build

-include $(OBJECTS:.o=.d)
-include $(TESTS:src/%.c=$(B)/%.d)
