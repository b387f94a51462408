"""The layout of files: the same meaning, every comment once, and nothing to do a second time."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pykala.policy.paths import repository_files
from pykala.policy.strict_yaml import Mapping, Scalar, Sequence, YamlNode, compose
from pykala.quality.fmt.layout import format_source
from pykala_dsl.nodes import Node
from pykala_dsl.parser import parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.source import Fragment, Source
from pykala_dsl.wrap import wrap_expression
from strategies import expressions
from tries import tries

GOLDEN = Path(__file__).parents[1] / "golden" / "fmt"
# Two files of each kind that use most of what there is.
SHIPPED = ("individual-rehab/2023", "laku-feedback/2023", "records/feedback", "sources/public")


def laid_out(text: str) -> str:
    return format_source(Source("policy.yaml", text))


@cache
def text_of(name: str) -> str:
    files = {path.with_suffix("").as_posix(): path for path in repository_files(Path("policies")).all}
    return files[f"policies/{name}"].read_text(encoding="utf-8")


def entries(node: YamlNode) -> list[int]:
    """Return where the entries of a file begin."""
    match node:
        case Mapping(pairs):
            return [found for key, value in pairs for found in (key.span.start, *entries(value))]
        case Sequence(items):
            return [found for item in items for found in (item.span.start, *entries(item))]
        case Scalar():
            return []


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """Return a file's text, the same with comments put in above and behind entries, and the comments."""
    text = draw(st.sampled_from([text_of(name) for name in SHIPPED]))
    lines = text.splitlines()
    starts = {text.count("\n", 0, at) for at in entries(compose(Source("policy.yaml", text)))}
    comments: list[str] = []
    for line in sorted(draw(st.sets(st.sampled_from(sorted(starts)), max_size=12)), reverse=True):
        comment = f"# note {len(comments)}: a, b {{c}}"
        own = lines[line]
        ends = re.search(r"(^\s*(- )?\S[^#]*:|[\"}\]\w])$", own) and not own.rstrip().endswith((">-", "|"))
        # A text in quotes, or a plain one, may go on in the next line.
        whole = line + 1 == len(lines) or line + 1 in starts
        if ends and whole and draw(st.booleans()):
            lines[line] = f"{own}  {comment}"
        else:
            margin = " " * (len(own) - len(own.lstrip()))
            lines.insert(line, f"{margin}{comment}")
            if draw(st.booleans()):
                lines.insert(line, "")
        comments.append(comment)
    return text, "\n".join(lines) + "\n", comments


@tries(30)
@given(commented())
def test_every_comment_stands_once_and_the_rest_is_as_without_comments(case: tuple[str, str, list[str]]) -> None:
    text, with_comments, comments = case
    found = laid_out(with_comments)
    assert Counter(re.findall(r"# note \d+: a, b \{c\}", found)) == Counter(comments)
    assert laid_out(found) == found
    bare = re.sub(r"(?m)^\s*# note \d+: a, b \{c\}\n|  # note \d+: a, b \{c\}", "", found)
    # Braces with a comment inside them are written on lines, so that only the words are compared.
    assert words(bare) == words(laid_out(text))


def words(text: str) -> list[str]:
    """Return the keys and values of a file in their order, however they are laid out."""

    def of(node: YamlNode) -> list[str]:
        match node:
            case Mapping(pairs):
                return [word for key, value in pairs for word in (key.text, *of(value))]
            case Sequence(items):
                return [word for item in items for word in of(item)]
            case Scalar(written):
                return [" ".join(written.split())]

    return of(compose(Source("policy.yaml", text)))


@tries(120)
@given(expressions(), st.integers(min_value=1, max_value=60))
def test_an_expression_on_several_lines_is_read_back(tree: Node, width: int) -> None:
    lines = wrap_expression(print_node(tree), width)
    assert parse_expression(Fragment.of("\n".join(lines))) == tree


def test_a_file_is_laid_out_as_the_golden_one() -> None:
    after = (GOLDEN / "after.yaml").read_text(encoding="utf-8")
    assert after == laid_out((GOLDEN / "before.yaml").read_text(encoding="utf-8"))
    assert after == laid_out(after)
