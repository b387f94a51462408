"""What the parser says where it stops: the likeliest mistake, in a planner's words.

In: the text, the place where lark's parser stopped, and the terminals that it would have accepted there. Out: one
`Mistake` at the word that has to change. Terminals are never printed; they tell what the place asks for.
"""

from __future__ import annotations

from typing import Literal

from pykala_dsl.place import CLOSING, Place, Token, tokens_of
from pykala_dsl.spelling import Mistake, misspelling
from pykala_dsl.suggest import closest
from pykala_dsl.words import (
    AGGREGATE_WORDS,
    AGGREGATES,
    NUMBER_WORDS,
    OPENERS,
    OPENING_WORDS,
    OPERATOR_WORDS,
    RESERVED,
    UNIT_WORDS,
    UNITS,
)

__all__ = ["Mistake", "bad_date", "empty", "explain", "leading", "misspelling", "number_word", "too_deep"]

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TESTS = _COMPARISONS | {"in", "includes", "is", "due"}
# The words that join what stands before them to what follows, by their terminals.
_JOINING = {"AND": "and", "WHERE": "where", "SATISFIES": "satisfies", "THEN": "then", "ELSE": "else"} | {
    "INCLUDES": "includes",
    "DUE": "due by",
    "DUE_BY": "due by",
}
_LIMITS = frozenset({"and", "or", "not", "then", "else", "satisfies", "where", "if", ",", "for"})


def empty(entry: Literal["expression", "binding"]) -> Mistake:
    """Return the mistake of a text without an expression."""
    if entry == "binding":
        return Mistake("empty-expression", "nothing is written here", 0, 0, "write a list, as in `day in days`")
    return Mistake("empty-expression", "nothing is written here", 0, 0, "write a condition or a value")


def bad_date(text: str, start: int) -> Mistake:
    """Return the mistake of a date that the calendar does not have."""
    message = f"the calendar has no `{text}`"
    return Mistake("bad-date", message, start, start + len(text), "dates are written year, month, day: `2025-04-01`")


def number_word(text: str, start: int) -> Mistake | None:
    """Return the mistake of a number written as a word, if this is one."""
    number = NUMBER_WORDS.get(text.lower())
    if number is None:
        return None
    return Mistake("number-word", f"`{text}` is not a number", start, start + len(text), f"write `{number}`")


def leading(text: str) -> Mistake | None:
    """Return the mistake of an expression that begins with a set, which YAML would take for a mapping."""
    start = len(text) - len(text.lstrip())
    if not text.startswith("{", start):
        return None
    advice = "put the list first, as in `attachments includes {a, b}`, or the set in brackets, `({a, b})`"
    return Mistake("leading-set", "an expression cannot begin with a set", start, start + 1, advice)


def too_deep(limit: int, end: int) -> Mistake:
    """Return the mistake of an expression nested too deeply."""
    advice = "give parts of it names in `define`"
    return Mistake("nested-too-deep", f"this is nested more than {limit} levels deep", 0, end, advice)


def explain(text: str, at: int, accepted: frozenset[str]) -> Mistake:
    """Return the mistake behind an error of the parser at an offset of a text."""
    tokens = tokens_of(text)
    index = next((i for i, token in enumerate(tokens) if token.end > at), len(tokens))
    place = Place(tokens, index, accepted)
    for rule in (
        _upper_case,
        _end_of_text,
        _number_before,
        _words_of_others,
        _misspelt,
        _punctuation,
        _after_is_or_due,
        _name_wanted,
        _count_wanted,
        _value_wanted,
        _missing_part,
        _after_value,
    ):
        mistake = rule(place)
        if mistake is not None:
            return mistake
    return place.say("syntax", f"`{place.token.text}` does not fit here", "see the language reference for what may")


def _upper_case(p: Place) -> Mistake | None:
    for token in (p.token, p.before):
        lower = token.text.lower()
        if token.kind == "word" and token.text != lower and (lower in RESERVED or lower in {"at", "by", "of", "for"}):
            return p.say("upper-case-word", f"`{token.text}` is written in small letters", f"write `{lower}`", token)
    return None


