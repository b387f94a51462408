"""The published JSON Schemas of policy files, the register, mappings of documents and the contents, for editors.

The loader says more, and better; a test keeps the two in step over every shipped file.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pykala.policy.model import LANGUAGES, RESPONSIBLE, VERDICTS
from pykala.policy.rule_entries import CLASSES
from pykala.policy.sources import CHECKABLE, KINDS, STATED_SEVERITIES

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KEBAB = r"^[^\W_]+(-[^\W_]+)*$"
_SNAKE = r"^[^\W\d]\w*$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_NAMED_VERSION = r"^[^@\s]+@[^@\s]+$"
_CITATION = r"^[^\W_]+(-[^\W_]+)*/[^\W_]+(-[^\W_]+)*$"


def policy_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a policy file."""
    properties: Schema = {
        "language": {"const": 1, "description": "The version of the language that the file is written in."},
        "policy": _text(_KEBAB, "The policy's id, the same in all its versions: work-trial."),
        "version": {"type": ["string", "number"], "description": 'The name of this version, in quotes: "2025-04".'},
        "title": _ref("texts", "The title that people know the policy by."),
        "note": _ref("texts", "What a reader should know beforehand."),
        "service": _text(_KEBAB, "The service, under which the handbook groups its policies."),
        "subject": _text(_SNAKE, "The kind of record that is judged: case."),
        "responsible": {"enum": list(RESPONSIBLE), "description": "Who must act, where a rule does not say itself."},
        "with": {
            "type": "object",
            "description": "Other kinds of records that the rules may read.",
            "additionalProperties": {"enum": ["optional", "required"]},
        },
        "applies_to": _ref("expression", "Which records are judged; false, and the policy is silent."),
        "selected_by": _ref("expression", "The date of the record that picks the version: decision.made_on."),
        "in_force": _object(
            {
                "first_day": _date("The first day; not given: since always."),
                "last_day": _date("The last day; not given: until the next version begins."),
            },
            (),
            "The days on which this version is in force, both included.",
        ),
        "transition": _object(
            {
                "also": _text(_NAMED_VERSION, "The version that may still be followed: policy@version."),
                "last_day": _date("The last day on which it may."),
                "cite": _ref("citations", "The statements that say so."),
            },
            ("also", "last_day"),
            "Another version that may still be followed, to a limit.",
        ),
        "amends": _text(_NAMED_VERSION, "The version whose entries this one takes over and replaces by name."),
        "drop": _object(
            {kind: _list({"type": "string"}) for kind in ("rules", "parameters", "define", "readings")},
            (),
            "Inherited entries that this version removes.",
        ),
        "includes": _list(_text(_NAMED_VERSION, "policy@version"))
        | {"description": "Versions whose rules are shared."},
        "suppress": _list(
            _object(
                {
                    "check": {"type": "string", "description": "The code of the finding."},
                    "at": {
                        "type": "string",
                        "description": "The rule, parameter, definition or reading; else the file.",
                    },
                    "why": _ref("texts", "Why it is right as it is."),
                    "until": _date("The last day on which this holds."),
                },
                ("check", "why", "until"),
                "A finding that is not to be said.",
            )
        )
        | {"description": "Findings of the linter that are known, each with a reason and an end."},
        "readings": _named(_ref("reading"), "Questions that the source leaves open."),
        "parameters": _named(_ref("parameter"), "Numbers and dates with a name."),
        "define": _ref("definitions", "Expressions with a name, one on a line."),
        "typical": {"type": "object", "description": "The record that the examples change, without record and id."},
        "rules": _list(_ref("rule")) | {"description": "The rules, in the order of the handbook."},
    }
    return {
        "$schema": DIALECT,
        "title": "Pykala policy file",
        **_object(properties, ("language", "policy", "version"), "One version of a policy."),
        "if": {"required": ["amends"]},
        "else": {"required": ["title", "service", "subject", "rules"]},
        "$defs": _definitions(),
    }


