"""The calls to Azure DevOps that a push and a pull make: each names the version of the interface, and each change the
revision that it was made for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from stepladder.exchange.push import azure_answers as answers
from stepladder.exchange.push.faults import Refused
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.web import Web

VERSION, PATCH = "7.1", "application/json-patch+json"
#: Ids that are asked for in one query, and work items in one call.
PAGE, BATCH = 10_000, 200
#: So often a change is begun anew because somebody else was quicker, and what Azure answers then.
TRIES = 4
QUICKER = (409, 412)
Operation = dict[str, Any]


class Calls:
    """One project.

    Parameters
    ----------
    web
        The host, with the token in its headers.
    project
        organisation/project.
    """

    def __init__(self, web: Web, project: str) -> None:
        collection, _, name = project.partition("/")
        self.web, self.named = web, project
        self._fields: dict[str, Sequence[answers.TypeField]] = {}
        self.above = f"{quote(collection, safe='')}/_apis/wit"
        self.path = f"{quote(collection, safe='')}/{quote(name, safe='')}/_apis/wit"

    def types(self) -> Sequence[answers.Type]:
        """All types of work item, by which it is known whether the project is there.

        Raises
        ------
        UsageError
            When it is not.
        """
        what = f"project {self.named!r}"
        return self.web.project(f"{self.path}/workitemtypes", answers.Types, what, **_asked()).value

    def fields(self, type_: str) -> Sequence[answers.TypeField]:
        """The fields of a type, with their defaults and the values that they may have; asked for once."""
        if type_ not in self._fields:
            path = f"{self.path}/workitemtypes/{quote(type_, safe='')}/fields"
            self._fields[type_] = self.web.get(path, answers.TypeFields, **_asked(expand="all")).value
        return self._fields[type_]

    def site(self) -> Sequence[answers.SiteField]:
        """All fields of the organisation."""
        return self.web.get(f"{self.path}/fields", answers.SiteFields, **_asked()).value

    def iterations(self) -> answers.Node:
        """The project's iterations, as deep as Azure has them."""
        return self.web.get(f"{self.path}/classificationnodes/iterations", answers.Node, **_asked(depth=14))

    def tagged(self, tag: str) -> Iterator[answers.WorkItem]:
        """All work items that a query finds by a tag, in the order of their ids; what was deleted meanwhile is not."""
        numbers = self._numbers(tag)
        for at in range(0, len(numbers), BATCH):
            ids = [int(number) for number in numbers[at : at + BATCH]]
            body = {"ids": ids, "$expand": "relations", "errorPolicy": "omit"}
            page = self.web.ask("POST", f"{self.path}/workitemsbatch", answers.WorkItems, body, _asked())
            yield from (item for item in page.value if item is not None)

    def _numbers(self, tag: str) -> list[str]:
        """Ids; more than twenty thousand in one answer Azure refuses."""
        numbers: list[str] = []
        last, pages = "0", Pages(self.web, "work items")
        while True:
            query = (
                "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project"
                f" AND [System.Tags] CONTAINS {_quoted(tag)} AND [System.Id] > {last} ORDER BY [System.Id]"
            )
            path, asked = f"{self.path}/wiql", _asked(top=PAGE)
            page = self.web.ask("POST", path, answers.References, {"query": query}, asked).work_items
            numbers += [reference.id for reference in page]
            if len(page) < PAGE:
                return list(dict.fromkeys(numbers))
            last = page[-1].id
            pages.turn(last, len(page))

    def item(self, key: str) -> answers.WorkItem:
        """A work item by its id, in whatever project it is."""
        return self.web.get(f"{self.above}/workitems/{key}", answers.WorkItem, **_asked(expand="relations"))

    def create(self, type_: str, operations: Sequence[Operation]) -> answers.WorkItem:
        """A new work item; never asked for twice."""
        path = f"{self.path}/workitems/${quote(type_, safe='')}"
        return self.web.ask("POST", path, answers.WorkItem, operations, _asked(), again=False, kind=PATCH)

    def change(self, key: str, operations: Callable[[answers.WorkItem], list[Operation]]) -> None:
        """Change a work item as it is now. If it was another one meanwhile it is read again: also after an answer that
        was lost, and then there is nothing left to do.

        Parameters
        ----------
        key
            Its id.
        operations
            From what is there to what is to be done; nothing where there is nothing to do.
        """
        for attempt in range(1, TRIES + 1):
            item = self.item(key)
            changes = operations(item)
            if not changes:
                return
            body = [{"op": "test", "path": "/rev", "value": item.rev}, *changes]
            try:
                self.web.send("PATCH", f"{self.above}/workitems/{key}", body, _asked(), kind=PATCH)
            except Refused as error:
                if error.status not in QUICKER or attempt == TRIES:
                    raise
            else:
                return

    def relation(self, rel: str, key: str) -> Operation:
        """The operation that relates a work item to another."""
        url = self.web.url(f"{self.above}/workItems/{key}")
        return {"op": "add", "path": "/relations/-", "value": {"rel": rel, "url": url}}


def _asked(*, top: int = 0, depth: int = 0, expand: str = "") -> dict[str, Any]:
    """What stands in the address of every call, and of some."""
    more = {"$top": top, "$depth": depth, "$expand": expand}
    return {"api-version": VERSION, **{name: value for name, value in more.items() if value}}


def _quoted(text: str) -> str:
    """A text in a query."""
    return "'" + text.replace("'", "''") + "'"