def _end_of_text(p: Place) -> Mistake | None:
    if p.token.kind != "end":
        return None
    mistake = _missing_part(p)
    if mistake is not None:
        return mistake
    last = p.before
    brackets = p.open_brackets()
    if p.wants_count:
        return _no_number(p, last)
    if p.wants_value:
        if last.text in CLOSING:
            return _unclosed(p, last)
        return p.say(
            "missing-value",
            f"a value is missing after `{last.text}`",
            f"write the value that belongs behind `{last.text}`",
            last,
        )
    if p.wants_name:
        if last.text == "." and p.peek(-2).kind == "number":
            return _bare_point(p, p.peek(-2), last)
        return p.say("missing-name", f"a name is missing after `{last.text}`", _name_advice(last), last)
    if brackets:
        return _unclosed(p, brackets[-1])
    return _number_before(p) or p.say(
        "syntax", f"the expression stops short after `{last.text}`", "write the rest of it", last
    )


def _number_before(p: Place) -> Mistake | None:
    """Explain a number with something else than a unit behind it, and words for numbers."""
    token, before = p.token, p.before
    if before.kind == "word" and token.kind == "word" and p.after_value | p.wants_name | (p.accepted == {"IN"}):
        mistake = number_word(before.text, before.start)
        if mistake is not None and not token.reserved:
            return mistake
    if token.kind == "number" and p.peek(1).kind == "word" and p.peek(1).start == token.end and not p.wants_name:
        if p.wants_count:
            advice = f"write `{token.text} {p.peek(1).text}`"
            return p.say("missing-space", f"a space is missing after `{token.text}`", advice, token, p.peek(1))
        return _unknown_unit(p, token, p.peek(1))
    if token.kind == "word" and not token.reserved and before.kind == "number" and p.after_value:
        if token.text in OPERATOR_WORDS and token.text not in UNIT_WORDS:
            return None
        return _unknown_unit(p, before, token)
    currency = before.text.lower() in ("eur", "euro", "euros") and p.peek(-2).kind != "number"
    if token.kind == "number" and currency and p.after_value:
        advice = f"write `{token.text} EUR`"
        return p.say("unit-before-number", "the unit stands after its number", advice, before, token)
    if token.kind == "number" and before.text == "h" and p.peek(-2).kind == "number":
        advice = f"write `{p.peek(-2).text} h {token.text} min`"
        return p.say("missing-unit", f"`{token.text}` has no unit", advice)
    return None


def _words_of_others(p: Place) -> Mistake | None:
    """Explain words of everyday speech, and of other languages, that stand where ours should."""
    token, before = p.token, p.before
    if token.kind == "word" and p.after_value and token.text in OPENING_WORDS and before.text in ("for", "every"):
        return p.say("foreign-word", f"`{token.text}` is not a word of the language", OPENING_WORDS[token.text])
    if token.text == "than" and p.peek(-2).text == "no" and before.text in ("more", "less", "fewer"):
        advice = f"write `at {'most' if before.text == 'more' else 'least'}`"
        message = f"`no {before.text} than` is written otherwise"
        return p.say("foreign-word", message, advice, p.peek(-2), token)
    opening = before.kind == "word" and before.text in OPENING_WORDS and p.peek(-2).text != "."
    goes_on = token.kind in ("word", "number") and (not token.reserved or token.text in OPENERS)
    if p.after_value and opening and goes_on:
        advice = OPENING_WORDS[before.text]
        return p.say("foreign-word", f"`{before.text}` is not a word of the language", advice, before)
    if token.kind == "word" and p.after_value and token.text in OPERATOR_WORDS:
        advice = OPERATOR_WORDS[token.text]
        return p.say("foreign-word", f"`{token.text}` is not a word of the language", advice)
    return None


def _misspelt(p: Place) -> Mistake | None:
    """Explain a word of the language with a letter or two wrong."""
    token, before = p.token, p.before
    if token.kind != "word" or token.reserved:
        return None
    fitting = [word for terminal, word in _JOINING.items() if terminal in p.accepted]
    near = closest(token.text, fitting, wrong=1 if len(token.text) < 5 else 2) if len(token.text) > 2 else None
    if near is None and p.peek(1).text == "in" and before.kind == "word" and p.peek(-2).text != ".":
        token = before
        near = closest(before.text, OPENERS - {"if"}, wrong=1 if len(before.text) < 5 else 2)
    if near is None or near == token.text:
        return None
    return p.say("foreign-word", f"`{token.text}` is not a word of the language", f"did you mean `{near}`?", token)


