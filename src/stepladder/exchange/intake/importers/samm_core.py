"""SAMM's own files, one small YAML each: what its activities are called, and which of them belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue
from stepladder.exchange.intake.source import Source
from stepladder.exchange.samm_model import ACTIVITIES, LETTERS, LEVELS, code_of
from stepladder.wording.text import clean

#: What ``type`` says in such a file, and what people call it.
KINDS = {
    "Activity": "an activity",
    "AnswerSet": "a set of answers",
    "Function": "a business function",
    "MaturityLevel": "a maturity level",
    "Practice": "a security practice",
    "PracticeLevel": "a level of a practice",
    "Question": "a question",
    "Stream": "a stream",
}
#: What an activity's code is put together from.
_PARTS = ("Stream", "Practice", "PracticeLevel", "MaturityLevel")


@dataclass(frozen=True)
class Core:
    """Titles of activities by code, and which others each is related to."""

    titles: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def kind_of(file: Source) -> str | None:
    """What a file of SAMM's core is; None where it is none."""
    if file.packed or file.nested or file.tables:
        return None
    kind = _text(file.tree, "type")
    return kind if kind in KINDS and _text(file.tree, "id") else None


def core(files: Sequence[Source]) -> Core:
    """What the files say together.

    Raises
    ------
    InvalidInput
        Where one refers to another that is not there, or no activity is among them.
    """
    return _Core(files).read()


class _Core:
    """The files by kind and id, and what is wrong with them."""

    def __init__(self, files: Sequence[Source]) -> None:
        self.files = files
        self.by_kind: dict[str, dict[str, Node]] = {kind: {} for kind in KINDS}
        self.issues: list[Issue] = []

    def read(self) -> Core:
        """Titles and relations by code."""
        for file in self.files:
            kind = kind_of(file)
            assert kind is not None
            self._keep(kind, file.tree)
        if not self.by_kind["Activity"]:
            kinds = sorted({KINDS[kind] for kind, nodes in self.by_kind.items() if nodes})
            message = f"this is {' and '.join(kinds)} of SAMM's core, and says nobody's state; {GIVE}"
            raise InvalidInput([Issue(self.files[0].tree.at, "SL102", message)])
        codes = {name: code for name, node in self.by_kind["Activity"].items() if (code := self._code(node))}
        if self.issues:
            raise InvalidInput(self.issues)
        related = {}
        for name, node in self.by_kind["Activity"].items():
            others = dict.fromkeys(self._related(node, codes))
            related[codes[name]] = tuple(other for other in others if other != codes[name])
        titles = {codes[name]: title for name, node in self.by_kind["Activity"].items() if (title := _title(node))}
        if self.issues:
            raise InvalidInput(self.issues)
        return Core(
            {code: titles[code] for code in ACTIVITIES if code in titles},
            {code: related[code] for code in ACTIVITIES if related.get(code)},
        )

    def _keep(self, kind: str, tree: Node) -> None:
        name = _text(tree, "id")
        first = self.by_kind[kind].get(name)
        if first is not None:
            self.issues.append(Issue(tree.at, "SL104", f"the id {name} is in {first.at.file}, too; give the file once"))
        self.by_kind[kind][name] = tree

    def _code(self, activity: Node) -> str | None:
        """From the stream's letter, the practice's short name and the level's number."""
        stream = self._other(activity, "stream", "Stream")
        level = self._other(activity, "level", "PracticeLevel")
        practice = self._other(stream, "practice", "Practice") if stream else None
        number = self._number(level) if level else None
        if not (stream and practice and number):
            return None
        short = _text(practice, "shortName").upper()
        code = code_of(f"{LETTERS.get(short, '?')}-{short}-{_text(stream, 'letter')}-{number}")
        if code is None:
            message = f"its stream, practice and level make no activity of SAMM 2 ({short} is no practice of it)"
            self.issues.append(Issue(activity.at, "SL104", message))
        return code

    def _other(self, node: Node, key: str, kind: str) -> Node | None:
        name = _text(node, key)
        other = self.by_kind[kind].get(name)
        if other is None:
            message = f"{KINDS[kind]} with the id {name or '(none)'} is in none of the files; {GIVE_ALL}"
            self.issues.append(Issue(node.nearest((key,)), "SL104", message))
        return other

    def _number(self, level: Node) -> int | None:
        maturity = self._other(level, "maturityLevel", "MaturityLevel")
        if maturity is None:
            return None
        texts = (_text(maturity, key) for key in ("number", "level", "order", "name"))
        number = next((int(text[-1]) for text in texts if text[-1:] in map(str, LEVELS)), None)
        if number is None:
            self.issues.append(Issue(maturity.at, "SL104", "this maturity level has no `number` from 1 to 3"))
        return number

    def _related(self, activity: Node, codes: Mapping[str, str]) -> Iterator[str]:
        related = activity.mapping.get("relatedActivities")
        for other in related.value if related is not None and isinstance(related.value, list) else []:
            name = str(other.value)
            if name in codes:
                yield codes[name]
            else:
                message = f"the related activity {name} is in none of the files; {GIVE_ALL}"
                self.issues.append(Issue(other.at, "SL104", message))


GIVE_ALL = "give all files of the folder `model` of SAMM's core"
GIVE = f"give a toolbox workbook or a .samm file; or {GIVE_ALL.removeprefix('give ')}, to plan from nothing"


def _title(activity: Node) -> str:
    return clean(_text(activity, "title"))


def _text(node: Node, key: str) -> str:
    value = node.mapping[key].value if key in node.mapping else None
    return str(value).strip() if isinstance(value, str | int) else ""
