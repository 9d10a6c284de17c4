"""What an Azure DevOps project takes of a mapping: its types of work item, and for each its fields.

Who is in a project Azure tells nobody who may only write work items: that it does not know somebody is learned from the
first item that is assigned to them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from pydantic import ValidationError

from stepladder.data.formats.mapping import TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import azure_answers as answers
from stepladder.exchange.push import azure_html as html
from stepladder.exchange.push import azure_process as processes
from stepladder.exchange.push.azure_calls import Calls
from stepladder.exchange.push.faults import Incomplete, Refused, brief
from stepladder.exchange.push.mapped import HOURS, absent, asked, fields_of, match, numeric, shown, user_of
from stepladder.exchange.tracker import PLACES, ItemKind, Wanted

PRIORITY = "Microsoft.VSTS.Common.Priority"
ESTIMATE = "Microsoft.VSTS.Scheduling.OriginalEstimate"
#: What a priority may be where the type does not say.
PRIORITIES = ("1", "2", "3", "4")
#: What is filled from the plan, beside dates.
PLANNED = frozenset(("System.Title", "System.Description", "System.Tags"))
#: What fields hold that have no list of their own: of what Azure names there it is not known that it is all.
LISTLESS = ("treepath", "boolean")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Setup:
    """One project.

    Parameters
    ----------
    calls
        Where.
    process
        What is made there.
    mapping
        What is to be set.
    """

    def __init__(self, calls: Calls, process: processes.Process, mapping: TrackerMap) -> None:
        self.calls, self.process, self.mapping = calls, process, mapping
        self._begun: set[str] = set()

    # -- what there is ---------------------------------------------------------------------------------------------

    @cached_property
    def _site(self) -> dict[str, answers.SiteField]:
        """All fields of the organisation, by their reference names; none where Azure does not tell."""
        try:
            return {field.reference_name: field for field in self.calls.site()}
        except Refused:
            return {}

    def _fields(self, kind: ItemKind) -> dict[str, answers.TypeField]:
        """The fields of a kind's type, by their reference names."""
        return {field.reference_name: field for field in self.process.fields(self.process.of(kind).name)}

    def _field(self, kind: ItemKind, name: str) -> answers.TypeField | None:
        """A field that can be set, by its reference name or its own; None where an epic does not have it.

        Raises
        ------
        UsageError
            When the type does not have it, or it is not for a mapping to fill.
        """
        fields, type_ = self._fields(kind), self.process.of(kind)
        key = match(name, {one: (one, field.name) for one, field in fields.items()})
        if key is None:
            if kind in PLACES:
                return None
            if match(name, {one: (one, field.name) for one, field in self._site.items()}) is not None:
                raise UsageError(
                    f"the type {type_.name!r} does not have the field {name!r}; add it there, or take it out of the"
                    " mapping"
                )
            raise UsageError(absent(f"the type {type_.name!r}", "field", name, [one.label for one in fields.values()]))
        if key in PLANNED.union(type_.dated.values()):
            raise UsageError(f"the field {fields[key].label!r} is filled from the plan; take it out of the mapping")
        if key in self._site and self._site[key].read_only:
            raise UsageError(f"the field {fields[key].label!r} cannot be written; take it out of the mapping")
        return fields[key]

    # -- what is set -----------------------------------------------------------------------------------------------

    def settings(self, wanted: Wanted) -> dict[str, Any]:
        """What the mapping sets of a work item, by reference names. An epic has only what its type wants.

        Raises
        ------
        UsageError
            When there is no such thing.
        """
        return {key: value for make in self._parts(wanted) for key, value in make().items()}

    def _parts(self, wanted: Wanted) -> Iterator[Callable[[], dict[str, Any]]]:
        """How each thing that is set is looked up. Whose user somebody is weighs more than a field for all."""
        mapping, kind, user = self.mapping, wanted.kind, user_of(self.mapping, wanted)
        for name, value in fields_of(mapping, wanted).items():
            yield partial(self._further, kind, name, value)
        if kind in PLACES:
            return
        if mapping.priority:
            yield partial(self._priority, kind, mapping.priority)
        if user:
            yield partial(dict[str, Any], {processes.ASSIGNED: user})
        if mapping.estimates and wanted.days:
            yield partial(self._estimate, wanted)

    def _further(self, kind: ItemKind, name: str, value: Any) -> dict[str, Any]:
        field = self._field(kind, name)
        if field is None or (kind in PLACES and not processes.wants(field)):
            return {}
        return {field.reference_name: self._sent(field, value)}

    def _priority(self, kind: ItemKind, name: str) -> dict[str, Any]:
        fields = self._fields(kind)
        if PRIORITY not in fields:
            raise UsageError(f"the type {self.process.of(kind).name!r} has no priority; take it out of the mapping")
        known = fields[PRIORITY].allowed_values or PRIORITIES
        if name not in known:
            raise UsageError(f"this project has no priority {name!r}; it has {', '.join(known)}")
        return {PRIORITY: int(name) if name.isdecimal() else name}

    def _estimate(self, wanted: Wanted) -> dict[str, Any]:
        """Only where the type has it."""
        return {ESTIMATE: round(wanted.days * HOURS, 2)} if ESTIMATE in self._fields(wanted.kind) else {}

    def _sent(self, field: answers.TypeField, value: Any) -> Any:
        """A value in the form that its field takes."""
        site = self._site.get(field.reference_name) or answers.SiteField(referenceName=field.reference_name)
        kind, free = site.type.casefold(), site.is_identity or site.is_picklist_suggested
        if field.allowed_values and not free and kind not in LISTLESS:
            value = _option(field, shown(value))
        if kind.endswith(("integer", "double")):
            return _whole(field, value) if kind.endswith("integer") else numeric(field.label, value)
        if kind == "boolean":
            return _truth(field, shown(value))
        if kind == "datetime":
            return _moment(field, shown(value))
        return html.document(shown(value).splitlines()) if kind in ("html", "history") else shown(value)

    # -- what is wrong ---------------------------------------------------------------------------------------------

    def wrong(self, wanted: Sequence[Wanted]) -> list[str]:
        """Every sentence of what is not there, and of what must be set and is not."""
        faults = dict.fromkeys(self._wrong_types({want.kind for want in wanted}))
        if faults:
            # What other types have is of no use.
            return [*faults]
        sets = list[set[str]]()
        for want in wanted:
            keys = set[str]()
            for make in self._parts(want):
                try:
                    keys |= set(make())
                except UsageError as error:
                    faults[str(error)] = None
            sets.append(keys)
        return [*faults] or [*self._unset(wanted, sets)]

    def _wrong_types(self, kinds: set[ItemKind]) -> Iterator[str]:
        types, mapping = self.process.types.values(), self.mapping
        names = [mapping.type] if "item" in kinds or not mapping.milestone_type else []
        names += [mapping.milestone_type] if "milestone" in kinds else []
        for name in names:
            if name and processes.named(types, name) is None:
                yield absent("this project", "type of work item", name, processes.offered(types))

    def _unset(self, wanted: Sequence[Wanted], sets: Sequence[set[str]]) -> Iterator[str]:
        """Fields that a type wants, and that are not set of everything that is made of it."""
        for type_, kind in {self.process.of(want.kind).name: want.kind for want in wanted}.items():
            mine = [keys for want, keys in zip(wanted, sets, strict=True) if self.process.of(want.kind).name == type_]
            must = [field for field in self._fields(kind).values() if processes.wants(field)]
            unset = [field for field in must if not all(field.reference_name in keys for keys in mine)]
            if unset:
                yield _asked(type_, unset)

    def taken(self, wanted: Wanted) -> None:
        """Of this type one was made: what is refused from now on is so for a reason of its own."""
        self._begun.add(self.process.of(wanted.kind).name)

    def refused(self, wanted: Wanted, error: Refused) -> Refused:
        """What Azure says of a field that the mapping sets, or of one that the first of its type must have, with what
        is to be changed in the mapping; the same where it says nothing of fields.
        """
        rules, keys = _rules(error), self.settings(wanted)
        wrong = [self._key(wanted, name) for rule in rules if (name := rule.field_reference_name) in keys]
        if wrong:
            said = "; ".join(brief(rule.error_message).rstrip(".") for rule in rules)
            where = " and ".join(dict.fromkeys(wrong))
            return Incomplete(
                error.status,
                f"{self.calls.web.host} does not take what the mapping sets: {said}; correct {where} in it (--map)",
            )
        fields, type_ = self._fields(wanted.kind), self.process.of(wanted.kind).name
        unset = [
            fields[name]
            for rule in rules
            if (name := rule.field_reference_name) in fields and "invalidempty" in rule.field_status_flags.casefold()
        ]
        if not unset or type_ in self._begun:
            return error
        return Incomplete(
            error.status, f"{self.calls.web.host} does not take the first of them: {_asked(type_, unset)}"
        )

    def _key(self, wanted: Wanted, name: str) -> str:
        """The key of the mapping that sets a field."""
        mapping = self.mapping
        if name == processes.ASSIGNED and user_of(mapping, wanted):
            return "assignees"
        if name == PRIORITY and mapping.priority:
            return "priority"
        return "estimates" if name == ESTIMATE and mapping.estimates else "fields"


