"""The blocks of a page, and a folder in which they are run one after another, as a reader would.

How a block is run is said by its language, by `title="FILE"` in its info string, or by a comment on the line before it
(`<!-- tests: … -->`). A block that nothing here takes is a mistake of the page.

| block | is |
|---|---|
| `console` | lines after `$` are run; what is shown below is what they print. `…` alone on a line stands for any lines, within a line for any text. A command leaves with 0, or `exit N` says with what the last one leaves, or `$ echo $?` shows it |
| any with a title | written to that file; `diff`: the lines with `-` are replaced by those with `+` in it |
| `python` | run; a `text` block right after it is what it prints |
| `json`, `part of FILE` | data that the file holds, perhaps beside more |
| `yaml`, `excerpt of FILE` | lines that stand in the file |
| `yaml`, `policy`, `rule`, `keys FILE RULE`, `statements`, `mapping`, `collect of KIND`, `record`, `contents` | loads, and where it has examples, they hold |
| `yaml`, `ci SCHEMA` | fits that schema of check-jsonschema, and calls commands that there are |
| `text`, `picture` | nothing to run |
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import yaml

from pykala.cli.main import cli, main
from pykala.policy.loader import load_policies
from pykala.policy.sources import read_register
from pykala.quality.examples import run_examples
from pykala.quality.lint import lint
from pykala.records.documents.mapping_file import read_mappings
from pykala.records.readers import read_records
from pykala.records.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})\s*(\S*)\s*(.*)$")
_HOW = re.compile(r"^ *<!-- tests: (.*?) -->$")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its language, the title of its info string, how it is run, its text."""

    line: int
    language: str
    title: str | None
    how: str
    text: str


def blocks_of(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, however deep they are indented."""
    how = ""
    opened: tuple[int, re.Match[str]] | None = None
    lines: list[str] = []
    for number, line in enumerate(page.splitlines(), 1):
        if opened is None:
            if fence := _FENCE.match(line):
                opened, lines = (number, fence), []
            elif said := _HOW.match(line):
                how = said[1]
            elif line.strip():
                assert not how, f"line {number}: no block after the comment"
        elif line.strip() == opened[1][2]:
            title = _TITLE.search(opened[1][4])
            text = "".join(f"{each}\n" for each in lines)
            yield Block(opened[0], opened[1][3], title[1] if title else None, how, text)
            opened, how = None, ""
        else:
            lines.append(line.removeprefix(opened[1][1]))
    assert opened is None, f"line {opened and opened[0]}: the block has no end"


def differs(shown: str, printed: str) -> str:
    """Return how what is shown differs from what was printed, or nothing."""
    pattern = ""
    for line in shown.rstrip().splitlines():
        cut = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        pattern += r"(?:.*\n)*?" if line.strip() == "…" else cut + r"\n"
    is_so = "\n".join(line.rstrip() for line in typeable(printed).rstrip().splitlines()) + "\n"
    if re.fullmatch(pattern, is_so):
        return ""
    return "\n".join(difflib.unified_diff(shown.splitlines(), is_so.splitlines(), "shown", "printed", lineterm=""))


def holds(whole: Any, part: Any) -> bool:
    """Return whether the part stands in the whole: keys may be left out, and items of lists, not their order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and holds(whole[key], item) for key, item in part.items())
    if isinstance(part, list):
        rest: Iterator[Any] = iter(whole if isinstance(whole, list) else ())
        return isinstance(whole, list) and all(any(holds(each, item) for each in rest) for item in part)
    if isinstance(whole, str) and isinstance(part, str):
        return typeable(whole) == part
    return type(whole) is type(part) and bool(whole == part)


def typeable(text: str) -> str:
    """Return a text with ordinary blanks for those that do not break a line: they look alike, and no author types them."""
    return text.replace("\u00a0", " ")


