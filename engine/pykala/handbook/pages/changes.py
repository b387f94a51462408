"""What changed between the versions of a policy, for providers: made from their difference in meaning, never written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from pykala.handbook import markup
from pykala.handbook.addresses import CHANGES, changes_page
from pykala.handbook.book import Edition
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.policy.model import InForce, Policy
from pykala.quality.diff import PolicyDiff, diff_policies
from pykala.report.diff_report import DiffWords, Item


def change_of(before: Policy, after: Policy, rule_id: str, edition: Edition) -> str:
    """Return what became of a rule from one version to the next, "" where neither has it."""
    old, new = before.rule(rule_id), after.rule(rule_id)
    if old is None and new is None:
        return ""
    if old is None:
        return edition.say("new")
    if new is None:
        return edition.say("removed")
    differs = any(
        change.id == rule_id and change.parts != ("examples",) for change in diff_policies(before, after).rules
    )
    return edition.say("changed") if differs else edition.say("same")


def changes_overview(edition: Edition) -> Page:
    """Return the list of policies that have more than one version."""
    found = [name for name, versions in edition.book.versions.items() if len(versions) > 1]
    items = [
        markup.link(edition.book.newest[name].title.get(edition.lang), changes_page(name), CHANGES) for name in found
    ]
    body = markup.bullets(items) if items else edition.say("no changes")
    origins = tuple(parts.policy_origin(edition.book.newest[name]) for name in found)
    blocks = (Block(edition.say("what changed lead")), Block(body, origins))
    return Page(CHANGES, edition.say("what changed"), blocks)


def policy_changes(policy_id: str, edition: Edition) -> Page:
    """Return what changed between each version of a policy and the next, the latest change first."""
    at = changes_page(policy_id)
    versions = edition.book.versions[policy_id]
    blocks = [Block(edition.say("what changed lead"))]
    for (before, _), (after, days) in reversed(list(pairwise(versions))):
        blocks += _between(before, after, parts.days(days, edition), edition, at)
    title = edition.book.newest[policy_id].title.get(edition.lang)
    return Page(
        at,
        f"{edition.say('what changed')}: {title}",
        tuple(blocks),
        trail=((edition.say("what changed"), CHANGES),),
    )


def _between(before: Policy, after: Policy, days: str, edition: Edition, at: str) -> Iterator[Block]:
    """Yield what changed: which version is followed when, then the rules, the numbers and the questions."""
    origins = (parts.policy_origin(before), parts.policy_origin(after))
    title = markup.heading(2, f"{before.version} → {after.version} ({days})")
    yield Block(f"{title}\n\n{_versions(before, after, edition, at)}", origins)
    difference = diff_policies(before, after)
    vocabulary = edition.book.policies.vocabulary
    words = DiffWords(edition.lang, vocabulary, vocabulary)
    told = _by_kind(words.items(difference), difference)
    shown = {
        "rules new": [_rule(each, after, edition, at) for each in told.rules if each.action == "added"],
        "rules changed": [
            _rule(each, after, edition, at) for each in told.rules if each.action == "changed" and _tells(each)
        ],
        "rules removed": [_rule(each, before, edition, at) for each in told.rules if each.action == "removed"],
        "numbers": [_change(each, edition) for each in told.numbers],
        "readings": [_change(each, edition) for each in told.readings],
        "other changes": [_change(each, edition) for each in told.head],
    }
    for key, items in shown.items():
        if items:
            yield Block(f"{markup.heading(3, edition.say(key))}\n\n{markup.bullets(items)}", origins)
    if not any(shown.values()):
        yield Block(edition.say("same"), origins)
    if kept := _kept(before, after, difference, edition, at):
        yield Block(markup.details(edition.say("rules kept", len(kept)), markup.bullets(kept)), origins)


def _versions(before: Policy, after: Policy, edition: Edition, at: str) -> str:
    """Return both versions: when each is in force, what picks it, and what its makers note."""
    rows = []
    for each in (before, after):
        own = next(days for policy, days in edition.book.versions[each.id] if policy == each)
        in_force = [parts.days(own, edition)]
        if each.followed_until is not None:
            in_force.append(edition.say("followed until", parts.days(InForce(None, each.followed_until), edition)))
        picked = "" if each.selected_by is None else edition.words(each).expr(each.selected_by)
        name = markup.link(f"{edition.say('version')} {each.version}", edition.book.policy_path(each), at)
        cells = (*in_force,) if not picked else (*in_force, f"{edition.say('selected by')}: {picked}")
        rows.append((name, "\n".join(map(markup.text, cells)), markup.text(each.note.get(edition.lang))))
    header = (edition.say("version"), edition.say("in force"), edition.say("note"))
    return markup.table(header, rows)


@dataclass(frozen=True, slots=True)
class _Told:
    """The differences of a policy by what they are of. Definitions are told by the rules that read them."""

    head: list[Item]
    numbers: list[Item]
    readings: list[Item]
    rules: list[Item]


def _by_kind(items: list[Item], difference: PolicyDiff) -> _Told:
    rest = iter(items)
    head = list(islice(rest, len(difference.head)))
    numbers = list(islice(rest, len(difference.parameters)))
    readings = list(islice(rest, len(difference.readings)))
    list(islice(rest, len(difference.definitions)))
    return _Told([each for each in head if each.name not in _SHOWN_ABOVE], numbers, readings, list(rest))


_SHOWN_ABOVE = ("in_force", "transition", "note", "selected_by")


def _tells(item: Item) -> bool:
    """Return whether a difference concerns a provider: not one of examples or citations alone."""
    return not item.inner or any(inner.name not in _SILENT for inner in item.inner)


_SILENT = ("examples", "cite", "message", "computes", "phase")


def _rule(item: Item, policy: Policy, edition: Edition, at: str) -> str:
    """Return a rule with what the sources say of it, and of one that stays what is different in it."""
    rule = policy.rule(item.name)
    assert rule is not None
    lines = [f"**{parts.rule_link(policy, rule, edition, at)}**"]
    if item.action == "changed":
        lines += [
            f"{markup.text(inner.what)}: {_both(inner)}" for inner in item.inner if inner.name not in _SILENT
        ] or [markup.text(remark) for remark in item.remarks]
    else:
        lines += [
            markup.text(each.says.get(edition.lang)) + parts.unverified(each, edition)
            for each in parts.says(rule, edition)
        ]
    return "<br>".join(lines)


def _change(item: Item, edition: Edition) -> str:
    """Return another difference on a line: what it is of, and what it was and is."""
    head = markup.text(item.label or item.what)
    if item.action != "changed":
        head += f" ({edition.say('new' if item.action == 'added' else 'removed')})"
    told = [_both(item)] if item.before or item.after else []
    told += [f"{markup.text(inner.what)}: {_both(inner)}" for inner in item.inner if inner.name not in _SILENT]
    return f"{head}: {'; '.join(told)}" if told else head


def _kept(before: Policy, after: Policy, difference: PolicyDiff, edition: Edition, at: str) -> list[str]:
    """Return links to the rules that stay as they are for a provider."""
    moved = {each.after.id for each in difference.rules if each.after is not None and each.parts != ("examples",)}
    return [
        parts.rule_link(after, rule, edition, at)
        for rule in after.rules
        if before.rule(rule.id) is not None and rule.id not in moved
    ]


def _both(item: Item) -> str:
    before = "; ".join(line.strip() for line in item.before)
    after = "; ".join(line.strip() for line in item.after)
    if before and after:
        return f"«{markup.text(before)}» → «{markup.text(after)}»"
    return markup.text(after or before)
