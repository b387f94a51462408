"""Service descriptions as data: rules in YAML, verdicts with reasons, in Finnish, Swedish and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pykala.api import check, check_stream, collect, explain, load

if TYPE_CHECKING:
    from pykala.evaluate.check import CheckReport, RecordVerdicts, Unjudged
    from pykala.evaluate.explain import Explanation
    from pykala.evaluate.result import Result
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Lang, Policy, Rule, Verdict
    from pykala.records.collect import Collected
    from pykala.records.record import Record, RecordProblem
    from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError

__all__ = [
    "CheckReport",
    "Collected",
    "Diagnostic",
    "DiagnosticsError",
    "Explanation",
    "Lang",
    "Policy",
    "PolicySet",
    "Record",
    "RecordProblem",
    "RecordVerdicts",
    "Result",
    "Rule",
    "Unjudged",
    "Verdict",
    "check",
    "check_stream",
    "collect",
    "explain",
    "load",
]

_HOMES = {
    "CheckReport": "pykala.evaluate.check",
    "Collected": "pykala.records.collect",
    "Diagnostic": "pykala_dsl.diagnostics",
    "DiagnosticsError": "pykala_dsl.diagnostics",
    "Explanation": "pykala.evaluate.explain",
    "Lang": "pykala.policy.model",
    "Policy": "pykala.policy.model",
    "PolicySet": "pykala.policy.loader",
    "Record": "pykala.records.record",
    "RecordProblem": "pykala.records.record",
    "RecordVerdicts": "pykala.evaluate.check",
    "Result": "pykala.evaluate.result",
    "Rule": "pykala.policy.model",
    "Unjudged": "pykala.evaluate.check",
    "Verdict": "pykala.policy.model",
}


def __getattr__(name: str) -> Any:
    # The types are looked up when they are asked for, so that `import pykala` stays cheap.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
