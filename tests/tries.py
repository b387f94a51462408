"""How many examples a property tries: fewer or more than others, under every profile."""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def tries(count: int, **more: Any) -> settings:
    """Return settings for so many examples under the profile `ci`, and as many times more under a longer one."""
    return settings(max_examples=max(1, settings().max_examples * count // 100), **more)
