"""The table of contents of the handbook: what the file says, and what the policies tell where it is silent."""

from __future__ import annotations

from pathlib import Path

from policy_repository import HEAD, POLICY, REGISTER, Repository, repository
from pykala.policy import kept
from pykala.policy.contents import PAGES, Phase, Service
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import Text
from record_strategies import shipped

RULE = """\
rules:
  - id: flex
    phase: {phase}
    severity: unrated
    title: {{fi: a, sv: a, en: a}}
    cite: slides-2025/{cite}
    require: service = work_trial
    examples: [{{given: {{service: work_trial}}, expect: pass}}, {{given: {{service: other}}, expect: fail}}]
"""


def more(folder: Repository, policy: str, service: str, phase: str, cite: str = "flex") -> Repository:
    """Add a policy of one rule."""
    head = HEAD.replace("policy: trial", f"policy: {policy}").replace("service: work-trial", f"service: {service}")
    return folder.write(f"{policy}/2025.yaml", head + RULE.format(phase=phase, cite=cite))


def contents(folder: Repository, text: str | None = None) -> PolicySet:
    """Return the policies with a file of the contents, or without one."""
    if text is not None:
        folder.write("handbook.yaml", text)
    return load_policies(folder.directory, cache=False)


def test_without_a_file_the_policies_tell_services_and_phases(tmp_path: Path) -> None:
    folder = more(repository(tmp_path), "meals", "lunch", "billing")
    folder = more(folder, "day", "lunch", "swimming-hall")
    folder = more(folder, "lunch", "lunch", "start")
    found = contents(folder).contents
    title = Text("Kokeilu", "Prövning", "Trial")
    assert list(found.services.values()) == [
        Service("lunch", title),
        Service("work-trial", title, members=("work-trial",)),
    ]
    assert list(found.phases.values()) == [
        Phase("start", Text("Start", "Start", "Start")),
        Phase("billing", Text("Billing", "Billing", "Billing")),
        Phase("swimming-hall", Text("Swimming hall", "Swimming hall", "Swimming hall")),
    ]


def test_a_service_is_called_like_the_policy_of_its_name(tmp_path: Path) -> None:
    folder = more(repository(tmp_path), "breakfast", "lunch", "meals")
    named = HEAD.replace("policy: trial", "policy: lunch").replace("service: work-trial", "service: lunch")
    folder.write("lunch/2025.yaml", named.replace("Kokeilu", "Lounas") + RULE.format(phase="meals", cite="flex"))
    assert contents(folder).contents.services["lunch"].title.fi == "Lounas"


def test_the_file_gives_order_and_titles_and_what_it_lacks_comes_last(tmp_path: Path) -> None:
    folder = more(more(repository(tmp_path), "meals", "lunch", "billing"), "aim", "aim", "start")
    found = contents(
        folder,
        """\
services:
  work-trial:
    title: {fi: Työkokeilu, sv: Arbetsprövning, en: Work try-out}
    for_whom: {fi: Kokeilijalle, sv: För den som prövar, en: For those who try}
    cite: slides-2025/day-length
    member: work_trial
  lunch: {title: {fi: Lounas, sv: Lunch, en: Lunch}}
phases:
  billing: {fi: Laskutus, sv: Fakturering, en: Billing}
""",
    )
    services = found.contents.services
    assert list(services) == ["work-trial", "lunch", "aim"]
    trial = services["work-trial"]
    assert (trial.title.sv, trial.for_whom.en, trial.members) == (
        "Arbetsprövning",
        "For those who try",
        ("work_trial",),
    )
    assert [str(cite) for cite in trial.cite] == ["slides-2025/day-length"]
    assert [(phase.id, phase.title.fi) for phase in found.contents.phases.values()] == [
        ("billing", "Laskutus"),
        ("start", "Start"),
    ]
    said = [item.message for item in found.diagnostics if item.code == "not-in-contents"]
    assert said == [
        "service `aim` is not in the contents of the handbook",
        "phase `start` is not in the contents of the handbook",
    ]


def test_a_list_that_the_file_does_not_give_is_missed_nowhere(tmp_path: Path) -> None:
    folder = more(repository(tmp_path), "meals", "lunch", "billing")
    found = contents(folder, "phases:\n  billing: {fi: a, sv: a, en: a}\n")
    assert [item.message for item in found.diagnostics] == []
    assert list(found.contents.services) == ["lunch", "work-trial"]


