"""Jira Cloud, by its REST interface: phases are epics, steps and dated demands are tasks below them, and what comes
first blocks what comes then.

Text is sent as a document of plain text nodes (ADF), in which nothing is markup. An issue carries its mark as a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import jira_answers as answers
from stepladder.exchange.push import outcomes
from stepladder.exchange.push.adf import document, plain
from stepladder.exchange.push.faults import Foreign, Refused, Unsure
from stepladder.exchange.push.jira_screens import Screens
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.web import Web, once
from stepladder.exchange.titles import JIRA, fitted
from stepladder.exchange.tracker import ItemKind, Progress, Remote, Wanted, listed

API = "rest/api/3"
LABEL = "stepladder"
#: Issues that Jira makes in one call.
BATCH = 50
BLOCKS = "Blocks"
#: What is read of an issue, beside the site's own field of its start.
FIELDS = (
    *("summary", "description", "status", "duedate", "labels", "parent", "issuelinks"),
    *("resolution", "resolutiondate", "statuscategorychangedate"),
)
_MARK = re.compile(r"sl-[a-z2-7]{8}")
_KINDS: dict[str, ItemKind] = {
    "stepladder-phase": "container",
    "stepladder-system": "parent",
    "stepladder-milestone": "milestone",
}


class Jira:
    """One project.

    Parameters
    ----------
    web
        The site, with the token in its headers.
    project
        Its key.
    mapping
        How issues are made, and what statuses mean.
    """

    settable: tuple[ItemKind, ...] = ("item", "milestone")
    batch = BATCH

    def __init__(self, web: Web, project: str, mapping: TrackerMap = DEFAULT) -> None:
        self.web, self.project, self.mapping = web, named(project).upper(), mapping
        self.linked: tuple[ItemKind, ...] = self.settable if mapping.links else ()
        kinds = web.project(
            f"{API}/issue/createmeta/{self.project}/issuetypes", answers.Types, f"project {project!r}"
        ).issue_types
        first: dict[ItemKind, answers.Type] = {
            "container": _type(kinds, 1, "an epic"),
            "item": _type(kinds, 0, "a task"),
        }
        # The start date is a field of each site's own.
        fields = web.get(f"{API}/field", list[answers.SiteField])
        self._start = next((field.id for field in fields if field.name.lower() == "start date"), None)
        self._screens = Screens(web, self.project, mapping, kinds, first, fields)
        self._links: dict[tuple[str, str], str] = {}
        self._begun = False

    def check(self, wanted: Sequence[Wanted]) -> None:
        """Whether the screens on which these are made have all that the mapping names, and want nothing else."""
        places = {want.fields["container"]: "" for want in wanted}
        faults = self._screens.wrong(wanted, [self._own(want, places) for want in wanted])
        if faults:
            raise UsageError("\n".join(faults))

    def shown(self, wanted: Wanted) -> dict[str, str]:
        """Without a start where the site has no field for it."""
        fields = {**wanted.fields, "title": summary(wanted).partition(" ")[2]}
        return fields if self._start else {name: value for name, value in fields.items() if name != "start"}

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self) -> dict[str, Remote]:
        """All issues with our label, and their links."""
        remotes: dict[str, Remote] = {}
        raw = self._search(f'project = "{self.project}" AND labels = {LABEL} ORDER BY key')
        by_key = {issue.key: _mark(issue) for issue in raw}
        self._links = {}
        for issue in raw:
            mark = by_key[issue.key]
            if mark is not None:
                listed(remotes, self._remote(mark, issue, by_key))
                for link in issue.fields.issuelinks or ():
                    first = by_key.get(link.inward_issue.key) if link.inward_issue else None
                    if link.type.name == BLOCKS and first is not None:
                        self._links[first, mark] = link.id
        return remotes

    def at(self, key: str) -> Remote | None:
        """An issue by its key; of one that went to another project Jira shows the new key."""
        fields = ",".join(self._read_fields())
        issue = self.web.get(f"{API}/issue/{key}", answers.Issue, fields=fields)
        there = issue.key.rpartition("-")[0] == self.project
        return self._remote(_mark(issue) or "", issue, {}) if there else None

    def _read_fields(self) -> list[str]:
        return [*FIELDS, *([self._start] if self._start else [])]

    def _search(self, jql: str) -> list[answers.Issue]:
        issues: list[answers.Issue] = []
        token, pages = None, Pages(self.web, "issues")
        while True:
            body = {
                "jql": jql,
                "fields": self._read_fields(),
                "maxResults": 100,
                **({"nextPageToken": token} if token else {}),
            }
            page = self.web.ask("POST", f"{API}/search/jql", answers.Page, body)
            issues += page.issues
            token = page.next_page_token
            if not token:
                return issues
            pages.turn(token, len(page.issues))

    def _remote(self, mark: str, issue: answers.Issue, by_key: dict[str, str | None]) -> Remote:
        content = issue.fields
        kind: ItemKind = next((kind for label, kind in _KINDS.items() if label in (content.labels or ())), "item")
        parent = content.parent.key if content.parent else ""
        fields = {
            "title": content.summary.removeprefix(f"{mark} "),
            "text": plain(content.description),
            "due": content.duedate,
            "container": by_key.get(parent) or parent,
        }
        if self._start:
            fields["start"] = str((content.model_extra or {}).get(self._start) or "")
        ended = content.status.status_category.key == "done"
        resolution = content.resolution.name if content.resolution else ""
        names = [name for name in (resolution, content.status.name) if name]
        progress, reason = outcomes.mapped(self.mapping.statuses, names, _progress(content))
        # A project that sets no resolution has no date of it either.
        moment = (content.resolutiondate or content.statuscategorychangedate) if ended else None
        return Remote(mark, kind, issue.key, fields, not ended, progress, moment, reason)

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        """By its mark; Jira's search may be a moment behind."""
        del kind
        self.web.pause(2.0)
        return self.read().get(mark)

    # -- writing --------------------------------------------------------------------------------------------------

    def _fields(self, fields: dict[str, str], containers: dict[str, str]) -> dict[str, Any]:
        payload: dict[str, Any] = {}
        if "text" in fields:
            payload["description"] = document(fields["text"].splitlines())
        if "due" in fields:
            payload["duedate"] = fields["due"] or None
        if "start" in fields and self._start:
            payload[self._start] = fields["start"] or None
        if fields.get("container"):
            payload["parent"] = {"key": containers[fields["container"]]}
        return payload

    def payload(self, wanted: Wanted, containers: dict[str, str]) -> dict[str, Any]:
        """The body that makes one issue."""
        return {"fields": self._own(wanted, containers) | self._screens.settings(wanted)}

    def _own(self, wanted: Wanted, containers: dict[str, str]) -> dict[str, Any]:
        """What is set of an issue whatever the mapping says."""
        kind = next((label for label, kind in _KINDS.items() if kind == wanted.kind), "stepladder-step")
        fields = {
            "project": {"key": self.project},
            "issuetype": {"id": self._screens.type_of(wanted.kind)},
            "summary": summary(wanted),
            "labels": [
                LABEL,
                kind,
                wanted.mark.lower(),
                *(self.mapping.labels if wanted.kind in self.settable else ()),
            ],
            **self._fields(wanted.fields, containers),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        """One issue."""
        try:
            created = self.web.ask("POST", f"{API}/issue", answers.Key, self.payload(wanted, containers), again=False)
        except Refused as error:
            if error.status != 400 or self._begun:
                raise
            raise self._screens.refused(wanted.kind, error) from error
        self._begun = True
        return Remote(wanted.mark, wanted.kind, created.key, self.shown(wanted))

    def create_all(self, wanted: Sequence[Wanted], containers: dict[str, str]) -> list[Remote | None]:
        """Up to fifty issues in one call. 201 says that some were made; which ones is read item by item, and the
        others are None.
        """
        body = {"issueUpdates": [self.payload(want, containers) for want in wanted]}
        try:
            reply = self.web.ask("POST", f"{API}/issue/bulk", answers.Made, body, again=False)
        except (Refused, Unsure, Foreign):
            return [None] * len(wanted)
        self._begun = self._begun or bool(reply.issues)
        failed, created = {error.failed_element_number for error in reply.errors}, [issue.key for issue in reply.issues]
        if len(created) != len(set(created)) or len(created) + len(failed) != len(wanted):
            # Which is which cannot be told.
            return [None] * len(wanted)
        # Those that were made are listed in order, without those that failed.
        keys = iter(created)
        return [
            None if k in failed else Remote(want.mark, want.kind, next(keys), self.shown(want))
            for k, want in enumerate(wanted)
        ]

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        """Only these fields."""
        payload = self._fields(fields, containers)
        if "title" in fields:
            payload["summary"] = summary(Wanted(remote.mark, remote.kind, fields))
        self.web.send("PUT", f"{API}/issue/{remote.key}", {"fields": payload})

    def close(self, remote: Remote, comment: str) -> None:
        """The first transition to a status that is done."""
        self._comment(remote, comment)
        self._move(remote, "done")

    def reopen(self, remote: Remote, comment: str) -> None:
        """The first transition to a status that is new."""
        self._comment(remote, comment)
        self._move(remote, "new")

    def _move(self, remote: Remote, category: str) -> None:
        steps = self.web.get(f"{API}/issue/{remote.key}/transitions", answers.Transitions).transitions
        step = next((step for step in steps if step.to.status_category.key == category), None)
        if step is None:
            raise Refused(409, f"{remote.key} has no transition to a status that is {category}")
        self.web.send("POST", f"{API}/issue/{remote.key}/transitions", {"transition": {"id": step.id}})

    def _comment(self, remote: Remote, comment: str) -> None:
        """Once, also when its answer was lost."""
        path = f"{API}/issue/{remote.key}/comment"

        def there() -> bool:
            """Whether it is the issue's last comment already."""
            comments = self.web.get(path, answers.Comments, orderBy="-created", maxResults=1).comments
            return bool(comments) and plain(comments[0].body) == comment

        once(there, lambda: self.web.send("POST", path, {"body": document([comment])}, again=False))

    # -- links ----------------------------------------------------------------------------------------------------

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        """As they were read."""
        return {(first, then) for first, then in self._links if first in remotes and then in remotes}

    def link(self, first: Remote, then: Remote) -> None:
        """The inward issue is the one that blocks."""
        body = {"type": {"name": BLOCKS}, "inwardIssue": {"key": first.key}, "outwardIssue": {"key": then.key}}
        try:
            self.web.send("POST", f"{API}/issueLink", body, again=False)
        except Unsure:
            self.read()
            if (first.mark, then.mark) not in self._links:
                self.web.send("POST", f"{API}/issueLink", body)

    def unlink(self, first: Remote, then: Remote) -> None:
        """Take it away, if it is still there."""
        number = self._links.pop((first.mark, then.mark), None)
        if number is not None:
            try:
                self.web.send("DELETE", f"{API}/issueLink/{number}")
            except Refused as error:
                if error.status != 404:
                    raise


def named(project: str) -> str:
    """A key.

    Raises
    ------
    UsageError
        When it is none.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{1,99}", project):
        raise UsageError(f"{project!r} is no key of a Jira project; write it as PLANT")
    return project


def _type(kinds: Sequence[answers.Type], level: int, what: str) -> answers.Type:
    kind = next((kind for kind in kinds if kind.hierarchy_level == level and not kind.subtask), None)
    if kind is None:
        raise UsageError(f"this project has no kind of issue that is {what}; add one to it")
    return kind


def _mark(issue: answers.Issue) -> str | None:
    return next((label.upper() for label in issue.fields.labels or () if _MARK.fullmatch(label)), None)


def summary(wanted: Wanted) -> str:
    """An issue's summary: its mark, then as much of the title as Jira takes."""
    kind = {"container": "Phase ", "milestone": "Milestone: "}.get(wanted.kind, "")
    return fitted(wanted.fields["title"], JIRA, f"{wanted.mark} {kind}")


def _progress(content: answers.Fields) -> tuple[Progress, str]:
    """A status that is done says how only with its resolution, or where a project sets none with its own name."""
    category = content.status.status_category.key
    if category != "done":
        return ("running" if category == "indeterminate" else "open"), ""
    return outcomes.closed([content.resolution.name if content.resolution else "", content.status.name])