def register_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a file of the register of sources."""
    text = _ref("text")
    statement: Schema = {
        "id": _text(_KEBAB, "The statement's id in this source: day-length."),
        "place": _ref("text", "Where in the document it stands."),
        "service": _one_or_more({"type": "string"}) | {"description": "The services it concerns, or `all`."},
        "kind": {"enum": list(KINDS), "description": "What kind of statement it is."},
        "checkable": {"enum": list(CHECKABLE), "description": "Whether records can decide it; in quotes."},
        "says": _ref("text", "What the document states, in our words."),
        "why_not": _ref("text", "Why records cannot decide it, or not wholly."),
        "reading": _object(
            {"chosen": text, "alternative": text, "why": text},
            ("chosen",),
            "How it was read, and how else it could be.",
        ),
        "in_force": _object(
            {"first_day": _date("The first day."), "last_day": _date("The last day."), "note": text},
            (),
            "Since when and until when it holds.",
        ),
        "page": _text(_KEBAB, "The page of the handbook that gives an advice: a phase, contacts or background."),
        "unverified": {"type": "boolean", "description": "Read from a copy of unknown age; shown as such."},
        "severity": {"enum": list(STATED_SEVERITIES), "description": "The audit's class that the source gives."},
    }
    properties: Schema = {
        "source": _text(_KEBAB, "The source's id: work-trial-2025."),
        "title": _ref("text", "The document's title."),
        "document": _object(
            dict.fromkeys(("kind", "date", "publisher", "note"), text), (), "What is known about the document."
        ),
        "statements": _list(
            _object(statement, ("id", "kind", "checkable", "says"), "One thing that the document says.")
        ),
    }
    return {
        "$schema": DIALECT,
        "title": "Pykala register of a source document",
        **_object(properties, ("source", "title", "statements"), "What one source document states."),
        "$defs": {"text": {"anyOf": [{"type": ["string", "number"]}, _texts(())]}},
    }


def mapping_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a file that says where facts stand in documents."""
    text = {"type": ["string", "number", "boolean"]}
    texts = _one_or_more(text)
    entry: Schema = {
        "anyOf": [
            {"type": "null", "description": "The label of the vocabulary."},
            {"type": "string", "description": "One label more."},
            _object(
                {
                    "label": texts
                    | {"description": "What it is called in Word and text, beside the vocabulary's label."},
                    "field": texts
                    | {"description": "The form field of PDF or the content control; {n}: a row's number."},
                    "boxes": _named_by_anything(text, "The check box of each word, or of yes and no."),
                    "values": _named_by_anything(text, "Other words for the members of a choice."),
                    "written": texts | {"description": "How a group is written in one text: {from}–{until}."},
                    "none": texts | {"description": "What is written where there is none."},
                },
                (),
                "Where the property stands.",
            ),
        ]
    }
    rows = _object(
        {
            "heading": texts | {"description": "What stands above the list, beside the vocabulary's label."},
            "field": texts | {"description": "A form field that holds the list, an element on each line."},
            "columns": _named_by_anything({"$ref": "#/$defs/entry"}, "Where the fields of an element stand."),
            "written": texts | {"description": "How an element is written in one line: {date}, {length}."},
            "none": texts | {"description": "What is written where the list is empty."},
        },
        (),
        "Where a list of several fields stands.",
    )
    nothing: Schema = {"type": "null"}
    properties: Schema = {
        "record": _text(_SNAKE, "The kind of record that the document is: certificate."),
        "lang": {"enum": list(LANGUAGES), "description": "The language of the document."},
        "recognised_by": texts | {"description": "Texts that such documents alone hold, such as their title."},
        "fields": _named_by_anything(
            {"$ref": "#/$defs/entry"}, "Where the fields of the record stand, by their paths."
        ),
        "lists": _named_by_anything({"anyOf": [nothing, rows]}, "Where the lists of several fields stand."),
        "ignored": _object({"texts": texts, "fields": texts}, (), "What holds no fact; * stands for anything."),
        "unmentioned": texts | {"description": "Fields of which such a document can be silent: there is none then."},
    }
    return {
        "$schema": DIALECT,
        "title": "Pykala mapping of a document",
        **_object(properties, ("record", "lang"), "Where the facts of a record stand in a document of one language."),
        "$defs": {"entry": entry},
    }


