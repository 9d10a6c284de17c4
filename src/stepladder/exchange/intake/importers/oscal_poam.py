"""A plan of action and milestones in OSCAL: each item is a step of its own, as dear as nobody has said."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue
from stepladder.exchange.intake.importer import Answers, Taken
from stepladder.exchange.intake.importers.parts import (
    ILLUSTRATIVE,
    Faults,
    Names,
    costs,
    counted,
    items,
    short,
    team,
    text_of,
    titled,
    too_late,
)

_TIERS = {"low": "low", "moderate": "medium", "medium": "medium", "high": "high", "critical": "critical"}
_TIERS |= {"very low": "low", "very high": "critical"}
#: Steps take two months, the first quarter.
_QUARTERS = 1


def poam(node: Node, answers: Answers) -> Taken:
    """The items as a catalogue, and where they stand. Raises InvalidInput where there is none that is open."""
    faults = Faults()
    read = _Items(node, answers, faults)
    faults.check()
    return read.taken()


class _Items:
    """The items, with the risks that they are about."""

    def __init__(self, node: Node, answers: Answers, faults: Faults) -> None:
        self.node, self.answers, self.faults = node, answers, faults
        self.risks = {text_of(risk, "uuid"): risk for risk in items(node, "risks")}
        self.items: dict[str, Node] = {}
        self.left: list[str] = []
        self.pins: dict[str, dict[str, Any]] = {}
        names, places = Names("done"), dict[str, int]()
        for one in items(node, "poam-items"):
            key, title = text_of(one, "uuid"), text_of(one, "title") or text_of(one, "description")
            if not title:
                faults.wrong(one.at, "an item without title and description; say what is to be done", "SL102")
            if key and key in places:
                faults.wrong(one.at, f"the item {key} stands in line {places[key]} already; remove one of the two")
            places.setdefault(key, one.at.line)
            self.items[names.new(title)] = one
        self.related = {name: self._related(one) for name, one in self.items.items()}
        self._dates = {name: self._date(name) for name in self.items}

    def _related(self, one: Node) -> list[Node]:
        """The risks that an item names, else those of its observations."""
        keys = [text_of(risk, "risk-uuid") for key in ("related-risks", "associated-risks") for risk in items(one, key)]
        risks = [self.risks[key] for key in keys if key in self.risks]
        if not risks:
            observations = {text_of(other, "observation-uuid") for other in items(one, "related-observations")}
            risks = [
                risk
                for risk in self.risks.values()
                if observations & {text_of(other, "observation-uuid") for other in items(risk, "related-observations")}
            ]
        missing = [key for key in keys if key not in self.risks]
        if missing:
            remedy = "taken by its observations" if risks else "no risk is known"
            self.left.append(
                f"the risk {missing[0]} of {short(text_of(one, 'title'))}: it is not in the file; {remedy}"
            )
        return risks

    def _date(self, name: str) -> datetime.date | None:
        """The earliest deadline of the risks of an item."""
        days = []
        for risk in self.related[name]:
            text = text_of(risk, "deadline")
            try:
                days += [datetime.date.fromisoformat(text[:10])] if text else []
            except ValueError:
                message = f"the deadline {text!r} is no date; write it as 2027-12-31T00:00:00Z"
                self.faults.wrong(risk.nearest(("deadline",)), message)
        return min(days, default=None)

    def _tier(self, name: str) -> str | None:
        """The highest impact that is said of its risks, else the highest likelihood."""
        facets = [
            (text_of(facet, "name"), _TIERS.get(text_of(facet, "value").casefold(), ""))
            for risk in self.related[name]
            for one in items(risk, "characterizations")
            for facet in items(one, "facets")
        ]
        for what in ("impact", "likelihood"):
            tiers = {tier for kind, tier in facets if kind == what}
            for tier in ("critical", "high", "medium", "low"):
                if tier in tiers:
                    return tier
        return None

    # -- the scenario --------------------------------------------------------------------------------------------------

    def taken(self) -> Taken:
        """All of it."""
        closed = {name for name, risks in self.related.items() if risks and all(_closed(risk) for risk in risks)}
        if not set(self.items) - closed:
            message = "no item is open; nothing is left to plan" if self.items else "the plan of action holds no item"
            raise InvalidInput([Issue(self.node.at, "SL102", message)])
        for name in self.items:
            if name not in closed:
                self._due(name)
        tiers = {name: tier for name in self.items if (tier := self._tier(name)) is not None}
        title = short(text_of(self.node, "metadata", "title") or "Plan of action")
        scenario = {
            "title": title,
            "current": {name: {"done": int(name in closed)} for name in self.items},
            "target": {"default": {"done": 1}},
            **({"pins": self.pins} if self.pins else {}),
        }
        accepted = sum(
            any(text_of(risk, "status") == "deviation-approved" for risk in self.related[name]) for name in self.items
        )
        texts = {
            f"{counted(len(closed), 'item')} whose risks are closed: done": len(closed),
            f"{counted(accepted, 'item')} with a risk that is accepted for now (deviation-approved): to do": accepted,
            f"importance of {counted(len(tiers), 'item')}: the impact of its risk": len(tiers),
            f"{counted(len(self.items) - len(tiers), 'item')} without an impact: medium": len(self.items) - len(tiers),
        }
        took = f"{counted(len(self.items), 'item')}, each a step of its own"
        assumed = tuple(text for text, holds in texts.items() if holds)
        return Taken(scenario, self._model(title, tiers), (took,), tuple(self.left), assumed)

    def _due(self, name: str) -> None:
        day = self._dates[name]
        if day is None or self.answers.span.first is None:
            return
        why = too_late(self.answers.span, day, _QUARTERS)
        if why:
            self.left.append(f"the deadline of {short(text_of(self.items[name], 'title'))}, {day}: {why}")
        else:
            self.pins[f"{name}.done.1"] = {"finish_by": str(day), "reason": "The deadline of its risk."}

    def _model(self, title: str, tiers: Mapping[str, str]) -> dict[str, Any]:
        levels = {0: {"title": "Open"}, 1: {"title": "Done"}}
        days, who = self.answers.number("days"), team(self.answers)
        practices = {
            name: titled(text_of(one, "title"), text_of(one, "description"), text_of(one, "uuid"))
            for name, one in self.items.items()
        }
        return {
            "format": "stepladder-catalogue/1",
            "title": title,
            "source": "OSCAL; items as the file has them.",
            "illustrative": ILLUSTRATIVE,
            "scales": {"done": {"title": "State", "levels": levels, "costs": costs(levels, days, who)}},
            "groups": {Names("done", *practices).new("items"): {"title": "Items", "practices": practices}},
            "importance": {"default": "medium", **tiers},
        }


def _closed(risk: Node) -> bool:
    return text_of(risk, "status").casefold() in ("closed", "remediated")