def _punctuation(p: Place) -> Mistake | None:
    token, before, after = p.token, p.before, p.peek(1)
    if token.text in ("[", "]"):
        advice = "write a set in braces, `{a, b}`, and group with `(` and `)`"
        return p.say("set-brackets", f"`{token.text}` has no meaning here", advice)
    brackets = p.open_brackets()
    grouped = bool(brackets) and brackets[-1].text == "(" and "RPAR" in p.accepted and "COMMA" not in p.accepted
    if token.text == "," and grouped and not _adjacent_digits(p):
        advice = "write a set in braces, `{a, b}`"
        return p.say("set-brackets", "a set does not stand in `(` and `)`", advice, brackets[-1])
    if token.kind == "other":
        advice = (
            "a letter with a separate accent is written as one letter"
            if not token.text.isprintable() or ord(token.text) in range(0x300, 0x370)
            else "remove it"
        )
        if token.text == ":" and "SATISFIES" in p.accepted:
            advice = "write `satisfies`"
        return p.say("stray-character", f"`{token.text}` has no meaning here", advice)
    if token.text == "," and _adjacent_digits(p):
        advice = f"write `{before.text}.{after.text}`"
        if len(after.text) == 3:
            advice = f"write `{before.text}{after.text}`, or `{before.text}.{after.text}` for a decimal"
        return p.say("decimal-comma", "a decimal is written with a point", advice, before, after)
    if token.text == ".":
        if p.wants_value and after.kind == "number" and after.start == token.end:
            return _bare_point(p, token, after)
        if before.kind == "number" and before.end == token.start:
            return _bare_point(p, before, token)
    if before.text == "." and p.peek(-2).kind == "number" and p.peek(-2).end == before.start:
        return _bare_point(p, p.peek(-2), before)
    joined = before.kind == after.kind == "word" and before.end == token.start and token.end == after.start
    if token.text == "," and not p.open_brackets() and joined:
        advice = f"write a point between a record and its field, `{before.text}.{after.text}`"
        return p.say("stray-character", "`,` has no meaning here", advice)
    if token.text == "," and not p.open_brackets():
        return p.say("stray-character", "`,` has no meaning here", "join two conditions with `and` or `or`")
    if token.text in (")", "}") and not p.wants_value and not p.wants_count:
        if not brackets:
            advice = f"remove it, or open it with `{'(' if token.text == ')' else '{'}`"
            return p.say("unmatched-bracket", f"`{token.text}` closes nothing", advice)
        if CLOSING[brackets[-1].text] != token.text and not _missing_part(p):
            return _unclosed(p, brackets[-1])
    if token.text == "=" and before.text in ("<", ">", "!", "=") and p.wants_value:
        advice = f"write `{before.text}=`" if before.text != "=" else "write `=`"
        return p.say("foreign-operator", f"`{before.text} =` is not an operator", advice, before, token)
    if token.text == "%" and p.after_value:
        return p.say("stray-character", "`%` stands after a number alone", "write a share as in `0.5 % of turnover`")
    return None


def _adjacent_digits(p: Place) -> bool:
    before, after = p.before, p.peek(1)
    return before.kind == after.kind == "number" and before.end == p.token.start == after.start - 1


def _after_is_or_due(p: Place) -> Mistake | None:
    token, after, next_one = p.token, p.peek(1), p.peek(2)
    if p.wants_name or p.wants_count or p.wants_value:
        return None
    if token.text == "due" and after.text != "by":
        advice = "write `due by` and a date, or `is late for` in a condition"
        return p.say("after-due", "`due` is followed by `by`", advice)
    if token.text != "is" or after.text in ("present", "missing") or (after.text, next_one.text) == ("late", "for"):
        return None
    message = "`is` is followed by `present`, `missing` or `late for` alone"
    if after.text == "not" and next_one.text in ("present", "missing"):
        other = {"present": "missing", "missing": "present"}[next_one.text]
        return p.say(
            "after-is", f"`is not {next_one.text}` is written otherwise", f"write `is {other}`", token, next_one
        )
    if after.text == "not" and next_one.text == "late":
        return p.say("after-is", message, "write `not x is late for d`", token, after)
    if after.text == "not":
        return p.say("after-is", message, "write `!=`, or `not in` for several values", token, after)
    if after.text == "late":
        return p.say("after-is", "`is late` is followed by `for` and a date", "write `is late for`", token, after)
    if after.text == "in":
        return p.say("after-is", message, "write `in` alone", token, after)
    if after.text == "due":
        return p.say("after-is", message, "write `due by` alone", token, after)
    near = closest(after.text, ("present", "missing"))
    if near is not None:
        return p.say("after-is", message, f"did you mean `is {near}`?", token, after)
    advice = f"write `= {after.text}`" if after.kind == "word" and not after.reserved else "write `=`"
    if after.text in ("true", "false"):
        advice = "a yes/no field stands alone: write `x`, or `not x`"
    return p.say("after-is", message, advice)


