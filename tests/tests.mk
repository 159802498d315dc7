# Tests.  Every tests/{unit,fault,crash}/*.c is one program over tests/lib and the
# library; tests/tools/*.c also link the command's own files.
#
#   make unit | fault | crash | property | import-check | fuzz-smoke | e2e | export-check | tidy
#   make check          all of them, under sanitizers where that is the point
#   make check-race     the daemon under ThreadSanitizer

TEST_LIB_O  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/lib/*.c))
TEST_LIB    := $(BUILD)/tests/lib.a
UNIT        := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
FAULT       := $(patsubst tests/fault/%.c,$(BUILD)/tests/%,$(wildcard tests/fault/*.c))
CRASH       := $(patsubst tests/crash/%.c,$(BUILD)/tests/%,$(wildcard tests/crash/*.c))
TOOL_TESTS  := $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/test_*.c))
FUZZ        := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))
TOOL_PART_O := $(filter-out $(BUILD)/tools/main.o,$(TOOL_O))
ASAN        := build/san-address-undefined
PYTHON      := /usr/bin/python3
LINK_TEST    = @mkdir -p $(@D)$(newline)$(call SAY,LINK,$@)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS)

define newline


endef

$(TEST_LIB): $(TEST_LIB_O)
	$(call SAY,AR,$@)rm -f $@ && ar rcs $@ $^

$(UNIT): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(TEST_LIB) $(LIB)
	$(LINK_TEST)

$(FAULT): $(BUILD)/tests/%: $(BUILD)/tests/fault/%.o $(TEST_LIB) $(LIB)
	$(LINK_TEST)

$(CRASH): $(BUILD)/tests/%: $(BUILD)/tests/crash/%.o $(TEST_LIB) $(LIB)
	$(LINK_TEST)

$(TOOL_TESTS): LIBS += $(TOOL_LIBS)
$(TOOL_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/tools/%.o $(TEST_LIB) $(TOOL_PART_O) $(LIB)
	$(LINK_TEST)

# A corpus and its mutations through each fuzz target, with gcc and no engine.
$(FUZZ): $(BUILD)/tests/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/drive.o $(TEST_LIB) $(LIB)
	$(LINK_TEST)

$(BUILD)/tests/books_driver: $(BUILD)/tests/property/books_driver.o $(BUILD)/tests/property/books_ledger.o $(LIB)
	$(LINK_TEST)

tests: $(UNIT) $(FAULT) $(CRASH) $(TOOL_TESTS) $(FUZZ) $(BUILD)/tests/books_driver

unit: $(UNIT) $(TOOL_TESTS)
	@rc=0; for t in $^; do $$t || rc=1; done; exit $$rc

fault: $(FAULT)
	@rc=0; for t in $^; do $$t || rc=1; done; exit $$rc

crash: $(CRASH)
	@rc=0; for t in $^; do $$t || rc=1; done; exit $$rc

property: $(BUILD)/tests/books_driver all
	@BOOKS_DRIVER=$< $(PYTHON) tests/property/test_books.py
	@BUILD=$(BUILD) N=$${N:-30} $(PYTHON) -B tests/property/test_report.py

import-check:
	@$(PYTHON) tests/import/test_online_retail.py
	@$(PYTHON) tests/import/test_compare_outcomes.py
	@$(PYTHON) tests/import/test_money.py

fuzz-smoke: $(FUZZ)
	@rc=0; for t in $^; do $$t tests/fuzz/corpus/$${t##*/fuzz_} || rc=1; done; exit $$rc

# With an engine, for as long as one likes: make fuzz TARGET=event SECONDS=600
fuzz:
	$(MAKE) CC=clang BUILD=build/fuzz SAN=fuzzer-no-link,address,undefined build/fuzz/libdaybook.a build/fuzz/tests/lib.a
	clang -g -O1 $(STD) $(INCLUDES) -Ibuild/fuzz/proto -fsanitize=fuzzer,address,undefined -o build/fuzz/fuzz_$(TARGET) \
	  tests/fuzz/fuzz_$(TARGET).c build/fuzz/tests/lib.a build/fuzz/libdaybook.a $(LIBS)
	mkdir -p build/fuzz/corpus/$(TARGET)
	build/fuzz/fuzz_$(TARGET) -max_total_time=$(or $(SECONDS),60) build/fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)

e2e: all
	@BUILD=$(BUILD) tests/e2e/run

# What the command exports, in the eyes of hledger, ledger and SQLite.
export-check: all
	@BUILD=$(BUILD) $(PYTHON) -B tests/interop/test_export.py

tidy:
	@tools/tidy.sh

# One line per program goes into the sum at the end; see tests/README.md.
check: all
	@tests/run

check-race:
	$(MAKE) SAN=thread build/san-thread/daybookd build/san-thread/daybook
	@BUILD=build/san-thread tests/e2e/race

-include $(TEST_LIB_O:.o=.d) $(wildcard $(BUILD)/tests/*/*.d)

.PHONY: tests unit fault crash property import-check fuzz-smoke fuzz e2e export-check tidy check check-race