@dataclass
class Session:
    """A reader who follows a page: a folder, what was printed last, names of Python."""

    folder: Path
    code: int = 0
    printed: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    printing: str = ""

    def run(self, block: Block) -> str:
        """Run a block, and return what is wrong with it, or nothing."""
        before, self.printing = self.printing, block.language
        word, _, rest = block.how.partition(" ")
        match block.language:
            case "console":
                return self._console(block.text, int(rest) if word == "exit" else 0)
            case "diff" if block.title:
                return self._edit(Path(block.title), block.text)
            case _ if block.title:
                path = Path(block.title)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
                return ""
            case "python":
                self._python(block.text)
                return ""
            case "text" if block.how == "picture":
                return ""
            case "text" if before == "python":
                return differs(block.text, self.printed)
            case "json" if block.how.startswith("part of "):
                return self._part(rest.removeprefix("of "), block.text)
            case "yaml" if block.how.startswith("excerpt of "):
                return self._excerpt(Path(rest.removeprefix("of ")), block.text)
            case "yaml" if word in _YAML:
                return _YAML[word](self.folder, block.text, rest)
        return f"nothing runs a block of {block.language or 'no language'}" + (f" as {block.how}" if block.how else "")

    def _console(self, text: str, last: int) -> str:
        wrong = []
        commands = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
        if not commands or not text.startswith("$ "):
            return "no command: a line that begins with `$ `"
        for number, (command, shown) in enumerate(commands, 1):
            asked = number < len(commands) and commands[number][0] == "echo $?"
            if command == "echo $?":
                self.printed = str(self.code)
            else:
                self.run_line(command.replace("\\\n", " "))
                if not asked and self.code != (last if number == len(commands) else 0):
                    end = "\n".join(self.printed.splitlines()[-20:])
                    wrong.append(f"$ {command}\nleft with {self.code}:\n{end}")
            if shown.strip() and (difference := differs(shown, self.printed)):
                wrong.append(f"$ {command}\n{difference}")
        return "\n".join(wrong)

    def run_line(self, line: str) -> None:
        self.printed = ""
        chain: list[list[str]] = [[]]
        for word in shlex.split(line, comments=True):
            if word == "&&":
                chain.append([])
            else:
                chain[-1].append(word)
        for words in chain:
            self.code = self._command(words)
            if self.code:
                return

    def _command(self, words: list[str]) -> int:
        match words:
            case ["pykala" | ".venv/bin/pykala", *arguments]:
                return self._pykala(arguments)
            case ["cd", folder]:
                os.chdir(folder)
                return 0
            case ["cat", file]:
                self.printed += Path(file).read_text(encoding="utf-8")
                return 0
            case ["pip", "install", requirement]:
                return _pip(requirement)
            case ["make", target]:
                return self._make(target)
            case ["git", *arguments]:
                return self._git(arguments)
        self.printed += f"no runner for the command: {shlex.join(words)}\n"
        return 127

    def _pykala(self, arguments: list[str]) -> int:
        printed, argv = io.StringIO(), sys.argv
        sys.argv = ["pykala", *arguments]
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                main()
            code: object = 0
        except SystemExit as left:
            code = left.code or 0
        finally:
            sys.argv = argv
        self.printed += printed.getvalue()
        return code if isinstance(code, int) else 1

    def _make(self, target: str) -> int:
        """Look whether there is such a target; what the demonstration prints is made, too."""
        done = subprocess.run(
            ["make", "-n", "--no-print-directory", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if target == "demo" and not done.returncode:
            line = done.stdout.replace("\\\n", " ").strip().splitlines()[-1]
            return self._command(shlex.split(line))
        self.printed += done.stderr
        return done.returncode

    def _git(self, arguments: list[str]) -> int:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], capture_output=True, text=True, check=False)
        self.printed += done.stdout + done.stderr
        return done.returncode

    def _python(self, text: str) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, "<page>", "exec"), self.names)
        self.printed = printed.getvalue()

    def _edit(self, path: Path, text: str) -> str:
        lines = text.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        whole = path.read_text(encoding="utf-8")
        if whole.count(before) != 1:
            return f"{path} has {whole.count(before)} places for\n{before}"
        path.write_text(whole.replace(before, after), encoding="utf-8")
        return ""

    def _part(self, path: str, text: str) -> str:
        whole = json.loads(Path(path).read_text(encoding="utf-8")) if path != "it" else json.loads(self.printed)
        return "" if holds(whole, json.loads(text)) else f"{path} does not hold\n{text}"

    def _excerpt(self, path: Path, text: str) -> str:
        words = [re.escape(line.strip()).replace("…", ".*") for line in text.splitlines()]
        pattern = "".join(r"(?:.*\n)*?" if word == ".*" else rf" *{word}\n" for word in words)
        found = re.search(rf"^{pattern}", path.read_text(encoding="utf-8"), re.MULTILINE)
        return "" if found else f"{path} does not hold\n{text}"