def _name_wanted(p: Place) -> Mistake | None:
    """Explain what stands where only a name may: after a dot, a quantifier, `by`."""
    if not p.wants_name:
        return None
    token, before = p.token, p.before
    if token.text == "in" and p.peek(-2).text in ("exactly", "least", "most"):
        return _no_number(p, before)
    if token.reserved:
        return _reserved(p, token)
    if token.text == "." and before.reserved:
        return _reserved(p, before)
    if token.kind == "number" and before.text in OPENERS:
        advice = f"write `at least {token.text}`, `at most {token.text}` or `exactly {token.text}`"
        return p.say("missing-name", f"`{before.text}` takes no number", advice)
    if token.kind == "number" and before.text == "." and p.peek(1).kind == "word" and p.peek(1).start == token.end:
        return p.say("missing-name", "a name cannot begin with a digit", "see the record's fields", token, p.peek(1))
    return p.say("missing-name", f"a name is missing after `{before.text}`", _name_advice(before))


def _count_wanted(p: Place) -> Mistake | None:
    if not p.wants_count:
        return None
    return _no_number(p, p.before)


def _value_wanted(p: Place) -> Mistake | None:
    if not p.wants_value:
        return None
    token, before = p.token, p.before
    if token.text == "-":
        advice = "there are no negative numbers; write the subtraction out, `a - b`, or compare the other way round"
        return p.say("unary-minus", "`-` has nothing on its left", advice)
    if token.text in (")", "}", ","):
        if before.text in CLOSING:
            what = "a set has at least one member" if before.text == "{" else "a value is missing in the brackets"
            return p.say("missing-value", what, "write what stands between them", before, token)
        return p.say(
            "missing-value", f"a value is missing before `{token.text}`", "write it, or remove the sign before it"
        )
    if token.text in OPENERS or token.text == "at":
        return _opener_inside(p)
    if token.text == "not" and p.peek(1).kind != "end":
        advice = "put it in brackets, `(not …)`"
        return p.say("needs-brackets", "`not` cannot stand here without brackets", advice)
    if token.reserved and (p.peek(1).kind == "end" or p.peek(1).text in (")", "}", ",", "and", "or")):
        if before.kind == "end" or before.text in ("and", "or", "not", "("):
            return p.say("missing-value", f"a value is missing before `{token.text}`", "write it, or remove the word")
        return _reserved(p, token)
    return p.say("missing-value", f"a value is missing before `{token.text}`", "write what the operator stands between")


def _opener_inside(p: Place) -> Mistake:
    """Explain a quantifier, `each`, `the` or `if` that stands where only a closed form may."""
    token, before = p.token, p.before
    opens = token.text in ("if", "exactly", "at") or (p.peek(1).kind == "word" and p.peek(2).text == "in")
    if not opens:
        return _reserved(p, token)
    if before.text in ("and", "or"):
        first = next((t.text for t in p.tokens[: p.index] if t.text in OPENERS or t.text in ("at", "for")), "some")
        first = {"at": f"at {p.tokens[1].text}"}.get(first, first)
        advice = f"put the first one in brackets, `({first} …) {before.text} {token.text} …`, or this one, if it belongs to the `where`"
        return p.say("second-quantifier", f"a second `{token.text}` needs brackets round the first", advice)
    word = f"`{token.text}`" if token.text != "at" else f"`at {p.peek(1).text}`"
    advice = f"put it in brackets, `({word.strip('`')} …)`"
    if before.text in ("where", "not"):
        return p.say("quantifier-in-where", f"{word} inside `where` stands in brackets", advice)
    return p.say("needs-brackets", f"{word} cannot stand here without brackets", advice)


