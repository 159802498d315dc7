# The bench: one program, not installed, that starts the daemon beside it.

BENCH_O := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/bench/*.c)) \
           $(filter-out $(BUILD)/tools/main.o,$(TOOL_O)) \
           $(BUILD)/tests/lib/sales.o $(BUILD)/tests/lib/tmpdir.o

$(BUILD)/daybook-bench: $(BENCH_O) $(LIB)
	$(call SAY,LINK,$@)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS) $(TOOL_LIBS)

bench: $(BUILD)/daybook-bench $(BUILD)/daybookd $(BUILD)/daybook
	$(BUILD)/daybook-bench

-include $(BENCH_O:.o=.d)

.PHONY: bench
