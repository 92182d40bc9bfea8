# `make bench`: the programs that the benchmark needs beside tongsu, and the run itself.
BENCH_FLAGS := -std=c17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -Wshadow

$(B)/bench/load: test/bench/load.c
	@mkdir -p $(dir $@)
	@$(CC) $(BENCH_FLAGS) $< -o $@ -lpthread
$(B)/bench/group_commit: test/bench/group_commit.c
	@mkdir -p $(dir $@)
	@$(CC) $(BENCH_FLAGS) $< -o $@ -lsqlite3 -lpthread
$(B)/bench/trace.so: test/bench/trace.c
	@mkdir -p $(dir $@)
	@$(CC) $(BENCH_FLAGS) -shared -fPIC $< -o $@ -ldl

$(B)/bench/pg_pipeline: test/bench/pg_pipeline.c
	@mkdir -p $(dir $@)
	@$(CC) $(BENCH_FLAGS) $(shell pkg-config --cflags libpq) $< -o $@ -lpq -lpthread
$(B)/bench/pg_trace.so: test/bench/pg_trace.c
	@mkdir -p $(dir $@)
	@$(CC) $(BENCH_FLAGS) $(shell pkg-config --cflags libpq) -shared -fPIC $< -o $@ -ldl -lpthread

.PHONY: bench bench-tools
bench-tools:
	@tools/install.sh bench
bench: bench-tools $(B)/tongsu $(B)/bench/load $(B)/bench/group_commit $(B)/bench/trace.so $(B)/bench/pg_pipeline $(B)/bench/pg_trace.so $(B)/bench/proof $(B)/bench/papers
	@node test/bench/bench.mjs $(BENCH)
$(B)/bench/proof: test/bench/proof.c $(patsubst src/%.c,$(B)/%.o,$(filter-out %_test.c,$(foreach f,base law proof,$(wildcard src/$(f)/*.c))))
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) $^ -o $@ $(LDFLAGS) $(LDLIBS_PKG) -lcmocka
$(B)/bench/papers: test/bench/papers.c $(patsubst src/%.c,$(B)/%.o,$(filter-out %_test.c,$(foreach f,base seal render,$(wildcard src/$(f)/*.c))))
	@mkdir -p $(dir $@)
	@$(CC) $(CFLAGS) $^ -o $@ $(LDFLAGS) $(LDLIBS_PKG)
