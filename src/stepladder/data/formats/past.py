"""What has happened to a plan: what is done, running or cancelled, and which deadlines were missed by that."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stepladder.data.formats.base import Index, Money, Record, StepId, Text
from stepladder.data.formats.problem import Step

StepState = Literal["open", "running", "done", "cancelled"]


class StepProgress(Record):
    """What became of a step about which there is nothing to decide any more."""

    state: Literal["done", "running", "cancelled"]
    """done; running: begun, and it goes on; cancelled: it will not be done."""
    started: Index | None = None
    """Period in which it began; null where it is cancelled."""
    finished: Index | None = None
    """Period in which it ended; of a running step the one in which it is expected to."""
    remaining: Annotated[int, Field(ge=1)] | None = None
    """Of a running step: how many periods it still needs."""
    spent: Money | None = None
    """What it has cost once so far; null where that is not known."""
    reason: str = ""
    """Why, where somebody said so."""
    source: Literal["actuals", "assessment", "tracker"] | None = None
    """Who says so; null where nobody did, and it went as planned."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_known(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Written as it was before there were these keys, where nothing is known of them."""
        later = ("remaining", "spent", "source")
        return {key: told for key, told in write(self).items() if told is not None or key not in later}


class Missed(Record):
    """A deadline that can no longer be met."""

    milestone: str | None
    """Key of the milestone in the scenario, or its title where no key is known; null for a step's own date."""
    step: StepId | None = None
    """The step whose own date it is."""
    by: datetime.date | None
    """The date; null where the periods have none."""
    earliest: Text
    """Label of the period in which it is met: the first in which it can be, with every deadline before it met as
    early as it can be, and with all else that is demanded.
    """
    proved: bool
    """Whether it is proved that no such plan meets it earlier; if not, the search was stopped."""


class Past(NamedTuple):
    """What has happened already: the first period that can still be decided, what is not open any more, the deadlines
    that were missed by that, what was spent by past period, and how the steps that are not open were asked.
    """

    as_of: str
    progress: Mapping[str, StepProgress]
    missed: tuple[Missed, ...] = ()
    spent: Mapping[str, float] = {}
    asked: Mapping[str, Step] = {}
