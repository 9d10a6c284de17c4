"""Azure Boards, by the REST interface of Azure DevOps: phases, or systems in place of them, are epics, steps and dated
demands are work items below them, and what comes first is the predecessor of what comes then.

A work item carries its mark as a tag. Every change names the revision that it was made for, so that nobody's change is
written over. Areas and iterations are the team's: a new step is put into the iteration that is named like its first
period, if there is one, and neither is touched afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import azure_answers as answers
from stepladder.exchange.push import azure_html as html
from stepladder.exchange.push import azure_process as processes
from stepladder.exchange.push.azure_calls import Calls, Operation
from stepladder.exchange.push.azure_remotes import (
    LABEL,
    PARENT,
    PREDECESSOR,
    described,
    mark_of,
    of_item,
    related,
    tags_of,
    without,
)
from stepladder.exchange.push.azure_setup import Setup
from stepladder.exchange.push.faults import Foreign, Refused
from stepladder.exchange.push.web import Web
from stepladder.exchange.titles import AZURE, fitted
from stepladder.exchange.tracker import DATES, TEXTS, ItemKind, Remote, Wanted, listed

TITLE, TEXT, TAGS, STATE = "System.Title", "System.Description", "System.Tags", "System.State"
HISTORY, ITERATION = "System.History", "System.IterationPath"
#: What Azure allows in the name of a project or of a collection.
_NAME = r"[^\\/:*?\"'<>;#$*{},+=\[\]|~&%@\x00-\x1f\x7f]{1,64}"


class Azure:
    """One project.

    Parameters
    ----------
    web
        The host, with the token in its headers.
    project
        organisation/project; of a server of one's own collection/project.
    mapping
        How work items are made, and what states mean.
    """

    settable: tuple[ItemKind, ...] = ("item", "milestone")

    def __init__(self, web: Web, project: str, mapping: TrackerMap = DEFAULT) -> None:
        self.web, self.calls, self.mapping = web, Calls(web, named(project)), mapping
        self.linked: tuple[ItemKind, ...] = self.settable if mapping.links else ()
        self.process = processes.process(self.calls.types(), self.calls.fields, mapping)
        self._setup = Setup(self.calls, self.process, mapping)
        root = self.calls.iterations()
        # Of the project's name the host's own spelling.
        self.project, self._iterations = root.name, processes.iterations(root)
        self._links: set[tuple[str, str]] = set()
        self._tell()

    def _tell(self) -> None:
        """Say where dates stand that have no field."""
        made = self.process
        kinds = {made.milestone.name: (made.milestone, ("due",)), made.step.name: (made.step, ("start", "due"))}
        for kind, names in {**kinds, made.phase.name: (made.phase, ("due",))}.values():
            missing = [html.DAYS[name].lower() for name in names if name not in kind.dated]
            if missing:
                self.web.tell(
                    f"{kind.name} has no field for {' and '.join(missing)} in this project: dates stand in the"
                    " description"
                )

    def check(self, wanted: Sequence[Wanted]) -> None:
        """Whether the types of which these are made have all that the mapping names, and want nothing else."""
        faults = self._setup.wrong(wanted)
        if faults:
            raise UsageError("\n".join(faults))

    def shown(self, wanted: Wanted) -> dict[str, str]:
        """A phase begins with its first step and stands in nothing."""
        fields = dict(wanted.fields)
        if "title" in fields:
            fields["title"] = heading(wanted).partition(" ")[2]
        if "text" in fields:
            fields["text"] = html.plain(html.document(fields["text"].splitlines()))
        return without(wanted.kind, fields)

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self) -> dict[str, Remote]:
        """All work items with our tag, and their links."""
        items = [item for item in self.calls.tagged(LABEL) if mark_of(item)]
        by_key = {item.id: mark_of(item) for item in items}
        remotes: dict[str, Remote] = {}
        self._links = set()
        for item in items:
            listed(remotes, of_item(item, by_key, self.process))
            firsts = (by_key.get(key) for _, key in related(item, PREDECESSOR))
            self._links |= {(first, by_key[item.id]) for first in firsts if first}
        return remotes

    def at(self, key: str) -> Remote | None:
        """A work item by its number, which it keeps wherever it goes."""
        item = self.calls.item(key)
        return of_item(item, {}, self.process) if item.fields.project.casefold() == self.project.casefold() else None

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        """By its mark; Azure's queries may be a moment behind."""
        del kind
        self.web.pause(1.0)
        return self.read().get(mark)

    # -- writing --------------------------------------------------------------------------------------------------

    def payload(self, wanted: Wanted, containers: dict[str, str]) -> list[Operation]:
        """The operations that make one work item."""
        fields, dated = without(wanted.kind, wanted.fields), self.process.of(wanted.kind).dated
        labels = self.mapping.labels if wanted.kind in self.settable else ()
        values: dict[str, Any] = {
            TITLE: heading(wanted),
            TAGS: tags_of(wanted.kind, wanted.mark, labels),
            TEXT: _document(fields, dated, html.document(fields["text"].splitlines())),
            **{name: answers.sent(day) for name, day in _days(fields, dated).items() if day},
        }
        if wanted.kind == "item" and wanted.period in self._iterations:
            values[ITERATION] = self._iterations[wanted.period]
        operations = [_set(name, value) for name, value in (values | self._setup.settings(wanted)).items()]
        if fields.get("container"):
            operations.append(self.calls.relation(PARENT, containers[fields["container"]]))
        return operations

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        """One work item."""
        try:
            item = self.calls.create(self.process.of(wanted.kind).name, self.payload(wanted, containers))
        except Refused as error:
            raise self._setup.refused(wanted, error) from error
        self._setup.taken(wanted)
        if mark_of(item) != wanted.mark:
            raise Foreign(f"{self.web.host} answered that it was made, and showed another thing")
        return Remote(wanted.mark, wanted.kind, item.id, self.shown(wanted))

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        """Only these fields, and only if they still are as they were looked at."""
        by_key = {key: mark for mark, key in containers.items()}
        shown = self.shown(Wanted(remote.mark, remote.kind, fields))

        def operations(item: answers.WorkItem) -> list[Operation]:
            """From what is there now."""
            now = of_item(item, by_key, self.process).fields
            changed = [name for name in (*DATES, *TEXTS) if name in shown and now.get(name) != shown[name]]
            moved = [name for name in changed if now.get(name) != remote.fields.get(name)]
            if moved:
                raise Refused(409, f"somebody has changed it meanwhile ({', '.join(moved)}); it was left alone")
            return self._operations(item, remote, {name: fields[name] for name in changed}, containers)

        self.calls.change(remote.key, operations)

    def _operations(
        self, item: answers.WorkItem, remote: Remote, fields: dict[str, str], containers: dict[str, str]
    ) -> list[Operation]:
        """Those that set these fields of a work item."""
        operations = []
        if "title" in fields:
            operations.append(_set(TITLE, heading(Wanted(remote.mark, remote.kind, fields))))
        dated = self.process.at(item.fields.type, remote.kind).dated
        if "text" in fields or any(name in fields and name not in dated for name in html.DAYS):
            days, rest = described(item, dated)
            rest = html.document(fields["text"].splitlines()) if "text" in fields else rest
            operations.append(_set(TEXT, _document(days | fields, dated, rest)))
        for name, day in _days(fields, dated).items():
            operations.append(_set(name, answers.sent(day)) if day else {"op": "remove", "path": f"/fields/{name}"})
        if "container" in fields:
            operations += _removed(related(item, PARENT))
            if fields["container"] in containers:
                operations.append(self.calls.relation(PARENT, containers[fields["container"]]))
        return operations

    def close(self, remote: Remote, comment: str) -> None:
        """With a comment, into the first state of what is removed, or else of what is completed."""
        self._move(remote, comment, processes.CLOSING, ended=True)

    def reopen(self, remote: Remote, comment: str) -> None:
        """With a comment, into the first state of what is proposed, or else in progress."""
        self._move(remote, comment, processes.OPENING, ended=False)

    def _move(self, remote: Remote, comment: str, categories: Sequence[str], *, ended: bool) -> None:
        """State and comment together, so that both are there or neither."""

        def operations(item: answers.WorkItem) -> list[Operation]:
            """From the state that it is in now."""
            kind, now = item.fields.type, item.fields.state
            if self.process.ended(kind, now) is ended:
                return []
            state = self.process.state(kind, now, categories)
            if state is None:
                raise Refused(409, f"{kind} {item.id} has no way from {now} to a state that is {categories[0]}")
            return [_set(STATE, state), _set(HISTORY, html.document([comment]))]

        self.calls.change(remote.key, operations)

    # -- links ----------------------------------------------------------------------------------------------------

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        """As they were read."""
        return {(first, then) for first, then in self._links if first in remotes and then in remotes}

    def link(self, first: Remote, then: Remote) -> None:
        """The first becomes a predecessor of the other, unless it is one."""

        def operations(item: answers.WorkItem) -> list[Operation]:
            """None where it is there."""
            there = any(key == first.key for _, key in related(item, PREDECESSOR))
            return [] if there else [self.calls.relation(PREDECESSOR, first.key)]

        self.calls.change(then.key, operations)

    def unlink(self, first: Remote, then: Remote) -> None:
        """Take it away, if it is still there."""
        self.calls.change(
            then.key, lambda item: _removed((k, key) for k, key in related(item, PREDECESSOR) if key == first.key)
        )


