"""What changed between the versions of a policy, for providers: made from their difference in meaning, never written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pykala.handbook import markup
from pykala.handbook.addresses import CHANGES, changes_page
from pykala.handbook.book import Edition
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.policy.model import Policy
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
    origins = (parts.policy_origin(before), parts.policy_origin(after))
    title = f"{before.version} → {after.version} ({days})"
    links = " → ".join(
        markup.link(f"{edition.say('version')} {each.version}", edition.book.policy_path(each), at)
        for each in (before, after)
    )
    yield Block(f"{markup.heading(2, title)}\n\n{links}", origins)
    difference = diff_policies(before, after)
    vocabulary = edition.book.policies.vocabulary
    words = DiffWords(edition.lang, vocabulary, vocabulary)
    items = [_item(item, difference, words, edition, at) for item in words.items(difference) if _tells(item)]
    yield Block(markup.bullets(items) if items else edition.say("same"), origins)


def _tells(item: Item) -> bool:
    """Return whether a difference concerns a provider: not one of examples or citations alone."""
    return not item.inner or any(inner.name not in ("examples", "cite") for inner in item.inner)


def _item(item: Item, difference: PolicyDiff, words: DiffWords, edition: Edition, at: str) -> str:
    label = markup.text(item.label or item.name)
    after = difference.after
    rule = after.rule(item.name) if after is not None else None
    if rule is not None and after is not None and item.what == words.word("rule"):
        label = parts.rule_link(after, rule, edition, at)
    head = f"{markup.text(item.what)}: {label}" if item.label else markup.text(item.what)
    if item.action != "changed":
        head += f" ({edition.say('new' if item.action == 'added' else 'removed')})"
    lines = [head]
    if item.before or item.after:
        lines.append(_both(item))
    told = (inner for inner in item.inner if inner.name not in ("examples", "cite"))
    lines += [f"- {markup.text(inner.what)}: {_both(inner)}" for inner in told]
    return "\n".join([lines[0], "", *lines[1:]] if len(lines) > 1 else lines)


def _both(item: Item) -> str:
    before = "; ".join(line.strip() for line in item.before)
    after = "; ".join(line.strip() for line in item.after)
    if before and after:
        return f"«{markup.text(before)}» → «{markup.text(after)}»"
    return markup.text(after or before)
