"""An assessment by OWASP SAMM as ``.samm``, for programs that compare assessments: as it will be, and as it is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from stepladder import __version__
from stepladder.data.formats.context import Parameter
from stepladder.errors import UsageError
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.exchange.samm_model import (
    ACTIVITIES,
    LEVELS,
    MATURITIES,
    SCORES,
    Activity,
    code_of,
)

#: Of the published example, and of the model.
FORMAT_VERSION, MODEL_VERSION = "0.1.0", "2"
#: Streams by their codes.
_STREAMS = {activity.stream: activity for activity in ACTIVITIES.values()}
_COVERAGES = dict(enumerate(SCORES))


def samm(plan: Breakdown) -> bytes:
    """The assessment that the plan leads to at the end of its horizon."""
    return _document(plan, plan.reached_at_the_end, plan.finish, f"planned state on {plan.finish.isoformat()}")


def samm_today(plan: Breakdown) -> bytes:
    """The assessment as it stands: as it was, with what is done since."""
    day = plan.status or plan.start
    return _document(plan, plan.reached_today, day, "state today")


def _document(plan: Breakdown, levels: dict[str, int], day: datetime.date, scope: str) -> bytes:
    scored = [pair for parameter, _ in plan.parameters for pair in _answers(parameter, levels[parameter.id])]
    if not scored:
        raise UsageError("nothing in this plan has a code of SAMM 2 as its `ref`; import an assessment by SAMM first")
    scores = dict(scored)
    if len(scores) < len(scored):
        raise UsageError("a .samm file is one assessment, and this plan has several systems; plan one of them")
    document = {
        "formatVersion": FORMAT_VERSION,
        "assessment": {
            "version": MODEL_VERSION,
            "organization": plan.title,
            "scope": scope,
            "date": day.isoformat(),
            "answers": [_answer(code, scores[code]) for code in ACTIVITIES if code in scores],
        },
        "extensions": [{"name": "stepladder", "version": __version__, "plan": plan.id, "revision": plan.revision}],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _answer(code: str, score: float | None) -> dict[str, Any]:
    return {"questionCode": code} if score is None else {"questionCode": code, "answerScore": score}


def _answers(parameter: Parameter, level: int) -> Iterator[tuple[str, float | None]]:
    """Codes, each with what its answer counts; None where the plan does not know it."""
    ref = parameter.ref or ""
    code = code_of(ref)
    if code is not None and len(parameter.levels) == len(SCORES):
        yield code, _COVERAGES[level]
    elif ref in _STREAMS:
        yield from _by_level(_STREAMS[ref], level, MATURITIES.get(parameter.scale, 1.0))


def _by_level(stream: Activity, level: int, reached: float) -> Iterator[tuple[str, float | None]]:
    """A level that is not reached may be there in part: a plan by levels does not know it."""
    for one in LEVELS:
        yield f"{stream.stream}-{one}", reached if one <= level else None


def _remarks(plan: Breakdown, levels: dict[str, int]) -> tuple[str, ...]:
    """What somebody who has the file should know."""
    scored = [pair for parameter, _ in plan.parameters for pair in _answers(parameter, levels[parameter.id])]
    unknown = sum(score is None for _, score in scored)
    why = "a plan by levels does not know what is there of them in part (import with --say shape=coverage)"
    return (f"{unknown} levels that are not reached have no score: {why}",) if unknown else ()


FORMAT = Format(
    "samm",
    "programs that read .samm: the state at the end of the plan, or of a --year",
    ".samm",
    samm,
    by_year=True,
    remarks=lambda plan: _remarks(plan, plan.reached_at_the_end),
)
TODAY = Format(
    "samm-today",
    "the same: the state today",
    ".samm",
    samm_today,
    remarks=lambda plan: _remarks(plan, plan.reached_today),
)