def _set(name: str, value: Any) -> Operation:
    return {"op": "add", "path": f"/fields/{name}", "value": value}


def _days(fields: Mapping[str, str], dated: Mapping[str, str]) -> dict[str, str]:
    """The days that have a field of their own, by Azure's name of it."""
    return {theirs: fields[ours] for ours, theirs in dated.items() if ours in fields}


def _document(fields: Mapping[str, str], dated: Mapping[str, str], rest: str) -> str:
    """A description: before the rest the days that have no field of their own."""
    return html.dated({name: fields.get(name, "") for name in html.DAYS if name not in dated}) + rest


def _removed(relations: Iterable[tuple[int, str]]) -> list[Operation]:
    """The last first, so that the others keep their places."""
    places = sorted((k for k, _ in relations), reverse=True)
    return [{"op": "remove", "path": f"/relations/{k}"} for k in places]


def heading(wanted: Wanted) -> str:
    """A work item's title: its mark, then as much of the title as Azure takes."""
    kind = {"container": "Phase ", "milestone": "Milestone: "}.get(wanted.kind, "")
    return fitted(wanted.fields["title"], AZURE, f"{wanted.mark} {kind}")


def named(project: str) -> str:
    """organisation/project, each of which is one segment of a path.

    Raises
    ------
    UsageError
        When it is not.
    """
    names = project.split("/")
    if not re.fullmatch(f"{_NAME}/{_NAME}", project) or any(name != name.strip(" .") for name in names):
        raise UsageError(
            f"{project!r} is no project of Azure DevOps; write it as organisation/project, of a server of your own as"
            " collection/project"
        )
    return project