def _missing_part(p: Place) -> Mistake | None:
    """Explain an `if`, an `every`, an aggregate or a binder that lacks its next word."""
    accepted = p.accepted
    if "ELSE" in accepted and "$END" not in accepted and p.token.text != "else":
        word = p.last_word("if", closed_by="else")
        if p.token.kind == "end" or p.token.text in (")", "}", ",", "then"):
            return p.say(
                "if-without-else",
                "`if` without `else`",
                "say what holds otherwise: `else …`; it is never left out",
                word,
            )
    if "THEN" in accepted and (p.token.kind == "end" or p.token.text in ("else", ")", "}", ",")):
        word = p.last_word("if", closed_by="then")
        return p.say("if-without-then", "`if` without `then`", "write `if … then … else …`", word)
    if accepted == {"IN"}:
        name = p.before
        advice = f"write `{name.text} in` and the list, as in `day in days`"
        return p.say(
            "missing-in", f"`in` is missing after `{name.text}`", advice, name if p.token.kind == "end" else p.token
        )
    if "SATISFIES" in accepted and not p.may_end() and p.token.text != "satisfies":
        if (p.token.kind == "word" and p.token.text in _TESTS) or p.token.text in _COMPARISONS:
            return None
        advice = "say what each of them has to satisfy: `every day in days satisfies …`"
        return p.say("every-without-satisfies", "`every` without `satisfies`", advice, p.last_word("every"))
    if "FOR" in accepted and p.token.text in (")", "") and "COMMA" in accepted and "RPAR" not in accepted:
        if p.token.kind == "end" and not _aggregate(p):
            return None
        aggregate = _aggregate(p)
        if aggregate is not None:
            advice = f"say over what: `{aggregate.text}(line.amount for line in lines)`, or give two values"
            return p.say("aggregate-without-for", f"`{aggregate.text}` of a single value", advice, aggregate)
    distinct = p.last_word("distinct")
    if distinct is not None and "FOR" in accepted and not p.may_end() and p.token.text in (")", ""):
        advice = "say over what: `count(distinct coach.id for coach in coaches)`"
        return p.say("aggregate-without-for", "`count(distinct …)` without `for`", advice, distinct)
    if "BY" in accepted and p.open_brackets():
        index = p.tokens.index(p.open_brackets()[-1])
        if index and p.tokens[index - 1].text == "pairs" and (p.token.text in (")", ",") or p.token.kind == "end"):
            advice = "say by what they are ordered: `pairs(periods by start)`"
            return p.say("pairs-without-by", "`pairs` without `by`", advice, p.tokens[index - 1])
    return None


def _after_value(p: Place) -> Mistake | None:
    """Explain what stands after a complete value and cannot go on from it."""
    token, before = p.token, p.before
    if token.text in _TESTS or (token.text == "not" and p.peek(1).text == "in") or token.text == "..":
        earlier = _test_before(p, token.text == "..")
        if earlier is not None:
            if token.text == "..":
                advice = "a range has two ends, `a .. b`"
            elif token.text not in _COMPARISONS or earlier.text not in _COMPARISONS:
                advice = "join two conditions with `and`"
            else:
                advice = "write `b in a .. c`, or join two comparisons with `and`"
            return p.say(
                "chained-comparison", f"`{token.text}` after `{earlier.text}`: comparisons are not chained", advice
            )
        if "WHERE" in p.accepted:
            return _no_where(p)
        if token.text == ".." or "COMPARE" not in p.accepted:
            advice = "put it in brackets, `(a = b)`"
            return p.say("needs-brackets", f"`{token.text}` cannot stand here without brackets", advice)
    if token.text in ("and", "or"):
        opener = p.last_word(*OPENERS, "least", "most")
        if "WHERE" in p.accepted and opener is not None:
            word = {"least": "at least", "most": "at most"}.get(opener.text, opener.text)
            advice = (
                f"put it in brackets, `({word} …) {token.text} …`, or write `where` before a condition on each of them"
            )
            return p.say("needs-brackets", f"`{word} …` needs brackets before `{token.text}`", advice)
        if "WHERE" in p.accepted:
            return _no_where(p)
        advice = "put the condition in brackets, `(a and b)`"
        return p.say("needs-brackets", f"`{token.text}` cannot stand here without brackets", advice)
    function = _called(p)
    if token.text == "for" and function is not None and function.text not in AGGREGATES | {"count"}:
        name = AGGREGATE_WORDS.get(function.text.lower()) or closest(function.text, (*sorted(AGGREGATES), "count"))
        listed = "`sum`, `average`, `count`, `min`, `max`, `earliest` and `latest` go over a list"
        advice = f"did you mean `{name}`?" if name else listed
        return p.say("unknown-function", f"unknown function `{function.text}`", advice, function)
    if token.text == "not" and p.peek(1).text in _TESTS:
        advice = (
            "write `not` in front of the whole condition, as in `not a = b`; for `not is present` write `is missing`"
        )
        return p.say("misplaced-word", "`not` has no place here", advice)
    if token.text in ("then", "else", "satisfies", "where") or token.text in ("for", "by", "of", "distinct"):
        advice = {
            "then": "`then` belongs to an `if`",
            "else": "`else` belongs to an `if … then …`",
            "satisfies": "`satisfies` belongs to a quantifier, `every day in days satisfies …`",
            "where": "`where` belongs to a list, `some day in days where …`",
            "for": "`for` belongs to `sum(… for line in lines)` and its like; for a quantifier write `every line in lines`",
            "by": "a deadline is written `due by`, as in `ended_on due by last_day`",
        }.get(token.text, "remove it")
        return p.say("misplaced-word", f"`{token.text}` has no place here", advice)
    if token.text == ",":
        return p.say("stray-character", "`,` has no meaning here", "join two conditions with `and` or `or`")
    if "WHERE" in p.accepted and (token.kind in ("word", "number") or token.text in CLOSING):
        return _no_where(p)
    if token.kind in ("word", "number") or token.text in CLOSING:
        advice = "write what joins them, such as `and`, `=` or `+`; a name has no spaces or hyphens, `work_trial`"
        message = f"nothing stands between `{before.text}` and `{token.text}`"
        return p.say("missing-operator", message, advice)
    return None


