"""An assessment of CISA's CSET, exported as JSON: the model is made of the file's own groupings and questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.cset_answers import LEVELS, OPEN, OUT, WORDS, Letters, letters_of
from stepladder.exchange.intake.importers.cset_file import Model, Part, items_of, models_of, part_of, text_of
from stepladder.exchange.intake.importers.parts import (
    DAYS,
    ILLUSTRATIVE,
    TEAM,
    Faults,
    Names,
    alone,
    chosen,
    costs,
    counted,
    short,
    team,
    titled,
)
from stepladder.exchange.intake.source import Source

_AS_MODEL = "as in the model"
QUESTIONS = (
    Question("model", "the model or standard that is meant, where there are several", "first"),
    Question("answers", "what letters mean, such as Y:met,I:partly,S:out,N:no", _AS_MODEL),
    Question(
        "enough", "what is enough of each practice", "as in the model", ("as in the model", "partly", "mostly", "met")
    ),
    Question("highest", "the highest maturity level that is wanted, such as 2", "all"),
    DAYS,
    TEAM,
)
_TIERS = {"low": "low", "medium": "medium", "high": "high"}


@dataclass(frozen=True)
class Practice:
    """A question as a practice. ``level`` is its maturity level, 0 where it has none."""

    name: str
    entry: Mapping[str, Any]
    answer: str
    level: int
    tier: str


def suits(file: Source) -> bool:
    """Whether a file is an assessment of CSET."""
    return not file.tables and file.nested and bool(models_of(file.tree) or part_of(file.tree, "maturitymodels"))


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """The practices of the model that is meant, and where they stand."""
    alone(files[0], files[1:], "an assessment of CSET")
    tree = files[0].tree
    models = {model.name: model for model in reversed(models_of(tree))}
    if not models:
        message = "the assessment holds no maturity model and no standard; choose one in CSET, answer it, export again"
        raise InvalidInput([Issue(tree.at, "SL102", message)])
    model = models_of(tree)[0]
    if len(models) > 1 and answers["model"] != "first":
        model = models[chosen(answers, "model", models)]
    others = tuple(f"the model {name}: one at a time (--say model={name})" for name in models if name != model.name)
    return _Assessment(model, answers).taken(others)


class _Assessment:
    """One model of an assessment, as practices."""

    def __init__(self, model: Model, answers: Answers) -> None:
        self.model, self.answers = model, answers
        self.letters: Letters = letters_of(model.name, answers["answers"] if answers.said("answers") else _AS_MODEL)
        self.faults, self.names = Faults(), Names("answer")
        self.places: dict[str, Location] = {}
        self.practices: list[Practice] = []
        self.headings = 0

    # -- questions -----------------------------------------------------------------------------------------------------

    def _groups(self, parts: Sequence[Part]) -> dict[str, Any]:
        """The groups, nested as the groupings are; those without practices are left out."""
        groups: dict[str, Any] = {}
        for part in parts:
            name = self.names.new(part.title)
            practices = {one.name: one.entry for node in part.questions for one in self._questions(node)}
            inside = self._groups(part.parts)
            if practices or inside:
                groups[name] = {
                    "title": short(part.title),
                    **({"groups": inside} if inside else {}),
                    **({"practices": practices} if practices else {}),
                }
        return groups

    def _questions(self, node: Node) -> Iterator[Practice]:
        """A question and those that follow it; one that nobody answers and that has others below it is a heading."""
        below = items_of(node, "followupquestions")
        answer = self._answer(node)
        if below and answer == OPEN:
            self.headings += 1
        else:
            yield self._practice(node, answer)
        for one in below:
            yield from self._questions(one)

    def _answer(self, node: Node) -> str:
        letter = text_of(node, "answertext").upper()
        if letter not in self.letters.meanings:
            part = part_of(node, "answertext")
            known = [one for one in self.letters.meanings if one]
            remedy = f"; or say what it means, {', '.join(WORDS)}: --say answers={letter}:no"
            self.faults.wrong(part.at if part else node.at, unknown("answer", letter, known) + remedy)
            return OPEN
        return self.letters.meanings[letter]

    def _practice(self, node: Node, answer: str) -> Practice:
        ref = text_of(node, "title")
        question = text_of(node, "questiontext") or text_of(node, "requirementtext")
        key = text_of(node, "questionid") or text_of(node, "requirementid")
        if not ref and not question:
            self.faults.wrong(node.at, "a question without a title and without a text; export the assessment again")
        if key and key in self.places:
            self.faults.wrong(node.at, f"the question {key} stands in line {self.places[key].line} already; remove one")
        self.places.setdefault(key, node.at)
        level = text_of(node, "maturitylevel")
        notes = [question, text_of(node, "comment"), *self._observed(node)]
        importances = [_TIERS.get(text_of(one, "importance").casefold(), "") for one in items_of(node, "observations")]
        tier = next((one for one in ("high", "medium", "low") if one in importances), "")
        practice = Practice(
            self.names.new(ref or question),
            titled(question, " ".join(filter(None, notes)), ref),
            answer,
            int(level) if level.isdecimal() else 0,
            tier,
        )
        self.practices.append(practice)
        return practice

    @staticmethod
    def _observed(node: Node) -> Iterator[str]:
        for one in items_of(node, "observations"):
            texts = [text_of(one, key) for key in ("title", "summary", "recommendations")]
            if any(texts):
                yield f"Observed: {' '.join(filter(None, texts))}"

    # -- the scenario --------------------------------------------------------------------------------------------------

    def taken(self, others: tuple[str, ...]) -> Taken:
        """All of it. Raises InvalidInput with everything that is wrong."""
        groups = self._groups(self.model.parts)
        self.faults.check()
        if not self.practices:
            message = f"{short(self.model.title)} has no question in the file; answer it in CSET, and export again"
            raise InvalidInput([Issue(self.model.at, "SL102", message)])
        scale = self.letters.scale
        inside = [one for one in self.practices if one.answer != OUT]
        current = {one.name: 0 if one.answer == OPEN else scale.index(one.answer) for one in inside}
        enough, highest = self._enough(), self._highest()
        target = {one.name: max(enough, current[one.name]) for one in inside if one.level <= highest}
        if all(level <= current[name] for name, level in target.items()):
            message = "everything that is wanted is met; nothing is left to plan"
            raise InvalidInput([Issue(self.model.at, "SL102", message)])
        out = {one.name: "Not applicable, says the assessment." for one in self.practices if one.answer == OUT}
        scenario = {
            "title": short(self.model.title),
            "current": {name: {"answer": level} for name, level in current.items()},
            "target": {name: {"answer": level} for name, level in target.items()},
            **({"not_applicable": out} if out else {}),
        }
        took = f"{counted(len(self.practices), 'question')} of {short(self.model.title)}, {len(out)} not applicable"
        return Taken(scenario, self._catalogue(groups, enough), (took,), others, self._assumed())

    def _enough(self) -> int:
        word = self.answers["enough"]
        word = self.letters.enough if word == "as in the model" else word
        if word not in self.letters.scale:
            raise UsageError(f"--say enough={word}: {unknown('answer', word, self.letters.scale)}")
        return self.letters.scale.index(word)

    def _highest(self) -> int:
        levels = sorted({one.level for one in self.practices})
        if levels == [0] or self.answers["highest"] == "all":
            return levels[-1]
        text = self.answers["highest"]
        if not text.isdecimal() or int(text) not in levels:
            raise UsageError(f"--say highest={text}: {unknown('maturity level', text, [str(one) for one in levels])}")
        return int(text)

    def _catalogue(self, groups: Mapping[str, Any], enough: int) -> dict[str, Any]:
        levels = {
            number: {"title": LEVELS[word], "ref": self.letters.letter(word)}
            for number, word in enumerate(self.letters.scale)
        }
        days, who = self.answers.number("days"), team(self.answers)
        profiles = {
            f"{self.letters.level}_{level}": {
                "title": self.model.labels.get(level) or f"Maturity level {level}",
                "levels": {one.name: enough for one in self.practices if one.level <= level},
            }
            for level in sorted({one.level for one in self.practices} - {0})
        }
        return {
            "format": "stepladder-catalogue/1",
            "title": short(self.model.title),
            "source": "CSET; groupings and questions as the assessment has them.",
            "illustrative": ILLUSTRATIVE,
            "scales": {"answer": {"title": "Answer", "levels": levels, "costs": costs(levels, days, who)}},
            "groups": groups,
            **({"profiles": profiles} if profiles else {}),
            "importance": {"default": "medium", **{one.name: one.tier for one in self.practices if one.tier}},
        }

    def _assumed(self) -> tuple[str, ...]:
        unanswered = sum(one.answer == OPEN for one in self.practices)
        tiers = sum(bool(one.tier) for one in self.practices)
        meanings = ", ".join(f"{letter} {word}" for letter, word in self.letters.meanings.items() if letter)
        texts = {
            f"what the letters mean: {meanings} (another meaning: --say answers=…)": True,
            f"{counted(unanswered, 'question')} not answered: the lowest level": unanswered,
            f"{counted(self.headings, 'question')} with others below and no answer: only headings": self.headings,
            f"{counted(tiers, 'practice')} with the importance of an observation": tiers,
            f"{len(self.practices) - tiers} practices matter alike (importance: medium)": True,
        }
        return tuple(text for text, holds in texts.items() if holds)


CSET = Importer("cset", "an assessment of CISA's CSET (JSON)", suits, read, QUESTIONS)
