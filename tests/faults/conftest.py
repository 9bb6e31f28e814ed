"""Options of the crash tests: more rounds, and the seed of a run that failed."""

import random

import pytest


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=15, help="how often the server is killed")
    parser.addoption("--minutes", type=float, default=0.5, help="how long the soak runs")
    parser.addoption("--seed", type=int, help="repeat the moments of an earlier run")


@pytest.fixture
def rounds(request):
    return request.config.getoption("--rounds")


@pytest.fixture
def soak_minutes(request):
    return request.config.getoption("--minutes")


@pytest.fixture
def dice(request):
    seed = request.config.getoption("--seed")
    if seed is None:
        seed = random.randrange(2**32)
    print(f"seed {seed}: repeat with ./dev test faults --seed {seed}")
    return random.Random(seed)
