"""Redmine, by its REST interface: phases and milestones are versions, steps are issues, and what comes first blocks
what comes then.

``precedes`` would move the dates of what follows, earlier as well as later; ``blocks`` orders the work and moves
nothing. An issue carries its mark at the beginning of its subject, a version at the end of its description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import redmine_answers as answers
from stepladder.exchange.push.faults import Foreign, Refused, Unsure
from stepladder.exchange.push.mapped import HOURS
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.redmine_remotes import of_issue, of_version
from stepladder.exchange.push.redmine_setup import Setup
from stepladder.exchange.push.web import Web
from stepladder.exchange.titles import REDMINE, REDMINE_VERSION, fitted
from stepladder.exchange.tracker import ItemKind, Remote, Wanted, listed
from stepladder.wording import marks

PAGE = 100
BLOCKS = "blocks"


class Redmine:
    """One project.

    Parameters
    ----------
    web
        The server, with the key in its headers.
    project
        Its identifier.
    mapping
        How issues are made, and what statuses mean.
    """

    settable: tuple[ItemKind, ...] = ("item",)

    def __init__(self, web: Web, project: str, mapping: TrackerMap = DEFAULT) -> None:
        self.web, self.project, self.mapping = web, named(project), mapping
        self.linked: tuple[ItemKind, ...] = self.settable if mapping.links else ()
        self._setup, self._begun = Setup(web, project, mapping), False
        self.number = int(web.project(f"projects/{project}.json", answers.Project, f"project {project!r}").project.id)
        self._statuses: dict[str, answers.Status] | None = None

    def shown(self, wanted: Wanted) -> dict[str, str]:
        """A version has one line of text, and its name carries the mark."""
        if wanted.kind != "item":
            return {"title": self._name(wanted), "text": _line(wanted.fields["text"]), "due": wanted.fields["due"]}
        title = subject(wanted.mark, wanted.fields["title"]).partition("] ")[2]
        return {**wanted.fields, "title": title, "text": _text(wanted.fields["text"])}

    def _all_statuses(self) -> dict[str, answers.Status]:
        """By id, in Redmine's order."""
        if self._statuses is None:
            statuses = self.web.get("issue_statuses.json", answers.Statuses).issue_statuses
            self._statuses = {status.id: status for status in statuses}
        return self._statuses

    def read(self) -> dict[str, Remote]:
        """Versions, then issues."""
        remotes: dict[str, Remote] = {}
        for version in self.web.get(f"projects/{self.project}/versions.json", answers.Versions).versions:
            remote = of_version(version)
            if remote is not None:
                listed(remotes, remote)
        places = {remote.key: remote.mark for remote in remotes.values() if remote.kind == "container"}
        for issue in self._issues("~[SL-"):
            step = of_issue(issue, places, self._all_statuses(), self.mapping.statuses)
            if step.mark:
                listed(remotes, step)
        return remotes

    def at(self, key: str) -> Remote | None:
        """An issue by its number."""
        issue = self.web.get(f"issues/{key}.json", answers.IssueMade).issue
        if issue.project is None or issue.project.id != str(self.number):
            return None
        return of_issue(issue, {}, self._all_statuses(), self.mapping.statuses)

    def _issues(self, subject: str) -> Iterator[answers.Issue]:
        offset, total, pages = 0, 1, Pages(self.web, "issues")
        while offset < total:
            asked = {
                "project_id": self.number,
                "subproject_id": "!*",
                "status_id": "*",
                "subject": subject,
                "limit": PAGE,
                "offset": offset,
                "sort": "id",
            }
            page = self.web.get("issues.json", answers.Issues, **asked)
            total, offset = page.total_count, offset + PAGE
            pages.most(total, PAGE)
            yield from page.issues
            if offset < total:
                pages.turn(page.issues[0].id if page.issues else f"empty at {offset}", len(page.issues))

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        """By its mark."""
        del kind
        return self.read().get(mark)

    def check(self, wanted: Sequence[Wanted]) -> None:
        """Whether the project has all that the mapping names, and what every issue must have is set."""
        faults = self._setup.wrong([want for want in wanted if want.kind == "item"])
        if faults:
            raise UsageError("\n".join(faults))

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        """A version or an issue."""
        if wanted.kind == "item":
            issue = self._issue(self._body(wanted, containers))
            places = {key: place for place, key in containers.items()}
            remote: Remote | None = of_issue(issue, places, {}, self.mapping.statuses)
        else:
            body = {
                "version": {
                    "name": self._name(wanted),
                    "due_date": wanted.fields["due"],
                    "description": _described(wanted),
                    "sharing": "none",
                }
            }
            remote = of_version(
                self.web.ask(
                    "POST", f"projects/{self.project}/versions.json", answers.VersionMade, body, again=False
                ).version
            )
        if remote is None or (remote.mark, remote.kind) != (wanted.mark, wanted.kind):
            raise Foreign(f"{self.web.host} answered that it was made, and showed another thing")
        return remote

    def _body(self, wanted: Wanted, containers: dict[str, str]) -> dict[str, Any]:
        estimated = wanted.days and self.mapping.estimates is not False
        return {
            "project_id": self.number,
            "subject": subject(wanted.mark, wanted.fields["title"]),
            **self._fields(wanted.fields, containers),
            **({"estimated_hours": wanted.days * HOURS} if estimated else {}),
            **self._setup.settings(wanted),
        }

    def _issue(self, body: dict[str, Any]) -> answers.Issue:
        """Make one. What Redmine refuses of the first it refuses of all: it does not tell everybody what it wants."""
        try:
            issue = self.web.ask("POST", "issues.json", answers.IssueMade, {"issue": body}, again=False).issue
        except Refused as error:
            if error.status != 422 or self._begun:
                raise
            raise self._setup.refused(error) from error
        self._begun = True
        return issue

    def _name(self, wanted: Wanted) -> str:
        """A version's name must differ from all others of the project; the mark makes it."""
        title = wanted.fields["title"]
        return f"{fitted(title, REDMINE_VERSION - len(wanted.mark) - 1)} {wanted.mark}"

    def _fields(self, fields: dict[str, str], containers: dict[str, str]) -> dict[str, Any]:
        payload: dict[str, Any] = {}
        for name, there in (("start", "start_date"), ("due", "due_date")):
            if name in fields:
                payload[there] = fields[name] or None
        if "container" in fields:
            payload["fixed_version_id"] = (
                int(containers[fields["container"]]) if fields["container"] in containers else None
            )
        if "text" in fields:
            payload["description"] = _text(fields["text"])
        return payload

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        """Only these fields."""
        if remote.kind == "item":
            body = self._fields(fields, containers)
            if "title" in fields:
                body["subject"] = subject(remote.mark, fields["title"])
            self.web.send("PUT", f"issues/{remote.key}.json", {"issue": body})
            return
        payload: dict[str, Any] = {"due_date": fields["due"]} if "due" in fields else {}
        wanted = Wanted(remote.mark, remote.kind, fields)
        payload |= {"name": self._name(wanted)} if "title" in fields else {}
        payload |= {"description": _described(wanted)} if "text" in fields else {}
        if payload:
            self.web.send("PUT", f"versions/{remote.key}.json", {"version": payload})

    def close(self, remote: Remote, comment: str) -> None:
        """An issue gets the first status that is a closed one; a version is closed."""
        if remote.kind != "item":
            self.web.send("PUT", f"versions/{remote.key}.json", {"version": {"status": "closed"}})
            return
        self.web.send(
            "PUT", f"issues/{remote.key}.json", {"issue": {"status_id": self._closed_status(), "notes": _text(comment)}}
        )

    def _closed_status(self) -> int:
        statuses = [status for status in self._all_statuses().values() if status.is_closed]
        if not statuses:
            raise UsageError("this Redmine has no status that closes an issue; make one")
        return int(next((status for status in statuses if "reject" in status.name.lower()), statuses[0]).id)

    def reopen(self, remote: Remote, comment: str) -> None:
        """Back to the first status that is open."""
        if remote.kind != "item":
            self.web.send("PUT", f"versions/{remote.key}.json", {"version": {"status": "open"}})
            return
        status = next((status for status in self._all_statuses().values() if not status.is_closed), None)
        if status is None:
            raise UsageError("this Redmine has no status of an open issue; make one")
        self.web.send(
            "PUT", f"issues/{remote.key}.json", {"issue": {"status_id": int(status.id), "notes": _text(comment)}}
        )

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        """Of issues; a version's issues are its own."""
        by_key = {remote.key: remote.mark for remote in remotes.values() if remote.kind == "item"}
        return {
            (first, mark)
            for mark, remote in remotes.items()
            if remote.kind == "item"
            for first in self._before(remote, by_key)
        }

    def _before(self, remote: Remote, by_key: dict[str, str]) -> list[str]:
        relations = self.web.get(f"issues/{remote.key}/relations.json", answers.Relations).relations
        firsts = [
            relation.issue_id
            for relation in relations
            if relation.relation_type == BLOCKS and relation.issue_to_id == remote.key
        ]
        return [by_key[first] for first in firsts if first in by_key]

    def link(self, first: Remote, then: Remote) -> None:
        """One relation; if it is there already, that is as good."""
        body = {"relation": {"issue_to_id": int(then.key), "relation_type": BLOCKS}}
        try:
            self.web.send("POST", f"issues/{first.key}/relations.json", body)
        except (Refused, Unsure):
            if not self._before(then, {first.key: first.mark}):
                raise

    def unlink(self, first: Remote, then: Remote) -> None:
        """Take all relations between the two away that are ours."""
        for relation in self.web.get(f"issues/{then.key}/relations.json", answers.Relations).relations:
            if relation.relation_type == BLOCKS and (relation.issue_id, relation.issue_to_id) == (first.key, then.key):
                try:
                    self.web.send("DELETE", f"relations/{relation.id}.json")
                except Refused as error:
                    if error.status != 404:
                        raise


def subject(mark: str, title: str) -> str:
    """An issue's subject: its mark, then as much of the title as Redmine takes."""
    return fitted(title, REDMINE, f"[{mark}] ")


def _text(text: str) -> str:
    """Lines in plain words, each of which begins with ours."""
    return "\n\n".join(marks.textile(line) for line in text.splitlines())


def _line(text: str) -> str:
    """As much of a text as a version has room for."""
    return text.partition("\n")[0][:200].strip()


def _described(wanted: Wanted) -> str:
    kind = "milestone" if wanted.kind == "milestone" else "phase"
    return f"{_line(wanted.fields['text'])} ({kind} {wanted.mark})"


def named(project: str) -> str:
    """An identifier, which is one segment of a path.

    Raises
    ------
    UsageError
        When it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", project):
        raise UsageError(
            f"{project!r} is no identifier of a Redmine project; write it as it stands in the project's address: small"
            " letters, digits, - and _"
        )
    return project
