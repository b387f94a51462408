"""Checked policies as bytes: the same policies come back, and no more is read than is looked at."""

from __future__ import annotations

import copy
import pickle
from functools import cache
from pathlib import Path

import platformdirs
import pytest

import record_strategies
from pykala.policy import kept
from pykala.policy.cache import cache_file
from pykala.policy.loader import PolicySet


@cache
def content() -> bytes:
    """Return the shipped policies as bytes."""
    return kept.dumps(record_strategies.shipped())


def again() -> PolicySet:
    """Return the policies as they come back."""
    found = kept.loads(content())
    assert isinstance(found, PolicySet)
    return found


def test_the_cache_lies_where_the_platform_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYKALA_CACHE_DIR", raising=False)
    for own in (None, "", str(tmp_path)):
        if own is None:
            monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_CACHE_HOME", own)
        found = cache_file(tmp_path / "policies")
        assert found is not None
        assert Path(platformdirs.user_cache_dir("pykala")) == found.parent


def test_the_same_policies_come_back() -> None:
    shipped, found = record_strategies.shipped(), again()
    assert shipped.policies == found.policies
    assert shipped.libraries == found.libraries
    assert dict(shipped.register.statements) == dict(found.register.statements)
    assert shipped.diagnostics == found.diagnostics
    assert list(shipped.vocabulary.kinds) == list(found.vocabulary.kinds)


def test_the_rules_of_other_policies_are_not_read() -> None:
    found = again()
    first, second = found.policies[:2]
    assert first.rules[0].id == record_strategies.shipped().policies[0].rules[0].id
    assert isinstance(second.rules, kept.Later)
    assert second.rules._items is None
    assert isinstance(first.rules[0].examples, kept.Later)
    assert first.rules[0].examples._items is None


def test_a_rule_speaks_of_the_fields_of_the_vocabulary_itself() -> None:
    found = again()
    policy = found.policies[0]
    assert policy.subject is found.vocabulary.kinds[policy.record].type
    assert policy.rules[0].source is policy.source


def test_policies_that_came_back_can_be_copied_and_kept_again() -> None:
    found = again()
    assert copy.deepcopy(found.policies) == found.policies
    assert pickle.loads(pickle.dumps(found.policies)) == found.policies
    assert isinstance(kept.loads(kept.dumps(found)), PolicySet)
