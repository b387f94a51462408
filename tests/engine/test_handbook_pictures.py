"""The pictures of the handbook: what they show, that it is the same as their text, and that no text leaves its box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise, product
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import markdown  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pykala.handbook
from pykala.handbook.pictures import Picture, choice_rings, policy_process, service_phases, service_timeline
from pykala.handbook.pictures.measure import HYPHEN, Font, text_width, wrap
from pykala.handbook.pictures.picture_words import PICTURE_WORDS
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import LANGUAGES, Lang, Policy
from pykala_dsl.typesys import Period

SVG = "{http://www.w3.org/2000/svg}"
POLICIES = Path(__file__).parents[2] / "policies"
HANDBOOK = Path(pykala.handbook.__file__).parent


@cache
def shipped() -> PolicySet:
    """Return the policies of the repository."""
    return load_policies(POLICIES, cache=False)


@cache
def drawn(lang: Lang) -> dict[str, Picture]:
    """Return every picture of the shipped policies in a language, by kind and subject."""
    policies = shipped()
    found = {f"timeline {service}": service_timeline(policies, service, lang) for service in services()}
    found |= {f"phases {service}": service_phases(policies, service, lang) for service in services()}
    found |= {f"rings {policy.id}": choice_rings(policies, policy.id, lang) for policy in policies.policies}
    found |= {f"process {policy.id}": policy_process(policies, policy.id, lang) for policy in policies.policies}
    return {name: picture for name, picture in found.items() if picture is not None}


def services() -> list[str]:
    return sorted({policy.service for policy in shipped().policies})


def every_picture() -> Iterator[Picture]:
    for lang in LANGUAGES:
        yield from drawn(lang).values()


def sheets(picture: Picture) -> list[ElementTree.Element]:
    """Return the narrow and the wide drawing."""
    return ElementTree.fromstring(picture.svg).findall(f"{SVG}svg")


def lines_of(text: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    """Yield the left, top, right and bottom side of each line of a text, at most."""
    font = Font(float(text.get("font-size", "")), text.get("font-weight") == "bold")
    for part in text:
        x, base = float(part.get("x", "")), float(part.get("y", ""))
        right = x + text_width((part.text or "").rstrip(" "), font)
        yield x, base - font.size * 0.8, right, base + font.size * 0.25


def plain(text: str) -> list[str]:
    """Return the lines of a list in Markdown without their marks."""
    found = (re.sub(r"^\s*(-|1\.) |\*\*", "", line) for line in text.splitlines())
    return [
        re.sub(r"\\(.)", r"\1", line).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in found
    ]


# every picture of the shipped policies


def test_which_pictures_there_are() -> None:
    assert {name for name in drawn("fi") if name.startswith("rings")} == {"rings client-choice"}
    assert {f"timeline {service}" for service in services()} <= set(drawn("fi"))
    assert {"process audits", "process therapy-sanctions", "process contract-termination"} <= set(drawn("fi"))
    assert "process work-trial" not in drawn("fi")
    phased = {"work-trial", "work-coaching", "teak", "individual-rehab", "laku", "therapy"}
    assert {f"phases {service}" for service in phased} <= set(drawn("fi"))
    assert set(drawn("fi")) == set(drawn("sv")) == set(drawn("en"))


def test_a_picture_is_one_block_of_html() -> None:
    """Markdown leaves a block element alone up to the first blank line."""
    for picture in every_picture():
        assert picture.svg.startswith('<figure class="picture" data-search-exclude="">')
        assert "\n\n" not in picture.svg


def test_markdown_leaves_a_picture_as_it_is() -> None:
    for picture in every_picture():
        page = f"Before\n\n{picture.svg}\n\nAfter"
        assert picture.svg in markdown.markdown(page, extensions=["attr_list", "md_in_html", "tables"])


def test_a_picture_is_named_and_described() -> None:
    for picture in every_picture():
        for sheet in sheets(picture):
            by_id = {element.get("id"): element for element in sheet.iter() if element.get("id")}
            assert sheet.get("role") == "img"
            assert by_id[sheet.get("aria-labelledby")].text == picture.title
            assert by_id[sheet.get("aria-describedby")].text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ids_are_unique_on_a_page_with_all_pictures(lang: Lang) -> None:
    ids = [name for picture in drawn(lang).values() for name in re.findall(r' id="([^"]*)"', picture.svg)]
    assert ids
    assert len(set(ids)) == len(ids)


def test_nothing_is_loaded_and_no_colour_is_fixed() -> None:
    """Colours come from the stylesheet, which knows light, dark and paper."""
    for picture in every_picture():
        bare = picture.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"href|url\(|https?:|style=|#[0-9a-f]{3}", bare)


def test_no_text_leaves_its_box_or_the_picture() -> None:
    for picture in every_picture():
        for sheet in sheets(picture):
            _, _, width, height = map(float, sheet.get("viewBox", "").split())
            for group in sheet.iter(f"{SVG}g"):
                first = group[0] if len(group) and group[0].tag == f"{SVG}rect" else None
                box = (0.0, 0.0, width, height)
                if first is not None and first.get("class") == "p-box":
                    x, y, wide, tall = (float(first.get(key, "")) for key in ("x", "y", "width", "height"))
                    box = (x, y, x + wide, y + tall)
                for line in (line for text in group.iter(f"{SVG}text") for line in lines_of(text)):
                    assert box[0] <= line[0], picture.title
                    assert box[1] <= line[1], picture.title
                    assert line[2] <= box[2], picture.title
                    assert line[3] <= box[3], picture.title


def test_no_text_lies_on_another() -> None:
    for picture in every_picture():
        for sheet in sheets(picture):
            lines = sorted(
                (line for text in sheet.iter(f"{SVG}text") for line in lines_of(text)), key=lambda line: line[1]
            )
            for one, other in combinations(lines, 2):
                if other[1] >= one[3]:
                    continue
                assert one[2] <= other[0] or other[2] <= one[0], picture.title


def test_text_is_at_least_14_pixels_in_full_width() -> None:
    """The width is given in `em` of 16 pixels, one unit of the drawing to a pixel."""
    for picture in every_picture():
        for sheet in sheets(picture):
            units = float(sheet.get("viewBox", "").split()[2])
            assert float(sheet.get("width", "").removesuffix("em")) * 16 == units
            assert min(float(text.get("font-size", "")) for text in sheet.iter(f"{SVG}text")) >= 14


def test_the_narrow_drawing_fits_beside_the_margins_of_a_small_screen() -> None:
    for picture in every_picture():
        narrow, wide = (float(sheet.get("viewBox", "").split()[2]) for sheet in sheets(picture))
        assert narrow <= 288 < wide


def test_the_text_says_what_the_picture_says() -> None:
    """Numbers on discs, years of an axis and the words for shapes belong to the drawing alone."""
    for picture in every_picture():
        said = plain(picture.text)
        for sheet in sheets(picture):
            own = {element for group in sheet.iter(f"{SVG}g") if group.get("class") == "p-legend" for element in group}
            shown = [
                "".join(part.text or "" for part in text).replace(HYPHEN, "")
                for text in sheet.iter(f"{SVG}text")
                if text not in own and text.get("class") != "p-dash"
            ]
            words = [text for text in shown if not re.fullmatch(r"\d{1,4}", text)]
            assert sorted(words) == sorted(line for line in said if line)


def test_a_picture_names_where_it_comes_from() -> None:
    names = {f"policy:{policy.name}" for policy in shipped().policies}
    names |= {f"rule:{policy.name}/{rule.id}" for policy in shipped().policies for rule in policy.rules}
    names |= {f"parameter:{policy.name}/{name}" for policy in shipped().policies for name in policy.parameters}
    names |= {f"statement:{statement}" for statement in shipped().register.statements.values()}
    for picture in every_picture():
        assert picture.origins
        assert set(picture.origins) <= names


def test_a_picture_is_the_same_each_time() -> None:
    for lang, service in product(LANGUAGES, services()):
        assert service_timeline(shipped(), service, lang) == drawn(lang).get(f"timeline {service}")


def test_the_words_are_there_in_three_languages_with_the_same_parts() -> None:
    for key, texts in PICTURE_WORDS.items():
        parts = [sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None) for text in texts]
        assert all(texts), key
        assert parts[0] == parts[1] == parts[2], key


# text in a width


@given(st.text("abcilmwåöÄK -/9.", max_size=60), st.integers(60, 300), st.booleans())
def test_lines_are_no_wider_than_asked_and_lose_nothing(text: str, width: int, bold: bool) -> None:
    font = Font(15, bold)
    lines = wrap(text, width, font)
    assert all(text_width(line.removesuffix(" "), font) <= width for line in lines)
    assert "".join(lines).replace(HYPHEN, "") == " ".join(text.split())


def test_a_long_compound_is_broken_where_a_syllable_begins() -> None:
    assert wrap("kuntoutussuunnitelmakokous", 138, Font(15)) == ["kuntoutussuun‐", "nitelmakokous"]


def test_a_word_with_a_hyphen_of_its_own_gets_no_other() -> None:
    assert wrap("LAKU-perhekuntoutusjakso", 150, Font(15)) == ["LAKU-", "perhekuntoutus‐", "jakso"]


# versions in time


def bars(picture: Picture) -> list[tuple[float, float]]:
    """Return the left and right ends of the bars of the wide drawing, those of the legend left out."""
    _, wide = sheets(picture)
    found = []
    for group in wide.findall(f"{SVG}g[@class='p-track']"):
        for shape in group.findall(f"{SVG}polygon"):
            corners = [float(corner.split(",")[0]) for corner in shape.get("points", "").split()]
            found.append((min(corners), max(corners)))
    return found


def test_a_version_that_may_still_be_followed_reaches_beside_the_next() -> None:
    picture = drawn("en")["timeline individual-rehab"]
    older, newer, *_ = bars(picture)
    followed = next(shape for shape in sheets(picture)[1].iter(f"{SVG}rect") if shape.get("class") == "p-followed")
    assert older[1] == newer[0] == float(followed.get("x", ""))
    assert newer[0] < float(followed.get("x", "")) + float(followed.get("width", "")) < newer[1]
    assert "May still be followed: until 30 June 2025" in plain(picture.text)


def test_the_days_of_a_version_are_those_of_its_file() -> None:
    assert [line for line in plain(drawn("fi")["timeline individual-rehab"].text) if "Voimassa" in line] == [
        "Voimassa 31.12.2023 asti",
        "Voimassa 1.1.2024 alkaen",
        "Voimassa: alku- ja loppupäivää ei ole annettu",
    ]


def test_a_service_without_policies_has_no_timeline() -> None:
    assert service_timeline(shipped(), "no-such-service", "fi") is None


# choice by area


def with_policy(changed: Policy) -> PolicySet:
    policies = shipped()
    return replace(
        policies, policies=tuple(changed if policy.name == changed.name else policy for policy in policies.policies)
    )


def numbered(picture: Picture | None) -> list[str]:
    """Return the titles of the numbered boxes."""
    assert picture is not None
    return re.findall(r"^1\. \*\*(.*)\*\*$", picture.text, re.MULTILINE)


def test_the_rings_are_the_exceptions_of_the_rule_in_their_order() -> None:
    assert numbered(drawn("en")["rings client-choice"]) == [
        "Applicant's home municipality",
        "Neighbouring municipality",
        "Province",
        "Insurance district",
        "The provider of group therapy is accepted for the municipality or its group",
    ]


def test_the_picture_changes_with_the_rings_of_the_policy() -> None:
    policy = shipped().find("client-choice")
    assert policy is not None
    fewer = tuple(
        replace(rule, unless=rule.unless[:2]) if rule.id == "provider-by-area" else rule for rule in policy.rules
    )
    picture = choice_rings(with_policy(replace(policy, rules=fewer)), "client-choice", "sv")
    assert numbered(picture) == [
        "Sökandens hemkommun",
        "Grannkommun",
        "Landskapet",
        "Producenten av gruppterapi är godkänd för kommunen eller kommungruppen",
    ]


def test_a_wider_ring_lies_around_the_one_inside_it() -> None:
    for sheet in sheets(drawn("fi")["rings client-choice"]):
        boxes: dict[str | None, tuple[float, float, float, float]] = {}
        for group in sheet.findall(f"{SVG}g"):
            if (group.get("class") or "").startswith("p-ring"):
                x, y, wide, tall = (float(group[0].get(key, "")) for key in ("x", "y", "width", "height"))
                boxes.setdefault(group.get("class"), (x, y, x + wide, y + tall))
        inner = [boxes[f"p-ring p-ring-{number}"] for number in (1, 2, 3, 4)]
        for one, around in pairwise(inner):
            assert around[0] < one[0]
            assert around[1] < one[1]
            assert around[2] > one[2]
            assert around[3] > one[3]


def test_a_policy_without_rings_has_no_picture_of_them() -> None:
    assert choice_rings(shipped(), "audits", "fi") is None
    assert choice_rings(shipped(), "no-such-policy", "fi") is None


# phases


def under(picture: Picture, title: str) -> list[str]:
    """Return what stands under a numbered box."""
    found = picture.text.partition(f"1. **{title}**\n")[2]
    return [line.strip() for line in plain(re.split(r"^1\. ", found, flags=re.MULTILINE)[0]) if line.strip()]


def test_phases_stand_in_the_order_of_the_handbook() -> None:
    for service in services():
        picture = drawn("sv").get(f"phases {service}")
        if picture is not None:
            order = [phase.title.get("sv") for phase in shipped().contents.phases.values()]
            titles = numbered(picture)
            assert titles == [title for title in order if title in titles]


def test_a_phase_tells_what_comes_by_when_and_from_what_it_is_counted() -> None:
    assert under(drawn("en")["phases laku"], "Start") == [
        "Contact with the client within two weeks",
        "client reached on, first attempt at contact – time limit: 14\u00a0days"
        " (on a weekend or holiday the next working day: open question)",
        "Counted from: date on which the decision reached the provider (rehabilitation decision)",
    ]


def test_an_exception_stands_under_the_limit_that_it_moves() -> None:
    said = under(drawn("fi")["phases work-trial"], "Aloitus")
    at = said.index("tapaamisen päivä – määräaika: 1\u00a0kuukausi")
    assert said[at + 1 : at + 4] == [
        "Laskenta alkaa: ensimmäinen toteutunut tapaaminen",
        "Poikkeus (Lyhyt sairastuminen): sairastumisella pidennetty määräpäivä",
        "Poikkeus (Avoimet hakemukset): 1\u00a0kuukausi + 21\u00a0päivää",
    ]


def test_a_shared_rule_of_another_service_is_left_out() -> None:
    teak = "The TEAK feedback reaches Kela in time"
    assert teak in plain_lines(drawn("en")["phases teak"])
    assert teak not in plain_lines(drawn("en")["phases work-trial"])


def plain_lines(picture: Picture) -> list[str]:
    return [line.strip() for line in plain(picture.text)]


# processes


def test_the_audit_goes_from_the_visit_to_the_correction() -> None:
    picture = drawn("en")["process audits"]
    assert numbered(picture) == [
        "Audit visit",
        "Audit report sent on",
        "Response received on",
        "Put right on (finding)",
    ]
    assert under(picture, "Audit report sent on") == [
        "The audit report within two weeks",
        "audit report sent on – time limit: 14\u00a0days",
        "Counted from: audit visit",
    ]


def test_a_changed_parameter_changes_the_picture() -> None:
    policy = shipped().find("audits")
    assert policy is not None
    longer = replace(policy.parameters["report_time"], value=Period(0, 21))
    changed = replace(policy, parameters={**policy.parameters, "report_time": longer})
    picture = policy_process(with_policy(changed), "audits", "sv")
    assert picture is not None
    assert "revisionsrapporten skickad – tidsfrist: 21\u00a0dagar" in plain_lines(picture)


def test_the_hearing_comes_before_the_sanction() -> None:
    steps = numbered(drawn("en")["process therapy-sanctions"])
    assert steps.index("Hearing letter sent on") < steps.index("Sanction decided on")
    assert "Hearing before a sanction" in under(drawn("en")["process therapy-sanctions"], "Sanction decided on")


def test_a_rule_without_an_event_stands_beside_the_steps() -> None:
    beside = drawn("fi")["process audits"].text.partition("\n\n")[2]
    assert "Auditoinnin kohde" in [line.strip() for line in plain(beside)]


# colours


def colours(scheme: str) -> dict[str, str]:
    """Return the handbook's colours of a scheme by their names."""
    css = (HANDBOOK / "theme" / "assets" / "handbook" / "handbook.css").read_text("utf-8")
    found: dict[str, str] = {}
    for selector in (":root", *(['[data-md-color-scheme="slate"]'] if scheme == "slate" else [])):
        block = css.partition(f"{selector} {{")[2].partition("}")[0]
        found |= dict(re.findall(r"(--hb-[\w-]+):\s*(#[0-9a-f]{6})", block))
    return found


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_text_and_lines_stand_out_in_light_and_dark(scheme: str) -> None:
    css, given = (HANDBOOK / "pictures" / "pictures.css").read_text("utf-8"), colours(scheme)
    mine = {name: given[source] for name, source in re.findall(r"--picture-([\w-]+): var\((--hb-[\w-]+),", css)}
    page = given["--hb-back"]
    assert contrast(mine["ink"], mine["card"]) >= 4.5
    assert contrast(mine["ink"], page) >= 4.5
    assert contrast(mine["on-strong"], mine["strong"]) >= 4.5
    assert contrast(mine["line"], mine["card"]) >= 3
    assert contrast(mine["line"], page) >= 3
    assert contrast(mine["strong"], mine["card"]) >= 3
    assert contrast(mine["strong"], page) >= 3
