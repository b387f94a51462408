"""Who must act: said by a rule, or by the file that it stands in."""

from __future__ import annotations

from pathlib import Path

from policy_repository import POLICY, Repository, repository
from pykala.handbook.words import RESPONSIBLE_WORDS
from pykala.policy.model import RESPONSIBLE
from pykala.quality.diff import diff_policies
from pykala.quality.fmt.layout import format_source
from pykala_dsl.source import Source
from record_strategies import shipped

SECOND = """\
  - id: flex
    severity: unrated
    responsible: client
    title: {fi: a, sv: a, en: a}
    cite: slides-2025/flex
    require: decided_on is present
"""
BY_PROVIDER = POLICY.replace("subject: case\n", "subject: case\nresponsible: provider\n")


def responsible(folder: Repository, name: str) -> dict[str, str | None]:
    """Return who must act by each rule of a version."""
    policy = folder.load().find(name)
    assert policy is not None
    return {rule.id: rule.responsible for rule in policy.rules}


def test_a_rule_says_who_must_act_and_else_its_file_does(tmp_path: Path) -> None:
    made = repository(tmp_path, BY_PROVIDER + SECOND)
    assert responsible(made, "trial@2025") == {"day-length": "provider", "flex": "client"}


def test_nobody_is_responsible_where_nobody_says_so(tmp_path: Path) -> None:
    assert responsible(repository(tmp_path), "trial@2025") == {"day-length": None}


def test_an_included_rule_keeps_what_its_own_file_says(tmp_path: Path) -> None:
    library = (
        'language: 1\npolicy: shared\nversion: "2025"\ntitle: {fi: a, sv: a, en: a}\nservice: shared\nsubject: case\n'
    )
    text = BY_PROVIDER.replace("subject: case\n", "subject: case\nincludes: [shared@2025]\n")
    second = SECOND.replace("    responsible: client\n", "")
    made = repository(tmp_path, text).write("shared/2025.yaml", f"{library}responsible: kela\nrules:\n{second}")
    assert responsible(made, "trial@2025") == {"flex": "kela", "day-length": "provider"}
    made.write("shared/2025.yaml", f"{library}rules:\n{second}")
    assert responsible(made, "trial@2025") == {"flex": None, "day-length": "provider"}


def test_an_amendment_takes_over_who_must_act_or_says_it_anew(tmp_path: Path) -> None:
    old = BY_PROVIDER.replace(
        "subject: case\n", "subject: case\nselected_by: decided_on\nin_force: {last_day: 2025-06-30}\n"
    )
    new = 'language: 1\npolicy: trial\nversion: "2026"\namends: trial@2025\nin_force: {first_day: 2025-07-01}\n'
    second = SECOND.replace("    responsible: client\n", "")
    made = repository(tmp_path, old).write("trial/2026.yaml", f"{new}rules:\n{second}")
    assert responsible(made, "trial@2026") == {"day-length": "provider", "flex": "provider"}
    made.write("trial/2026.yaml", f"{new}responsible: kela\nrules:\n{second}")
    assert responsible(made, "trial@2026") == {"day-length": "provider", "flex": "kela"}


def test_another_who_must_act_is_a_difference_and_changes_no_verdict(tmp_path: Path) -> None:
    before = repository(tmp_path / "before", BY_PROVIDER).load().find("trial@2025")
    after = repository(tmp_path / "after", BY_PROVIDER.replace("responsible: provider", "responsible: kela")).load()
    other = after.find("trial@2025")
    assert before is not None
    assert other is not None
    (change,) = diff_policies(before, other).rules
    assert (change.parts, change.changes_verdicts) == (("responsible",), False)


def test_the_key_has_its_place_in_the_canonical_layout() -> None:
    laid = format_source(Source("x.yaml", f"responsible: provider\n{POLICY}"))
    assert "subject: case\nresponsible: provider\n" in laid


def test_every_shipped_rule_that_asks_something_says_who_must_act() -> None:
    policies = shipped()
    silent = [
        f"{policy.id}/{rule.id}"
        for policy in (*policies.policies, *policies.libraries)
        for rule in policy.rules
        if rule.responsible is None
    ]
    assert silent == ["therapy-contract/terms-of-2019"]
    assert set(RESPONSIBLE_WORDS) == set(RESPONSIBLE)
