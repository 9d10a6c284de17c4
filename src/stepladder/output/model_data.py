"""A maturity model for other programs: everything as JSON, and the default cost of each step as CSV for a
spreadsheet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from stepladder.analysis.model import Default, Model
from stepladder.data.formats.catalogue import Catalogue, Group
from stepladder.data.formats.estimate import Range, mean, points
from stepladder.data.formats.spread import shown
from stepladder.data.resolving.index import Index
from stepladder.output.tables import csv_of, frame
from stepladder.wording import numbers
from stepladder.wording.text import clean

if TYPE_CHECKING:
    from stepladder.output.tables import Frame

FORMAT = "stepladder-catalogue-view/1"
LIST_FORMAT = "stepladder-catalogue-list/1"
#: Columns of the list of catalogues.
_COUNTS = ("groups", "practices", "scales", "steps", "threats", "prerequisites", "profiles")


def models_json(catalogues: Sequence[Model]) -> str:
    """The shipped catalogues as ``stepladder-catalogue-list/1``."""
    models = [
        {"name": one.name, "title": one.index.catalogue.title, "version": one.index.catalogue.version, **_counts(one)}
        for one in catalogues
    ]
    return _text({"format": LIST_FORMAT, "catalogues": models})


def models_csv(catalogues: Sequence[Model]) -> str:
    """One row for each shipped catalogue."""
    rows = [
        [
            one.name,
            clean(one.index.catalogue.title),
            clean(one.index.catalogue.version or "") or None,
            *_counts(one).values(),
        ]
        for one in catalogues
    ]
    return csv_of(["name", "title", "version", *_COUNTS], rows)


def _counts(model: Model) -> dict[str, int]:
    index, catalogue = model.index, model.index.catalogue
    counted = [
        len(index.groups),
        len(index.places),
        len(catalogue.scales),
        len(model.costs),
        len(catalogue.threats),
        len(catalogue.prerequisites),
    ]
    return dict(zip(_COUNTS, [*counted, len(catalogue.profiles)], strict=True))


def model_json(model: Model) -> str:
    """A catalogue as ``stepladder-catalogue-view/1``: what its file says, every practice with its groups and scales,
    every step with its cost.
    """
    index, catalogue = model.index, model.index.catalogue
    document = {
        "format": FORMAT,
        "name": model.name,
        **{key: getattr(catalogue, key) for key in ("title", "version", "description", "source", "illustrative")},
        "scales": [
            {
                "id": name,
                **_plain(scale, "levels", "costs"),
                "levels": [{"level": level, **_plain(scale.levels[level])} for level in index.levels(name)],
                "costs": {str(level): _plain(scale.costs[level]) for level in sorted(scale.costs)},
            }
            for name, scale in catalogue.scales.items()
        ],
        "groups": _groups(catalogue.groups),
        "practices": _practices(index),
        "steps": [_step(index, cost) for cost in model.costs],
        "roles": sorted(index.roles),
        "threats": [{"id": name, **_plain(threat)} for name, threat in catalogue.threats.items()],
        "prerequisites": [_plain(need) for need in catalogue.prerequisites],
        **{key: value for key, value in _choices(catalogue).items() if value},
        "profiles": [{"id": name, **_plain(profile)} for name, profile in catalogue.profiles.items()],
    }
    return _text(document)


def _choices(catalogue: Catalogue) -> dict[str, Any]:
    """What few catalogues say; what one does not say is left out."""
    return {
        "needs_any": [_plain(one) for one in catalogue.needs_any],
        "excludes": [_plain(one) for one in catalogue.excludes],
        "achievements": [{"id": name, **_plain(one)} for name, one in catalogue.achievements.items()],
        "importance": catalogue.importance,
    }


def _groups(groups: Mapping[str, Group]) -> list[dict[str, Any]]:
    """Groups with the ids of their practices, and the groups in them."""
    return [
        {
            "id": name,
            **_plain(group, "groups", "practices"),
            "practices": list(group.practices),
            "groups": _groups(group.groups),
        }
        for name, group in groups.items()
    ]


def _practices(index: Index) -> list[dict[str, Any]]:
    return [
        {"id": name, **_plain(place.practice, "scales"), "groups": list(place.groups), "scales": list(place.scales)}
        for name, place in index.places.items()
    ]


def _step(index: Index, cost: Default) -> dict[str, Any]:
    """A step's cost as plans take it: the mean of every range, and what was written where it is one."""
    step = cost.step
    ranges = {name: value for name, value in _numbers(cost).items() if isinstance(value, BaseModel)}
    running = cost.effort_per_year
    return {
        "id": str(step),
        "practice": step.practice,
        "scale": step.scale,
        "level": step.level,
        "title": index.scale(step.scale).levels[step.level].name,
        **{
            name: _mean(value)
            for name, value in (("once", cost.once), ("per_year", cost.per_year), ("months", cost.months))
        },
        "effort": {role: _mean(days) for role, days in cost.effort.items()},
        **({"effort_per_year": {role: _mean(days) for role, days in running.items()}} if running else {}),
        **({"spread": list(cost.spread)} if cost.spread else {}),
        **({"renew": _plain(cost.renew)} if cost.renew else {}),
        "ranges": {name: value.model_dump(mode="json") for name, value in ranges.items()},
        "own": list(cost.own),
        "basis": list(cost.basis),
    }


