"""JUnit XML in the dialect that Jenkins, GitLab and GitHub's actions read.

In: suites of cases as data. Out: the text of the file. It names no time, so that the same input gives the same file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Outcome: TypeAlias = Literal["passed", "failure", "error", "skipped"]
# What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what it is called, where it stands, what came of it. `kind` is the sort of failure, `text` its details."""

    classname: str
    name: str
    outcome: Outcome = "passed"
    message: str = ""
    text: str = ""
    kind: str = ""
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that belong together."""

    name: str
    cases: tuple[Case, ...]


def junit_xml(name: str, suites: Sequence[Suite]) -> str:
    """Return suites as JUnit XML."""
    cases = [case for suite in suites for case in suite.cases]
    root = Element("testsuites", {"name": _clean(name), **_counts(cases)})
    for suite in suites:
        own = SubElement(root, "testsuite", {"name": _clean(suite.name), **_counts(suite.cases)})
        for case in suite.cases:
            _add(own, case)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    def count(outcome: Outcome) -> str:
        return str(sum(case.outcome == outcome for case in cases))

    return {
        "tests": str(len(cases)),
        "failures": count("failure"),
        "errors": count("error"),
        "skipped": count("skipped"),
        "time": "0",
    }


def _add(suite: Element, case: Case) -> None:
    names = {"classname": _clean(case.classname), "name": _clean(case.name), "time": "0"}
    if case.file is not None:
        names["file"] = _clean(case.file)
    if case.line is not None:
        names["line"] = str(case.line)
    element = SubElement(suite, "testcase", names)
    match case.outcome:
        case "passed":
            return
        case "skipped":
            SubElement(element, "skipped", {"message": _clean(case.message)})
        case "failure" | "error":
            inner = SubElement(element, case.outcome, {"message": _clean(case.message), "type": _clean(case.kind)})
            inner.text = _clean(case.text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
