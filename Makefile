# The front door. Two commands do everything on a bare Debian 12 machine: `make demo` and `make check`.
BUILD ?= build
TIME ?= 60
SHELL := /bin/sh

.PHONY: all packages packages-check build check check-determinism oracle soak demo bench fuzz fuzz-long power-cut format install clean

all: build

packages:
	@tools/install-packages build
packages-check:
	@tools/install-packages build check

$(BUILD)/build.ninja: | packages
	@meson setup $(BUILD) $(if $(CI),--werror) >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@rm -f $(BUILD).log

build: packages $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

check: packages-check build
	@tools/run-tests $(BUILD)

check-determinism:
	@tools/install-packages build determinism
	@tools/check-determinism $(BUILD)-determinism

oracle: build
	@python3 test/oracle/compare.py $(BUILD)/test/oracle-pairs $(or $(PAIRS),100000) $(SEED)

soak: build
	@tools/install-packages build soak
	@test/model/check
	@python3 test/hosts/histories.py $(BUILD)/truce $(BUILD)/test/libtruce-hosts.so $(or $(HISTORIES),1000) $(SEED)
	@python3 test/hosts/hosts.py $(BUILD)/truce $(BUILD)/test/libtruce-hosts.so $(SEED) || [ $$? = 77 ]

demo: build
	@tools/demo $(BUILD)

bench: build
	@tools/bench $(BUILD)

fuzz: packages-check
	@tools/fuzz $(TIME)

fuzz-long: packages-check
	@tools/fuzz-long $(or $(RUNS),10000000) $(or $(SLICE),60) $(TARGETS)

power-cut: build
	@python3 test/power/power_cut.py $(BUILD)/truce $(BUILD)/test --rounds $(or $(ROUNDS),200)

format:
	@clang-format -i $$(git ls-files '*.c' '*.h')

install: build
	@meson install -C $(BUILD)

clean:
	@rm -rf $(BUILD) build-*
