# Two commands for a newcomer: make serve, make test. Both make a virtual environment in .venv first.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
TORCH := torch==2.13.0# with which the tests have passed; the package takes newer ones too
INSTALL = $(RUN)/python -m pip install --quiet --disable-pip-version-check '$(TORCH)'
export HOST PORT

MINUTES ?= 0
LATENCY ?= 0
ARGS ?=
SEEDS ?= 10
ESSAY ?= deterministic-networks

.PHONY: help serve test lint check lock bench bench-bikes bench-bottleneck bench-drag bench-estimators bench-states bench-tables study-defaults study-known docs load fuzz mutate copy-size models-readme golden browser clean

help:
	@echo "make serve   serve the essays on http://127.0.0.1:5000 (PORT=8000 and HOST=0.0.0.0 change it)"
	@echo "make test    run every test, in a browser too, eight minutes on two cores (ARGS='-k storm' chooses some)"
	@echo "make lint    check style, types and documentation, and packages for known vulnerabilities"
	@echo "make check   check the essays"
	@echo
	@echo "For maintainers:"
	@echo "make docs    build the documentation of the Python package in build/docs"
	@echo "make golden  draw the default pictures of all figures again, with which the tests compare"
	@echo "make models-readme   write models/README.md, the trained models and their scores"
	@echo "make copy-size   compute the size of the offline copy of an essay (some minutes)"
	@echo "make lock    pin the installed versions and list their licences"
	@echo "make browser   install a Chromium for the tests where there is none"
	@echo "make clean   remove the virtual environment and what was built"
	@echo "make load    load test: 200 readers drag sliders at once (MINUTES=5: for longer)"
	@echo "make fuzz    send it 10,000 malformed requests"
	@echo "make mutate  change the science in one place at a time and see whether the tests notice (an hour)"
	@echo "make bench   run the benchmarks"
	@echo "make bench-drag   drag sliders in a browser (LATENCY=80: milliseconds away from the server)"
	@echo "make bench-states ESSAY=which-neurons-matter   measure new states of its figures (ARGS=--browser: in Chromium)"
	@echo "make bench-bikes   measure the bike model on three splits"
	@echo "make bench-bottleneck   compare the bottlenecks with embo and dit, and find the parts of a circuit"
	@echo "make bench-tables   measure what a fit costs over rows, columns and levels (half an hour; ARGS=large: 100 million rows)"
	@echo "make bench-estimators   compare estimators and write models/ESTIMATORS.md (ARGS=ksg: some of them)"
	@echo "make study-defaults   compare settings for tables with few rows (SEEDS=3: fewer fits)"
	@echo "make study-known   fit tables whose right columns are known, and say what noise gets (SEEDS=3: fewer fits)"

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -e '.[serve,big]'
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(INSTALL) -e '.[serve,test]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-test
	$(INSTALL) -e '.[serve,bench]'
	@touch $@

$(VENV)/installed-lint: $(VENV)/installed-test
	$(INSTALL) -e '.[serve,lint]'
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(INSTALL) -e '.[serve,docs]'
	@touch $@

serve: $(VENV)/installed
	INFODECOMP_RELOAD=$${INFODECOMP_RELOAD:-1} \
	INFODECOMP_TABLES=$${INFODECOMP_TABLES-$${XDG_CACHE_HOME:-$$HOME/.cache}/infodecomp/tables} $(RUN)/python app.py

test: $(VENV)/installed-test browser
	$(RUN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

# Advisories appear without a change of ours, so they are shown and do not fail.
lint: $(VENV)/installed-lint
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/mkdocs build --quiet --strict
	$(RUN)/python -m tests.audit

docs: $(VENV)/installed-docs
	$(RUN)/mkdocs build --quiet --strict
	@echo "build/docs/index.html is the first page"

check: $(VENV)/installed
	$(RUN)/infodecomp check

bench: $(VENV)/installed-test browser
	$(RUN)/python -m tests.bench

bench-drag: $(VENV)/installed-test browser
	$(RUN)/python -m tests.bench_drag $(LATENCY)

bench-bikes: $(VENV)/installed-test
	$(RUN)/python -m tests.bench_bikes

bench-bottleneck: $(VENV)/installed-bench
	$(RUN)/python -m tests.bench_bottleneck

bench-estimators: $(VENV)/installed-test
	$(RUN)/python -m tests.bench_estimators $(ARGS)

bench-states: $(VENV)/installed-test
	OMP_NUM_THREADS=1 $(RUN)/python -m tests.bench_states $(ESSAY) $(ARGS)

bench-tables: $(VENV)/installed-test
	OMP_NUM_THREADS=1 $(RUN)/python -m tests.bench_tables $(ARGS)

study-known: $(VENV)/installed-test
	OMP_NUM_THREADS=1 SEEDS=$(SEEDS) $(RUN)/python -m tests.study_known $(ARGS)

study-defaults: $(VENV)/installed-bench
	OMP_NUM_THREADS=1 SEEDS=$(SEEDS) $(RUN)/python -m tests.study_defaults $(ARGS)

# A Chromium for the browser tests, through apt where there is none and the user may. Debian's
# chromium-headless-shell draws the same pages as chromium in a third of the time.
INSTALL_BROWSER = apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core
browser:
	@command -v chromium-headless-shell >/dev/null && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		sh -c '$(INSTALL_BROWSER)' && exit 0; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		sudo sh -c '$(INSTALL_BROWSER)' && exit 0; \
	fi; \
	command -v chromium >/dev/null && exit 0; \
	echo "There is no chromium here and it cannot be installed without you: the browser tests will be skipped."; \
	echo "Install it (on Debian and Ubuntu: sudo apt-get install chromium-headless-shell) and run make test again."

load: $(VENV)/installed-test
	MINUTES=$(MINUTES) $(RUN)/python -m tests.load

fuzz: $(VENV)/installed-test
	$(RUN)/python -m tests.fuzz

mutate: $(VENV)/installed-test
	OMP_NUM_THREADS=1 $(RUN)/python -m tests.mutate $(ARGS)

copy-size: $(VENV)/installed-test
	$(RUN)/python -m tests.copy_size

lock: $(VENV)/installed-lint
	$(RUN)/python -m tests.licences

models-readme: $(VENV)/installed
	$(RUN)/infodecomp experiments --readme models/README.md

golden: $(VENV)/installed
	$(RUN)/python -m tests.golden

clean:
	rm -rf $(VENV) build *.egg-info
