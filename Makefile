# make run   sets up what is missing, builds, reproduces Krekels et al. 2026 (quick) and says where the report is
# make test  sets up what is missing, checks the format, builds, runs every test
# make build, make format, make clean

SWIFT ?= swift
RESULTS ?= results/krekels2026
NESS = .build/release/ness

.PHONY: run test build setup format lint clean

run: build
	$(NESS) reproduce krekels2026 --quality quick --output $(RESULTS)

test: setup lint
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build

build: setup
	$(SWIFT) build -c release --product ness

setup:
	@sh Scripts/setup.sh

lint:
	$(SWIFT) format lint --recursive --strict Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build
