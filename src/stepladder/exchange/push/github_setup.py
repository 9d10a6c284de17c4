"""What GitHub has of what a mapping names: the organisation's types of issues, and the users to whom a repository's
issues can be assigned; and how its lists are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from stepladder.data.formats.mapping import TrackerMap
from stepladder.exchange.exporters.github import LABEL
from stepladder.exchange.push import github_answers as answers
from stepladder.exchange.push.faults import Refused
from stepladder.exchange.push.mapped import absent, match, user_of
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import ItemKind, Wanted

T = TypeVar("T")
PAGE = 100
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Setup:
    """One repository.

    Parameters
    ----------
    web, path
        Where: ``repos/OWNER/NAME``.
    mapping
        What is to be set.
    """

    def __init__(self, web: Web, path: str, mapping: TrackerMap) -> None:
        self.web, self.path, self.mapping = web, path, mapping

    def settings(self, wanted: Wanted) -> dict[str, Any]:
        """What the mapping sets of an issue."""
        type_, user = self._type(wanted.kind), user_of(self.mapping, wanted)
        return {
            **({"labels": [LABEL, *self.mapping.labels]} if self.mapping.labels else {}),
            **({"type": type_} if type_ else {}),
            **({"assignees": [user]} if user else {}),
        }

    def _type(self, kind: ItemKind) -> str | None:
        return (self.mapping.milestone_type if kind == "milestone" else None) or self.mapping.type

    def wrong(self, wanted: Sequence[Wanted]) -> list[str]:
        """Every sentence of what is not there."""
        types = sorted({type_ for want in wanted if (type_ := self._type(want.kind))})
        users = sorted({user for want in wanted if (user := user_of(self.mapping, want))})
        return [*(self._wrong_types(types) if types else ()), *filter(None, map(self._wrong_user, users))]

    def _wrong_types(self, types: Sequence[str]) -> Iterator[str]:
        owner = self.path.split("/")[1]
        try:
            known = {
                one.name: (one.name,) for one in self.web.get(f"orgs/{owner}/issue-types", list[answers.IssueType])
            }
        except Refused as error:
            if error.status != 404:
                raise
            yield f"{owner} has no types of issues, which only organisations have; leave type and milestone_type out"
            return
        yield from (
            absent(owner, "type of issue", type_, list(known)) for type_ in types if match(type_, known) is None
        )

    def _wrong_user(self, user: str) -> str:
        if _LOGIN.fullmatch(user):
            try:
                self.web.send("GET", f"{self.path}/assignees/{user}")
            except Refused as error:
                if error.status != 404:
                    raise
            else:
                return ""
        known = [one.login for one in listed_in(self.web, f"{self.path}/assignees", answers.User)]
        return absent("this project", "assignable user", user, known)


def listed_in(web: Web, path: str, shape: type[T], **params: Any) -> Iterator[T]:
    """Everything in a list, page by page."""
    answer, pages = (
        web.send("GET", path, params={**params, "per_page": PAGE}),
        Pages(web, path.rpartition("/")[2].replace("_", " ")),
    )
    while True:
        # A list of them: mypy does not take a variable for a type.
        page: list[T] = web.read(answer, list[shape], f"GET {path}")  # type: ignore[valid-type]
        yield from page
        following = answer.following
        if not following:
            return
        pages.turn(following, len(page))
        answer = web.send("GET", following)
