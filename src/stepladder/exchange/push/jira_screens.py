"""What a Jira project takes of a mapping: its types of issues, and for each the fields of the screen with which issues
of it are made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from stepladder.data.formats.mapping import TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import jira_answers as answers
from stepladder.exchange.push.adf import document
from stepladder.exchange.push.faults import Incomplete, Refused
from stepladder.exchange.push.mapped import absent, asked, estimate, fields_of, match, numeric, shown, user_of
from stepladder.exchange.push.pages import Pages
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import PLACES, ItemKind, Wanted

API = "rest/api/3"
PAGE = 100
#: What is chosen from what the project has, and so named by what it is.
CHOSEN = ("option", "priority", "component", "version", "securitylevel")


class Screens:
    """One project.

    Parameters
    ----------
    web, project
        Where.
    mapping
        What is to be set.
    types
        The project's types of issues.
    first
        By kind of thing, the type of which it is made where the mapping names none.
    site
        All fields of the site.
    """

    def __init__(
        self,
        web: Web,
        project: str,
        mapping: TrackerMap,
        types: Sequence[answers.Type],
        first: Mapping[ItemKind, answers.Type],
        site: Sequence[answers.SiteField],
    ) -> None:
        self.web, self.project, self.mapping = web, project, mapping
        self.first, self.site = first, site
        self.types = [type_ for type_ in types if type_.hierarchy_level == 0 and not type_.subtask]
        self._screens: dict[str, list[answers.ScreenField] | None] = {}
        self._accounts: dict[str, str] = {}

    # -- what there is ---------------------------------------------------------------------------------------------

    def type_of(self, kind: ItemKind) -> str:
        """The id of the type of which a thing is made; the first one where there is none of the mapping's name."""
        return self._type(kind).id

    def _type(self, kind: ItemKind) -> answers.Type:
        if kind in PLACES:
            return self.first["container"]
        name = self._type_name(kind)
        number = match(name, {type_.id: (type_.name, type_.id) for type_ in self.types}) if name else None
        return next((type_ for type_ in self.types if type_.id == number), self.first["item"])

    def _type_name(self, kind: ItemKind) -> str | None:
        return (self.mapping.milestone_type if kind == "milestone" else None) or self.mapping.type

    def _screen(self, kind: ItemKind) -> list[answers.ScreenField] | None:
        """The fields of a kind's screen; None where Jira does not tell."""
        number = self.type_of(kind)
        if number not in self._screens:
            try:
                self._screens[number] = list(self._pages(f"{API}/issue/createmeta/{self.project}/issuetypes/{number}"))
            except Refused:
                self._screens[number] = None
        return self._screens[number]

    def _pages(self, path: str) -> Iterator[answers.ScreenField]:
        offset, total, pages = 0, 1, Pages(self.web, "fields")
        while offset < total:
            page = self.web.get(path, answers.Screen, startAt=offset, maxResults=PAGE)
            # Jira may send fewer than it was asked for.
            total, offset = page.total, offset + len(page.fields)
            pages.most(total, PAGE)
            yield from page.fields
            if offset < total:
                pages.turn(str(offset), len(page.fields))

    def _field(self, kind: ItemKind, name: str) -> answers.ScreenField | None:
        """A field of a kind's screen by its id or name; one that is not known where Jira does not tell.

        Raises
        ------
        UsageError
            When the screen does not have it.
        """
        screen = self._screen(kind)
        if screen is None:
            number = match(name, {field.id: (field.id, field.name) for field in self.site})
            return answers.ScreenField(field_id=number or name, name=name, required=True)
        number = match(name, {field.field_id: (field.field_id, field.name) for field in screen})
        if number is not None:
            return next(field for field in screen if field.field_id == number)
        if kind in PLACES:
            return None
        type_ = self._type(kind).name
        if match(name, {field.id: (field.id, field.name) for field in self.site}) is not None:
            raise UsageError(
                f"the screen with which issues of the type {type_!r} are made does not have the field {name!r}; put it"
                " there, or take it out of the mapping"
            )
        raise UsageError(absent(f"the screen of the type {type_!r}", "field", name, [field.name for field in screen]))

    # -- what is set -----------------------------------------------------------------------------------------------

    def settings(self, wanted: Wanted) -> dict[str, Any]:
        """What the mapping sets of an issue, by the ids of fields. An epic has only what its screen wants.

        Raises
        ------
        UsageError
            When there is no such thing.
        """
        return {key: value for key, make in self._parts(wanted) for key, value in make().items()}

    def _parts(self, wanted: Wanted) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        """What is set, and how it is looked up."""
        mapping, user = self.mapping, user_of(self.mapping, wanted)
        kind, set_ = wanted.kind, partial(self._set, wanted.kind)
        if kind not in PLACES:
            if mapping.priority:
                yield "priority", partial(set_, "priority", mapping.priority)
            if mapping.components:
                yield "components", partial(set_, "components", list(mapping.components))
            if user:
                yield "assignee", partial(set_, "assignee", user)
            if mapping.estimates and wanted.days:
                yield "timetracking", partial(self._estimate, wanted)
        for name, value in fields_of(mapping, wanted).items():
            yield name, partial(set_, name, value)

    def _set(self, kind: ItemKind, name: str, value: Any) -> dict[str, Any]:
        field = self._field(kind, name)
        if field is None or (kind in PLACES and not field.required):
            return {}
        return {field.field_id: self._sent(field, value)}

    def _estimate(self, wanted: Wanted) -> dict[str, Any]:
        """Only where the screen has it: not every project counts time."""
        there = any(field.field_id == "timetracking" for field in self._screen(wanted.kind) or ())
        return {"timetracking": {"originalEstimate": estimate(wanted.days)}} if there else {}

    def _sent(self, field: answers.ScreenField, value: Any) -> Any:
        """A value in the form that its field takes."""
        if isinstance(value, list) or field.shape.type == "array":
            return [self._one(field, field.shape.items, one) for one in (value if isinstance(value, list) else [value])]
        return self._one(field, field.shape.type, value)

    def _one(self, field: answers.ScreenField, kind: str, value: Any) -> Any:
        if isinstance(value, dict):
            if field.allowed_values and not any(_option(field, str(one)) for one in value.values()):
                raise UsageError(_no_value(field, shown(value)))
            return value
        if kind == "user" or field.field_id == "assignee":
            return {"id": self._account(str(value))}
        if field.allowed_values:
            option = _option(field, shown(value))
            if option is None:
                raise UsageError(_no_value(field, shown(value)))
            return {"id": option.id} if option.id else option.value
        if kind in CHOSEN or field.field_id in ("priority", "components"):
            return {"value" if kind == "option" else "name": shown(value)}
        if kind == "number":
            return numeric(field.name, value)
        if field.shape.custom.endswith(":textarea") or field.shape.system in ("environment", "description"):
            return document(shown(value).splitlines())
        return shown(value) if kind in ("string", "date", "datetime") else value

    def _account(self, user: str) -> str:
        """The account id of a user to whom issues of the project can be assigned, by it or by the e-mail."""
        if user not in self._accounts:
            query = {"query": user} if "@" in user else {"accountId": user}
            users = self._assignable(**query)
            exact = [
                one for one in users if user.casefold() in (one.account_id.casefold(), one.email_address.casefold())
            ]
            # Most people hide their e-mail, and are found by it all the same.
            sure = exact or (users if len(users) == 1 else [])
            self._accounts[user] = sure[0].account_id if sure else ""
        if not self._accounts[user]:
            raise UsageError(absent("this project", "assignable user", user, self._people))
        return self._accounts[user]

    @cached_property
    def _people(self) -> list[str]:
        return [f"{one.display_name} ({one.account_id})" for one in self._assignable(query="")]

    def _assignable(self, **query: str) -> list[answers.User]:
        try:
            return self.web.get(
                f"{API}/user/assignable/search",
                list[answers.User],
                project=self.project,
                maxResults=PAGE,
                **query,
            )
        except Refused:
            return []

    # -- what is wrong ---------------------------------------------------------------------------------------------

    def wrong(self, wanted: Sequence[Wanted], own: Sequence[Mapping[str, Any]]) -> list[str]:
        """Every sentence of what is not there, and of what must be set and is not.

        Parameters
        ----------
        wanted
            What is to be made.
        own
            The fields of each of them that are set without a mapping.
        """
        faults: dict[str, None] = {}
        for kind in dict.fromkeys(want.kind for want in wanted):
            name = self._type_name(kind) if kind not in PLACES else None
            names = {type_.id: (type_.name, type_.id) for type_ in self.types}
            if name and match(name, names) is None:
                faults[absent("this project", "type of issue", name, [type_.name for type_ in self.types])] = None
        sets = list[set[str]]()
        for want, fields in zip(wanted, own, strict=True):
            there = set(fields)
            for _, value in self._parts(want):
                try:
                    there |= set(value())
                except UsageError as error:
                    faults[str(error)] = None
            sets.append(there)
        return [*faults, *([] if faults else self._unset(wanted, sets))]

    def _unset(self, wanted: Sequence[Wanted], sets: Sequence[set[str]]) -> Iterator[str]:
        """Fields that a screen wants, and that are not set of everything that is made with it."""
        kinds = {self.type_of(want.kind): want.kind for want in wanted}
        for number, kind in kinds.items():
            mine = [there for want, there in zip(wanted, sets, strict=True) if self.type_of(want.kind) == number]
            must = [field for field in self._screen(kind) or () if field.required and not field.has_default_value]
            unset = [field for field in must if not all(field.field_id in there for there in mine)]
            if unset:
                yield _asked(self._type(kind).name, unset)

    def refused(self, kind: ItemKind, error: Refused) -> Refused:
        """What Jira says of the first issue, with the lines that set what it wants; the same where it says nothing of
        fields.
        """
        try:
            faults = {str(name): str(fault) for name, fault in json.loads(error.reply)["errors"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return error
        if not faults:
            return error
        names = {field.id: field.name for field in self.site}
        fields = [answers.ScreenField(field_id=name, name=names.get(name) or name) for name in faults]
        return Incomplete(
            error.status,
            f"{self.web.host} does not take the first of them: {'; '.join(faults.values())}; "
            f"{_asked(self._type(kind).name, fields)}",
        )


def _option(field: answers.ScreenField, value: str) -> answers.Option | None:
    options = {str(k): (option.value, option.name, option.id) for k, option in enumerate(field.allowed_values)}
    place = match(value, options)
    return None if place is None else field.allowed_values[int(place)]


def _no_value(field: answers.ScreenField, value: str) -> str:
    return absent(f"the field {field.name!r}", "value", value, [option.shown for option in field.allowed_values])


def _asked(type_: str, fields: Sequence[answers.ScreenField]) -> str:
    """That fields must be set, what they may be, and the lines that set them."""
    known = {field.name: (field.field_id, [option.shown for option in field.allowed_values]) for field in fields}
    return asked(f"every issue of the type {type_!r}", known)