ALSO = """\
services:
  work-trial: {title: {fi: a, sv: a, en: a}, member: other}
  lunch: {title: {fi: a, sv: a, en: a}, member: work_trial}
  shared: {title: {fi: a, sv: a, en: a}, shared: true}
"""


def test_what_is_shared_concerns_those_whom_its_statements_name(tmp_path: Path) -> None:
    folder = more(repository(tmp_path), "meals", "lunch", "billing")
    folder = more(folder, "certificates", "shared", "billing", "day-length")
    folder.write("sources/slides-2025.yaml", REGISTER.replace("[work-trial]", "[other]"))
    services = contents(folder, ALSO).contents.services
    assert {name: service.also for name, service in services.items()} == {
        "work-trial": ("shared",),
        "lunch": (),
        "shared": (),
    }


def test_what_is_shared_concerns_everybody_by_a_statement_for_all(tmp_path: Path) -> None:
    folder = more(more(repository(tmp_path), "meals", "lunch", "billing"), "certificates", "shared", "billing", "flex")
    services = contents(folder, ALSO).contents.services
    assert [services[name].also for name in ("work-trial", "lunch", "shared")] == [("shared",), ("shared",), ()]


def test_a_service_that_says_what_concerns_it_is_asked_no_more(tmp_path: Path) -> None:
    folder = more(more(repository(tmp_path), "meals", "lunch", "billing"), "certificates", "shared", "billing", "flex")
    text = ALSO.replace("member: other", "member: other, also: []").replace(
        "member: work_trial", "member: work_trial, also: [work-trial]"
    )
    services = contents(folder, text).contents.services
    assert [services[name].also for name in ("work-trial", "lunch")] == [(), ("work-trial",)]


def test_shared_rules_concern_the_service_whose_policy_includes_them(tmp_path: Path) -> None:
    folder = more(repository(tmp_path), "library", "shared", "billing", "flex")
    folder.write("trial/2025.yaml", POLICY.replace("subject: case\n", "subject: case\nincludes: [library@2025]\n"))
    folder = more(folder, "meals", "lunch", "billing")
    services = contents(folder, ALSO).contents.services
    assert [services[name].also for name in ("work-trial", "lunch")] == [("shared",), ()]


def test_the_contents_are_kept_with_the_policies_and_read_when_asked_for(tmp_path: Path) -> None:
    policies = contents(repository(tmp_path), ALSO.replace("lunch:", "lunch-room:"))
    again = kept.loads(kept.dumps(policies))
    assert isinstance(again, PolicySet)
    assert isinstance(again.contents.services, kept.LaterMapping)
    assert again.contents.services._items is None
    assert dict(again.contents.services) == dict(policies.contents.services)
    assert dict(again.contents.phases) == dict(policies.contents.phases)


def test_a_change_of_the_file_is_seen_through_the_cache(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    titles = []
    for title in ("Kokeilu", "Työkokeilu"):
        folder.write("handbook.yaml", f"services:\n  work-trial: {{title: {{fi: {title}, sv: a, en: a}}}}\n")
        titles.append(load_policies(folder.directory).contents.services["work-trial"].title.fi)
    assert titles == ["Kokeilu", "Työkokeilu"]


def test_every_shipped_service_and_phase_has_its_words() -> None:
    found = shipped().contents
    words = [service.title for service in found.services.values()] + [phase.title for phase in found.phases.values()]
    assert [text for text in words if not (text.fi and text.sv and text.en)] == []
    silent = [s.id for s in found.services.values() if not s.shared and not (s.cite and s.members and s.for_whom.sv)]
    assert silent == []
    assert [item for item in shipped().diagnostics if item.code in ("not-in-contents", "idle-contents")] == []
    assert set(found.phases).isdisjoint(PAGES)


def test_work_coaching_shares_rules_and_teak_does_not_get_those_of_therapies() -> None:
    services = shipped().contents.services
    assert services["work-coaching"].also[:2] == ("vocational", "all")
    assert "quotas" in services["laku"].also
    assert "quotas" not in services["therapy"].also
