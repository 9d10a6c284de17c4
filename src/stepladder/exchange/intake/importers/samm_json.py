"""What an assessment by OWASP SAMM says, and how it is read from JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.source import Source
from stepladder.exchange.samm_model import ACTIVITIES, SCORES, code_of
from stepladder.wording.text import clean


@dataclass(frozen=True)
class Assessment:
    """What the file says.

    Attributes
    ----------
    answers
        What each answered question counts, from 0 to 1, by code.
    planned
        The same of the last phase of the toolbox's roadmap; empty where no phase is planned.
    phase
        What that phase is called.
    about
        Organisation, scope, date and version, as far as they are there.
    left
        What else the file holds.
    between
        Codes whose score lies between two answers.
    """

    answers: Mapping[str, float]
    planned: Mapping[str, float] = field(default_factory=dict)
    phase: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    between: tuple[str, ...] = ()


def strange(text: str) -> str:
    """What is said of a code that SAMM does not have."""
    return f"{unknown('activity of SAMM 2', text.upper(), dict(ACTIVITIES))}; SAMM 1.5 has other ones"


def samm(file: Source) -> Assessment:
    """The answers of a ``.samm`` file.

    Raises
    ------
    InvalidInput
        With every value that cannot be read; when it is the schema, or the answers of another framework.
    """
    tree, issues = file.tree, list[Issue]()
    assessment = tree.mapping.get("assessment", Node({}, tree.at))
    for wrong in _no_assessment(tree, assessment):
        raise InvalidInput([wrong])
    _framework(tree, assessment, issues)
    answers, between = _answers(assessment.mapping["answers"], issues)
    if issues:
        raise InvalidInput(issues)
    about = {key: _text(assessment, key) for key in ("version", "scope", "date")}
    about["organization"] = _text(assessment, "organization") or _text(assessment, "organisation")
    return Assessment(answers, about={key: text for key, text in about.items() if text}, between=between)


def _no_assessment(tree: Node, assessment: Node) -> Iterator[Issue]:
    if "$schema" in tree.mapping or "properties" in tree.mapping:
        yield Issue(
            tree.at, "SL102", "this is the schema of .samm files, and no assessment; give a file that follows it"
        )
    elif not isinstance(assessment.mapping.get("answers", tree).value, list):
        yield Issue(
            assessment.at, "SL102", "this .samm file has no list `answers` in its `assessment`; export it again"
        )


def _framework(tree: Node, assessment: Node, issues: list[Issue]) -> None:
    """Answers of another framework are told by an extension."""
    for holder in (tree, assessment):
        extensions = holder.mapping.get("extensions", Node([], tree.at)).value
        for extension in extensions if isinstance(extensions, list) else []:
            if _text(extension, "name").casefold() != "assessment framework":
                continue
            names = [
                text for key in extension.mapping if key not in ("name", "version") and (text := _text(extension, key))
            ]
            if names and not any("samm" in name.casefold() for name in names):
                message = f"the answers are for {' '.join(names)!r}, as this extension says, and not for SAMM"
                issues.append(Issue(extension.at, "SL102", f"{message}; nothing in it can be read as SAMM"))


def _answers(given: Node, issues: list[Issue]) -> tuple[dict[str, float], tuple[str, ...]]:
    scores: dict[str, float] = {}
    read: dict[str, Location] = {}
    for answer in given.value:
        at = answer.mapping.get("questionCode", answer)
        text = _text(answer, "questionCode")
        code = code_of(text)
        if code is None:
            message = strange(text) if text else "this answer has no `questionCode`, such as G-SM-A-1"
            issues.append(Issue(at.at, "SL104", message))
        elif code in read:
            issues.append(Issue(at.at, "SL104", f"{code} stands twice, first in line {read[code].line}; remove one"))
        else:
            read[code] = at.at
            score = answer.mapping.get("answerScore")
            if score is not None and score.value is not None:
                scores |= _score(code, score, issues)
    return scores, tuple(code for code, score in scores.items() if score not in SCORES)


def _score(code: str, score: Node, issues: list[Issue]) -> dict[str, float]:
    value = score.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        shown = value if isinstance(value, int | float) else repr(value)
        issues.append(Issue(score.at, "SL104", f"{shown}: what an answer counts is a number: 0, 0.25, 0.5 or 1"))
        return {}
    return {code: float(value)}


def _text(node: Node, key: str) -> str:
    value: Any = node.mapping.get(key, node).value
    return clean(str(value)).strip() if isinstance(value, str | int | float) and key in node.mapping else ""
