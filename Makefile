# The front door. Two commands do everything on a bare Debian 12 machine: `make demo` and `make check`.
BUILD ?= build
SHELL := /bin/sh

.PHONY: all demo check build format clean install packages packages-check

all: build

packages:
	@tools/install-packages build
packages-check:
	@tools/install-packages build check

$(BUILD)/build.ninja: | packages
	@meson setup $(BUILD) $(if $(CI),--werror) >/dev/null || { meson setup $(BUILD); exit 1; }

build: packages $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

check: packages-check build
	@tools/run-tests $(BUILD)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build
	@meson install -C $(BUILD)

clean:
	@rm -rf $(BUILD) build-*
