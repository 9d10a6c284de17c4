"""GitHub, by its REST interface: phases are milestones, steps and dated demands are issues, and what comes first blocks
what comes then.

An issue has no dates of its own; they stand in a block at the top of its text, between two comments that nobody sees.
The block is ours, the rest of the text is everybody's. A milestone carries its mark at the end of its description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.exporters.github import LABEL, block, issue, label, milestone, text, title
from stepladder.exchange.push import github_answers as answers
from stepladder.exchange.push.faults import Foreign, Refused, Unsure
from stepladder.exchange.push.github_remotes import of_issue, of_milestone
from stepladder.exchange.push.github_setup import Setup, listed_in
from stepladder.exchange.push.web import Web, once
from stepladder.exchange.tracker import PLACES, ItemKind, Remote, Wanted, listed
from stepladder.wording import marks

#: Seconds between two calls that make something: GitHub takes eighty of them a minute.
PACE = 0.8


class GitHub:
    """One repository.

    Parameters
    ----------
    web
        The host, with the token in its headers.
    project
        owner/name.
    mapping
        How issues are made, and what labels mean.
    """

    settable: tuple[ItemKind, ...] = ("item", "milestone")

    def __init__(self, web: Web, project: str, mapping: TrackerMap = DEFAULT) -> None:
        self.web, self.path, self.mapping = web, f"repos/{named(project)}", mapping
        self.linked: tuple[ItemKind, ...] = self.settable if mapping.links else ()
        self._setup = Setup(web, self.path, mapping)
        web.pace = PACE
        rights = web.project(self.path, answers.Repository, f"repository {project!r}").permissions
        if rights is None or not rights.push:
            # Without it GitHub drops labels and milestones, and says nothing.
            raise UsageError(f"this token may not write to {project}; give it the right to push, or to issues")
        self._labelled = False

    def shown(self, wanted: Wanted) -> dict[str, str]:
        """A phase has a title and a due date only."""
        fields = {**wanted.fields, "title": title(wanted)}
        if wanted.kind == "container":
            return {name: fields[name] for name in ("title", "due")}
        return {**fields, "text": text(wanted.fields["text"])}

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self) -> dict[str, Remote]:
        """Milestones, then issues with our label."""
        remotes: dict[str, Remote] = {}
        for answer in listed_in(self.web, f"{self.path}/milestones", answers.Milestone, state="all"):
            remote = of_milestone(answer)
            if remote is not None:
                listed(remotes, remote)
        places = {remote.key: remote.mark for remote in remotes.values()}
        order = {"sort": "created", "direction": "asc"}
        for issue_ in listed_in(self.web, f"{self.path}/issues", answers.Issue, state="all", labels=LABEL, **order):
            remote = of_issue(issue_, places, self.mapping.statuses)
            if remote.mark and issue_.pull_request is None:
                listed(remotes, remote)
        return remotes

    def at(self, key: str) -> Remote | None:
        """An issue by its number; of one that went to another repository GitHub says so itself."""
        issue_ = self.web.get(f"{self.path}/issues/{key.partition('/')[0]}", answers.Issue)
        return of_issue(issue_, {}, self.mapping.statuses)

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        """By its mark; GitHub's lists may be a moment behind."""
        del kind
        self.web.pause(PACE)
        return self.read().get(mark)

    def check(self, wanted: Sequence[Wanted]) -> None:
        """Whether the types are the organisation's, and issues of the repository can be assigned to the users."""
        faults = self._setup.wrong([want for want in wanted if want.kind in self.settable])
        if faults:
            raise UsageError("\n".join(faults))

    # -- writing --------------------------------------------------------------------------------------------------

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        """A milestone or an issue."""
        remote: Remote | None
        if wanted.kind == "container":
            remote = of_milestone(
                self.web.ask("POST", f"{self.path}/milestones", answers.Milestone, milestone(wanted), again=False)
            )
        else:
            self._label()
            body = (
                issue(wanted)
                | _place(wanted.fields, containers)
                | (self._setup.settings(wanted) if wanted.kind in self.settable else {})
            )
            reply = self.web.ask("POST", f"{self.path}/issues", answers.Issue, body, again=False)
            remote = of_issue(reply, {key: mark for mark, key in containers.items()}, self.mapping.statuses)
        if remote is None or (remote.mark, remote.kind) != (wanted.mark, wanted.kind):
            raise Foreign(f"{self.web.host} answered that it was made, and showed another thing")
        return remote

    def _label(self) -> None:
        if self._labelled:
            return
        try:
            self.web.send("POST", f"{self.path}/labels", label())
        except Refused as error:
            if error.status != 422:
                raise
        self._labelled = True

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        """Only these fields; of the text the block alone, unless the text itself is to change."""
        if remote.kind == "container":
            whole = Wanted(remote.mark, remote.kind, {"text": "", **remote.fields, **fields})
            payload = milestone(whole)
            self.web.send(
                "PATCH", f"{self.path}/milestones/{remote.key}", {name: payload[name] for name in ("title", "due_on")}
            )
            return
        body: dict[str, Any] = {}
        if "title" in fields:
            body["title"] = title(Wanted(remote.mark, remote.kind, fields), marked=True)
        if {"start", "due", "text"} & set(fields):
            rest = text(fields["text"]) if "text" in fields else remote.fields["text"]
            body["body"] = f"{block(remote.mark, remote.kind, {**remote.fields, **fields})}\n\n{rest}"
        if "container" in fields:
            body |= _place(fields, containers)
        self.web.send("PATCH", f"{self.path}/issues/{_number(remote)}", body)

    def close(self, remote: Remote, comment: str) -> None:
        """With a comment, as not planned."""
        if remote.kind == "container":
            self.web.send("PATCH", f"{self.path}/milestones/{remote.key}", {"state": "closed"})
            return
        self._comment(remote, comment)
        self.web.send(
            "PATCH", f"{self.path}/issues/{_number(remote)}", {"state": "closed", "state_reason": "not_planned"}
        )

    def reopen(self, remote: Remote, comment: str) -> None:
        """With a comment."""
        if remote.kind == "container":
            self.web.send("PATCH", f"{self.path}/milestones/{remote.key}", {"state": "open"})
            return
        self._comment(remote, comment)
        self.web.send("PATCH", f"{self.path}/issues/{_number(remote)}", {"state": "open"})

    def _comment(self, remote: Remote, comment: str) -> None:
        """Once, also when its answer was lost."""
        path, body = f"{self.path}/issues/{_number(remote)}/comments", marks.markdown(comment)

        def there() -> bool:
            """Whether it is the issue's last comment already."""
            return [reply.body for reply in listed_in(self.web, path, answers.Comment)][-1:] == [body]

        once(there, lambda: self.web.send("POST", path, {"body": body}, again=False))

    # -- links ----------------------------------------------------------------------------------------------------

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        """What blocks what, among ours."""
        by_number = {_number(remote): mark for mark, remote in remotes.items() if remote.kind not in PLACES}
        return {
            (first, mark)
            for mark, remote in remotes.items()
            if remote.kind not in PLACES
            for first in self._before(remote, by_number)
        }

    def _before(self, remote: Remote, by_number: dict[str, str]) -> list[str]:
        try:
            issues = list(
                listed_in(self.web, f"{self.path}/issues/{_number(remote)}/dependencies/blocked_by", answers.Issue)
            )
        except Refused as error:
            if error.status not in (404, 410):
                raise
            return []
        return [by_number[issue.number] for issue in issues if issue.number in by_number]

    def link(self, first: Remote, then: Remote) -> None:
        """The first blocks the other, by its id, which is not its number; if it does already, that is as good."""
        try:
            self.web.send(
                "POST", f"{self.path}/issues/{_number(then)}/dependencies/blocked_by", {"issue_id": _id(first)}
            )
        except (Refused, Unsure):
            if not self._before(then, {_number(first): first.mark}):
                raise

    def nested(self, remotes: Mapping[str, Remote]) -> set[tuple[str, str]]:
        """Which are sub-issues of which of our parents."""
        by_number = {_number(remote): mark for mark, remote in remotes.items() if remote.kind != "container"}
        return {
            (mark, by_number[child.number])
            for mark, remote in remotes.items()
            if remote.kind == "parent"
            for child in listed_in(self.web, f"{self.path}/issues/{_number(remote)}/sub_issues", answers.Issue)
            if child.number in by_number
        }

    def nest(self, parent: Remote, child: Remote, *, again: bool) -> None:
        """By its id, which is not its number; if it is there already, that is as good."""
        body = {"sub_issue_id": _id(child), **({"replace_parent": True} if again else {})}
        try:
            self.web.send("POST", f"{self.path}/issues/{_number(parent)}/sub_issues", body)
        except (Refused, Unsure):
            if (parent.mark, child.mark) not in self.nested({parent.mark: parent, child.mark: child}):
                raise

    def unlink(self, first: Remote, then: Remote) -> None:
        """Take it away, if it is still there."""
        try:
            self.web.send("DELETE", f"{self.path}/issues/{_number(then)}/dependencies/blocked_by/{_id(first)}")
        except Refused as error:
            if error.status != 404:
                raise


def _number(remote: Remote) -> str:
    return remote.key.partition("/")[0]


def _id(remote: Remote) -> int:
    return int(remote.key.partition("/")[2])


def _place(fields: dict[str, str], containers: dict[str, str]) -> dict[str, Any]:
    return {"milestone": int(containers[fields["container"]]) if fields["container"] in containers else None}


def named(project: str) -> str:
    """owner/name, each of which is one segment of a path.

    Raises
    ------
    UsageError
        When it is not.
    """
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}", project) or {".", ".."} & set(
        project.split("/")
    ):
        raise UsageError(f"{project!r} is no repository; write it as owner/name")
    return project
