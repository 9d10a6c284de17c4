"""What has happened since a plan was made, as ``stepladder-actuals/1``: a small YAML or JSON file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stepladder.data.formats.base import Days, Id, Level, Money, Record, Share, StepId, Text

FORMAT = "stepladder-actuals/1"

#: The label of a period, whatever the plan calls it, or any of its days.
Label = Text

ActualStatus = Literal["done", "running", "slipped", "cancelled"]


class StepActual(Record):
    """What became of one step."""

    status: ActualStatus
    """done; running; slipped: planned for the past and not begun; cancelled: it will not be done."""
    started: Label | None = None
    """The period in which it began; as planned when left out."""
    finished: Label | None = None
    """Of a step that is done: the period in which it ended; as planned when left out."""
    remaining: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Of a step that is running: how many periods it still needs; as planned when left out."""
    spent: Money | None = None
    """What it has cost once so far, in all; as planned when left out."""
    to_come: Money | None = None
    """Of a step that is running: what it will still cost once; what was planned in all without what is spent, when left
    out.
    """
    reason: Text | None = None
    """Why."""


class ThreatActual(Record):
    """A threat as it is seen now."""

    expected_loss_per_year: Money
    """With what is in place now."""
    reason: Text | None = None
    """Why it is seen differently."""


class NewThreat(Record):
    """A threat that the plan does not know."""

    title: Text
    """Its name."""
    expected_loss_per_year: Money
    """With what is in place now."""
    like: StepId | None = None
    """A threat of the plan against which the same steps help by the same shares."""
    reduced_by: dict[StepId, Share] = {}
    """By step: the share of the loss that it removes; laid over those of the threat that it is like."""
    reason: Text | None = None
    """Where it comes from."""


class Extra(Record):
    """Money and time for something that is no step of the plan."""

    title: Text
    """For what."""
    amount: Money = 0.0
    """Currency in all, spread evenly over the periods."""
    kind: Literal["investment", "running"] = "investment"
    """Which of the budget's parts it uses, beside the whole."""
    effort: dict[Id, Days] = {}
    """Person-days in all by team, spread evenly over the periods."""
    from_: Label = Field(alias="from")
    """The first period."""
    to: Label | None = None
    """The last period; the first one when left out."""
    source: Text | None = None
    """Contract, decision, ticket …"""


class Actuals(Record):
    """What has happened."""

    format: Literal["stepladder-actuals/1"]
    """Which format this file is."""
    as_of: Label
    """The first period that is still open, by its label or any of its days; everything before is past."""
    source: Literal["actuals", "tracker"] = "actuals"
    """Who says so: people, or a tracker that was read."""
    steps: dict[StepId, StepActual] = {}
    """By step; what is not mentioned went as planned."""
    levels: dict[str, Level] = {}
    """Levels that somebody has found, by practice and scale as the plan names them, such as ``patching.scope``: what is
    reached is done, whoever did it, and what is not reached is open again.
    """
    spent: dict[str, Money] = {}
    """Money spent by past period, all in; what the steps and ``unplanned`` account for when left out."""
    unplanned: dict[Id, Extra] = {}
    """Work that was done and that no step has, in past periods."""
    committed: dict[Id, Extra] = {}
    """Money and time of open periods that have been promised since the plan was made; it is taken off the limits."""
    threats: dict[str, ThreatActual] = {}
    """Threats that are seen differently now."""
    new_threats: dict[StepId, NewThreat] = {}
    """Threats that the plan does not know."""
