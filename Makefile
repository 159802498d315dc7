# Daybook: one makefile, not recursive.  Everything made goes under build/.
#
#   make            build/daybookd and build/daybook
#   make check      everything that a commit must pass
#   make demo       real data in, balances and stock out, in your terminal
#   make bench      speed against the machine's floor
#   make install    DESTDIR= PREFIX=/usr/local
#   SAN=address,undefined | SAN=thread   another build folder with sanitizers
#   V=1             full command lines

PREFIX ?= /usr/local
comma  := ,
CC     ?= cc
SAN    ?=
BUILD  := build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))


# The data's way; each folder may include only what stands before it, and base.
LAYERS := base event store tlog log access proof plan guard books replay ledger views \
          query facts metrics rules report rpc service

CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wswitch-enum -Wvla -Wundef $(if $(WERROR),-Werror)
STD      := -std=c11 -D_GNU_SOURCE -fno-strict-aliasing -fstack-protector-strong
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -O1)
INCLUDES := -Iinclude -Isrc -Idaemon -Itools -I$(BUILD)/proto
LIBS     := -llmdb -llz4 -lnghttp2 -luv -lprotobuf-c -lsodium -ljansson -lssl \
            -lcrypto -lcurl -lsystemd -lpthread -lm
COMPILE   = $(CC) $(STD) $(CFLAGS) $(SANFLAGS) $(INCLUDES) -MMD -MP
Q        := $(if $(V),,@)
SAY      = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2);)

PROTO_FILES := $(shell find proto -name '*.proto' | sort)
PROTOS    := google/protobuf/timestamp $(patsubst proto/%.proto,%,$(PROTO_FILES))
PROTO_C   := $(PROTOS:%=$(BUILD)/proto/%.pb-c.c)
PROTO_O   := $(PROTO_C:.c=.o)
LIB_C     := $(foreach l,$(LAYERS),$(wildcard src/$(l)/*.c))
LIB_O     := $(LIB_C:%.c=$(BUILD)/%.o)
DAEMON_O  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard daemon/*.c))
TOOL_C    := $(wildcard tools/*.c tools/export/*.c tools/payout/*.c tools/replay/*.c tools/report/*.c \
             tools/verify/*.c)
TOOL_O    := $(TOOL_C:%.c=$(BUILD)/%.o)
TOOL_LIBS := -lsqlite3
LIB       := $(BUILD)/libdaybook.a
EMBEDDED  := $(sort $(wildcard src/rules/packs/*.json src/report/*.css))

all: $(BUILD)/daybookd $(BUILD)/daybook

$(BUILD)/daybookd: $(DAEMON_O) $(LIB)
	$(call SAY,LINK,$@)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/daybook: $(TOOL_O) $(LIB)
	$(call SAY,LINK,$@)$(CC) $(SANFLAGS) -o $@ $^ $(LIBS) $(TOOL_LIBS)

$(LIB): $(LIB_O) $(PROTO_O) $(BUILD)/proto/descriptors.o $(BUILD)/embedded.o
	$(call SAY,AR,$@)rm -f $@ && ar rcs $@ $^

# The command knows nothing of the daemon's headers, of which some have its names.
$(BUILD)/tools/%.o: INCLUDES := -Iinclude -Isrc -Itools -I$(BUILD)/proto

# Generated code keeps its own warnings to itself.
$(BUILD)/proto/%.pb-c.c: proto/%.proto
	@mkdir -p $(BUILD)/proto
	$(call SAY,PROTO,$<)protoc-c -I proto --c_out=$(BUILD)/proto $*.proto

$(BUILD)/proto/google/protobuf/timestamp.pb-c.c:
	@mkdir -p $(BUILD)/proto
	$(call SAY,PROTO,$@)protoc-c -I /usr/include --c_out=$(BUILD)/proto google/protobuf/timestamp.proto

# What server reflection answers with: every .proto, compiled, as an array.
$(BUILD)/proto/descriptors.c: $(PROTO_FILES)
	@mkdir -p $(BUILD)/proto
	$(call SAY,PROTO,$@)protoc -I proto --include_imports --descriptor_set_out=$(@:.c=.pb) $^ && \
	{ printf '#include <stddef.h>\nextern const unsigned char dbk_descriptors[];\n'; \
	  printf 'extern const size_t dbk_descriptors_size;\nconst unsigned char dbk_descriptors[] = {\n'; \
	  od -An -v -tu1 $(@:.c=.pb) | sed 's/ \([0-9]\)/,\1/g; s/ //g; s/^,//; s/$$/,/'; \
	  printf '};\nconst size_t dbk_descriptors_size = sizeof dbk_descriptors;\n'; } >$@

# Files that the programs carry: base/embedded.h.
$(BUILD)/embedded.c: $(EMBEDDED) Makefile
	@mkdir -p $(@D)
	$(call SAY,EMBED,$@){ printf '#include "base/embedded.h"\n'; n=0; \
	  for f in $(EMBEDDED); do n=$$((n + 1)); \
	    printf 'static const unsigned char file%d[] = {\n' $$n; \
	    od -An -v -tu1 $$f | sed 's/ \+/,/g; s/^,//; s/$$/,/'; printf '0};\n'; done; \
	  printf 'const struct dbk_embedded dbk_embedded[] = {\n'; n=0; \
	  for f in $(EMBEDDED); do n=$$((n + 1)); \
	    printf '{ "%s", file%d, sizeof file%d - 1 },\n' $$f $$n $$n; done; \
	  printf '{ 0, 0, 0 }};\nconst uint32_t dbk_embedded_count = %d;\n' $$n; } >$@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(call SAY,CC,$<)$(COMPILE) -w -c -o $@ $<

$(BUILD)/proto/%.o: $(BUILD)/proto/%.c
	$(call SAY,CC,$<)$(COMPILE) -w -c -o $@ $<

$(BUILD)/%.o: %.c | $(PROTO_C)
	@mkdir -p $(@D)
	$(call SAY,CC,$<)$(COMPILE) $(WARNINGS) -c -o $@ $<

demo: all
	@BUILD=$(BUILD) tools/demo.sh

MAN1 := $(wildcard tools/man/*.1)
MAN8 := $(wildcard daemon/man/*.8)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/daybook/proto
	install -m 755 $(BUILD)/daybookd $(BUILD)/daybook $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(MAN1) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(MAN8) $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 tools/completion/daybook.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/daybook
	cp -R proto/daybook $(DESTDIR)$(PREFIX)/share/daybook/proto
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/sysusers.d
	sed 's|@PREFIX@|$(PREFIX)|' daemon/systemd/daybookd.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/daybookd.service
	install -m 644 daemon/systemd/daybookd.socket $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 644 daemon/systemd/daybook.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/daybook.conf
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/daybookd.service

include tests/tests.mk
-include tools/bench/bench.mk

clean:
	rm -rf build

-include $(LIB_O:.o=.d) $(DAEMON_O:.o=.d) $(TOOL_O:.o=.d)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all clean demo install