def _test_before(p: Place, of_range: bool) -> Token | None:
    """Return the comparison (or `..`) before this place that it would be chained to."""
    depth = 0
    for token in reversed(p.tokens[: p.index]):
        depth += {")": 1, "}": 1, "(": -1, "{": -1}.get(token.text, 0)
        if depth < 0 or (not depth and token.text in _LIMITS):
            return None
        if not depth and (token.text == ".." if of_range else token.text in _TESTS):
            binder = token.text == "in" and _is_binder(p, token)
            return None if binder else token
    return None


def _is_binder(p: Place, token: Token) -> bool:
    index = p.tokens.index(token)
    before = {t.text for t in p.tokens[max(0, index - 4) : index - 1]}
    return bool(before & (OPENERS | {"least", "most", "for"})) or "WHERE" in p.accepted


def _aggregate(p: Place) -> Token | None:
    function = _called(p)
    return function if function is not None and function.text in AGGREGATES else None


def _called(p: Place) -> Token | None:
    """Return the name in front of the innermost open bracket."""
    brackets = p.open_brackets()
    index = p.tokens.index(brackets[-1]) if brackets else 0
    return p.tokens[index - 1] if index and p.tokens[index - 1].kind == "word" else None


def _no_where(p: Place) -> Mistake:
    advice = "write `where` between the list and a condition, as in `day in days where day.length >= 6 h`"
    return p.say("missing-where", f"`where` is missing before `{p.token.text}`", advice)


def _no_number(p: Place, at: Token) -> Mistake:
    word = p.last_word("exactly", "least", "most")
    name = {"least": "at least", "most": "at most"}.get(word.text, word.text) if word else "exactly"
    return p.say("missing-number", f"a number is missing after `{name}`", f"write it, as in `{name} 2 day in days`", at)


def _unknown_unit(p: Place, number: Token, unit: Token) -> Mistake:
    known = UNIT_WORDS.get(unit.text.lower()) or closest(unit.text, UNITS)
    if known in ("day", "week", "month", "year"):
        known += "s"
    units = "the units are h, min, days, weeks, months, years, EUR and %"
    advice = f"write `{number.text} {known}`" if known else units
    return p.say("unknown-unit", f"`{unit.text}` is not a unit", advice, unit)


def _reserved(p: Place, token: Token) -> Mistake:
    advice = "write `false`, or choose another name" if token.text == "no" else "choose another name"
    return p.say("reserved-name", f"`{token.text}` is a word of the language, not a name", advice, token)


def _unclosed(p: Place, bracket: Token) -> Mistake:
    closing = CLOSING[bracket.text]
    return p.say("missing-bracket", f"`{bracket.text}` is not closed", f"write `{closing}` where it ends", bracket)


def _bare_point(p: Place, first: Token, last: Token) -> Mistake:
    digits = (first if first.kind == "number" else last).text
    advice = f"write `{digits}.0`, or `{digits}` alone" if first.kind == "number" else f"write `0.{digits}`"
    return p.say("bare-point", "a decimal has a digit on both sides of its point", advice, first, last)


def _name_advice(before: Token) -> str:
    if before.text == ".":
        return "write the field's name"
    if before.text == "by":
        return "write the field by which they are ordered, as in `pairs(periods by start)`"
    if before.kind == "number":
        return f"name the element, as in `exactly {before.text} day in days`"
    return f"name the element, as in `{before.text} day in days`"
