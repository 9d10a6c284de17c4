"""Applied controls as steps: what each takes, when it may begin, and how much it matters."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.data.findings import DAYS as SMALLEST
from stepladder.data.formats import money
from stepladder.errors import Location, UsageError
from stepladder.exchange.intake.importer import Answers, Taken
from stepladder.exchange.intake.importers.parts import ILLUSTRATIVE, Names, counted, short, team, titled, too_late

STATUSES = ("to_do", "in_progress", "on_hold", "active", "degraded", "deprecated")
#: What a control's size is in person-days, where nobody has said them.
SIZES = {"xs": 1, "s": 3, "m": 8, "l": 20, "xl": 40}
_FUNCTIONS = {"govern": "GV", "identify": "ID", "protect": "PR", "detect": "DE", "respond": "RS", "recover": "RC"}
#: Person-days that one month of calendar time takes, and the longest that a control may take.
A_MONTH, LONGEST = 10, 24


@dataclass(frozen=True)
class Control:
    """One applied control as it stands in its row; amounts are in the file's currency, None where none stands."""

    at: Location
    name: str
    title: str
    group: str
    status: str
    tier: str
    priority: str
    size: str
    days: float | None
    once: float | None
    run: float | None
    years: float
    eta: datetime.date | None
    owner: str
    entry: Mapping[str, Any]


class Steps:
    """The controls that stay, and what is said of them."""

    def __init__(self, controls: Sequence[Control], answers: Answers) -> None:
        self.every = controls
        self.kept = [control for control in controls if control.status not in ("degraded", "deprecated")]
        self.answers, self.span = answers, answers.span
        self.team = team(answers)
        self.assumed: list[str] = []
        self.left: list[str] = []
        self.pins: dict[str, dict[str, Any]] = {}

    def taken(self, currency: str, left: tuple[str, ...]) -> Taken:
        """All of it, beside what the table itself leaves."""
        self._counted()
        costs = {control.name: {"done": {1: self._cost(control, currency or "EUR")}} for control in self.kept}
        self._pins()
        model = self._model(costs)
        owners = {control.name: control.owner for control in self.kept if control.owner}
        scenario = {
            "title": "Applied controls",
            **({"currency": currency} if currency else {}),
            "current": {control.name: {"done": int(control.status == "active")} for control in self.kept},
            "target": {"default": {"done": 1}},
            **({"owners": owners} if owners else {}),
            **({"pins": self.pins} if self.pins else {}),
        }
        took = f"{counted(len(self.kept), 'control')}, each a step of its own"
        return Taken(scenario, model, (took,), (*self.left, *left), tuple(self.assumed))

    def _counted(self) -> None:
        """What statuses mean."""
        counts = {status: sum(control.status == status for control in self.every) for status in ("", *STATUSES)}
        texts = {
            "active": "done already (active)",
            "": "without a status: to do",
            "in_progress": "in progress: what has been spent is not in the file, so that the whole is counted",
        }
        self.assumed += [f"{counted(counts[name], 'control')} {text}" for name, text in texts.items() if counts[name]]
        self.left += [f"{counted(counts[name], 'control')}: {name}" for name in STATUSES[4:] if counts[name]]
        tiers = sum(not control.tier for control in self.kept)
        if tiers:
            self.assumed.append(f"{counted(tiers, 'control')} without an impact: importance by priority, else medium")

    # -- work and money ------------------------------------------------------------------------------------------------

    def _work(self, control: Control) -> float:
        """Person-days: those of the file, else those of its size, else the usual ones."""
        return control.days or SIZES.get(control.size) or self.answers.number("days")

    @staticmethod
    def _months(days: float) -> int:
        return min(LONGEST, max(1, math.ceil(days / A_MONTH)))

    def _cost(self, control: Control, currency: str) -> dict[str, Any]:
        """What it takes, in whole smallest units of the currency and of a day."""
        days = self._work(control)
        run = control.run
        if run and control.years > 1 and self.answers["run"] == "period":
            run /= control.years
        amounts = {"once": control.once, "per_year": run}
        basis = "The file's own figures." if control.days else "Illustrative: person-days assumed by the import."
        return {
            **{key: float(money.even(amount, 1, currency)[0]) for key, amount in amounts.items() if amount},
            "effort": {self.team: float(money.evenly(days, 1, SMALLEST)[0])},
            "months": self._months(days),
            "basis": basis,
        }

    def _model(self, costs: Mapping[str, Any]) -> dict[str, Any]:
        sized = sum(not control.days and control.size in SIZES for control in self.kept)
        if sized:
            sizes = ", ".join(f"{size.upper()} {days}" for size, days in SIZES.items())
            self.assumed.append(f"{counted(sized, 'control')} without person-days: those of its size, {sizes}")
        self.assumed.append(f"a control takes a month for every {A_MONTH} person-days")
        titles = dict.fromkeys(control.group for control in self.kept)
        names = Names("done", *(control.name for control in self.kept))
        groups = {
            names.new(group): {
                **titled(group.replace("_", " ").capitalize(), "", _FUNCTIONS.get(group, "")),
                "practices": {
                    control.name: {**control.entry, "costs": costs[control.name]}
                    for control in self.kept
                    if control.group == group
                },
            }
            for group in titles
        }
        tiers = {control.name: control.tier or control.priority or "medium" for control in self.kept}
        return {
            "format": "stepladder-catalogue/1",
            "title": "Applied controls",
            "illustrative": ILLUSTRATIVE,
            "scales": {"done": {"title": "State", "levels": {0: {"title": "To do"}, 1: {"title": "Active"}}}},
            "groups": groups,
            "importance": tiers,
        }

    # -- dates ---------------------------------------------------------------------------------------------------------

    def _pins(self) -> None:
        """What is in work begins first, as far as people and money allow; what is on hold begins later."""
        if self.span.first is None:
            return
        days, budget, waiting = self.span.days, self.span.money, 0
        for control in self.kept:
            work = self._work(control)
            length, first = math.ceil(self._months(work) / 3), 0
            pin: dict[str, Any] = {}
            if control.status == "in_progress" and length <= self.span.quarters:
                spends = (control.once or 0) + (control.run or 0)
                fits = work / length <= days and spends <= budget
                waiting += not fits
                if fits:
                    days, budget = days - work / length, budget - spends
                    pin = {"start": str(self.span.first), "reason": "It is in progress."}
            elif control.status == "on_hold":
                first = self._hold()
                day = self.span.end(first) + datetime.timedelta(days=1)
                pin = {"earliest": str(day), "reason": "It is on hold."}
            pin |= self._due(control, first + length)
            self.pins |= {f"{control.name}.done.1": pin} if pin else {}
        if waiting:
            self.assumed.append(
                f"{counted(waiting, 'control')} in progress beyond what people or money allow at once: put off"
            )

    def _hold(self) -> int:
        """The quarters after which what is on hold may begin."""
        months = self.answers.number("hold")
        quarters = math.ceil(months / 3)
        if quarters >= self.span.quarters and self.answers.said("hold"):
            raise UsageError(f"--say hold={months:g}: it is not before the end of the plan; write fewer months")
        return min(quarters, self.span.quarters - 1)

    def _due(self, control: Control, quarters: int) -> dict[str, Any]:
        """The date by which it is to be there, where a plan can keep it: no sooner than after so many quarters."""
        if control.eta is None or control.status == "active" or self.span.first is None:
            return {}
        why = too_late(self.span, control.eta, quarters)
        if why:
            self.left.append(f"the ETA of {short(control.title)}, {control.eta}: {why}")
            return {}
        return {"finish_by": str(control.eta)}
