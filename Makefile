# SPDX-License-Identifier: MIT
# poolsift: make help

VERSION := 0.1.0

ifeq (this is the make of BSD,)
.error poolsift wants GNU make, which is often called gmake
endif

CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
SAN     ?=
COV     ?=
WERROR  ?=
FAST    ?=

V       ?=
Q := $(if $(V),,@)
, := ,
say = $(if $(V),,@echo '  $(1) $@')

# One variable makes a variant; each has its own folder below build/.
VARIANT := $(if $(SAN),$(SAN),$(if $(COV),cov,plain))$(if $(filter-out cc gcc,$(notdir $(CC))),-$(notdir $(CC)))$(if $(FAST),-fast$(FAST))
OUT     := build/$(VARIANT)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wcast-qual -Wformat=2 -Wundef -Wvla \
        $(if $(WERROR),-Werror)
# What makes a fault harder to use, as far as compiler and linker know it.
takes  = $(shell $(CC) -Werror $(1) -S -xc /dev/null -o /dev/null 2>/dev/null && echo $(1))
links  = $(shell $(CC) $(1) -shared -nostdlib -xc /dev/null -o /dev/null 2>/dev/null && echo $(1))
HARD    := -fstack-protector-strong -fPIE $(call takes,-fstack-clash-protection) \
           $(call takes,-fcf-protection)
# Arithmetic in the registers that all others have: those of the 387 round twice.
FLOAT   := $(call takes,-msse2 -mfpmath=sse)
HARD_LD := -pie $(call links,-Wl$(,)-z$(,)relro$(,)-z$(,)now) \
           $(call links,-Wl$(,)-z$(,)noexecstack) $(call links,-Wl$(,)-z$(,)separate-code)
# Beyond POSIX: what tests/static/symbols.txt lists so, which some systems then hide.
BEYOND := -D_DARWIN_C_SOURCE -D__BSD_VISIBLE=1 -D_NETBSD_SOURCE
BASE := -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 $(BEYOND) -I. \
        -ffp-contract=off $(FLOAT) -ffile-prefix-map="$$PWD"=. $(HARD) -pthread
ifeq ($(SAN),asan)
OPT  := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
        -fno-omit-frame-pointer
else ifeq ($(SAN),tsan)
OPT  := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
else ifeq ($(SAN),fuzz)
OPT  := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
else ifneq ($(COV),)
OPT  := -O0 -g --coverage
else
OPT  := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
# How rows are read: FAST=0 the careful reader alone, 1 the fast one in portable C, else
# with the vector instructions of the machine.  What is printed is the same.
ALL_CFLAGS := $(BASE) $(WARN) $(OPT) -DPOOLSIFT_VERSION='"$(VERSION)"' \
              $(if $(FAST),-DPOOLSIFT_FAST=$(FAST)) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS := $(HARD_LD) -pthread $(filter -fsanitize=% --coverage,$(OPT)) $(LDFLAGS)
LIBS := -lz -lyaml -lm

