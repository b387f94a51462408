"""How much the property tests try: `ci` by default, the same each time; `long` tries much more, anew each time.

python -m pytest -n auto --hypothesis-profile long tests/properties
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.register_profile("long", max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("ci")
