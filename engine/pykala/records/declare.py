"""From the nodes of one schema file to types and labels, with a diagnostic for each thing that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pykala.policy.model import LANGUAGES, Text
from pykala.policy.reading import LANGUAGE_NAMES
from pykala.policy.strict_yaml import Mapping, Scalar, Sequence, YamlNode, plain
from pykala.records.identifiers import IDENTIFIERS
from pykala.records.vocabulary import FieldWords, RecordKind
from pykala_dsl.diagnostics import Diagnostic, Label, Severity
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import (
    Absence,
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ErrorType,
    ExactTimeType,
    FieldType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    ShareType,
    TextType,
    Type,
)
from pykala_dsl.words import RESERVED

FORMATS: dict[str, Type] = {
    "date": DateType(),
    "exact-time": ExactTimeType(),
    "money": MoneyType(),
    "share": ShareType(),
    "days": CalendarTimeType("days"),
    "months": CalendarTimeType("months"),
}
_TYPES = ("boolean", "integer", "number", "string", "array", "object")
_TYPE_WORDS = {"bool": "boolean", "int": "integer", "count": "integer", "float": "number", "text": "string"} | {
    "date": "string",
    "list": "array",
    "record": "object",
}
_WORDS = ("label", "describe")
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "any": ("$ref", "$comment", "type", *_WORDS, "absence", "private", "default"),
    "boolean": ("judged", "well_formed"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("format", "enum", "enum_labels", "const", "pattern", "minLength", "maxLength", "event", "identifier"),
    "array": ("items", "minItems", "maxItems", "uniqueItems", "identified_by"),
    "object": ("properties", "required", "additionalProperties"),
    "top": ("$schema", "$id", "$defs", "record", "collect"),
}
KEYWORDS = frozenset(word for words in _KEYWORDS.values() for word in words)
# Names that expressions give a meaning, beside the words of the grammar.
_TAKEN = RESERVED | {"as_of", "reading"}
_NAME = re.compile(r"[^\W\d_]\w*")


class Declarations:
    """Gathers what the files of a vocabulary declare."""

    def __init__(self) -> None:
        self.kinds: dict[str, RecordKind] = {}
        self.fields: dict[tuple[str, str], FieldWords] = {}
        self.elements: dict[str, Text] = {}
        self.members: dict[tuple[str, str], Text] = {}
        self.enums: dict[str, tuple[EnumType, Source, Span]] = {}
        self.collects: dict[str, YamlNode] = {}
        self.diagnostics: list[Diagnostic] = []

    def add(self, source: Source, root: YamlNode) -> None:
        """Take in one file."""
        _File(self, source).read(root)


class _File:
    """The walk over one file's schema."""

    def __init__(self, out: Declarations, source: Source) -> None:
        self.out = out
        self.source = source
        self.defs: Mapping | None = None
        self.following: list[str] = []
        self.errors = 0

    def read(self, root: YamlNode) -> None:
        if not isinstance(root, Mapping):
            self._report("bad-schema", "the file is not a schema of keys and values", root.span, "begin it `record: …`")
            return
        kind = self._kind(root)
        defs = root.get("$defs")
        if isinstance(defs, Mapping):
            self.defs = defs
            for name, _ in defs.entries:
                self._check_name(name, "name")
        record = self._record(root, kind or "record", top=True)
        properties = root.get("properties")
        for own, help_ in (("record", f"add `record: {{const: {kind}}}`"), ("id", "add `id: {type: string}`")):
            if isinstance(properties, Mapping) and properties.get(own) is None:
                key = root.key("properties")
                span = key.span if key is not None else None
                self._report("missing-property", f"every record has a property `{own}`", span, help_)
        if not self.errors:
            self._check_standard(root)
        if kind is None or self.errors:
            return
        if (collect := root.get("collect")) is not None:
            self.out.collects[kind] = collect
        self.out.elements[kind] = self._text(root, "label")
        self.out.kinds[kind] = RecordKind(
            kind, record, plain(root), self._text(root, "label"), self.source, self._text(root, "describe")
        )

    def _kind(self, root: Mapping) -> str | None:
        node = root.get("record")
        if not isinstance(node, Scalar) or not node.text:
            span = node.span if node is not None else root.entries[0][0].span if root.entries else root.span
            self._report("missing-kind", "the file does not say which record it is about", span, "write `record: case`")
            return None
        self._check_name(node, "kind")
        if node.text in self.out.kinds:
            first = self.out.kinds[node.text].source.path
            self._report("duplicate-kind", f"`{node.text}` is declared by `{first}` too", node.span, "keep one of them")
            return node.text
        properties = root.get("properties")
        declared = properties.get("record") if isinstance(properties, Mapping) else None
        const = declared.get("const") if isinstance(declared, Mapping) else None
        if isinstance(const, Scalar) and const.text != node.text:
            self._report(
                "bad-keyword", f"`{const.text}` is not the kind of this file", const.span, f"write `const: {node.text}`"
            )
        return node.text

    def _record(self, node: Mapping, path: str, *, top: bool = False) -> RecordType:
        """Return the type of an object."""
        record = RecordType(path)
        self._check_keywords(node, "object", top=top)
        self._check_labels(node, "label", node.entries[0][0].span if node.entries else node.span, wanted=top)
        self._check_labels(node, "describe", node.span, wanted=False)
        if top:
            kind = node.get("type")
            if not (isinstance(kind, Scalar) and kind.text == "object"):
                span = kind.span if kind is not None else node.entries[0][0].span
                self._report("bad-keyword", "a record is an object", span, "write `type: object`")
        extra = node.get("additionalProperties")
        if extra is not None and plain(extra) is not False:
            self._report(
                "bad-keyword",
                "unknown properties can never be allowed: a misspelt one would be lost",
                extra.span,
                "write `additionalProperties: false`",
            )
        properties = node.get("properties")
        if not isinstance(properties, Mapping):
            if not self._misspelt(node, "properties"):
                span = properties.span if properties is not None else node.span
                hint = "write `properties:`, and below it a line for each, with its `type:` and `label:`"
                self._report("bad-schema", "an object without properties", Span(span.start, span.start + 1), hint)
            self.errors += 1
            return record
        required = self._required(node, properties)
        for key, value in properties.entries:
            if top and key.text == "record":
                # It tells the kind; rules have no use for it.
                continue
            self._check_name(key, "property")
            record.fields[key.text] = self._field(key, value, path, key.text in required)
            if isinstance(value, Mapping):
                self._check_identifiers(value, properties, top=top)
        return record

    def _check_identifiers(self, node: Mapping, properties: Mapping, *, top: bool) -> None:
        """Check that codes are of a kind that there is, and that what tells of a form names the field of a code."""
        kind = node.get("identifier")
        if isinstance(kind, Scalar) and kind.text not in IDENTIFIERS:
            near = _closest(kind.text, IDENTIFIERS)
            hint = f"did you mean `{near}`?" if near else f"write one of {', '.join(IDENTIFIERS)}"
            self._report("bad-keyword", f"`{kind.text}` is no kind of identity code", kind.span, hint)
        told, key = node.get("well_formed"), node.key("well_formed")
        if not isinstance(told, Scalar) or key is None:
            return
        if not top:
            self._report("bad-keyword", "`well_formed` stands among the fields of the record itself", key.span, None)
            return
        code = properties.get(told.text)
        if not (isinstance(code, Mapping) and code.get("identifier") is not None):
            codes = [
                name.text for name, each in properties.entries if isinstance(each, Mapping) and each.key("identifier")
            ]
            near = _closest(told.text, codes)
            hint = f"did you mean `{near}`?" if near else "name a field that has an `identifier`"
            self._report("bad-keyword", f"`{told.text}` holds no identity code", told.span, hint)

    def _required(self, node: Mapping, properties: Mapping) -> set[str]:
        required = node.get("required")
        names: set[str] = set()
        if required is None:
            return names
        if not isinstance(required, Sequence):
            self._report("bad-keyword", "`required` is a list", required.span, "write `required: [id]`")
            return names
        for item in required.items:
            if not isinstance(item, Scalar):
                continue
            names.add(item.text)
            if properties.get(item.text) is None:
                near = _closest(item.text, properties.keys())
                self._report(
                    "unknown-property",
                    f"`required` names `{item.text}`, which is no property here",
                    item.span,
                    f"did you mean `{near}`?" if near else "declare it under `properties`, or leave it out",
                )
        return names

    def _field(self, key: Scalar, node: YamlNode, path: str, required: bool) -> FieldType:
        full = f"{path}.{key.text}"
        if not isinstance(node, Mapping):
            self._report("bad-schema", f"`{key.text}` has no schema", key.span, "write `type:` and `label:` under it")
            return FieldType(key.text, ErrorType(), required)
        kind, merged = self._type(node, full, key.span)
        self._check_labels(node, "label", key.span, wanted=True, name=key.text)
        self._check_labels(node, "describe", key.span, wanted=False, name=key.text)
        self.out.fields[path, key.text] = FieldWords(self._text(merged, "label"), self._text(merged, "describe"))
        return FieldType(
            key.text,
            kind,
            required,
            self._absence(node, required),
            self._flag(node, "event", isinstance(kind, DateType | ErrorType), "dates"),
            self._flag(node, "judged", isinstance(kind, BoolType | ErrorType), "yes/no properties"),
            self._flag(merged, "private", True, ""),
            self.source,
            key.span,
        )

    def _type(self, node: Mapping, path: str, span: Span) -> tuple[Type, Mapping]:
        """Return the type of a schema, and the schema with what it refers to merged in."""
        ref = node.get("$ref")
        if ref is not None:
            return self._follow(node, ref, path, span)
        kind = node.get("type")
        word = kind.text if isinstance(kind, Scalar) else None
        if kind is None and node.get("enum") is not None:
            word = "string"
        if kind is None and word is None and self._misspelt(node, "type", "enum"):
            self._check_keywords(node, "any", top=False, also=KEYWORDS)
            return ErrorType(), node
        if kind is None and word is None:
            self._report("missing-type", "this has no type", span, f"write `type:` and one of {', '.join(_TYPES)}")
            return ErrorType(), node
        if word not in _TYPES:
            near = _TYPE_WORDS.get(word or "") or _closest(word or "", _TYPES)
            self._report(
                "unknown-type",
                f"unknown type `{word}`" if word else "a property has one type",
                kind.span if kind is not None else span,
                f"did you mean `{near}`?" if near else f"write one of {', '.join(_TYPES)}",
            )
            return ErrorType(), node
        if word != "object":
            self._check_keywords(node, word, top=False)
        match word:
            case "boolean":
                return BoolType(), node
            case "integer":
                return CountType(), node
            case "number":
                return NumberType(), node
            case "string":
                return self._string(node, path, span), node
            case "array":
                return self._list(node, path, span), node
            case _:
                return self._record(node, path), node

    def _follow(self, node: Mapping, ref: YamlNode, path: str, span: Span) -> tuple[Type, Mapping]:
        text = ref.text if isinstance(ref, Scalar) else ""
        name = text.removeprefix("#/$defs/")
        target = self.defs.get(name) if self.defs is not None and text.startswith("#/$defs/") else None
        if not isinstance(target, Mapping):
            near = _closest(name, self.defs.keys()) if self.defs is not None else None
            self._report(
                "unknown-ref",
                f"`{text}` leads nowhere in this file",
                ref.span,
                f'did you mean `"#/$defs/{near}"`?' if near else 'write `"#/$defs/name"` and declare it under `$defs`',
            )
            return ErrorType(), node
        if name in self.following:
            self._report("recursive-ref", f"`{name}` holds itself", ref.span, "records have an end: leave it out")
            return ErrorType(), node
        self._check_keywords(node, "any", top=False, also=("event", "judged", "identified_by"))
        self.following.append(name)
        before = len(self.out.diagnostics)
        is_enum = target.get("enum") is not None
        kind, _ = self._type(target, name if is_enum else path, span)
        # A definition that is used in several places is wrong once.
        fresh = dict.fromkeys(self.out.diagnostics[before:])
        known = set(self.out.diagnostics[:before])
        self.out.diagnostics[before:] = [diagnostic for diagnostic in fresh if diagnostic not in known]
        self.following.pop()
        own = {key.text for key, _ in node.entries}
        merged = (*node.entries, *(entry for entry in target.entries if entry[0].text not in own))
        return kind, Mapping(merged, node.span)

    def _string(self, node: Mapping, path: str, span: Span) -> Type:
        enum, fmt = node.get("enum"), node.get("format")
        if enum is not None:
            return self._enum(node, enum, path, span)
        if fmt is None:
            return TextType()
        word = fmt.text if isinstance(fmt, Scalar) else ""
        if word not in FORMATS:
            near = _closest(word, FORMATS)
            self._report(
                "unknown-format",
                f"unknown format `{word}`",
                fmt.span,
                f"did you mean `{near}`?" if near else f"write one of {', '.join(FORMATS)}",
            )
            return ErrorType()
        return FORMATS[word]

    def _enum(self, node: Mapping, enum: YamlNode, path: str, span: Span) -> Type:
        items = enum.items if isinstance(enum, Sequence) else ()
        names = [item for item in items if isinstance(item, Scalar) and item.text]
        if not names or len(names) != len(items):
            self._report("bad-keyword", "`enum` is a list of names", enum.span, "write `enum: [one, two]`")
            return ErrorType()
        seen: set[str] = set()
        before = self.errors
        for name in names:
            self._check_name(name, "member")
            if name.text in seen:
                self._report("duplicate-member", f"`{name.text}` stands here twice", name.span, "keep one of them")
            seen.add(name.text)
        kind = EnumType(path, tuple(dict.fromkeys(name.text for name in names)))
        if self.errors == before:
            self._member_labels(node, kind, names)
        if path in self.out.enums:
            other, source, where = self.out.enums[path]
            if source is not self.source and other != kind:
                self.out.diagnostics.append(
                    Diagnostic(
                        "conflicting-enum",
                        f"`{path}` has other members in `{source.path}`",
                        self.source,
                        (Label(enum.span), Label(where, "declared here first", source)),
                        "give one of the two another name",
                    )
                )
                self.errors += 1
        else:
            self.out.enums[path] = (kind, self.source, enum.span)
        return kind

    def _member_labels(self, node: Mapping, kind: EnumType, names: list[Scalar]) -> None:
        labels = node.get("enum_labels")
        given = labels if isinstance(labels, Mapping) else Mapping((), Span(0, 0))
        strangers = [key for key, _ in given.entries if key.text not in kind.members]
        wanted = not strangers and not self._misspelt(node, "enum_labels")
        for key in strangers:
            near = _closest(key.text, (name for name in kind.members if given.get(name) is None))
            self._report(
                "unknown-member",
                f"`{key.text}` is no member of the enum",
                key.span,
                f"did you mean `{near}`?" if near else "add it under `enum`, or leave its label out",
            )
        for name in names:
            label = given.get(name.text)
            where = given.key(name.text) or name
            # What is missing may stand under the name of a stranger.
            hint = f'write `{name.text}: {{fi: "…", sv: "…", en: "…"}}` under `enum_labels`'
            self._check_languages(label, where.span, "label", name.text, hint, wanted=wanted)
            text = self._text(given, name.text)
            if text != Text():
                self.out.members.setdefault((kind.name, name.text), text)

    def _list(self, node: Mapping, path: str, span: Span) -> Type:
        items, by = node.get("items"), node.get("identified_by")
        if not isinstance(items, Mapping) and self._misspelt(node, "items"):
            return ErrorType()
        if not isinstance(items, Mapping):
            self._report("missing-type", "a list without `items`", span, "write `items:` and a schema under it")
            return ErrorType()
        element, merged = self._type(items, f"{path}[]", span)
        if isinstance(element, ListType):
            self._report(
                "nested-list", "a list of lists", items.span, "let each element be an object with a list in it"
            )
            return ErrorType()
        if isinstance(element, RecordType):
            self._check_labels(merged, "label", span, wanted=True, name=f"one element of {path.rpartition('.')[2]}")
            self.out.elements[element.name] = self._text(merged, "label")
        if by is None:
            return ListType(element)
        name = by.text if isinstance(by, Scalar) else ""
        fields = element.fields if isinstance(element, RecordType) else {}
        if name not in fields or isinstance(fields[name].type, RecordType | ListType):
            near = _closest(name, fields)
            self._report(
                "bad-identifier",
                f"`identified_by` names `{name}`, which is no plain property of an element",
                by.span,
                f"did you mean `{near}`?"
                if near
                else "name the property that people know an element by, or leave it out",
            )
            return ListType(element)
        return ListType(element, name)

    def _absence(self, node: Mapping, required: bool) -> Absence:
        given, key = node.get("absence"), node.key("absence")
        if given is None or key is None:
            return "unknown"
        word = given.text if isinstance(given, Scalar) else ""
        if word not in ("none", "unknown"):
            self._report("bad-keyword", f"`{word}` says nothing of an absence", given.span, "write `none` or `unknown`")
        elif required:
            self._report(
                "bad-keyword",
                "a required property is never absent",
                key.span,
                "leave out `absence`, or make it optional",
            )
        return "none" if word == "none" else "unknown"

    def _flag(self, node: Mapping, name: str, fits: bool, where: str) -> bool:
        given, key = node.get(name), node.key(name)
        if given is None or key is None:
            return False
        value = plain(given)
        if not isinstance(value, bool):
            self._report("bad-keyword", f"`{name}` is true or false", given.span, f"write `{name}: true`")
        elif value and not fits:
            self._report("bad-keyword", f"`{name}` goes with {where} alone", key.span, "leave it out")
        return value is True and fits

    def _check_keywords(self, node: Mapping, kind: str, *, top: bool, also: Iterable[str] = ()) -> None:
        known = {*_KEYWORDS["any"], *_KEYWORDS[kind], *also, *(_KEYWORDS["top"] if top else ())}
        for key, _ in node.entries:
            if key.text in known:
                continue
            if key.text in KEYWORDS:
                # Flags that go with another type have a diagnostic of their own.
                if key.text not in ("event", "judged"):
                    self._report("bad-keyword", f"`{key.text}` does not go with this type", key.span, "leave it out")
                continue
            near = _closest(key.text, known)
            self._report(
                "unknown-keyword",
                f"unknown keyword `{key.text}`",
                key.span,
                f"did you mean `{near}`?" if near else "the language reads no such keyword; leave it out",
            )

    def _misspelt(self, node: Mapping, *words: str) -> bool:
        """Return whether an unknown keyword, which is reported as such, may be one of the words."""
        strangers = [key.text for key, _ in node.entries if key.text not in KEYWORDS]
        return any(_closest(stranger, KEYWORDS) in words for stranger in strangers)

    def _check_labels(self, node: Mapping, word: str, span: Span, *, wanted: bool, name: str = "") -> None:
        key = node.key(word)
        hint = f'write `{word}: {{fi: "…", sv: "…", en: "…"}}`'
        wanted = wanted and not self._misspelt(node, word)
        self._check_languages(node.get(word), key.span if key else span, word, name, hint, wanted=wanted)

    def _check_languages(
        self, node: YamlNode | None, span: Span, word: str, name: str, hint: str, *, wanted: bool
    ) -> None:
        if node is None:
            if wanted:
                message = f"`{name}` has no {word}" if name else f"no {word}"
                self._report("missing-label", message, span, hint, "warning")
            return
        if not isinstance(node, Mapping):
            self._report(
                "bad-label", "a text in three languages is wanted", node.span, 'write `{fi: "…", sv: "…", en: "…"}`'
            )
            return
        for key, value in node.entries:
            if key.text not in LANGUAGES:
                self._report("bad-label", f"`{key.text}` is no language", key.span, "write `fi`, `sv` or `en`")
            elif not isinstance(value, Scalar):
                self._report("bad-label", "a label is one text", value.span, "put it in quotes")
        absent = [lang for lang in LANGUAGES if not (isinstance(text := node.get(lang), Scalar) and text.text)]
        if absent:
            words = " and ".join(LANGUAGE_NAMES[lang] for lang in absent)
            owner = f"the {word} of `{name}`" if name else f"this {word}"
            hint = "write the text in all of `fi`, `sv` and `en`"
            self._report("missing-label", f"{owner} is missing in {words}", span, hint, "warning")

    def _check_name(self, name: Scalar, what: str) -> None:
        if name.text in _TAKEN:
            self._report(
                "reserved-word",
                f"`{name.text}` is a word of the language, and cannot be the name of a {what}",
                name.span,
                "choose another name",
            )
        elif not _NAME.fullmatch(name.text) or name.text != name.text.lower():
            better = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.text)).lower().strip("_")
            fits = _NAME.fullmatch(better) and better not in _TAKEN
            self._report(
                "bad-name",
                f"`{name.text}` cannot be the name of a {what}",
                name.span,
                f"write `{better}`" if fits else "use small letters, digits and `_`, a letter first",
            )

    def _check_standard(self, root: Mapping) -> None:
        """Report what JSON Schema itself does not allow, where nothing else has been found."""
        from pykala.records.schemas import metaschema_errors

        for path in metaschema_errors(plain(root)):
            node: YamlNode = root
            where, word = root.span, ""
            for step in path:
                if isinstance(node, Mapping) and (key := node.key(str(step))) is not None:
                    found = node.get(str(step))
                    where, word = key.span, key.text
                elif isinstance(node, Sequence) and isinstance(step, int):
                    found = node.items[step]
                    where = found.span
                else:
                    break
                assert found is not None
                node = found
            self._report("bad-schema", f"`{word}` cannot have this value in a JSON Schema", where, None)

    def _text(self, node: Mapping, key: str) -> Text:
        given = node.get(key)
        if not isinstance(given, Mapping):
            return Text()
        words: dict[str, Any] = {
            lang: text.text for lang in LANGUAGES if isinstance(text := given.get(lang), Scalar) and text.text
        }
        return Text(**words)

    def _report(
        self, code: str, message: str, span: Span | None, help_: str | None, severity: Severity = "error"
    ) -> None:
        self.errors += severity == "error"
        self.out.diagnostics.append(
            Diagnostic(code, message, self.source, (Label(span or Span(0, 0)),), help_, severity)
        )


def _closest(word: str, candidates: Iterable[str]) -> str | None:
    from pykala_dsl.suggest import closest

    return closest(word, candidates)
