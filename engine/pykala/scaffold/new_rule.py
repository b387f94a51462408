"""A new rule in a policy file, with examples that notice a change of any part of it.

In: a policy, and what the rule requires. Out: the text of the file with the rule at its end. The examples are those that
`pykala test --mutate` proposes for a rule without any: they are found on the policy's typical record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pykala.policy.loader import PolicySet, load_sources
from pykala.policy.model import Policy, Responsible
from pykala.policy.paths import repository_files, shown_path
from pykala.policy.strict_yaml import Mapping, Sequence, compose, load_source
from pykala.quality.fmt.layout import format_source
from pykala.quality.mutate.run import mutate_rule
from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.source import Source


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a planner says of a new rule."""

    id: str
    cite: tuple[str, ...]
    require: str
    for_each: str | None = None
    when: str | None = None
    phase: str | None = None
    title: str | None = None
    responsible: Responsible | None = None


def with_new_rule(policies: PolicySet, policy: Policy, draft: RuleDraft) -> str:
    """Return the policy's file with the new rule and its examples.

    Raises:
        DiagnosticsError: with what is wrong with the rule, at its place in the new file.
    """
    bare = _added(policy.source, _lines(draft, ()))
    checked = _checked(policies, policy, bare)
    rule = checked.rule(draft.id)
    assert rule is not None, "the file has it"
    found = mutate_rule(checked, rule, policies.vocabulary)
    text = _added(policy.source, _lines(draft, found.proposals))
    _checked(policies, policy, text)
    return format_source(Source(policy.source.path, text))


def _checked(policies: PolicySet, policy: Policy, text: str) -> Policy:
    """Return the policy of the new text, checked among the other files of its repository."""
    paths = repository_files(policies.directory).policies
    sources = [load_source(path, shown_path(path)) for path in paths]
    new = Source(policy.source.path, text)
    changed = [new if source.path == new.path else source for source in sources]
    loaded = load_sources(changed, policies.vocabulary, policies.register)
    if loaded.errors:
        raise DiagnosticsError(loaded.errors)
    return next(each for each in (*loaded.policies, *loaded.libraries) if each.name == policy.name)


def _added(source: Source, lines: Iterable[str]) -> str:
    """Return a file's text with lines at the end of its rules."""
    root = compose(source)
    rules = root.get("rules") if isinstance(root, Mapping) else None
    block = "\n".join(f"  {line}".rstrip() for line in lines)
    if not isinstance(rules, Sequence) or not rules.items:
        text = source.text.replace("\nrules: []\n", "\n") if isinstance(rules, Sequence) else source.text
        return f"{text.rstrip()}\n\nrules:\n{block}\n"
    end = source.text.find("\n", rules.span.end)
    at = len(source.text) if end < 0 else end + 1
    return f"{source.text[:at].rstrip()}\n\n{block}\n{source.text[at:]}"


def _lines(draft: RuleDraft, examples: Iterable[str]) -> list[str]:
    title = draft.title or draft.id.replace("-", " ").capitalize()
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = [f"- id: {draft.id}"]
    if draft.phase is not None:
        lines.append(f"  phase: {draft.phase}")
    if draft.responsible is not None:
        lines.append(f"  responsible: {draft.responsible}")
    lines += ["  severity: unrated", f"  title: {{fi: {quoted}, sv: {quoted}, en: {quoted}}}"]
    lines.append(f"  cite: {draft.cite[0]}" if len(draft.cite) == 1 else f"  cite: [{', '.join(draft.cite)}]")
    for key, text in (("for each", draft.for_each), ("when", draft.when), ("require", draft.require)):
        if text is not None:
            lines.append(f"  {key}: {text}")
    proposed = [line for example in examples for line in example.splitlines()]
    if proposed:
        lines.append("  examples:")
        lines += [f"    {line}" for line in proposed]
    return lines
