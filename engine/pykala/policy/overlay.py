"""Values for parameters from a file beside the policies: numbers that the sources do not give.

The file maps a policy to its parameters: `work-trial: {video_meetings: 3}`. A value is written as in a policy
(`6 h`, `12.50 EUR`), and must be of the parameter's type. Only what is `unset` can be filled in: a number that a
source gives is changed in the policy, where its citation stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pykala.policy import strict_yaml
from pykala.policy.build import LITERALS
from pykala.policy.loader import PolicySet
from pykala.policy.model import Parameter, Policy
from pykala_dsl import core
from pykala_dsl.checker import Checker
from pykala_dsl.describe import describe, how_to_write, unify
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.parser import parse_expression
from pykala_dsl.scope import Scope
from pykala_dsl.source import Source
from pykala_dsl.suggest import closest
from pykala_dsl.typesys import RecordType

_FORM = "write `policy:`, and below it `parameter: value`, as in `work-trial: {meals_a_day: 2}`"


def apply_overlay(policy_set: PolicySet, path: Path) -> PolicySet:
    """Return the policies with the parameters of the file set; their digests say that they were.

    Raises:
        DiagnosticsError: the file is not well formed, names no policy or parameter, or a value does not fit.
    """
    source = strict_yaml.load_source(path, path.as_posix())
    overlay = _Overlay(source, policy_set)
    values = overlay.read(strict_yaml.compose(source))
    if overlay.wrong:
        raise DiagnosticsError(overlay.wrong)
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    changed = tuple(_with(policy, values.get(policy.id), digest) for policy in policy_set.policies)
    return replace(policy_set, policies=changed)


@dataclass(slots=True)
class _Overlay:
    """Reads one file; `wrong` holds what does not fit."""

    source: Source
    policy_set: PolicySet
    wrong: list[Diagnostic] = field(default_factory=list)

    def read(self, top: strict_yaml.YamlNode) -> dict[str, dict[str, core.Value]]:
        """Return the values by policy and parameter."""
        values: dict[str, dict[str, core.Value]] = {}
        if not isinstance(top, strict_yaml.Mapping):
            self._report(top, "the file must map policies to their parameters", _FORM)
            return values
        ids = list(dict.fromkeys(policy.id for policy in self.policy_set.policies))
        for key, entries in top.entries:
            if key.text not in ids:
                self._report(key, f"there is no policy `{key.text}`", self._other_policy(key.text, ids))
            elif not isinstance(entries, strict_yaml.Mapping):
                self._report(entries, f"the parameters of `{key.text}` must be keys with values", _FORM)
            else:
                values[key.text] = self._values(key.text, entries)
        return values

    def _other_policy(self, name: str, ids: list[str]) -> str:
        """Return what to write in place of a name that is no policy's id."""
        bare, at, _ = name.partition("@")
        if at and bare in ids:
            return f"write `{bare}`: a value holds for all versions in which it is unset"
        library = next((library for library in self.policy_set.libraries if library.id == name), None)
        if library is not None:
            users = [policy.id for policy in self.policy_set.policies if library.name in policy.includes]
            listed = " or ".join(f"`{user}`" for user in dict.fromkeys(users))
            return f"`{name}` is shared by others: write the value under {listed or 'the policy that includes it'}"
        near = closest(name, ids)
        return f"did you mean `{near}`?" if near else "the policies are " + ", ".join(f"`{known}`" for known in ids)

    def _values(self, policy: str, entries: strict_yaml.Mapping) -> dict[str, core.Value]:
        versions = [version.parameters for version in self.policy_set.policies if version.id == policy]
        known = dict.fromkeys(name for parameters in versions for name in parameters)
        found: dict[str, core.Value] = {}
        for key, node in entries.entries:
            declared = [parameters[key.text] for parameters in versions if key.text in parameters]
            unset = [parameter for parameter in declared if parameter.value is None]
            if not declared:
                near = closest(key.text, known)
                hint = f"did you mean `{near}`?" if near else f"`pykala show {policy}` prints the parameters"
                self._report(key, f"`{policy}` has no parameter `{key.text}`", hint)
            elif not unset:
                there = Label(declared[0].span, "declared here", declared[0].source)
                hint = "remove the line here; a number of a source is changed in the policy, with its citation"
                self._report(key, f"parameter `{key.text}` has a value already", hint, there)
            elif (value := self._value(key.text, node, unset)) is not None:
                found[key.text] = value
        return found

    def _value(self, name: str, node: strict_yaml.YamlNode, unset: list[Parameter]) -> core.Value | None:
        wanted = unset[0].type
        hint = how_to_write(wanted)
        if not isinstance(node, strict_yaml.Scalar) or node.is_null:
            self._report(node, f"parameter `{name}` takes one value", hint)
            return None
        if node.text == "unset":
            self._report(node, f"`unset` gives parameter `{name}` no value", "write a value, or remove the line")
            return None
        try:
            written = parse_expression(node.fragment)
        except DiagnosticsError as error:
            self.wrong.extend(error.diagnostics)
            return None
        if not isinstance(written, LITERALS):
            self._report(node, f"the value of parameter `{name}` is not a plain value", hint)
            return None
        constant = Checker(self.source).value(written, Scope(RecordType("")))
        if not isinstance(constant, core.Constant) or any(unify(constant.type, one.type) != one.type for one in unset):
            declared = Label(unset[0].span, "declared here", unset[0].source)
            message = f"parameter `{name}` is {describe(wanted)}, and this is {describe(constant.type)}"
            self._report(node, message, hint, declared)
            return None
        return constant.value

    def _report(self, node: strict_yaml.YamlNode, message: str, hint: str | None, *others: Label) -> None:
        labels = (Label(node.span), *others)
        self.wrong.append(Diagnostic("bad-overlay", message, self.source, labels, hint))


def _with(policy: Policy, values: Mapping[str, core.Value] | None, digest: str) -> Policy:
    if not values:
        return policy
    parameters = {
        name: replace(parameter, value=values[name]) if name in values and parameter.value is None else parameter
        for name, parameter in policy.parameters.items()
    }
    mixed = hashlib.sha256(f"{policy.sha256}+{digest}".encode()).hexdigest()
    return replace(policy, parameters=parameters, sha256=mixed)
