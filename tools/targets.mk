# Build-time tools and what they make. Included by the Makefile.

# --- the files that come with the program, embedded (src/base/share.h) ---
# SHARE_ROOTS: later ones win, path by path. Link $(EMBEDDED) into the program, not into tests.
SHARE_ROOTS ?= .
EMBEDDED    := $(B)/gen/embedded.o

$(B)/tools/%.o: tools/%.c
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/tools/embed: $(B)/tools/embed.o $(patsubst src/%.c,$(B)/%.o,$(filter-out %_test.c,$(wildcard src/base/*.c)))
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LDLIBS_PKG)

# Looks at all files every time (30 ms) and touches the result only when one has changed, come or gone.
.PHONY: FORCE
$(B)/gen/embedded.c: $(B)/tools/embed FORCE
	@mkdir -p $(dir $@)
	@$< $(B)/gen/embedded.new.c $(SHARE_ROOTS)
	@cmp -s $(B)/gen/embedded.new.c $@ || { mv $(B)/gen/embedded.new.c $@; echo "  GEN $@"; }
	@rm -f $(B)/gen/embedded.new.c

$(EMBEDDED): $(B)/gen/embedded.c
	@echo "  CC  $<"
	@$(CC) $(CFLAGS) -c $< -o $@

-include $(B)/tools/embed.d $(B)/tools/tidy.d

# --- checks ---
# make messages: every failure code used has words.
.PHONY: messages
messages:
	@tools/messages.sh
