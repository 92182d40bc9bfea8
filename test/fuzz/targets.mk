# `make fuzz` runs each target of test/fuzz/ for SECONDS (60); `make fuzz ONLY=pdf` one of them. clang's libFuzzer with
# ASan and UBSan. What it has found that is worth going on from stays in build/fuzz/corpus/NAME.
SECONDS ?= 60
FUZZ    := $(patsubst test/fuzz/%_fuzz.c,%,$(wildcard test/fuzz/*_fuzz.c))
ONLY    ?= $(FUZZ)

# The folder whose part it is: what that may lean on is linked.
fuzz_document  := render
fuzz_form      := web
fuzz_law       := law
fuzz_multipart := web
fuzz_pdf       := render
fuzz_template  := render

.PHONY: fuzz fuzz-run
fuzz:
	@$(MAKE) --no-print-directory CC=clang MODE=fuzz B=build/fuzz fuzz-run SECONDS=$(SECONDS) ONLY="$(ONLY)"
fuzz-run: $(ONLY:%=$(B)/fuzz/%)
	@set -e; for t in $(ONLY); do \
	    mkdir -p $(B)/corpus/$$t; \
	    echo "== $$t, $(SECONDS) s"; \
	    dict=test/fuzz/$$t.dict; [ -f $$dict ] && dict="-dict=$$dict" || dict=; \
	    $(B)/fuzz/$$t -max_total_time=$(SECONDS) -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
	        -artifact_prefix=$(B)/corpus/$$t- $$dict $(B)/corpus/$$t; \
	done

define fuzz_target
$(B)/fuzz/$(1): test/fuzz/$(1)_fuzz.c $(call objects_of,$(may_$(fuzz_$(1))))
	@mkdir -p $$(dir $$@)
	@$$(CC) $$(CFLAGS) -fsanitize=fuzzer $$^ -o $$@ $$(LDFLAGS) $$(LDLIBS_PKG)
endef
$(foreach t,$(FUZZ),$(eval $(call fuzz_target,$(t))))