def _rules(error: Refused) -> list[answers.Rule]:
    """What was refused, by field; nothing where it was not refused for a field."""
    try:
        reply = answers.Refusals.model_validate_json(error.reply)
    except ValidationError:
        return []
    why = reply.custom_properties
    if error.status != 400 or why is None:
        return []
    one = answers.Rule(fieldReferenceName=why.field, errorMessage=reply.message)
    return [rule for rule in (*(why.rules or ()), one) if rule.field_reference_name]


def _option(field: answers.TypeField, value: str) -> str:
    option = match(value, {one: (one,) for one in field.allowed_values})
    if option is None:
        raise UsageError(absent(f"the field {field.label!r}", "value", value, field.allowed_values))
    return option


def _whole(field: answers.TypeField, value: Any) -> int:
    exact = numeric(field.label, value)
    if exact != int(exact):
        raise UsageError(f"the field {field.label!r} takes a whole number, and the mapping makes {value!r} of it")
    return int(exact)


def _truth(field: answers.TypeField, value: str) -> bool:
    if value.casefold() not in ("true", "false"):
        raise UsageError(f"the field {field.label!r} takes true or false, and the mapping makes {value!r} of it")
    return value.casefold() == "true"


def _moment(field: answers.TypeField, value: str) -> str:
    """A day is sent as the plan's days are."""
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(
            f"the field {field.label!r} takes a day such as 2027-04-01, and the mapping makes {value!r} of it"
        ) from error
    return answers.sent(value) if _DAY.fullmatch(value) else value


def _asked(type_: str, fields: Sequence[answers.TypeField]) -> str:
    """That fields must be set, what they may be, and the lines that set them."""
    known: Mapping[str, tuple[str, Sequence[str]]] = {
        field.label: (field.reference_name, field.allowed_values) for field in fields
    }
    return asked(f"every work item of the type {type_!r}", known)
