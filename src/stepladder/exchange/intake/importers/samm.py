"""OWASP SAMM 2: the toolbox's workbook, ``.samm`` files and the files of the model itself.

A plan climbs by stream and level, or by activity and coverage; the model's own codes stay in ``ref``, so that the plan
can be written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.desk import slug
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.samm_catalogue import COVERAGE, MATURITY, MOST, STEPS, by_activity, by_stream
from stepladder.exchange.intake.importers.samm_core import GIVE, Core, core, kind_of
from stepladder.exchange.intake.importers.samm_json import Assessment, samm
from stepladder.exchange.intake.importers.samm_toolbox import INTERVIEW, QUESTIONS, SETS, toolbox
from stepladder.exchange.intake.source import Source
from stepladder.exchange.samm_model import (
    ACTIVITIES,
    FUNCTIONS,
    LEVELS,
    REACHED,
    SCORES,
    code_of,
)

_WANTED = re.compile(r"(?:([GDIVO])\s*=\s*)?([0-3])", re.IGNORECASE)

QUESTIONS_ASKED = (
    Question("shape", "what a step is: a level of a stream, or more coverage of an activity", "levels",
             ("levels", "coverage")),
    Question("target", "the level that is wanted, everywhere or by function (such as G=2, D=1); or roadmap", "2"),
    Question("reached", "the answer from which on a level counts as reached (1 is most or all)", "1",
             ("0.25", "0.5", "1")),
    Question("between", "what a score between two answers becomes", "down", ("down", "nearest")),
    Question("days", "person-days of a stream's step to level 1, to 2 and to 3, illustrative", "5, 10, 15"),
)  # fmt: skip


def suits(file: Source) -> bool:
    """Whether it is an assessment by SAMM, or a part of one or of the model."""
    if file.packed:
        return QUESTIONS in file.sheets or (INTERVIEW in file.sheets and _codes(file))
    if file.nested:
        tree = file.tree.mapping
        schema = tree["properties"].mapping if "properties" in tree else {}
        return {"formatVersion", "assessment"} <= set(tree) or {"formatVersion", "assessment"} <= set(schema)
    return kind_of(file) is not None or (file.tables and _codes(file))


def _codes(file: Source) -> bool:
    """Whether its cells hold codes of activities below a heading."""
    return any(
        sum(code_of(cell.text) is not None for row in sheet.rows for cell in row[:1]) >= 3
        for sheet in file.sheets.values()
    )


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """A scenario and a model of an assessment, of the model's files, or of both."""
    of_core = [file for file in files if not file.packed and kind_of(file)]
    assessments = [file for file in files if file not in of_core]
    _fitting(assessments)
    assessment = _assessment(assessments[0]) if assessments else Assessment({})
    known = core(of_core) if of_core else Core()
    if not assessments and len(known.titles) < len(ACTIVITIES):
        absent = [code for code in ACTIVITIES if code not in known.titles]
        message = f"of SAMM's 90 activities {len(absent)} are in none of the files, such as {absent[0]}; {GIVE}"
        raise InvalidInput([Issue(Location(files[0].path), "SL102", message)])
    return _taken(_whole(assessment, answers), known, answers)


def _fitting(files: Sequence[Source]) -> None:
    """Refuses files that are no assessments, parts of one, and two of them."""
    issues = []
    for file in files:
        if not suits(file):
            issues.append(Issue(Location(file.path), "SL102", "this is no file of SAMM; leave it out"))
        elif file.tables and not file.packed:
            message = f"this is one sheet of the toolbox; give the whole workbook, with {QUESTIONS} and {SETS}"
            issues.append(Issue(Location(file.path), "SL102", message))
    if not issues and len(files) > 1:
        names = " and ".join(file.path for file in files)
        issues.append(Issue(Location(files[1].path), "SL102", f"{names} are two assessments; import one at a time"))
    if issues:
        raise InvalidInput(issues)


def _assessment(file: Source) -> Assessment:
    return toolbox(file) if file.packed else samm(file)


def _whole(given: Assessment, answers: Answers) -> Assessment:
    """The same with every score one that an answer has."""
    if not given.between:
        return given
    down = answers["between"] == "down"
    scores = {code: _rounded(score, down) for code, score in given.answers.items()}
    return Assessment(scores, given.planned, given.phase, given.about, given.left, given.between)


def _rounded(score: float, down: bool) -> float:
    lower = max(one for one in SCORES if one <= score)
    return lower if down else min(SCORES, key=lambda one: (abs(one - score), one))


