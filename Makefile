# A convenience: all of it is in packaging/tasks.py, which needs only Python 3.11 or newer.
# make run                     set up and open the app
# make test ARGS="-k clock"    set up and test
PYTHON ?= python3

.PHONY: setup run test demo pictures bench torture sbom lint
setup run test demo pictures bench torture sbom lint:
	@$(PYTHON) packaging/tasks.py $@ $(ARGS)
