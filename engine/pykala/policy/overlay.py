"""Values for parameters from a file beside the policies: numbers that the sources do not give.

The file maps a policy to its parameters: `work-trial: {video_meetings: 3}`. A value is written as in a policy
(`6 h`, `12.50 EUR`), and must be of the parameter's type.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pykala.policy import strict_yaml
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


def apply_overlay(policy_set: PolicySet, path: Path) -> PolicySet:
    """Return the policies with the parameters of the file set; their digests say that they were.

    Raises:
        DiagnosticsError: the file is not well formed, names no policy or parameter, or a value has the wrong type.
    """
    source = strict_yaml.load_source(path, str(path))
    top = strict_yaml.compose(source)
    wrong: list[Diagnostic] = []
    values: dict[str, dict[str, core.Value]] = {}
    if not isinstance(top, strict_yaml.Mapping):
        raise DiagnosticsError(
            [_diagnostic(source, top, "an overlay maps policies to parameters", "`policy-id: {parameter: value}`")]
        )
    by_id: dict[str, dict[str, Parameter]] = {}
    for policy in policy_set.policies:
        by_id.setdefault(policy.id, {}).update(policy.parameters)
    for key, entries in top.entries:
        if key.text not in by_id:
            near = closest(key.text, by_id)
            wrong.append(
                _diagnostic(source, key, f"no policy `{key.text}`", f"did you mean `{near}`?" if near else None)
            )
        elif not isinstance(entries, strict_yaml.Mapping):
            wrong.append(_diagnostic(source, entries, "parameters are wanted here", "`parameter: value`"))
        else:
            values[key.text] = _values(source, entries, by_id[key.text], wrong)
    if wrong:
        raise DiagnosticsError(wrong)
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    changed = tuple(_with(policy, values.get(policy.id), digest) for policy in policy_set.policies)
    return replace(policy_set, policies=changed)


def _values(
    source: Source, entries: strict_yaml.Mapping, known: Mapping[str, Parameter], wrong: list[Diagnostic]
) -> dict[str, core.Value]:
    found: dict[str, core.Value] = {}
    for key, node in entries.entries:
        parameter = known.get(key.text)
        if parameter is None:
            near = closest(key.text, known)
            hint = f"did you mean `{near}`?" if near else None
            wrong.append(_diagnostic(source, key, f"no parameter `{key.text}` in this policy", hint))
            continue
        if not isinstance(node, strict_yaml.Scalar):
            wrong.append(_diagnostic(source, node, "a single value is wanted here", how_to_write(parameter.type)))
            continue
        checker = Checker(source)
        try:
            expr = checker.value(parse_expression(node.fragment), Scope(RecordType("overlay")))
        except DiagnosticsError as error:
            wrong.extend(error.diagnostics)
            continue
        if checker.diagnostics:
            wrong.extend(checker.diagnostics)
        elif not isinstance(expr, core.Constant) or unify(expr.type, parameter.type) != parameter.type:
            message = f"`{key.text}` is {describe(parameter.type)}, and this is {describe(expr.type)}"
            wrong.append(_diagnostic(source, node, message, how_to_write(parameter.type)))
        else:
            found[key.text] = expr.value
    return found


def _with(policy: Policy, values: Mapping[str, core.Value] | None, digest: str) -> Policy:
    if not values:
        return policy
    parameters = {
        name: replace(parameter, value=values[name]) if name in values else parameter
        for name, parameter in policy.parameters.items()
    }
    mixed = hashlib.sha256(f"{policy.sha256}+{digest}".encode()).hexdigest()
    return replace(policy, parameters=parameters, sha256=mixed)


def _diagnostic(source: Source, node: strict_yaml.YamlNode, message: str, hint: str | None) -> Diagnostic:
    return Diagnostic("bad-overlay", message, source, (Label(node.span),), hint)
