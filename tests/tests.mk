# Tests: every tests/unit/test_*.c is one program over tests/lib and the library.

TEST_LIB_O := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/lib/*.c))
UNIT       := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(TEST_LIB_O) $(LIB)
	@mkdir -p $(@D)
	$(call SAY,LINK,$@)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS)

unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

-include $(patsubst %.o,%.d,$(TEST_LIB_O)) $(wildcard $(BUILD)/tests/unit/*.d)

.PHONY: unit
