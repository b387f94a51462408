"""The YAML stage: nodes, exact positions, and mistakes in a planner's words."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykala.policy.strict_yaml import MAX_BYTES, Mapping, Scalar, compose, load_source, plain
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.source import Source


def scalar(text: str, key: str = "a") -> Scalar:
    node = compose(Source("f.yaml", text))
    assert isinstance(node, Mapping)
    found = node.get(key)
    assert isinstance(found, Scalar)
    return found


def data(text: str) -> Any:
    return plain(compose(Source("f.yaml", text)))


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as raised:
        compose(Source("f.yaml", text))
    return raised.value.diagnostics


def only(text: str) -> Diagnostic:
    found = diagnostics(text)
    assert [d.code for d in found] == [found[0].code], found
    return found[0]


# Each text holds the word `ööx` twice or more in its scalar `a`, in every style and on several lines.
STYLES = {
    "plain": ("plain", "ä: 1\na: ööx and\n   ööx 😀\n     ööx\n"),
    "plain with a blank line": ("plain", "ä: 1\na: ööx and\n\n   ööx 😀 ööx # ööy\n"),
    "single": ("single", "ä: 1\na: 'it''s ööx\n   ''ööx'' 😀\n\n   ööx'\n"),
    "double": ("double", 'ä: 1\na: "\\u00e4\\n ööx\\x41\\"\n   ööx 😀 \\\n   ööx"\n'),
    "literal": ("literal", "ä: 1\na: |  # ööy\n  ööx and\n\n    ööx 😀\n  ööx\nb: 2\n"),
    "folded": ("folded", "ä: 1\na: >-\n\n  ööx and\n\n    ööx 😀\n\n\n  ööx\n\nb: 2\n"),
    "indentation given": ("literal", "ä: 1\na: |2+\n    ööx\n  ööx\n\n"),
    "in braces": ("plain", "ä: 1\nc: [x]\na: ööx ööx\n"),
}


@pytest.mark.parametrize(("style", "text"), STYLES.values(), ids=STYLES.keys())
def test_fragment_offsets_point_at_the_same_letters_in_the_file(style: str, text: str) -> None:
    """A word that the expression parser finds stands at the offsets that its fragment names."""
    found = scalar(text)
    assert style == found.style
    for fragment in (found.fragment, found.content()):
        assert len(fragment.offsets) == len(fragment.text) + 1
        at = fragment.text.find("ööx")
        count = 0
        while at >= 0:
            span = fragment.span(at, at + 3)
            assert text[span.start : span.end] == "ööx"
            at = fragment.text.find("ööx", at + 1)
            count += 1
        assert text.count("ööx") == count


@pytest.mark.parametrize(("_", "text"), STYLES.values(), ids=STYLES.keys())
def test_content_is_the_folded_text(_: str, text: str) -> None:
    found = scalar(text)
    assert found.text == found.content().text


def test_an_escape_is_one_character_at_its_backslash() -> None:
    found = scalar('a: "x\\u00e4y\\n"\n').fragment
    assert (found.text, tuple(found.offsets)) == ("xäy\n", (4, 5, 11, 12, 14))


def test_a_doubled_apostrophe_is_one_character() -> None:
    found = scalar("a: 'x''y'\n").fragment
    assert (found.text, tuple(found.offsets)) == ("x'y", (4, 5, 7, 8))


def test_a_block_scalar_is_the_raw_slice_without_its_header_and_last_line_break() -> None:
    assert scalar("a: >-  # why\n    one\n\n      two\n\nb: 1\n").fragment.text == "one\n\n      two"


@pytest.mark.parametrize("value", ["", "~", "null"])
def test_a_value_left_out_is_null(value: str) -> None:
    assert scalar(f"a: {value}\n").is_null


def test_an_empty_value_stands_after_its_colon() -> None:
    found = scalar("a:\nb: 1\n")
    assert (found.span.start, found.span.end) == (2, 2)


def test_quoted_null_is_text() -> None:
    assert not scalar('a: "null"\n').is_null


_TEXT = st.text(alphabet=st.sampled_from("aä😀 '\"\\\n:#{}[],nx"), max_size=30)


@given(_TEXT)
def test_single_quotes_decode_as_the_parser_decodes_them(text: str) -> None:
    found = scalar("a: 'x" + text.replace("'", "''").replace("\n", "\n  ") + "x'\n")
    assert found.text == found.fragment.text
    assert sorted(found.fragment.offsets) == list(found.fragment.offsets)


@given(_TEXT)
def test_double_quotes_decode_as_the_parser_decodes_them(text: str) -> None:
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\n  ").replace("n", "\\n").replace("x", "\\x41")
    )
    found = scalar(f'a: "y{escaped}y"\n')
    assert found.text == found.fragment.text
    assert sorted(found.fragment.offsets) == list(found.fragment.offsets)


@given(st.text(alphabet=st.sampled_from("ab ä:#-?{}[],&*!|>'\"%@`\n\t\\~.1"), max_size=60))
def test_any_text_is_nodes_or_diagnostics(text: str) -> None:
    """No other exception leaves the stage, and every position lies inside the file."""
    try:
        compose(Source("f.yaml", text))
    except DiagnosticsError as error:
        found = error.diagnostics
    else:
        return
    assert found
    for diagnostic in found:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.message
        assert "\n" not in diagnostic.message + (diagnostic.help or "")


def test_core_schema() -> None:
    text = "{a: 1, b: -2.50, c: 1e2, d: true, e: yes, f: no, g: 1:30, h: 2025-04-01, i: 0o17, j: 0x1F, k: .inf, l: ~, m: '1'}"
    assert data(text) == {
        "a": 1,
        "b": Fraction(-5, 2),
        "c": Fraction(100),
        "d": True,
        "e": "yes",
        "f": "no",
        "g": "1:30",
        "h": "2025-04-01",
        "i": 15,
        "j": 31,
        "k": ".inf",
        "l": None,
        "m": "1",
    }


def test_numbers_are_never_binary_floats() -> None:
    assert data("a: 0.1\n") == {"a": Fraction(1, 10)}


@pytest.mark.parametrize("number", ["1e999999999", "9" * 5000])
def test_a_number_that_would_fill_the_memory_stays_text(number: str) -> None:
    assert data(f"a: {number}\n") == {"a": number}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert data("<<: {a: 1}\n") == {"<<": {"a": 1}}


def test_every_duplicate_key_is_reported_with_both_places() -> None:
    found = diagnostics("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert [(d.code, d.line) for d in found] == [("duplicate-key", 4), ("duplicate-key", 5)]
    firsts = [d.source.position(d.labels[1].span.start) for d in found]
    assert firsts == [(3, 3), (1, 1)]


def test_composed_and_decomposed_spellings_are_one_key() -> None:
    text = "\u00e4: 1\na\u0308: 2\n"
    assert only(unicodedata.normalize("NFC", text)).code == "duplicate-key"


# Text, code, line and column, and a part of the help: the line as it should be, where that can be known.
MISTAKES = [
    ("a: b: c\n", "colon-in-text", 1, 5, '`a: "b: c"`'),
    ("x: 1\n  # note\nfi: Hei: maailma # c\n", "colon-in-text", 3, 8, '`fi: "Hei: maailma"`'),
    ("- it: Hei: maailma\n", "colon-in-text", 1, 10, '`it: "Hei: maailma"`'),
    ("m: {fi: Miksi?: ei, sv: b}\n", "colon-in-text", 1, 15, '`fi: "Miksi?: ei"`'),
    ("u: {flex: max(a, b)}\n", "cut-in-braces", 1, 18, "`flex: max(a, b)`"),
    ("u: {flex: max(a, b, c), d: e}\n", "cut-in-braces", 1, 18, "`flex: max(a, b, c)`"),
    ("m: {fi: Hei, maailma, sv: b}\n", "cut-in-braces", 1, 14, '`fi: "Hei, maailma"`'),
    ("u: {flex: x in {a, b}}\n", "cut-in-braces", 1, 16, "`flex: x in {a, b}`"),
    ("given: {days[0]: x}\n", "cut-in-braces", 1, 13, "days[0]"),
    ("r: {a, b} includes c\n", "begins-with-brace", 1, 4, "put the field first"),
    ("r: {a, b}\n", "begins-with-brace", 1, 4, "`field in {a, b}`"),
    ("[a]: b\n", "begins-with-brace", 1, 1, "quotes"),
    ("a:\n  b: 1\n c: 2\n", "wrong-indent", 3, 2, "0 or 2 spaces"),
    ("a: b\n  c: d\n", "wrong-indent", 2, 3, "under the first letter"),
    ("- a\nb: 1\n", "wrong-indent", 2, 1, "`- `"),
    ("a: |\n    x\n  y\n", "wrong-indent", 3, 3, "0 spaces"),
    ("a: 'x\nb: 1\n", "unclosed-quote", 1, 4, "`'`"),
    ('a: "x\nb: "y"\n', "unclosed-quote", 1, 4, "where the text ends"),
    ("a: 'it's'\n", "text-after-quote", 1, 8, '`"it\'s"`'),
    ("a: {b: 'it's', c: d}\n", "text-after-quote", 1, 12, '`"it\'s"`'),
    ('a: "x" y\n', "text-after-quote", 1, 8, "`'\"x\" y'`"),
    ('a: "C:\\q"\n', "bad-escape", 1, 7, "twice"),
    ("a: [1\nb: 2\n", "unclosed-bracket", 1, 4, "`]`"),
    ("a: {x: 1\n", "unclosed-bracket", 1, 4, "`}`"),
    ("a: [b]]\n", "unclosed-bracket", 1, 7, "delete"),
    ("a: >= 3\n", "bad-start", 1, 4, "put the field first"),
    ("a: - b\n", "bad-start", 1, 4, "minus"),
    ("a: @b\n", "bad-start", 1, 4, '`"@b"`'),
    ("a: `b`\n", "bad-start", 1, 4, "quotes"),
    ("a: %\n", "bad-start", 1, 4, '`"%"`'),
    ("a: 1\nfoo\n", "missing-colon", 2, 1, "a colon and a space"),
    ("a:b\nc: d\n", "missing-colon", 1, 1, "`a: b`"),
    ("? a\n: b\n", "bad-key", 1, 1, "`key: value`"),
    ("a:\n\tb: 1\n", "tab", 2, 1, "spaces"),
    ("a: b\tc\n", "tab", 1, 5, "spaces"),
    ("a: &x b\nc: *x\n", "alias", 1, 4, "write the text out"),
    ("c: *x\n", "alias", 1, 4, "write the text out"),
    ("a: !x b\n", "tag", 1, 4, "quotes"),
    ("a: !!binary b\n", "tag", 1, 4, "quotes"),
    ("a: 1\n---\nb: 1\n", "several-documents", 2, 1, "one document"),
    ("%YAML 1.1\n---\na: 1\n", "yaml-directive", 1, 1, "remove"),
    ("a: \x00\n", "bad-character", 1, 4, "delete"),
    ("a: b\u2028c\n", "bad-character", 1, 5, "delete"),
    ("a: \ufeffb\n", "bad-character", 1, 4, "delete"),
    ("\n \n", "empty-file", 1, 1, "write something"),
    ("# a comment\n", "empty-file", 1, 1, "write something"),
    ("a: [b, , c]\n", "bad-start", 1, 8, "quotes"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "help_part"), MISTAKES, ids=[repr(m[0]) for m in MISTAKES])
def test_a_mistake_is_named_at_its_place(text: str, code: str, line: int, column: int, help_part: str) -> None:
    found = only(text)
    assert (code, line, column) == (found.code, found.line, found.column)
    assert help_part in (found.help or "")


@pytest.mark.parametrize("text", [m[0] for m in MISTAKES])
def test_the_parsers_own_words_are_never_shown(text: str) -> None:
    shown = " ".join(f"{d.message} {d.help}" for d in diagnostics(text))
    for word in ("token", "scan", "expected", "node", "stream", "context", "mapping values", "simple key"):
        assert word not in shown


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


def test_an_alias_bomb_dies_at_its_first_anchor() -> None:
    found = only(BILLION_LAUGHS)
    assert (found.code, found.line) == ("alias", 1)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 10_000 + "x", "a: " + "[" * 99 + "[]" + "]" * 99]
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert only(text).code == "too-deep"


def test_a_file_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("ok: 1\nä: é\n".encode("latin-1"))
    with pytest.raises(DiagnosticsError) as raised:
        load_source(path, "policies/f.yaml")
    (found,) = raised.value.diagnostics
    assert (found.code, found.source.path, found.line, found.column) == ("not-utf8", "policies/f.yaml", 2, 1)


def test_a_file_is_read_without_its_byte_order_mark_in_nfc_and_with_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("\ufeffa\u0308: 1\r\nb: 2\r".encode())
    assert load_source(path, "f.yaml") == Source("f.yaml", "ä: 1\nb: 2\n")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_bytes(b"\n")
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    codes = []
    for name in ("none.yaml", "empty.yaml", "big.yaml", ""):
        with pytest.raises(DiagnosticsError) as raised:
            load_source(tmp_path / name, name)
        codes += [d.code for d in raised.value.diagnostics]
    assert codes == ["unreadable-file", "empty-file", "file-too-big", "unreadable-file"]