def known(words: list[str]) -> bool:
    """Return whether the first words name a command, and every option is one of its options."""
    command: click.Command | None = cli
    rest = words[1:]
    context = click.Context(cli)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command, rest = command.get_command(context, rest[0]), rest[1:]
    if command is None:
        return False
    options = {name for each in command.get_params(context) for name in (*each.opts, *each.secondary_opts)}
    return {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"} <= options


def _pip(requirement: str) -> int:
    """Return 0 where the requirement names this package, and extras that there are."""
    named = re.fullmatch(r"pykala(?:\[([\w,-]+)\])?", requirement)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(named[1].split(",")) if named and named[1] else set()
    return int(not named or not extras <= set(project["optional-dependencies"]))


def _worked_example() -> str:
    """Return the policy that the planner's guide begins with."""
    page = (ROOT / "policies" / "README.md").read_text(encoding="utf-8")
    return next(block.text for block in blocks_of(page) if block.how == "policy")


def _policy(folder: Path, text: str, _: str = "") -> str:
    directory = folder / "build" / "one-policy"
    for name in ("records", "sources"):
        shutil.copytree(ROOT / "policies" / name, directory / name, dirs_exist_ok=True)
    (directory / "one").mkdir(exist_ok=True)
    (directory / "one" / "2025.yaml").write_text(text, encoding="utf-8")
    loaded = load_policies(directory, cache=False)
    found = [f"{each.code}: {each.message}" for each in lint(loaded, register=False)]
    examples = run_examples(loaded)
    assert examples
    return "\n".join([*found, *(each.detail for each in examples if each.detail)])


def _rule(folder: Path, text: str, _: str) -> str:
    """Put rules into the policy of the planner's guide, in place of its own."""
    head, key, _rest = _worked_example().partition("rules:\n")
    return _policy(folder, head + key + text)


def _statements(folder: Path, text: str, _: str) -> str:
    """Put statements into a source of their own."""
    directory = folder / "build" / "sources"
    directory.mkdir(parents=True, exist_ok=True)
    head = 'source: shown\ntitle: "Shown"\ndocument: {kind: slides, date: "2025"}\nstatements:\n'
    (directory / "shown.yaml").write_text(head + text, encoding="utf-8")
    register = read_register([directory / "shown.yaml"])
    told = [each.message for each in register.findings]
    return (
        "\n".join(told) if told else "" if len(register.statements) == len(yaml.safe_load(text)) else "not all are read"
    )


def _contents(folder: Path, text: str, _: str) -> str:
    """Put the contents of the handbook beside the policies; what the policies name beyond them is not asked for."""
    directory = folder / "build" / "contents"
    shutil.copytree("policies", directory, dirs_exist_ok=True)
    (directory / "handbook.yaml").write_text(text, encoding="utf-8")
    found = load_policies(directory, cache=False).diagnostics
    return "\n".join(each.message for each in found if each.code != "not-in-contents")


def _keys(folder: Path, text: str, where: str) -> str:
    """Put keys into a rule of a policy of the folder, in place of its own; the policies then load."""
    path, rule = where.split()
    whole = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    (entry,) = (each for each in whole["rules"] if each["id"] == rule)
    entry.update(yaml.safe_load(text))
    directory = folder / "build" / "keys"
    shutil.copytree("policies", directory, dirs_exist_ok=True)
    (directory / Path(path).relative_to("policies")).write_text(
        yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    load_policies(directory, cache=False)
    return ""


def _mapping(folder: Path, text: str, _: str) -> str:
    directory = folder / "build" / "mappings"
    directory.mkdir(parents=True, exist_ok=True)
    said = yaml.safe_load(text)
    (directory / f"{said['record']}.{said['lang']}.yaml").write_text(text, encoding="utf-8")
    mappings, found = read_mappings(directory, load_vocabulary(ROOT / "policies" / "records"))
    return "\n".join(each.message for each in found) if found else "" if mappings else "no mapping is read"


def _collect(folder: Path, text: str, of: str) -> str:
    """Put a way to collect into the schema of a kind, in place of the ways that it has."""
    directory = folder / "build" / "collected"
    shutil.copytree(ROOT / "policies" / "records", directory, dirs_exist_ok=True)
    kind = of.removeprefix("of ")
    path = directory / f"{kind}.yaml"
    whole, count = re.subn(r"^collect:\n(  .*\n)+", lambda _: text, path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(whole, encoding="utf-8")
    (way,) = load_vocabulary(directory).kinds[kind].collections
    shown = next(iter(yaml.safe_load(text)["collect"].values()))["fields"]
    return "" if count == 1 and list(shown) == [each.field.name for each in way.fields] else "it is not read"


def _record(folder: Path, text: str, _: str) -> str:
    path = folder / "build" / "record.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    records, problems = read_records([path], load_vocabulary(ROOT / "policies" / "records"))
    return "\n".join(each.message for each in problems) if problems else "" if records else "no record is read"


def _ci(folder: Path, text: str, schema: str) -> str:
    path = folder / "build" / "ci.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *transform, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    calls = re.findall(r"(?:run: |- )(pykala .*)", text)
    unknown = [f"no such command or option: {call}" for call in calls if not known(shlex.split(call))]
    return "\n".join(unknown) if done.returncode == 0 else done.stdout + done.stderr


_YAML: dict[str, Callable[[Path, str, str], str]] = {
    "policy": _policy,
    "rule": _rule,
    "keys": _keys,
    "statements": _statements,
    "mapping": _mapping,
    "collect": _collect,
    "record": _record,
    "contents": _contents,
    "ci": _ci,
}