def model_csv(model: Model) -> str:
    """One row for each step with its default cost; what is not said stays empty, and a range is its mean with its
    ends in words.
    """
    return csv_of(*_rows(model))


def model_frame(model: Model) -> Frame:
    """The same as a table."""
    return frame(*_rows(model))


def _rows(model: Model) -> tuple[list[str], list[list[Any]]]:
    index, roles = model.index, sorted(model.index.roles)
    running = sorted({role for cost in model.costs for role in cost.effort_per_year})
    columns = [
        "step",
        "groups",
        "practice",
        "practice_title",
        "scale",
        "level",
        "level_title",
        "once",
        "per_year",
        "months",
    ]
    columns += [*(f"effort_{role}" for role in roles), *(f"effort_per_year_{role}" for role in running)]
    spread = any(cost.spread for cost in model.costs)
    again = any(cost.renew for cost in model.costs)
    columns += [*(["spread"] if spread else []), *(["renew_months", "renew_once"] if again else [])]
    columns += ["own", "ranges", "basis"]
    rows: list[list[Any]] = []
    for cost in model.costs:
        step, place = cost.step, index.places[cost.step.practice]
        row: list[Any] = [
            str(step),
            "/".join(place.groups),
            step.practice,
            clean(place.practice.title),
            step.scale,
            step.level,
        ]
        row += [
            clean(index.scale(step.scale).levels[step.level].title),
            *(_mean(value) for value in (cost.once, cost.per_year, cost.months)),
        ]
        row += [_mean(cost.effort.get(role)) for role in roles]
        row += [_mean(cost.effort_per_year.get(role)) for role in running]
        row += [shown(cost.spread) or None] if spread else []
        if again:
            row += [cost.renew.every, _mean(cost.renew.once)] if cost.renew else [None, None]
        rows.append([*row, " ".join(cost.own) or None, _ranges(cost) or None, clean(" ".join(cost.basis)) or None])
    return columns, rows


def _ranges(cost: Default) -> str:
    """Which numbers are ranges, as words: ``once 1,000 to 4,000, most likely 2,000``."""
    texts = []
    for name, value in _numbers(cost).items():
        low, likely, high = (numbers.amount(point) for point in points(value))
        if isinstance(value, BaseModel):
            texts.append(f"{name} {low} to {high}, most likely {likely}")
    return "; ".join(texts)


def _numbers(cost: Default) -> dict[str, float | Range]:
    """Every number that is said, by the column in which it stands."""
    named = {
        "once": cost.once,
        "per_year": cost.per_year,
        "months": cost.months,
        **{f"effort_{role}": days for role, days in cost.effort.items()},
        **{f"effort_per_year_{role}": days for role, days in cost.effort_per_year.items()},
    }
    return {name: value for name, value in named.items() if value is not None}


def _mean(value: float | Range | None) -> float | None:
    """Without the dust of binary fractions."""
    return None if value is None else round(mean(value), 6)


def _plain(record: BaseModel, *without: str) -> dict[str, Any]:
    """What a record says, without some of its keys and without what it leaves out."""
    return record.model_dump(mode="json", exclude=set(without), exclude_none=True)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