def _taken(given: Assessment, known: Core, answers: Answers) -> Taken:
    covering = answers["shape"] == "coverage"
    wanted, source = _wanted(given, answers)
    days = _days(answers)
    if covering:
        current = {code: STEPS[score] for code, score in given.answers.items()}
        target = {code: max(level, current.get(code, 0)) for code, level in _coverage(given, wanted).items()}
        skipped: tuple[str, ...] = ()
        scale, model = COVERAGE, by_activity(known, days)
    else:
        reached = answers.number("reached")
        current, skipped = _levels(given.answers, reached)
        planned, _ = _levels(given.planned, reached)
        target = {
            stream: max(current[stream], planned[stream] if wanted is None else wanted[stream[0]]) for stream in current
        }
        scale, model = MATURITY, by_stream(known, days, REACHED[reached])
    about = given.about
    title = ", ".join(filter(None, (about.get("organization"), about.get("scope"))))
    parts: dict[str, Any] = {"title": title or "An assessment by SAMM"}
    if "date" in about:
        parts["description"] = f"Assessed {about['date']}."
    parts["current"] = {slug(code): {scale: level} for code, level in current.items() if level}
    parts["target"] = {slug(code): {scale: level} for code, level in target.items() if level > current.get(code, 0)}
    model = {**model, **({"version": about["version"]} if "version" in about else {})}
    assumed = (*_assumed(given, covering), *skipped, *((source,) if source else ()))
    return Taken(parts, model, _took(given, known), given.left, assumed)


# -- where somebody stands, and where they want to be ------------------------------------------------------------------


def _levels(scores: Mapping[str, float], reached: float) -> tuple[dict[str, int], tuple[str, ...]]:
    """The level of each stream: as far as all answers up to it count enough; and what stands above a gap."""
    levels: dict[str, int] = {}
    above = []
    for activity in ACTIVITIES.values():
        levels.setdefault(activity.stream, 0)
        if scores.get(activity.code, 0.0) < reached:
            continue
        if levels[activity.stream] == activity.level - 1:
            levels[activity.stream] = activity.level
        else:
            above.append(activity.code)
    said = f"{', '.join(above)}: answered well enough, but a level below is not, so the stream stands below it"
    return levels, (f"{said} (by activity: --say shape=coverage)",) if above else ()


def _wanted(given: Assessment, answers: Answers) -> tuple[dict[str, int] | None, str]:
    """Levels by function, or None where the roadmap's phase says it; and what is to be said of that."""
    roadmap = answers.said("target") and answers["target"].casefold() == "roadmap"
    if roadmap and not given.phase:
        raise UsageError("--say target=roadmap: the file plans nothing in a sheet Roadmap; write a level from 0 to 3")
    if given.phase and (roadmap or not answers.said("target")):
        return None, f"the target is {given.phase} of the sheet Roadmap (another one: --say target=…)"
    names = answers.names("target")
    matches = [_WANTED.fullmatch(name) for name in names]
    if not names or not all(matches):
        text = ", ".join(names)
        raise UsageError(f"--say target={text}: write a level from 0 to 3, or levels by function, such as G=2, D=1")
    found = [(match[1], int(match[2])) for match in matches if match]
    otherwise = next((level for letter, level in found if letter is None), 0)
    return dict.fromkeys(FUNCTIONS, otherwise) | {
        letter.upper(): level for letter, level in found if letter is not None
    }, ""


def _coverage(given: Assessment, wanted: Mapping[str, int] | None) -> dict[str, int]:
    """The coverage that is wanted, by activity."""
    if wanted is None:
        return {code: STEPS[given.planned.get(code, 0.0)] for code in ACTIVITIES}
    return {code: MOST if activity.level <= wanted[activity.function] else 0 for code, activity in ACTIVITIES.items()}


def _days(answers: Answers) -> dict[int, float]:
    texts = answers.names("days")
    try:
        days = [float(text) for text in texts]
    except ValueError:
        days = []
    if len(days) != len(LEVELS) or not all(0 <= one <= 10_000 for one in days):
        raise UsageError(f"--say days={', '.join(texts)}: write three numbers, such as 5, 10, 15")
    return dict(zip(LEVELS, days, strict=True))


# -- what is said of it ------------------------------------------------------------------------------------------------


def _took(given: Assessment, known: Core) -> tuple[str, ...]:
    counts = {title: sum(score == one for one in given.answers.values()) for score, title in SCORES.items()}
    listed = ", ".join(f"{count} {title.casefold()}" for title, count in counts.items() if count)
    took = [f"{len(given.answers)} of {len(ACTIVITIES)} answers ({listed or 'none'})"]
    if known.titles:
        count = sum(map(len, known.related.values()))
        took.append(f"{len(known.titles)} titles of activities, and {count} relations between them as prerequisites")
    return tuple(took)


def _assumed(given: Assessment, covering: bool) -> Iterator[str]:
    absent = [code for code in ACTIVITIES if code not in given.answers]
    if absent:
        listed = ", ".join(absent[:6]) + (", …" if len(absent) > 6 else "")
        yield f"what is not answered counts as no: {len(absent)} questions ({listed})"
    if given.between:
        yield f"scores that no single answer has, as averages of teams have them: {', '.join(given.between)}"
    if not covering:
        yield "a step costs the same where its level is there in part (in parts: --say shape=coverage)"


IMPORTER = Importer(
    "samm",
    "an assessment by OWASP SAMM 2: the toolbox's workbook, a .samm file, or the model's own files",
    suits,
    read,
    QUESTIONS_ASKED,
)
