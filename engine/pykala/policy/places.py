"""Where in a policy file the parts of its examples and of `typical` stand, for diagnostics about them.

Examples hold plain data without places; the file is read again where something is wrong with them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from pykala.policy import strict_yaml
from pykala.policy.model import Example
from pykala.policy.steps import steps_of
from pykala.policy.strict_yaml import Mapping, Scalar, YamlNode
from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.source import Source, Span


def word_of_example(example: Example, key: str, word: str) -> Span:
    """Return where a word stands under a key of an example (`not_given`, `because`, `exception`)."""
    found = _example(example)
    node = found.get(key) if found is not None else None
    items = node.items if isinstance(node, strict_yaml.Sequence) else () if node is None else (node,)
    return next((item.span for item in items if isinstance(item, Scalar) and item.text == word), example.span)


def given_of_example(example: Example, path: str) -> Span:
    """Return where a path is given in an example."""
    found = _example(example)
    node = found.get("given") if found is not None else None
    return (node.key(path) or example).span if isinstance(node, Mapping) else example.span


def field_of_example(example: Example, steps: Sequence[str | int], *, name: bool) -> Span | None:
    """Return where an example gives a field, or None where it does not; `name`: the name of the field, not the value."""
    found = _example(example)
    node = found.get("given") if found is not None else None
    if not isinstance(node, Mapping):
        return None
    best: tuple[int, Span] | None = None
    for key, value in node.entries:
        own = steps_of(key.text)
        for given in (own, own[1:]):  # `case.days` of a case means its `days`
            shared = next((n for n, pair in enumerate(zip(given, steps, strict=False)) if pair[0] != pair[1]), None)
            shared = min(len(given), len(steps)) if shared is None else shared
            if not shared or (best is not None and best[0] >= shared):
                continue
            whole = shared == len(given)
            best = (shared, _descend(value, key, steps[shared:], name=name) if whole else key.span)
    return None if best is None else best[1]


def field_of_typical(source: Source, steps: Sequence[str | int], *, name: bool) -> Span | None:
    """Return where the `typical` of a file gives a field, or None where the file has no `typical`."""
    root = _root(source)
    node, key = (root.get("typical"), root.key("typical")) if isinstance(root, Mapping) else (None, None)
    return None if node is None or key is None else _descend(node, key, steps, name=name)


def _descend(node: YamlNode, key: Scalar, steps: Sequence[str | int], *, name: bool) -> Span:
    """Return the place of what the steps lead to, or of the last step that is there."""
    last = key.span
    for step in steps:
        if isinstance(node, Mapping) and (inner := node.get(str(step))) is not None:
            found = node.key(str(step))
            last = found.span if found is not None else last
            node = inner
        elif isinstance(node, strict_yaml.Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            first = node.entries[0][0] if isinstance(node, Mapping) and node.entries else node
            last = first.span
        else:
            return last
    return node.span if isinstance(node, Scalar) and not name else last


def _example(example: Example) -> Mapping | None:
    return next((node for node in _mappings(_root(example.source)) if _expects(node) == example.span), None)


def _expects(node: Mapping) -> Span | None:
    expect = node.get("expect")
    return None if expect is None else expect.span


def _mappings(node: YamlNode | None) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for _, value in node.entries:
            yield from _mappings(value)
    elif isinstance(node, strict_yaml.Sequence):
        for item in node.items:
            yield from _mappings(item)


@functools.lru_cache(maxsize=4)
def _root(source: Source) -> YamlNode | None:
    try:
        return strict_yaml.compose(source)
    except DiagnosticsError:
        return None  # a text that is no file of its own, such as a test's