# Windows (CC=x86_64-w64-mingw32-gcc): what it lacks of POSIX is in formats/windows.
EXE :=
WIN_SRC := $(sort $(wildcard formats/windows/*.c))
ifneq ($(findstring mingw,$(shell $(CC) -dumpmachine)),)
EXE := .exe
ALL_CFLAGS := $(filter-out -fPIE -fstack-clash-protection -D_FORTIFY_SOURCE=%,$(ALL_CFLAGS)) -D_WIN32_WINNT=0x0601 \
              -D__USE_MINGW_ANSI_STDIO=1 -DYAML_DECLARE_STATIC -Iformats/windows/include \
              -include formats/windows/posix.h -Wno-float-conversion -Wno-shadow
ALL_LDFLAGS := -static -municode -pthread -fstack-protector-strong -Wl,--dynamicbase,--nxcompat,--high-entropy-va \
               -Wl,--no-insert-timestamp $(LDFLAGS)
WIN_OBJ := $(WIN_SRC:%.c=$(OUT)/%.o)
endif

LIB_SRC  := $(sort $(wildcard formats/*.c formats/*/*.c cli/*.c cli/*/*.c \
                      cli/render/*/*.c))
KNOW     := limits rules tags
CAP_WIN  := formats/capture/poolcap.c formats/capture/ntquery.c
LIB_SRC  := $(filter-out cli/main.c $(CAP_WIN) $(WIN_SRC) $(if $(EXE),formats/aligned.c formats/path.c),$(LIB_SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(OUT)/%.o) $(WIN_OBJ) $(KNOW:%=$(OUT)/gen/know_%.o)
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(OUT)/tests/%)
TOOL_SRC := $(sort $(wildcard tests/tools/*.c))
TOOL_BIN := $(TOOL_SRC:tests/tools/%.c=$(OUT)/tools/%)
EVAL_SRC := $(sort $(wildcard tests/eval/*.c))
EVAL_BIN := $(EVAL_SRC:tests/eval/%.c=$(OUT)/tools/%)
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
# The same targets without a fuzzer, for the inputs that are kept.
REPLAY   := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(OUT)/tools/replay-%)
BATS     := $(sort $(wildcard tests/cli/*.bats))

POOLSIFT := $(OUT)/poolsift$(EXE)
MAN1     := $(OUT)/poolsift.1
MAN5     := formats/psz.5 cli/know/poolsift-case.5
COMPLETION := $(OUT)/poolsift.bash

.PHONY: all units machines demo poolcap check test check-full static mutants mutation trust fuzz-smoke fuzz-targets bench eval picture install \
        uninstall clean help cov
.DELETE_ON_ERROR:
.SECONDARY:

# Windows has no man; mkmanual would not run here, either.
all: $(POOLSIFT) $(if $(EXE),,$(MAN1) $(COMPLETION)) ## build the program (build/poolsift), its manual and completion
	@for f in $(notdir $^); do ln -sfn $(VARIANT)/$$f build/$$f; done

$(POOLSIFT): $(OUT)/cli/main.o $(OUT)/libpoolsift.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/libpoolsift.a: $(LIB_OBJ)
	$(Q)rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# Asked for once: a compiler's own words do not say where libraries come from.
$(OUT)/libraries: Makefile
	@mkdir -p $(@D)
	@command -v $(firstword $(CC)) >/dev/null || { echo 'there is no $(firstword $(CC)); Debian has cc in gcc and libc6-dev' >&2; exit 1; }
	@printf '#include <zlib.h>\n#include <yaml.h>\n' | $(CC) $(filter-out --coverage,$(ALL_CFLAGS)) -fsyntax-only -xc - || { \
	    echo 'poolsift wants zlib and libyaml; Debian has both: zlib1g-dev libyaml-dev.  For another machine:'; \
	    echo '    tests/machines/libraries build/there $(CC)'; \
	    echo '    make CC="$(CC)" CPPFLAGS=-Ibuild/there/include LDFLAGS=-Lbuild/there/lib'; exit 1; } >&2
	@touch $@

$(OUT)/%.o: %.c Makefile | $(OUT)/libraries
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What is known (cli/know/*.yaml) becomes tables, by the program's own loaders, which run
# on the machine that builds.
HOSTCC   ?= cc
MKKNOW   := $(OUT)/gen/mkknow
GEN_SRC  := $(wildcard cli/know/gen/*.c) $(KNOW:%=cli/know/%_read.c) cli/know/yaml.c \
            cli/know/yaml_expect.c formats/err.c formats/bytes.c formats/size.c formats/tag.c

$(MKKNOW): $(GEN_SRC) $(wildcard cli/know/*.h cli/know/gen/*.h) cli/analyze/analyze.h $(wildcard cli/analyze/*.def) \
           $(wildcard formats/*.h) Makefile
	@mkdir -p $(@D)
	$(call say,HOSTCC)
	$(Q)$(HOSTCC) $(filter-out -ffile-prefix-map=%,$(BASE)) -O1 -o $@ $(GEN_SRC) -lyaml

$(OUT)/gen/know_%.c: cli/know/%.yaml $(MKKNOW)
	$(call say,KNOW)
	$(Q)$(MKKNOW) $* $< >$@

$(OUT)/gen/%.o: $(OUT)/gen/%.c Makefile
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The manual and the completion of bash: templates, and lists from the program's own tables.
# RUN= a program to run what was built with (where that is for another machine).
RUN      ?=
MKMANUAL := $(OUT)/gen/mkmanual$(EXE)

$(MKMANUAL): $(wildcard cli/manual/gen/*.[ch] cli/*.def) $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c %.a,$^) $(ALL_LDFLAGS) $(LIBS)

$(MAN1): cli/manual/poolsift.1.in $(MKMANUAL)
	$(call say,MANUAL)
	$(Q)$(RUN) $(MKMANUAL) man <$< >$@

$(COMPLETION): cli/manual/poolsift.bash.in $(MKMANUAL)
	$(call say,MANUAL)
	$(Q)$(RUN) $(MKMANUAL) bash <$< >$@

units: $(UNIT_BIN:=$(EXE))

# On Windows more is missing than the program needs, a test may stand for a call of it, and
# what cmocka prints is taken for what Windows' own printf knows.
UNIT_CFLAGS := $(if $(EXE),-Itests/machines/windows -include tests/machines/windows/posix.h -Wno-format -Wno-format-extra-args)
UNIT_LDFLAGS := $(if $(EXE),-Wl$(,)--allow-multiple-definition)
$(OUT)/tests/%$(EXE): tests/unit/%.c $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(UNIT_CFLAGS) -MMD -MP -o $@ $< $(OUT)/libpoolsift.a $(ALL_LDFLAGS) $(UNIT_LDFLAGS) -lcmocka $(LIBS)

# Programs whose memory runs out (tests/unit/memory.h): not the C library's, so that is shared.
MEMORY_CALLS := malloc calloc realloc aligned_alloc strdup strndup free \
                grow buf_reserve buf_append buf_byte buf_varint buf_printf shelf_take
$(OUT)/tests/test_memory_%$(EXE): private ALL_LDFLAGS := $(MEMORY_CALLS:%=-Wl,--wrap=%) \
    $(if $(EXE),$(ALL_LDFLAGS),$(filter-out -static -no-pie,$(ALL_LDFLAGS)))
$(OUT)/tests/test_prop_stored$(EXE) $(OUT)/tests/test_prop_smooth$(EXE): private ALL_LDFLAGS += -Wl,--wrap=deflateInit2_
READ_CALLS := pread pread64 __pread64_chk windows_pread
$(OUT)/tests/test_failing_reads$(EXE): private ALL_LDFLAGS += $(READ_CALLS:%=-Wl,--wrap=%)

$(OUT)/tools/%: tests/tools/%.c $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(OUT)/libpoolsift.a $(ALL_LDFLAGS) $(LIBS)

$(OUT)/tools/replay-%: tests/fuzz/fuzz_%.c $(OUT)/tests/fuzz/replay.o $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(OUT)/tests/fuzz/replay.o $(OUT)/libpoolsift.a $(ALL_LDFLAGS) $(LIBS)

$(OUT)/tools/%: tests/eval/%.c $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(OUT)/libpoolsift.a $(ALL_LDFLAGS) $(LIBS)

demo: all ## show the bundled captures: one screen, then a ranked series
	@tests/demo build/poolsift

# A runner of calls that fail, and what lets them fail: between the program and libc where
# no sanitizer stands there already, else linked into the program.
FAULT_SRC   := $(filter-out %/stand_in.c,$(sort $(wildcard tests/faults/*.c)))
FAULT_FLAGS := $(filter-out -D_POSIX_C_SOURCE=% -D_FILE_OFFSET_BITS=% -fPIE,$(BASE)) $(WARN) -O1 -g
FAULT_CALLS := malloc calloc realloc aligned_alloc strdup strndup free
FAULT_WITH  := $(OUT)/faults/$(if $(SAN),poolsift,stand_in.so)
FAULT_BIN   := $(OUT)/faults/faults $(FAULT_WITH)

$(OUT)/faults/faults: $(FAULT_SRC) $(wildcard tests/faults/*.h tests/faults/*.def) Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(filter-out -fPIE,$(BASE)) $(WARN) -O1 -g -o $@ $(FAULT_SRC)

$(OUT)/faults/stand_in.so: tests/faults/stand_in.c tests/faults/fault.h Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(FAULT_FLAGS) -fPIC -shared -o $@ $< -ldl

$(OUT)/faults/poolsift: tests/faults/stand_in.c tests/faults/fault.h $(OUT)/cli/main.o $(OUT)/libpoolsift.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(FAULT_FLAGS) -DFAULT_WRAP -c -o $(@D)/stand_in.o $<
	$(Q)$(CC) $(ALL_LDFLAGS) $(FAULT_CALLS:%=-Wl,--wrap=%) -o $@ $(filter %/main.o,$^) $(@D)/stand_in.o \
	    $(OUT)/libpoolsift.a $(LIBS)

check: all $(UNIT_BIN) $(TOOL_BIN) $(EVAL_BIN) $(REPLAY) $(FAULT_BIN) ## run all tests (SAN=asan: under sanitizers)
	@OUT=$(OUT) tests/run $(UNIT_BIN) $(BATS)

test: check ## the same as check

check-full: check ## check, then every other way to run it; absent tools are skips
	@MAKE='$(MAKE)' tests/full

cov: ## lines, branches and error returns that tests and faults execute (tests/cov)
	@rm -rf build/cov
	@mkdir -p build/cov
	@$(MAKE) --no-print-directory check COV=1 >build/cov/check.log || { tail -n 20 build/cov/check.log; exit 1; }
	@OUT=build/cov tests/faults/run 0 memory write threads >build/cov/faults.log
	@OUT=build/cov tests/faults/run 25 read short >>build/cov/faults.log
	@ONLY=--append OUT=build/cov tests/faults/run 0 read short >>build/cov/faults.log
	@tests/cov build/cov

static: ## analyzers of gcc and clang, clang-tidy, cppcheck, shellcheck (absent tools are skips)
	@tests/static/run

mutants: ## 10,000 damaged fixtures through the command line under sanitizers
	@MAKE='$(MAKE)' tests/mutants

mutation: ## 150 small faults in the sources, one at a time: a test must fail (COUNT=40 SEED=2)
	@MAKE='$(MAKE)' tests/mutation/run $(or $(COUNT),150) $(or $(SEED),1)

trust: ## the table of what was tried against it, from build/trust and tests/fuzz/totals.tsv
	@tests/trust

machines: all $(TOOL_BIN) $(EVAL_BIN) $(REPLAY) ## build and test on other machines, wine and qemu (NAMES='s390x "Windows x64"')
	@MAKE='$(MAKE)' tests/machines/run $(NAMES)
	@tests/machines/table

fuzz-smoke: ## each fuzz target for 20 s (SECONDS=20)
	@MAKE='$(MAKE)' tests/fuzz/smoke $(SECONDS)

bench: all $(TOOL_BIN) ## time it beside wc, mawk and others, as ratios
	@OUT=$(OUT) tests/bench/run

# What the README shows: the upper part of a report, as chromium draws it.
PICTURE := fixtures/series/web01.zip --limit nonpaged=512M
picture: all ## draw tests/golden/report.png anew (chromium, node, npm)
	$(Q)$(POOLSIFT) report -q $(PICTURE) -o $(OUT)/picture.html
	$(Q)NODE_PATH=$$(tests/browser/modules) CHROMIUM=$$(command -v chromium) \
	    node tests/browser/picture.js $(OUT)/picture.html tests/golden/report.png

eval: all $(EVAL_BIN) ## how well it ranks: labelled series, two rivals (SEEDS=100-109 CONFIG="96 96r")
	@OUT=$(OUT) tests/eval/run dev $(or $(SEEDS),100-103) $(CONFIG)

FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(OUT)/fuzz/%)
fuzz-targets: $(FUZZ_BIN)

$(OUT)/fuzz/%: tests/fuzz/%.c $(OUT)/libpoolsift.a Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(OUT)/libpoolsift.a \
	    $(ALL_LDFLAGS) -fsanitize=fuzzer $(LIBS)

# The capturer for Windows, once per width; tests put another POOLCAP_QUERY in the place of
# the one system call.  zlib comes from Debian's libz-mingw-w64-dev.
MINGW32 ?= i686-w64-mingw32-gcc
MINGW64 ?= x86_64-w64-mingw32-gcc
POOLCAP_QUERY ?= formats/capture/ntquery.c
POOLCAP_OUT   ?= build
CAP_SRC := formats/bytes.c formats/err.c formats/frame.c formats/when.c \
           formats/capture/record.c formats/capture/run.c formats/capture/poolcap.c
CAP_FLAGS := -std=c11 -O2 -I. -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0601 -municode \
             $(WARN) -DPOOLSIFT_VERSION='"$(VERSION)"' -static -s -Wl,--no-insert-timestamp

POOLCAP := $(POOLCAP_OUT)/poolcap64.exe $(POOLCAP_OUT)/poolcap32.exe

poolcap: $(POOLCAP) ## cross-build the capturer for Windows (mingw-w64)

$(POOLCAP_OUT)/poolcap64.exe: CAP_CC = $(MINGW64)
$(POOLCAP_OUT)/poolcap32.exe: CAP_CC = $(MINGW32)
$(POOLCAP): $(CAP_SRC) $(POOLCAP_QUERY) $(wildcard formats/*.h formats/capture/*.h) Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CAP_CC) $(CAP_FLAGS) -o $@ $(CAP_SRC) $(POOLCAP_QUERY) -lz

# Packages, below build/package; the same sources give the same bytes on any day.
.PHONY: dist deb static-binary windows-zip
dist: ## a tarball of the sources (build/package)
	@MAKE='$(MAKE)' cli/package/pack dist

deb: ## a package for Debian 12 (debhelper)
	@MAKE='$(MAKE)' cli/package/pack deb

static-binary: ## one file that runs on any Linux (musl-tools)
	@MAKE='$(MAKE)' cli/package/pack static

windows-zip: ## poolsift.exe and the capturers in a zip (mingw-w64)
	@MAKE='$(MAKE)' cli/package/pack windows

INTO    := $(DESTDIR)$(PREFIX:~/%=$(HOME)/%)
BINDIR  := $(INTO)/bin
SHARE   := $(INTO)/share
BASHDIR := $(SHARE)/bash-completion/completions
DOCS    := README.md LICENSE

install: all ## put program, manual, completion and licence below PREFIX (and DESTDIR)
	install -d "$(BINDIR)" "$(SHARE)/man/man1" "$(SHARE)/man/man5" "$(BASHDIR)" "$(SHARE)/doc/poolsift"
	install -m 755 $(POOLSIFT) "$(BINDIR)/poolsift"
	install -m 644 $(MAN1) "$(SHARE)/man/man1/poolsift.1"
	install -m 644 $(MAN5) "$(SHARE)/man/man5"
	install -m 644 $(COMPLETION) "$(BASHDIR)/poolsift"
	install -m 644 $(DOCS) "$(SHARE)/doc/poolsift"

uninstall: ## take away what install put there
	rm -f "$(BINDIR)/poolsift" "$(SHARE)/man/man1/poolsift.1" "$(BASHDIR)/poolsift" \
	    $(foreach f,$(notdir $(MAN5)),"$(SHARE)/man/man5/$f") \
	    $(foreach f,$(DOCS),"$(SHARE)/doc/poolsift/$f")
	rmdir "$(SHARE)/doc/poolsift" 2>/dev/null || :

clean: ## remove build/
	rm -rf build

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
