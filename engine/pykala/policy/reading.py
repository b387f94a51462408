"""Reading YAML nodes as the values that a file should hold, and saying what is wrong where they are not.

One `NodeReader` reads one file; what it finds gathers in `diagnostics` (the file cannot be used) and in
`findings` (for the linter). A method that cannot give a value returns None, having reported why.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence

from pykala.policy import yaml_mistakes
from pykala.policy.entries import Placed
from pykala.policy.model import LANGUAGES, Citation, InForce, Lang, Text
from pykala.policy.strict_yaml import Mapping, Scalar, YamlNode
from pykala.policy.strict_yaml import Sequence as YamlSequence
from pykala_dsl import nodes
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label, Severity
from pykala_dsl.source import Fragment, Source, Span
from pykala_dsl.suggest import closest
from pykala_dsl.words import RESERVED

SNAKE = re.compile(r"[^\W\d]\w*")
KEBAB = re.compile(r"[^\W_]+(-[^\W_]+)*")
VERSION = re.compile(r"[^\W_][\w.-]*")
_COMMENT = re.compile(r" +#")
_LOSING = frozenset({"wrong-shape", "flow-mapping", "bad-name", "unknown-key"})
LANGUAGE_NAMES: dict[Lang, str] = {"fi": "Finnish", "sv": "Swedish", "en": "English"}


class NodeReader:
    """Reads the nodes of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.findings: list[Diagnostic] = []
        self.names_lost = False
        """Whether names that other entries use may have gone unread, so that they only seem unknown."""

    # ------------------------------------------------------------------ reporting

    def report(self, code: str, message: str, span: Span, hint: str | None = None, label: str = "") -> None:
        """Keep a diagnostic that makes the file unusable."""
        self.diagnostics.append(Diagnostic(code, message, self.source, (Label(span, label),), hint))
        self.names_lost = self.names_lost or code in _LOSING

    def find(self, code: str, message: str, span: Span, hint: str | None, severity: Severity) -> None:
        """Keep a finding for the linter."""
        self.findings.append(Diagnostic(code, message, self.source, (Label(span),), hint, severity))

    # ------------------------------------------------------------------ shapes

    def mapping(
        self, node: YamlNode | None, what: str, hint: str = "write `key: value`, one on a line"
    ) -> Mapping | None:
        """Return a node that must be a mapping."""
        if node is None or isinstance(node, Mapping):
            return node
        self.report("wrong-shape", f"{what} must be keys with values", node.span, hint)
        return None

    def items(self, node: YamlNode | None, what: str) -> Sequence[YamlNode]:
        """Return the items of a node that must be a list; of no node, none."""
        if node is None:
            return ()
        if isinstance(node, YamlSequence):
            return node.items
        self.report(
            "wrong-shape", f"{what} must be a list", node.span, "start each item with `- ` on a line of its own"
        )
        return ()

    def one_or_more(self, node: YamlNode | None) -> Sequence[YamlNode]:
        """Return the items of a list, or the one thing that stands instead of a list."""
        if node is None:
            return ()
        return node.items if isinstance(node, YamlSequence) else (node,)

    def entries(
        self, node: YamlNode | None, what: str, hint: str = "write `key: value`, one on a line"
    ) -> Iterator[tuple[Scalar, YamlNode]]:
        """Yield the keys and values of a node that must be a mapping; of no node, none."""
        found = self.mapping(node, what, hint)
        if found is not None:
            yield from found.entries

    def keys(self, mapping: Mapping, allowed: Iterable[str], required: Iterable[str], what: str, at: Span) -> None:
        """Report keys that have no meaning, and those that are missing (at the place given).

        One key that has no meaning where one is missing is taken for it.
        """
        known = tuple(allowed)
        missing = [name for name in required if mapping.get(name) is None]
        unknown = [key for key, _ in mapping.entries if key.text not in known]
        strangers: list[Scalar] = []
        for key in unknown:
            absent = closest(key.text, (name for name in known if mapping.get(name) is None))
            if absent is None and len(missing) == len(unknown) == 1:
                absent = missing[0]
            near = absent or closest(key.text, known)
            missing = [name for name in missing if name != absent]
            if near is None:
                strangers.append(key)
            else:
                message = f"unknown key `{key.text}` in {what}"
                self.report("unknown-key", message, key.span, f"did you mean `{near}`?")
        if strangers:
            # Several of them stand in the wrong place for one reason, such as a key that is missing above them.
            others = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            hint = "it can have " + ", ".join(f"`{name}`" for name in known)
            message = f"unknown key `{strangers[0].text}`{others} in {what}"
            self.report("unknown-key", message, strangers[0].span, hint)
        for name in missing:
            self.report("missing-key", f"{what} has no `{name}`", at, f"add a line `{name}: …`")

    # ------------------------------------------------------------------ scalars

    def scalar(self, node: YamlNode | None, what: str, list_hint: str = "write one value") -> Scalar | None:
        """Return a node that must be a single value, and not empty."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            kind = "a list" if isinstance(node, YamlSequence) else "keys with values"
            hint = "put the text in quotes" if isinstance(node, Mapping) else list_hint
            self.report("wrong-shape", f"{what} must be one value, not {kind}", node.span, hint)
            return None
        if node.is_null:
            self.report("wrong-shape", f"{what} is empty", node.span, "write a value, or remove the key")
            return None
        return node

    def text(self, node: YamlNode | None, what: str) -> str | None:
        """Return a text of one line or more."""
        found = self.scalar(node, what)
        return found.text if found else None

    def placed(self, node: YamlNode | None, what: str, pattern: re.Pattern[str], form: str) -> Placed | None:
        """Return a word of the form given, with its place."""
        found = self.scalar(node, what)
        return self.word(found, what, pattern, form) if found else None

    def word(
        self, scalar: Scalar, what: str, pattern: re.Pattern[str], form: str, joint: str | None = None
    ) -> Placed | None:
        """Return a scalar as a word of the form given, with its place.

        `joint`: what stands between the parts of such words, to say how this one would be written.
        """
        if not pattern.fullmatch(scalar.text):
            better = re.sub(r"[\s_-]+", joint, scalar.text.strip()) if joint else ""
            hint = f"write `{better}`: {form}" if better and pattern.fullmatch(better) else form
            self.report("bad-name", f"`{scalar.text}` cannot be {what}", scalar.span, hint)
            return None
        return Placed(scalar.text, self.source, scalar.span)

    def name(self, scalar: Scalar, what: str) -> str | None:
        """Return a name that expressions can use."""
        if scalar.text in RESERVED:
            self.report(
                "bad-name", f"`{scalar.text}` is a word of the language", scalar.span, "choose another name for it"
            )
            return None
        form = "a name has letters, digits and `_`, and starts with a letter; no hyphens, no spaces"
        found = self.word(scalar, what, SNAKE, form, "_")
        return found.text if found else None

    def identifier(self, node: YamlNode | None, what: str) -> Placed | None:
        """Return an identifier in kebab-case."""
        found = self.scalar(node, what)
        form = "letters and digits, with single hyphens between, like `day-length`"
        return self.word(found, what, KEBAB, form, "-") if found else None

    def choice(self, node: YamlNode | None, choices: Sequence[str], what: str) -> str | None:
        """Return one of the words allowed."""
        found = self.scalar(node, what)
        if found is None:
            return None
        if found.text in choices:
            return found.text
        near = closest(found.text, choices)
        hint = f"did you mean `{near}`?" if near else "write " + _alternatives(choices)
        self.report("bad-choice", f"`{found.text}` cannot be {what}", found.span, hint)
        return None

    def day(self, node: YamlNode | None, what: str) -> datetime.date | None:
        """Return a calendar date."""
        found = self.scalar(node, what)
        if found is None:
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found.text, re.ASCII):
            try:
                return datetime.date.fromisoformat(found.text)
            except ValueError:
                self.report("bad-date", f"there is no day `{found.text}`", found.span, "check the month and the day")
                return None
        self.report("bad-date", f"`{found.text}` is not a date", found.span, _date_hint(found.text))
        return None

    def in_force(self, node: Mapping) -> InForce:
        """Return the first and the last day of a mapping; the last one may not come before the first."""
        first = self.day(node.get("first_day"), "the first day")
        last, at = self.day(node.get("last_day"), "the last day"), node.get("last_day")
        if first is not None and last is not None and at is not None and last < first:
            message = f"the last day {last} is before the first day {first}"
            self.report("days-reversed", message, at.span, "swap the days")
        return InForce(first, last)

    # ------------------------------------------------------------------ texts

    def language_map(
        self, node: YamlNode | None, what: str, key: Span, *, severity: Severity | None = "warning", plain: bool = False
    ) -> Text:
        """Return a text in the three languages; a missing one is a finding at the key, of the severity given.

        `plain`: one text for all languages may stand instead.
        """
        if node is None:
            return Text()
        if isinstance(node, Scalar) and plain:
            text = self.text(node, what)
            return Text(text, text, text)
        if not isinstance(node, Mapping):
            self.report(
                "wrong-shape", f"{what} must say its languages", node.span, 'write `{fi: "…", sv: "…", en: "…"}`'
            )
            return Text()
        self.keys(node, LANGUAGES, (), what, key)
        texts = {lang: self._one_language(node, lang, what) for lang in LANGUAGES}
        missing = [LANGUAGE_NAMES[lang] for lang in LANGUAGES if node.get(lang) is None]
        if missing and severity is not None:
            self.missing_translation(what, missing, key, severity)
        return Text(**texts)

    def missing_translation(self, what: str, missing: Sequence[str], key: Span, severity: Severity) -> None:
        """Keep the finding that a text lacks languages."""
        self.find(
            "missing-translation",
            f"{what} is missing in {' and '.join(missing)}",
            key,
            "write the text in all of `fi`, `sv` and `en`",
            severity,
        )

    def _one_language(self, mapping: Mapping, lang: Lang, what: str) -> str | None:
        found = self.scalar(mapping.get(lang), f"{what} in {LANGUAGE_NAMES[lang]}")
        return " ".join(self._uncut(found).text.split()) if found else None

    def _uncut(self, scalar: Scalar) -> Scalar:
        """Return a text for people, having reported what a comment has cut off: it is more likely a part of it."""
        comment = _COMMENT.match(self.source.text, scalar.span.end) if scalar.style == "plain" else None
        if comment is not None:
            self.diagnostics.append(yaml_mistakes.hash_in_text(self.source, scalar.span, comment.end() - 1))
        return scalar

    def message_languages(self, mapping: Mapping, what: str, key: Span) -> Iterator[tuple[Lang, Scalar]]:
        """Yield the languages of a message and the scalar of each."""
        self.keys(mapping, LANGUAGES, (), what, key)
        missing = [LANGUAGE_NAMES[lang] for lang in LANGUAGES if mapping.get(lang) is None]
        if missing:
            self.missing_translation(what, missing, key, "error")
        for lang in LANGUAGES:
            found = self.scalar(mapping.get(lang), f"{what} in {LANGUAGE_NAMES[lang]}")
            if found is not None:
                yield lang, self._uncut(found)

    # ------------------------------------------------------------------ citations and expressions

    def citations(self, node: YamlNode | None) -> tuple[Citation, ...]:
        """Return one citation, or a list of them."""
        found: list[Citation] = []
        for item in self.one_or_more(node):
            scalar = self.scalar(item, "a citation")
            if scalar is None:
                continue
            source, slash, statement = scalar.text.partition("/")
            if slash and KEBAB.fullmatch(source) and KEBAB.fullmatch(statement):
                found.append(Citation(source, statement, scalar.span))
            else:
                hint = "write the source and the statement, like `work-trial-2025/day-length`"
                self.report("bad-citation", f"`{scalar.text}` is not a citation", scalar.span, hint)
        return tuple(found)

    def expression(self, node: YamlNode | None, what: str) -> nodes.Node | None:
        """Return a parsed expression; what the parser finds is kept."""
        fragment = self._expression_text(node, what)
        return None if fragment is None else self.parse(fragment)

    def parse(self, fragment: Fragment) -> nodes.Node | None:
        """Return the parsed expression of a fragment; what the parser finds is kept."""
        from pykala_dsl.parser import parse_expression

        try:
            return parse_expression(fragment)
        except DiagnosticsError as error:
            self.diagnostics.extend(error.diagnostics)
            return None

    def binder(self, node: YamlNode | None, what: str) -> nodes.Binder | None:
        """Return a parsed binder; what the parser finds is kept."""
        from pykala_dsl.parser import parse_binder

        fragment = self._expression_text(node, what)
        if fragment is None:
            return None
        try:
            return parse_binder(fragment)
        except DiagnosticsError as error:
            self.names_lost = True
            self.diagnostics.extend(error.diagnostics)
            return None

    def _expression_text(self, node: YamlNode | None, what: str) -> Fragment | None:
        if isinstance(node, Mapping) and node.entries:
            hint = "an expression cannot begin with `{`: put the field first, like `x in {a, b}`"
            self.report("wrong-shape", f"{what} must be an expression", node.span, hint)
            return None
        found = self.scalar(node, what, "write one expression, its conditions joined with `and` or `or`")
        return found.fragment if found else None


def _alternatives(choices: Sequence[str]) -> str:
    quoted = [f"`{choice}`" for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _date_hint(text: str) -> str:
    finnish = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text, re.ASCII)
    short = re.fullmatch(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})", text, re.ASCII)
    if short:
        year, month, day = short.groups()
        return f"write the month and the day with two digits each: `{year}-{int(month):02d}-{int(day):02d}`"
    if finnish:
        day, month, year = finnish.groups()
        return f"write the year first: `{year}-{int(month):02d}-{int(day):02d}`"
    return "write the year, the month and the day, like `2025-04-01`"
