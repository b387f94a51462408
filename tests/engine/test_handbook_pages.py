"""The pages of the handbook, made from the shipped policies: what each must show, and what stops them from being made."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import pykala
from pykala.evaluate.check import CheckReport
from pykala.handbook import addresses, site
from pykala.handbook.book import Book, Edition, make_book
from pykala.handbook.page import Block, Page, file_of, untraced
from pykala.handbook.services import concerns
from pykala.handbook.words import verdict_word
from pykala.policy.loader import PolicySet
from pykala.policy.model import LANGUAGES, Lang
from pykala.quality.diff import PolicyDiff
from pykala.quality.trace import trace
from pykala.report.json_report import report_json
from pykala_dsl.diagnostics import DiagnosticsError

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module", name="policies")
def _policies() -> PolicySet:
    return pykala.load(ROOT / "policies")


@pytest.fixture(scope="module", name="book")
def _book(policies: PolicySet) -> Book:
    return make_book(policies)


@pytest.fixture(scope="module", name="pages")
def _pages(book: Book) -> dict[Lang, dict[str, Page]]:
    return {lang: {page.path: page for page in site.pages(Edition(book, lang))} for lang in LANGUAGES}


def test_every_language_has_the_same_pages(pages: dict[Lang, dict[str, Page]]) -> None:
    assert list(pages["fi"]) == list(pages["sv"]) == list(pages["en"])


def test_each_rule_of_each_version_has_a_page(
    policies: PolicySet, book: Book, pages: dict[Lang, dict[str, Page]]
) -> None:
    expected = {book.rule_path(policy, rule) for policy in policies.policies for rule in policy.rules}
    assert expected <= pages["fi"].keys()
    assert {addresses.policy_page(policy.id) for policy in policies.policies} <= pages["fi"].keys()


def test_each_link_between_pages_leads_to_a_page(pages: dict[Lang, dict[str, Page]]) -> None:
    files = {file_of(path) for path in pages["fi"]}
    lost = set()
    for page in pages["fi"].values():
        folder = Path("/") / page.path
        for block in page.everything:
            for found in LINK.findall(block.text):
                path = (folder / found.partition("#")[0]).resolve()
                if path.relative_to("/").as_posix() not in files:
                    lost.add((page.path, found))
    assert set() == lost


def test_the_help_of_each_verdict_is_a_page(policies: PolicySet, pages: dict[Lang, dict[str, Page]]) -> None:
    report = report_of(policies)
    document = report_json(report, policies.vocabulary, policies.register)
    assert document["results"]
    helps = {result["help"].removeprefix(addresses.HANDBOOK) for result in document["results"]}
    assert helps <= pages["fi"].keys()


def report_of(policies: PolicySet) -> CheckReport:
    import datetime

    cases = sorted((ROOT / "tests" / "data" / "cases").iterdir())
    return pykala.check(policies, cases, as_of=datetime.date(2025, 10, 31), reasons=False)


def test_each_statement_has_its_place(policies: PolicySet, pages: dict[Lang, dict[str, Page]]) -> None:
    for row in trace(policies):
        path, _, anchor = row.page.partition("#")
        assert f' id="{anchor}"' in pages["sv"][path].markdown, row.page


def test_the_pages_of_a_difference_are_pages(policies: PolicySet, pages: dict[Lang, dict[str, Page]]) -> None:
    for policy in policies.policies:
        assert set(PolicyDiff(policy, None).pages) <= pages["fi"].keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_example_shows_what_its_rule_answers(book: Book, pages: dict[Lang, dict[str, Page]], lang: Lang) -> None:
    for (name, rule_id), shown in book.shown.items():
        policy = book.policies.find(name)
        assert policy is not None
        rule = policy.rule(rule_id)
        assert rule is not None
        text = pages[lang][book.rule_path(policy, rule)].markdown
        assert sum(len(each.results) > 0 for each in shown) == len(rule.examples)
        for verdict in {result.verdict for each in shown for result in each.results}:
            assert verdict_word(verdict, lang) in text, (name, rule_id, verdict)


def test_a_shared_rule_stands_only_with_the_services_that_its_statements_name(
    policies: PolicySet, pages: dict[Lang, dict[str, Page]]
) -> None:
    def listed(service: str) -> str:
        return pages["fi"][addresses.phase_page(service, "feedback")].markdown

    assert "teak-feedback-on-time" in listed("teak")
    assert "teak-feedback-on-time" not in listed("laku")
    assert "feedback-in-time" in listed("laku")


def test_a_statement_concerns_the_services_that_it_names_and_one_without_names_all(policies: PolicySet) -> None:
    services, statements = policies.contents.services, policies.register.statements.values()
    named = next(each for each in statements if each.services == ("laku",))
    unnamed = next(each for each in statements if not each.services)
    assert [True, False] == [concerns(named, services[each]) for each in ("laku", "therapy")]
    assert [True, True] == [concerns(unnamed, services[each]) for each in ("laku", "therapy")]


def test_what_is_unverified_says_so_wherever_it_is_told(
    policies: PolicySet, pages: dict[Lang, dict[str, Page]]
) -> None:
    unverified = [each for each in policies.register.statements.values() if each.unverified]
    assert unverified
    marks = {"fi": "vahvistamaton", "sv": "obekräftad", "en": "unverified"}
    for lang in LANGUAGES:
        for statement in unverified:
            said = " ".join(statement.says.get(lang).split())
            for page in pages[lang].values():
                for line in page.markdown.splitlines():
                    if said in line:
                        assert f">{marks[lang]}</span>" in line, (page.path, line)


def test_numbers_that_no_source_gives_stand_first_among_the_parameters(
    policies: PolicySet, pages: dict[Lang, dict[str, Page]]
) -> None:
    first = pages["en"][addresses.PARAMETERS].markdown.partition("## Numbers that the sources give")[0]
    unset = {
        p.label.en for policy in policies.policies for p in policy.parameters.values() if p.value is None and p.label.en
    }
    plain = first.replace("\\", "")
    assert {label for label in unset if label not in plain} == set()


def test_each_contact_stands_under_its_service_with_its_source(
    policies: PolicySet, pages: dict[Lang, dict[str, Page]]
) -> None:
    text = pages["fi"][addresses.CONTACTS].markdown.replace("\\", "")
    found = [
        each for each in policies.register.statements.values() if each.page == "contacts" or "@" in each.says.get("fi")
    ]
    assert {"kuntoutus_palvelukuvaukset@kela.fi", "tulos@kela.fi"} <= set(re.findall(r"[\w.]+@[\w.]+\w", text))
    assert [each for each in found if each.says.get("fi").split(".")[0] not in text] == []
    assert "LAKU" in text


def test_a_superseded_version_says_so_and_leads_to_the_newer_one(pages: dict[Lang, dict[str, Page]]) -> None:
    old = pages["fi"]["individual-rehab/version-2023/"]
    assert old.superseded is not None
    assert old.superseded[1] == "individual-rehab/"
    assert pages["fi"]["individual-rehab/"].superseded is None


def test_an_amended_version_shows_its_effective_text(
    policies: PolicySet, book: Book, pages: dict[Lang, dict[str, Page]]
) -> None:
    """Rules that a version includes from a library stand on its own pages."""
    policy = policies.find("work-trial")
    assert policy is not None
    library = policies.find("vocational@2025")
    assert library is not None
    included = {rule.id for rule in library.rules}
    assert included <= {rule.id for rule in policy.rules}
    assert {addresses.rule_page("work-trial", rule) for rule in included} <= pages["fi"].keys()


@pytest.mark.parametrize(
    ("text", "origins", "expected"),
    [
        ("The day lasts 6 h.", (), ["The day lasts 6 h."]),
        ("The day lasts 6 h.", ("rule:work-trial@2025/day-length",), []),
        ("See [the rule](../x2/index.md#a-1).", (), []),
        ('<span id="a1">Text</span>', (), []),
        ("Write to someone@kela.example.", (), ["Write to someone@kela.example."]),
        ("A major deviation", (), ["A major deviation"]),
        ("Ordinary words", (), []),
    ],
)
def test_a_number_a_contact_or_a_severity_needs_an_origin(
    text: str, origins: tuple[str, ...], expected: list[str]
) -> None:
    page = Page("x/", "X", (Block(text, origins),))
    assert expected == list(untraced(page))


def test_a_page_with_a_number_from_nowhere_is_not_made(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = Page("stray/", "Stray", (Block("Call 020 692 200."),))
    monkeypatch.setattr(site, "_pages", lambda edition: iter([stray]))
    with pytest.raises(site.UntracedError, match="020 692 200"):
        list(site.pages(Edition(book, "en")))


def test_a_page_that_names_an_origin_that_is_gone_is_not_made(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = Page("stray/", "Stray", (Block("6 h", ("rule:work-trial@2025/gone",)),))
    monkeypatch.setattr(site, "_pages", lambda edition: iter([stray]))
    with pytest.raises(site.UntracedError, match="gone"):
        list(site.pages(Edition(book, "en")))


def test_an_example_that_is_no_longer_true_stops_the_build(policies: PolicySet) -> None:
    policy = policies.find("work-trial")
    assert policy is not None
    rule = policy.rule("day-length")
    assert rule is not None
    wrong = replace(rule.examples[0], expect=("fail",))
    broken = replace(policy, rules=(replace(rule, examples=(wrong,)),))
    with pytest.raises(DiagnosticsError) as caught:
        make_book(replace(policies, policies=(broken,)))
    (diagnostic,) = caught.value.diagnostics
    assert ("bad-example", "expected fail, got pass") == (diagnostic.code, diagnostic.message)


def test_a_policy_cannot_take_a_name_of_the_handbook(policies: PolicySet) -> None:
    policy = policies.find("work-trial")
    assert policy is not None
    with pytest.raises(DiagnosticsError) as caught:
        make_book(replace(policies, policies=(replace(policy, id="sources"),)))
    assert ["bad-name"] == [each.code for each in caught.value.diagnostics]


def test_no_identity_code_stands_on_a_page(pages: dict[Lang, dict[str, Page]]) -> None:
    code = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]\b")
    assert [] == [page.path for page in pages["fi"].values() if code.search(page.markdown)]


def test_pages_are_the_same_each_time(book: Book) -> None:
    once = json.dumps([page.markdown for page in site.pages(Edition(book, "sv"))])
    again = json.dumps([page.markdown for page in site.pages(Edition(book, "sv"))])
    assert once == again


def test_a_checklist_tells_who_must_act_and_time_limits_first(pages: dict[Lang, dict[str, Page]]) -> None:
    page = pages["en"][addresses.phase_page("work-trial", "audit")]
    headings = re.findall(r"^## (.*)$", page.markdown, re.MULTILINE)
    assert headings[:2] == ["Responsible: service provider", "Responsible: auditor"]
    provider = next(block.text for block in page.blocks if headings[0] in block.text)
    assert 0 < provider.index("audit-response-deadline") < provider.index("quality-management")
    assert "28 days" in provider.replace("\u00a0", " ")


def test_a_checklist_gives_only_what_the_sources_say_to_its_service(pages: dict[Lang, dict[str, Page]]) -> None:
    text = pages["fi"][addresses.phase_page("work-trial", "billing")].markdown
    assert "Työkokeilussa on 45 kuntoutuspäivää" in text
    assert "Työhönvalmennuksessa on 95 kuntoutuspäivää" not in text
    rule = pages["fi"]["work-trial-billing/total-of-billed-days/"].markdown
    assert "Työhönvalmennuksessa on 95 kuntoutuspäivää" in rule


@pytest.mark.parametrize(
    ("service", "phase"),
    [("work-trial", "interpreting"), ("work-coaching", "interpreting"), ("individual-rehab", "relatives")],
)
def test_a_service_has_the_phases_that_its_sources_speak_of(
    pages: dict[Lang, dict[str, Page]], service: str, phase: str
) -> None:
    assert addresses.phase_page(service, phase) in pages["fi"]
    overview = pages["fi"][addresses.service_page(service)].markdown
    assert f"({phase}/index.md)" in overview


def test_an_advice_names_the_rules_of_the_service_that_rest_on_it(pages: dict[Lang, dict[str, Page]]) -> None:
    text = pages["en"][addresses.phase_page("work-trial", "interpreting")].markdown
    assert "work-trial/rehab-start/" in text
    assert "work-coaching/" not in text


def test_an_overview_gives_limits_and_contacts_before_versions_and_pictures(
    pages: dict[Lang, dict[str, Page]],
) -> None:
    text = pages["en"][addresses.service_page("work-trial")].markdown.replace("\u00a0", " ")
    places = [text.index(each) for each in ("14 days", "kuntoutus\\_tulkkaus@kela.fi", "## Which version", "<svg")]
    assert places == sorted(places)


def test_a_rule_tells_what_it_means_that_a_fact_is_missing(pages: dict[Lang, dict[str, Page]]) -> None:
    text = pages["en"]["work-trial/rehab-start/"].markdown
    assert "| date of the meeting (meeting) | must be given |" in text
    assert "| interpreting | read as: there is none |" in text
    assert "| status (meeting) | the verdict can stay unknown |" in text
    assert "- first meeting held: 14" in text.partition("Pending until")[2]


def test_a_rule_names_the_other_record_that_may_be_missing(pages: dict[Lang, dict[str, Page]]) -> None:
    text = pages["en"]["work-trial-billing/sick-day-not-billable/"].markdown
    assert "depends on a document that is not given" in text


def test_an_amount_without_a_name_is_not_shown(policies: PolicySet, pages: dict[Lang, dict[str, Page]]) -> None:
    for policy in policies.policies:
        for rule in policy.rules:
            named = any(each.label.get("en") for each in rule.computes.values())
            page = pages["en"].get(addresses.rule_page(policy.id, rule.id))
            assert page is None or named or "Calculated amount" not in page.markdown


def test_contacts_for_all_stand_once(pages: dict[Lang, dict[str, Page]]) -> None:
    text = pages["fi"][addresses.CONTACTS].markdown
    assert 1 == text.count("#mailbox-interpreting")
    assert "{ #laku }" in text


def test_what_changed_tells_a_provider_which_version_to_follow_and_what_is_new(
    pages: dict[Lang, dict[str, Page]],
) -> None:
    text = pages["en"][addresses.changes_page("individual-rehab")].markdown.replace("\u00a0", " ")
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert headings[:2] == ["New rules", "Rules of the earlier version alone"]
    assert "May still be followed: until 30 June 2025" in text
    assert "individual-rehab@2023" not in text
    assert "until 31 December 2023" in text
    kept = text.partition("<summary>Unchanged rules (")[2]
    assert int(kept.partition(")")[0]) == kept.count("\n- [")
    assert "individual-rehab/new-description/" not in kept


def test_a_rule_that_is_by_its_condition_for_other_services_is_on_no_list_of_this_one(
    pages: dict[Lang, dict[str, Page]],
) -> None:
    def listed(service: str, phase: str) -> str:
        return pages["fi"][addresses.phase_page(service, phase)].markdown

    assert "/feedback-on-time/" in listed("work-trial", "feedback")
    assert "/feedback-on-time/" not in listed("laku", "feedback")
    assert "/feedback-in-time/" in listed("laku", "feedback")
    assert "/meal-price-not-in-coaching/" in listed("work-coaching", "meals")
