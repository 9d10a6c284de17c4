"""What a Redmine project has of what a mapping names: trackers, priorities, categories, custom fields and users.

Custom fields with all that is known of them, and logins, are shown to administrators only. To others the project names
its own custom fields, without those that are for all projects, and its members by their full names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

from stepladder.data.formats.mapping import TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import redmine_answers as answers
from stepladder.exchange.push.faults import Incomplete, Refused
from stepladder.exchange.push.mapped import absent, asked, fields_of, match, shown, user_of
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import Wanted

PAGE = 100


class Setup:
    """One project.

    Parameters
    ----------
    web, project
        Where.
    mapping
        What is to be set.
    """

    def __init__(self, web: Web, project: str, mapping: TrackerMap) -> None:
        self.web, self.project, self.mapping = web, project, mapping
        self._users: dict[str, str] = {}

    # -- what there is ---------------------------------------------------------------------------------------------

    @cached_property
    def _offers(self) -> answers.Offers:
        include = "trackers,issue_categories,issue_custom_fields"
        return self.web.get(f"projects/{self.project}.json", answers.Offering, include=include).project

    @cached_property
    def _priorities(self) -> list[answers.Named]:
        return self.web.get("enumerations/issue_priorities.json", answers.Priorities).issue_priorities

    @cached_property
    def _described(self) -> list[answers.CustomField] | None:
        """All custom fields of issues, of whatever project; None to who is no administrator."""
        try:
            fields = self.web.get("custom_fields.json", answers.CustomFields).custom_fields
        except Refused:
            return None
        return [field for field in fields if field.customized_type == "issue"]

    @cached_property
    def _custom(self) -> list[answers.CustomField]:
        """Custom fields by name: of fields that are for all projects an administrator is told, and others see them on
        issues that are there.
        """
        if self._described is not None:
            return self._described
        newest = {"project_id": self._offers.id, "status_id": "*", "limit": PAGE, "sort": "id:desc"}
        issues = self.web.get("issues.json", answers.Issues, **newest).issues
        fields = [*self._offers.issue_custom_fields, *(field for issue in issues for field in issue.custom_fields)]
        return [answers.CustomField(id=field.id, name=field.name) for field in {one.id: one for one in fields}.values()]

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        """By id, the id and the full name."""
        members, offset, total, pages = dict[str, tuple[str, ...]](), 0, 1, Pages(self.web, "members")
        while offset < total:
            path = f"projects/{self.project}/memberships.json"
            page = self.web.get(path, answers.Members, limit=PAGE, offset=offset)
            total, offset = page.total_count, offset + PAGE
            pages.most(total, PAGE)
            users = [member.user for member in page.memberships if member.user is not None]
            members |= {user.id: (user.id, user.name) for user in users}
        return members

    # -- what is set -----------------------------------------------------------------------------------------------

    def settings(self, wanted: Wanted) -> dict[str, Any]:
        """What the mapping sets of an issue, as Redmine takes it.

        Raises
        ------
        UsageError
            When there is no such thing.
        """
        payload: dict[str, Any] = {}
        for key, value in self._parts(wanted):
            if key == "custom_fields":
                payload.setdefault(key, []).append(value())
            else:
                payload[key] = value()
        return payload

    def _parts(self, wanted: Wanted) -> Iterator[tuple[str, Callable[[], Any]]]:
        """What is set, and how it is looked up."""
        mapping, user = self.mapping, user_of(self.mapping, wanted)
        if mapping.type:
            yield "tracker_id", partial(_number, "tracker", mapping.type, self._offers.trackers)
        if mapping.priority:
            yield "priority_id", partial(_number, "priority", mapping.priority, self._priorities)
        if mapping.category:
            yield "category_id", partial(_number, "category", mapping.category, self._offers.issue_categories)
        if user:
            yield "assigned_to_id", partial(self._user, user)
        for name, value in fields_of(mapping, wanted).items():
            yield "custom_fields", partial(self._custom_field, name, value)

    def _custom_field(self, name: str, value: Any) -> dict[str, Any]:
        field = self._field(name)
        if field is None:
            if name.isdigit() and self._described is None:
                return {"id": int(name), "value": _sent(value)}
            fault = absent("this project", "custom field of issues", name, [field.name for field in self._custom])
            hidden = "; Redmine may have more, and tell only administrators: write such a field's number instead"
            raise UsageError(fault + ("" if self._described is not None else hidden))
        options = [option.value for option in field.possible_values]
        for one in value if isinstance(value, list) else [value]:
            if options and shown(one) not in options:
                raise UsageError(absent(f"the field {field.name!r}", "value", shown(one), options))
        return {"id": int(field.id), "value": _sent(value)}

    def _field(self, name: str) -> answers.CustomField | None:
        number = match(name, {field.id: (field.name, field.id) for field in self._custom})
        return next((field for field in self._custom if field.id == number), None)

    def _user(self, user: str) -> int:
        if user not in self._users:
            self._users[user] = match(user, self._members) or self._by_login(user) or ""
        if self._users[user] not in self._members:
            names = [f"{name} ({number})" for number, name in self._members.values()]
            raise UsageError(absent("this project", "member", user, names))
        return int(self._users[user])

    def _by_login(self, login: str) -> str | None:
        """A user's id; to who is no administrator Redmine says only who they are themselves."""
        try:
            users = self.web.get("users.json", answers.Users, name=login, limit=PAGE).users
        except Refused:
            try:
                users = [self.web.get("users/current.json", answers.Current).user]
            except Refused:
                return None
        return match(login, {user.id: (user.login, user.mail) for user in users})

    # -- what is wrong ---------------------------------------------------------------------------------------------

    def wrong(self, wanted: Sequence[Wanted]) -> list[str]:
        """Every sentence of what is not there, and of what must be set and is not."""
        faults: dict[str, None] = {}
        for want in wanted:
            for _, value in self._parts(want):
                try:
                    value()
                except UsageError as error:
                    faults[str(error)] = None
        return [*faults, *self._unset(wanted)]

    def _unset(self, wanted: Sequence[Wanted]) -> list[str]:
        """Fields that an issue of this tracker must have, and that are not set of every one."""
        trackers = self._offers.trackers
        tracker = (
            match(self.mapping.type, _names(trackers)) if self.mapping.type else trackers[0].id if trackers else None
        )
        # Of fields that the project does not name it is not told whether they are for all projects.
        own = {field.id for field in self._offers.issue_custom_fields}
        wants = [field for field in self._described or () if field.is_required and not field.default_value]
        wants = [field for field in wants if field.id in own]
        wants = [field for field in wants if not field.trackers or tracker in {one.id for one in field.trackers}]
        unset = [field for field in wants if not all(self._sets(field, want) for want in wanted)]
        return [_asked(unset)] if unset else []

    def _sets(self, field: answers.CustomField, wanted: Wanted) -> bool:
        return any(self._field(name) == field for name in fields_of(self.mapping, wanted))

    def refused(self, error: Refused) -> Refused:
        """What Redmine says of the first issue, with the lines that set what it wants; the same if it says nothing."""
        try:
            faults = [str(fault) for fault in json.loads(error.reply)["errors"]]
        except (ValueError, KeyError, TypeError):
            return error
        unset = [field for field in self._custom if any(fault.startswith(field.name) for fault in faults)]
        remedy = f"; {_asked(unset)}" if unset else "; set what it wants in a mapping, with --map"
        return Incomplete(
            error.status, f"{self.web.host} does not take the first step: {'; '.join(faults)}{remedy}", ""
        )


def _names(known: Sequence[answers.Named]) -> dict[str, tuple[str, ...]]:
    return {one.id: (one.name, one.id) for one in known}


def _number(kind: str, name: str, known: Sequence[answers.Named]) -> int:
    number = match(name, _names(known))
    if number is None:
        raise UsageError(absent("this project", kind, name, [one.name for one in known]))
    return int(number)


def _sent(value: Any) -> Any:
    """Redmine takes texts, and 1 and 0 for yes and no."""
    if isinstance(value, list):
        return [_sent(one) for one in value]
    return str(int(value)) if isinstance(value, bool) else str(value)


def _asked(fields: Sequence[answers.CustomField]) -> str:
    """That fields must be set, what they may be, and the lines that set them."""
    known = {field.name: (f"id {field.id}", [option.value for option in field.possible_values]) for field in fields}
    return asked("every issue here", known)
