"""Results by hand for the tests of explanations and reports: a short day, a deadline ahead, facts missing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

from pykala.evaluate.check import Judgement, RecordVerdicts, Unjudged
from pykala.evaluate.result import Contested, Fact, Nearest, OutcomeName, Reason, Result, Step, Undecided
from pykala.policy.model import InForce, Policy, Rule, Severity, Text
from pykala.policy.sources import Register, SourceDocument, Statement
from pykala.records.record import Record, RecordProblem
from pykala.report.tally import Tally, Writer, by_record
from pykala.report.text import Checked
from pykala_dsl import core
from pykala_dsl.typesys import DateType, ExactTimeType
from word_samples import SOURCE, SPAN, World

AS_OF = datetime.date(2025, 6, 30)
BROKEN: frozenset[OutcomeName] = frozenset({"broken"})


@dataclass(frozen=True)
class Report:
    """A check's report, as `check_records` returns it."""

    results: tuple[Result, ...] = ()
    problems: tuple[RecordProblem, ...] = ()
    as_of: datetime.date = AS_OF
    policies: tuple[Policy, ...] = ()
    unjudged: tuple[Record, ...] = ()


def replay(report: Checked, *writers: Writer) -> None:
    """Give writers what a report holds piece by piece, as a check does."""
    tally = Tally()
    found: list[Judgement] = list(report.problems)
    for (origin, record_id), results in by_record(report.results).items():
        found.append(RecordVerdicts(Record("case", record_id, {}, origin), tuple(results)))
    found += [Unjudged(record) for record in report.unjudged]
    for each in found:
        tally.take(each)
        for writer in writers:
            writer.take(each)
    for writer in writers:
        writer.end(tally)


REGISTER = Register(
    sources={
        "work-trial-2025": SourceDocument(
            "work-trial-2025",
            Text("Kumppanuustapaaminen 2025", "Partnerskapsträff 2025", "Partner meeting 2025"),
            Text(),
            Text(),
            Text(),
            Text(),
            SOURCE,
            SPAN,
        )
    },
    statements={
        ("work-trial-2025", "day-length"): Statement(
            "work-trial-2025",
            "day-length",
            Text("Täsmennys palvelukuvaukseen", "Precisering", "Clarification"),
            (),
            "obligation",
            "yes",
            Text("Päivä on vähintään 6 h.", "Dagen är minst 6 h.", "The day is at least 6 h."),
            Text(),
            None,
            InForce(),
            Text(),
            "unspecified",
            False,
            None,
            SOURCE,
            SPAN,
        )
    },
)


@dataclass
class Samples:
    """The rules of the sample policy and the results that tests put together from them."""

    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.day_length = self.world.rule(
            "day.length >= shortest_day",
            for_each="day in delivered",
            unless={"flex": "day.flex is present and day.flex.reason in {work_ability, functional_capacity}"},
            computes={"shortfall": "shortest_day - day.length"},
            message={
                "fi": ("Päivä ", "day.date", " kesti ", "day.length", "; puuttuu ", "shortfall", "."),
                "en": ("The day ", "day.date", " lasted ", "day.length", "; ", "shortfall", " short."),
            },
        )
        self.start = self.world.rule(
            "started_on due by month_end",
            rule_id="work-start",
            title=Text("Työskentely alkaa", "Arbetet börjar", "Work begins"),
        )
        self.interpreter = self.world.rule(
            "suitable and waived",
            rule_id="interpreter",
            title=Text("Tulkin saatavuus", "Tillgång till tolk", "Interpreter"),
            severity=Severity(("major", "minor")),
        )
        self.policy = self.world.with_rules(self.day_length, self.start, self.interpreter)

    def result(self, rule: Rule, **changes: object) -> Result:
        """Return a result of a rule on the sample record."""
        base = Result("cases/a.json", "A-17", self.policy, rule, "pass")
        return replace(base, **changes)  # type: ignore[arg-type]

    def short_day(self, index: int = 3, day: int = 8, minutes: int = 340) -> Result:
        """Return a deviation: a day that is too short, with the reason as the evaluator records it."""
        rule = self.day_length
        message = {part.value: part.value for parts in rule.message.values() for part in parts if part.value}
        shown: list[core.Value] = [datetime.date(2025, 5, day), minutes, 360 - minutes]
        return self.result(
            rule,
            verdict="fail",
            at=f"days[{index}]",
            element_key=datetime.date(2025, 5, day),
            values={"shortfall": (360 - minutes, ExactTimeType())},
            message_values=dict(zip(message, shown, strict=True)),
            nearest=Nearest(f"days[{index}].length", None, ">=", 360, minutes, ExactTimeType(), 360 - minutes),
            reason=self.short_day_reason(index, minutes),
        )

    def short_day_reason(self, index: int, minutes: int) -> Reason:
        """Return the reason of a day that is too short and has no flex."""
        rule = self.day_length
        require = rule.require
        assert isinstance(require, core.Compare)
        length = Fact("case", f"days[{index}].length", "given", minutes, ExactTimeType(), False)
        left = Step(require.left, None, minutes, length, None, ())
        right = Step(require.right, None, 360, None, None, ())
        both = rule.unless[0].condition
        assert isinstance(both, core.And)
        present = both.operands[0]
        flex = Fact("case", f"days[{index}].flex", "none", None, DateType(), False)
        assert isinstance(present, core.IsPresent)
        read = Step(present.operand, None, None, flex, None, ())
        tried = Step(both, BROKEN, None, None, None, (Step(present, BROKEN, None, None, None, (read,)),))
        return Reason(None, Step(require, BROKEN, None, None, None, (left, right)), ((rule.unless[0], tried),), None)

    def pending(self, due: datetime.date | None = datetime.date(2025, 7, 7)) -> Result:
        """Return a duty that is still open."""
        return self.result(self.start, verdict="pending", due=due)

    def unknown(self) -> Result:
        """Return a verdict that hangs on a judgement and a fact."""
        undecided = (Undecided("judgement", "suitable", False), Undecided("fact", "waived", True))
        return self.result(self.interpreter, verdict="unknown", undecided=undecided)

    def contested(self) -> Result:
        """Return a verdict that another reading would turn."""
        return self.result(self.start, verdict="pass", contested=(Contested("short_illness", "extends", "fail"),))


PROBLEM = RecordProblem("cases/b.json", "bad-date", "decision.made_on", "`2025-02-30` is not a date", None, 3, 14)