def contents_schema() -> Schema:
    """Return the JSON Schema (2020-12) of the handbook's table of contents."""
    citation: Schema = {"type": "string", "pattern": _CITATION}
    service = _object(
        {
            "title": _texts(()) | {"description": "What people call it."},
            "for_whom": _texts(()) | {"description": "Who gets it, in plain language."},
            "cite": _one_or_more(citation) | {"description": "The statements that say so."},
            "member": _one_or_more(_text(_SNAKE, "work_trial")) | {"description": "Its names in records."},
            "shared": {"type": "boolean", "description": "Whether it is what several services have in common."},
            "also": _list(_text(_KEBAB, "certificates"))
            | {"description": "The others whose rules concern it; not given: found out from the rules."},
        },
        ("title",),
        "A service, by the id that policies give as their `service`.",
    )
    kebab = {"pattern": _KEBAB}
    properties: Schema = {
        "title": _texts(()) | {"description": "What the handbook is called."},
        "about": _texts(()) | {"description": "What its front page says of it: whose it is, what it rests on."},
        "services": {"type": "object", "propertyNames": kebab, "additionalProperties": service}
        | {"description": "The services, in the order of the handbook."},
        "phases": {"type": "object", "propertyNames": kebab, "additionalProperties": _texts(())}
        | {"description": "The titles of the phases, in the order in which a provider meets them."},
    }
    return {
        "$schema": DIALECT,
        "title": "Pykala contents of the handbook",
        **_object(properties, (), "The table of contents of the handbook."),
    }


def _definitions() -> Schema:
    return {
        "texts": _texts(()),
        "expression": {"type": ["string", "number", "boolean"]},
        "citation": {"type": "string", "pattern": _CITATION, "description": "source/statement of the register"},
        "citations": _one_or_more({"$ref": "#/$defs/citation"}),
        "path": {"type": "string"},
        "definitions": _named(
            {
                "anyOf": [
                    {"$ref": "#/$defs/expression"},
                    _object({"label": _ref("texts"), "value": _ref("expression")}, ("value",), "With a label."),
                ]
            },
            "Named expressions.",
        ),
        "parameter": _object(
            {
                "value": _ref(
                    "expression",
                    "The value with its unit (6 h, 1000 EUR, 45), unset, or transition: the last day on which a later version lets this one be followed.",
                ),
                "type": {
                    "enum": ["count", "number", "money", "share", "exact time", "days", "months", "date", "yes/no"],
                    "description": "What an unset value will be.",
                },
                "label": _ref("texts", "What people call it."),
                "cite": _ref("citations", "Where the number comes from."),
                "note": _ref("texts", "A remark."),
            },
            ("value",),
            "A value with a name.",
        ),
        "reading": _object(
            {
                "question": _ref("texts", "The question that is open."),
                "options": _named(_ref("texts"), "The answers that the source allows, by name.") | {"minProperties": 2},
                "chosen": {"type": "string", "description": "open, or the option that the text leans to."},
                "why": _ref("texts", "Why."),
                "cite": _ref("citations", "The statements in question."),
            },
            ("question", "options", "chosen"),
            "A question that the source leaves open.",
        ),
        "rule": _rule(),
        "example": _example(),
    }


