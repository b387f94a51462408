"""How much the property tests try, and where checked policies are kept while the tests run.

The profile `ci`, by default, tries the same each time; `long` tries much more, anew each time:

python -m pytest -n auto --hypothesis-profile long tests/properties

What the shipped files say is checked once by each worker and read from a cache of the tests' own after that, never
from the user's. A test of the cache, or of what a cold start does, names a folder of its own.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.register_profile("long", max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Keep checked policies beside pytest's own cache, closed to others as the cache asks."""
    folder = config.cache.mkdir("pykala") if config.cache is not None else None
    if folder is not None:
        folder.chmod(0o700)
        os.environ["PYKALA_CACHE_DIR"] = str(folder)
