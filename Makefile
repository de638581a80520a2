# make run   sets up what is missing, builds all but the explorer, shows the figure of a first study, builds the rest, reproduces both
#            papers (quick) and says where the reports are
# make test  sets up what is missing, checks the format, builds, runs the tests that are quick; make test-all runs all of them
# make bench sets up what is missing, measures Ness beside other programs (Benchmarks/README.md); in full: make bench BENCH_OPTIONS=--full
# make docs  the documentation as a site that works from a folder: site/index.html
# make documentation   the reference of the Swift library as a page
# make dist  makes a release that runs on other machines: dist/ness-VERSION-linux-x86_64.tar.gz (Linux, x86-64)
# make wheel makes the Python package with the release inside: dist/ness_physics-VERSION-py3-none-manylinux_2_X_x86_64.whl
# make install PREFIX=$HOME/.local, make uninstall PREFIX=$HOME/.local
# make build, make format, make clean

SWIFT ?= swift
# The processor for which the engines are compiled (Package.swift).
export NESS_CPU ?= native
RESULTS ?= results
NESS = .build/release/ness
# The same program without the explorer, whose server is two fifths of the build.
FIRST = .build/release/NessWithoutExplorer

PREFIX ?= /usr/local

.PHONY: run build-tests test test-all test-page bench docs documentation build dist wheel install uninstall setup format lint clean

run: setup
	@test -x $(FIRST) || echo "ness: building all but the explorer; the first time that takes three to ten minutes on two cores"
	$(SWIFT) build -c release --product NessWithoutExplorer
	@echo "ness: the first study, Examples/hot-particles.yaml (some seconds)"
	$(FIRST) run Examples/hot-particles.yaml --store $(RESULTS)/store
	$(FIRST) plot Examples/hot-particles.yaml --figure heatCurrent --store $(RESULTS)/store --output $(RESULTS)/first
	@echo "ness: the first figure is $(RESULTS)/first/figure-heatCurrent.png"
	@sh Scripts/show.sh $(RESULTS)/first/figure-heatCurrent.png
	@test -x $(NESS) || echo "ness: building the explorer (two to six minutes); .build/release/ness is then all of Ness"
	@$(MAKE) --no-print-directory build
	@echo "ness: now both papers (some minutes)"
	$(NESS) reproduce zou2026 --quality quick --output $(RESULTS)/zou2026
	$(NESS) reproduce krekels2026 --quality quick --output $(RESULTS)/krekels2026

# A module that a target imports but does not declare is found by some builds and not by others: told here each time.
build-tests: setup lint
	$(SWIFT) build -c release --build-tests --explicit-target-dependency-import-check error

test: build-tests
	$(SWIFT) test -c release --skip-build
	@$(MAKE) --no-print-directory test-page

test-all: export NESS_TESTS = all
test-all: test

# The logic of the explorer's page, without a browser.
test-page:
	@if command -v node >/dev/null; then NESS=$(NESS) node --test Tests/Page/*.test.mjs; \
	else echo "not tried, for it needs node (apt install nodejs): the logic of the explorer's page"; fi

BENCH = .build/bench
BENCH_OPTIONS ?= --quick

bench: build
	test -x $(BENCH)/bin/python || python3 -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	$(BENCH)/bin/python Benchmarks/compare.py $(BENCH_OPTIONS)

docs: build
	Scripts/site.sh

documentation: setup
	$(SWIFT) build -c release --target Ness
	Scripts/documentation.sh

dist: build
	@Scripts/dist.sh

wheel: dist
	@Scripts/python-wheel.sh

install: dist
	@Scripts/install.sh install "$$(cat dist/newest)" "$(PREFIX)"

uninstall:
	@Scripts/install.sh uninstall "$(PREFIX)"

build: setup
	@test -x $(NESS) || test -x $(FIRST) || echo "ness: the first build takes about five minutes on two cores"
	$(SWIFT) build -c release --product ness

setup:
	@sh Scripts/setup.sh

lint:
	$(SWIFT) format lint --recursive --strict Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build .build-dist dist