def _rule() -> Schema:
    exception = {
        "anyOf": [
            {"$ref": "#/$defs/expression"},
            _object(
                {
                    "title": _ref("texts"),
                    "if": _ref("expression"),
                    "cite": _ref("citations", "Which of the rule's statements it comes from."),
                },
                ("if",),
                "With a title.",
            ),
        ]
    }
    severity = {
        "anyOf": [
            {"enum": ["unrated", *CLASSES]},
            _object({"between": _list({"enum": list(CLASSES)})}, ("between",), "The auditor decides."),
        ],
        "description": "The audit's class, only where a source gives one.",
    }
    equivalent = _object(
        {
            "mutant": _one_or_more({"type": "string"}) | {"description": "As `pykala test --mutate` names it."},
            "why": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/texts"}], "description": "Why nothing can tell."},
        },
        ("mutant", "why"),
        "Changes of the rule that make no difference.",
    )
    return _object(
        {
            "id": _text(_KEBAB, "The rule's id: day-length."),
            "phase": _text(_KEBAB, "The page of the handbook."),
            "responsible": {"enum": list(RESPONSIBLE), "description": "Who must act, so that it is kept."},
            "severity": severity,
            "title": _ref("texts", "What the rule is called."),
            "note": _ref("texts", "A remark for readers."),
            "cite": _ref("citations", "The statements that it rests on."),
            "for each": {"type": "string", "description": "Judge each element: day in days where …"},
            "define": _ref("definitions", "Definitions that may use the element."),
            "when": _ref("expression", "The condition on which the rule applies."),
            "require": _ref("expression", "What must hold."),
            "unless": _named(exception, "Exceptions by name, one on a line."),
            "pending while": _ref("expression", "How long an unmet requirement may still be met."),
            "computes": _ref("definitions", "Amounts that the result and the message carry."),
            "message": _ref("texts", "What a deviation says; {expression} shows a value."),
            "examples": _list({"$ref": "#/$defs/example"}),
            "equivalent": _list(equivalent) | {"description": "Mutants that no example can notice."},
        },
        ("id", "require"),
        "One check.",
    )


def _example() -> Schema:
    verdict = {"enum": list(VERDICTS)}
    return _object(
        {
            "it": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/texts"}], "description": "A caption."},
            "given": {"type": "object", "description": "Changes to the typical record, by path."},
            "not_given": _one_or_more({"$ref": "#/$defs/path"}) | {"description": "What is left out of it."},
            "as_of": _date("The date of the check."),
            "parameters": {
                "type": "object",
                "propertyNames": {"pattern": _SNAKE},
                "description": "Values assumed for unset parameters.",
            },
            "readings": {
                "type": "object",
                "propertyNames": {"pattern": _SNAKE},
                "description": "Options of readings assumed to be chosen.",
            },
            "expect": _one_or_more(verdict) | {"description": "The verdict, or one for each element."},
            "because": _one_or_more({"type": "string"}) | {"description": "All that is undecided."},
            "exception": _text(_SNAKE, "The exception that lifts the deviation."),
            "tests": _ref("citations", "The statement that it shows, where the rule cites several."),
        },
        ("expect",),
        "A test of the rule, and an illustration in the handbook.",
    )


def _texts(required: tuple[str, ...]) -> Schema:
    return _object({lang: {"type": ["string", "number"]} for lang in LANGUAGES}, required, "The text in fi, sv and en.")


def _object(properties: Schema, required: tuple[str, ...], description: str) -> Schema:
    found: Schema = {"type": "object", "description": description, "additionalProperties": False}
    return found | {"properties": properties} | ({"required": list(required)} if required else {})


def _named(entry: Schema, description: str) -> Schema:
    names = {"pattern": _SNAKE}
    return {"type": "object", "description": description, "propertyNames": names, "additionalProperties": entry}


def _named_by_anything(entry: Schema, description: str) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": entry}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, _list(item)]}


def _text(pattern: str, description: str) -> Schema:
    return {"type": "string", "pattern": pattern, "description": description}


def _date(description: str) -> Schema:
    return {"type": "string", "pattern": _DATE, "description": description}


def _ref(name: str, description: str = "") -> Schema:
    found: Schema = {"$ref": f"#/$defs/{name}"}
    return found | {"description": description} if description else found
