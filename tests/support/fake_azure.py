"""An Azure DevOps of our own, in memory, for httpx, written from its documentation (Work Item Tracking, 7.1): only what
a push uses, strict about what it is sent. No Azure has seen it.
"""

from __future__ import annotations

import base64
import copy
import datetime
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import jsonschema

ROOT = "/acme/line"
TYPE, STATE, REASON = "System.WorkItemType", "System.State", "System.Reason"
TITLE, TEXT, TAGS, HISTORY = "System.Title", "System.Description", "System.Tags", "System.History"
PROJECT, AREA, ITERATION = "System.TeamProject", "System.AreaPath", "System.IterationPath"
START, TARGET, FINISH = (f"Microsoft.VSTS.Scheduling.{name}Date" for name in ("Start", "Target", "Finish"))
CLOSED, CHANGED = "Microsoft.VSTS.Common.ClosedDate", "Microsoft.VSTS.Common.StateChangeDate"
FORWARD, REVERSE = "System.LinkTypes.Dependency-Forward", "System.LinkTypes.Dependency-Reverse"
CHILD, PARENT = "System.LinkTypes.Hierarchy-Forward", "System.LinkTypes.Hierarchy-Reverse"
OPPOSITE = {FORWARD: REVERSE, REVERSE: FORWARD, CHILD: PARENT, PARENT: CHILD}
ASSIGNED, PRIORITY = "System.AssignedTo", "Microsoft.VSTS.Common.Priority"
ESTIMATE = "Microsoft.VSTS.Scheduling.OriginalEstimate"
NOW = "2027-03-01T10:00:00.17Z"
#: Work items in one answer to a query, and in one batch; characters of a tag.
MOST, BATCH, LONGEST_TAG = 20_000, 200, 400

_AGILE = {"New": "Proposed", "Active": "InProgress", "Resolved": "Resolved", "Closed": "Completed"}
_SCRUM = {"New": "Proposed", "Approved": "Proposed", "Committed": "InProgress", "Done": "Completed"}
_CMMI = {"Proposed": "Proposed", "Active": "InProgress", "Resolved": "Resolved", "Closed": "Completed"}
_BASIC = {"To Do": "Proposed", "Doing": "InProgress", "Done": "Completed"}
_GONE = {"Removed": "Removed"}
#: By process and type: states with their categories, in their order, and fields of dates.
PROCESSES: dict[str, dict[str, tuple[dict[str, str], tuple[str, ...]]]] = {
    "Agile": {
        "Bug": (_AGILE, ()),
        "Epic": ({**_AGILE, **_GONE}, (START, TARGET)),
        "Issue": ({"Active": "InProgress", "Closed": "Completed"}, ()),
        "Task": ({**_AGILE, **_GONE}, (START, FINISH)),
        "User Story": ({**_AGILE, **_GONE}, (START, FINISH)),
    },
    "Scrum": {
        "Epic": ({"New": "Proposed", "In Progress": "InProgress", "Done": "Completed", **_GONE}, (START, TARGET)),
        "Impediment": ({"Open": "Proposed", "Closed": "Completed"}, ()),
        "Product Backlog Item": ({**_SCRUM, **_GONE}, (START, TARGET, FINISH)),
    },
    "CMMI": {
        "Epic": (_CMMI, (START, TARGET)),
        "Issue": (_CMMI, ()),
        "Requirement": (_CMMI, (START, TARGET)),
    },
    "Basic": {"Epic": (_BASIC, ()), "Issue": (_BASIC, ()), "Task": (_BASIC, ())},
}
#: By reference name, fields that some types have: name, what it holds, values that it may have; whether they are read
#: only, have a list from which one may depart, or hold people.
FIELDS: dict[str, dict[str, Any]] = {
    TITLE: {"name": "Title", "type": "string"},
    TEXT: {"name": "Description", "type": "html"},
    TAGS: {"name": "Tags", "type": "plainText"},
    STATE: {"name": "State", "type": "string"},
    AREA: {"name": "Area Path", "type": "treePath"},
    ITERATION: {"name": "Iteration Path", "type": "treePath"},
    "System.CreatedDate": {"name": "Created Date", "type": "dateTime", "readOnly": True},
    ASSIGNED: {"name": "Assigned To", "type": "string", "isIdentity": True, "allowed": ["Ann Lee"]},
    PRIORITY: {"name": "Priority", "type": "integer", "allowed": ["1", "2", "3", "4"]},
    START: {"name": "Start Date", "type": "dateTime"},
    TARGET: {"name": "Target Date", "type": "dateTime"},
    FINISH: {"name": "Finish Date", "type": "dateTime"},
    ESTIMATE: {"name": "Original Estimate", "type": "double"},
    "Microsoft.VSTS.Common.ValueArea": {
        "name": "Value Area",
        "type": "string",
        "allowed": ["Architectural", "Business"],
    },
}
#: RFC 6902, with the operations that Azure takes.
PATCH = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["op", "path"],
        "properties": {"path": {"type": "string", "pattern": "^(/([^/~]|~[01])*)*$"}},
        "oneOf": [
            {
                "required": ["value"],
                "properties": {"op": {"enum": ["add", "replace", "test"]}, "path": {}, "value": {}},
                "additionalProperties": False,
            },
            {"properties": {"op": {"const": "remove"}, "path": {}}, "additionalProperties": False},
            {
                "required": ["from"],
                "properties": {"op": {"enum": ["copy", "move"]}, "path": {}, "from": {"type": "string"}},
                "additionalProperties": False,
            },
        ],
    },
}
_TOKEN = re.compile(
    r"\s*(?:\[(?P<field>[\w.]+)\]|'(?P<text>(?:[^']|'')*)'|(?P<number>\d+)|(?P<macro>@\w+)|(?P<word><>|[=<>]|[A-Za-z]+))"
)


class No(Exception):
    """What Azure refuses."""

    def __init__(self, status: int, message: str, **properties: Any) -> None:
        said = {"$id": "1", "innerException": None, "message": message, "errorCode": 0, "eventId": 3000}
        self.answer = httpx.Response(status, json={**said, **({"customProperties": properties} if properties else {})})
        super().__init__(message)


def _rule(name: str, label: str, *flags: str) -> No:
    """A refusal by a rule of a field."""
    message = f"TF401320: Rule Error for field {label}. Error code: {', '.join(flags)}."
    small = ", ".join(f"{flag[0].lower()}{flag[1:]}" for flag in flags)
    rule = {
        "fieldReferenceName": name,
        "fieldStatusFlags": small,
        "errorMessage": message,
        "ruleValidationErrors": None,
    }
    return No(400, message, FieldReferenceName=None, ErrorMessage=message, RuleValidationErrors=[rule])


class FakeAzure:
    """One project, ``line`` of the organisation ``acme``.

    ``faults`` says for the n-th writing call what goes wrong: ``429``, ``503``, ``502``, ``412``, ``lost`` (done, and
    the answer is lost); ``before`` and ``after`` what happens before it, and between its being done and its answer.
    """

    def __init__(self, process: str = "Agile", faults: dict[int, str] | None = None) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self.comments: list[tuple[int, str]] = []
        self.bodies: list[tuple[str, Any]] = []
        self.faults, self.writes, self.calls = dict(faults or {}), 0, list[str]()
        self.before: dict[int, Callable[[FakeAzure], object]] = {}
        self.after: dict[int, Callable[[FakeAzure], object]] = {}
        self.types = copy.deepcopy(PROCESSES[process])
        self.transitions: dict[str, dict[str, list[str]]] = {}
        self.required: dict[str, str] = {}
        # Of the required ones, those of which it is not told.
        self.secret: set[str] = set()
        self.fields = copy.deepcopy(FIELDS)
        # By type, further fields of it; by what people write, who it is.
        self.further: dict[str, tuple[str, ...]] = {"Task": (ESTIMATE,), "Bug": (ESTIMATE,)}
        self.people = {"ann@acme.example": "Ann Lee", "acme\\bray": "Bob Ray"}
        self.iterations: dict[str, Any] = {"name": "line"}
        self.project, self.origin, self.root = "line", "https://dev.azure.com", ROOT
        self.authorization = f"Basic {base64.b64encode(b':secret-token').decode()}"
        self.most = MOST
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert not self.origin or f"{request.url.scheme}://{request.url.netloc.decode()}" == self.origin, "another host"
        assert not self.authorization or request.headers["authorization"] == self.authorization
        self.calls.append(f"{request.method} {request.url.path}")
        try:
            return self._answer(request)
        except No as no:
            return no.answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("api-version") != "7.1":
            raise No(400, "VssVersionNotSpecifiedException")
        # Not decoded, so that a name is one segment.
        path = request.url.raw_path.decode().partition("?")[0]
        above, _, _ = self.root.rpartition("/")
        for begin, scoped in ((f"{self.root}/_apis/wit/", True), (f"{above}/_apis/wit/", False)):
            if path.startswith(begin):
                return self._route(request, unquote(path.removeprefix(begin)), scoped)
        raise No(404, "TF200016: The following project does not exist")

    def _route(self, request: httpx.Request, path: str, scoped: bool) -> httpx.Response:
        asked = request.url.params
        if request.method == "GET":
            return self._get(path, asked)
        if path in ("wiql", "workitemsbatch"):
            if request.method != "POST" or request.headers["content-type"] != "application/json":
                raise No(415, "VS403449: The request's content type is not supported")
            assert scoped
            body = json.loads(request.content)
            return self._query(body, asked) if path == "wiql" else self._batch(body)
        return self._write(request, path)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _get(self, path: str, asked: httpx.QueryParams) -> httpx.Response:
        if path == "workitemtypes":
            return self._yes({"count": len(self.types), "value": [self._type(name) for name in self.types]})
        if path == "classificationnodes/iterations":
            assert int(asked["$depth"]) <= 14
            return self._yes(self.iterations)
        if path == "fields":
            return self._yes({"value": [self._described(name) for name in (*self.fields, *self.required)]})
        if named := re.fullmatch("workitemtypes/([^/]+)/fields", path):
            if named[1] not in self.types:
                raise No(404, f"VS402323: Work item type {named[1]} does not exist in project")
            return self._yes({"value": self._fields(named[1])})
        numbered = re.fullmatch(r"workitems/(\d+)", path)
        assert numbered, path
        return self._yes(self._item(self._there(int(numbered[1])), asked.get("$expand", "")))

    def _yes(self, content: Any) -> httpx.Response:
        return httpx.Response(200, json=content, headers=self.headers)

    def _there(self, number: int) -> dict[str, Any]:
        if number not in self.items:
            message = f"TF401232: Work item {number} does not exist, or you do not have permissions to read it."
            raise No(404, message)
        return self.items[number]

    def _item(self, item: dict[str, Any], expand: str) -> dict[str, Any]:
        shown = {name: value for name, value in item.items() if name != "relations" or (expand and value)}
        return {**copy.deepcopy(shown), "url": f"{self.origin}/acme/_apis/wit/workItems/{item['id']}"}

    def _type(self, name: str) -> dict[str, Any]:
        states = self.types[name][0]
        free = {one: [other for other in states if other != one] for one in states}
        steps = {"": [next(iter(states))], **free, **self.transitions.get(name, {})}
        return {
            "name": name,
            "isDisabled": False,
            "states": [{"name": state, "category": category, "color": "b2b2b2"} for state, category in states.items()],
            "transitions": {one: [{"to": other, "actions": None} for other in more] for one, more in steps.items()},
        }

    def _fields(self, name: str) -> list[dict[str, Any]]:
        always = {
            "System.AreaId": None,
            "System.IterationId": None,
            TITLE: None,
            STATE: next(iter(self.types[name][0])),
        }
        needed = {
            **always,
            PRIORITY: "2",
            "Microsoft.VSTS.Common.ValueArea": None,
            **dict.fromkeys(one for one in self.required if one not in self.secret),
        }
        others = [one for one in self._known(name) if one not in needed and one not in self.required]
        hidden = [one for one in self.required if one in self.secret]
        return [
            *(self._of_type(one, alwaysRequired=True, defaultValue=value) for one, value in needed.items()),
            *(self._of_type(one, alwaysRequired=False) for one in (*others, *hidden)),
        ]

    def _known(self, name: str) -> tuple[str, ...]:
        """Fields that a type has."""
        common = (TITLE, TEXT, TAGS, STATE, AREA, ITERATION, ASSIGNED, PRIORITY, "System.CreatedDate", HISTORY)
        return (*common, *self.required, *self.types[name][1], *self.further.get(name, ()))

    def _of_type(self, name: str, **more: Any) -> dict[str, Any]:
        field = self.fields.get(name, {})
        label = field.get("name") or self.required.get(name) or name.rpartition(".")[2]
        return {"referenceName": name, "name": label, "allowedValues": field.get("allowed", []), **more}

    def _described(self, name: str) -> dict[str, Any]:
        field = {key: value for key, value in self.fields.get(name, {}).items() if key != "allowed"}
        plain = {"name": self.required.get(name), "type": "string", "readOnly": False, "isIdentity": False}
        return {**plain, "isPicklistSuggested": False, **field, "referenceName": name}

    def _query(self, body: dict[str, Any], asked: httpx.QueryParams) -> httpx.Response:
        assert set(body) == {"query"}
        top = int(asked["$top"]) if "$top" in asked else None
        conditions = _conditions(body["query"])
        numbers = [
            number
            for number in sorted(self.items)
            if all(_fits(self.items[number], condition, self.project) for condition in conditions)
        ]
        if (top is None and len(numbers) > self.most) or (top or 0) > self.most:
            raise No(400, f"VS402337: The number of work items returned exceeds the size limit of {self.most}.")
        references = [
            {"id": number, "url": f"{self.origin}/acme/_apis/wit/workItems/{number}"} for number in numbers[:top]
        ]
        return self._yes({"queryType": "flat", "queryResultType": "workItem", "workItems": references})

    def _batch(self, body: dict[str, Any]) -> httpx.Response:
        if not set(body) <= {"ids", "fields", "$expand", "asOf", "errorPolicy"}:
            raise No(400, "VS403433: Invalid batch request.")
        if {"fields", "$expand"} <= set(body):
            raise No(400, "The expand parameter can not be used with the fields parameter.")
        if not body["ids"] or len(body["ids"]) > BATCH or not all(isinstance(number, int) for number in body["ids"]):
            raise No(400, "VS403474: You requested too many work items")
        items = [
            self._item(self.items[number], body.get("$expand", "")) if number in self.items else None
            for number in body["ids"]
        ]
        if None in items and body.get("errorPolicy") != "omit":
            raise No(404, "TF401232: Work item does not exist, or you do not have permissions to read it.")
        return self._yes({"count": len(items), "value": items})

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write(self, request: httpx.Request, path: str) -> httpx.Response:
        self.writes += 1
        if self.writes in self.before:
            self.before.pop(self.writes)(self)
        fault = self.faults.pop(self.writes, None)
        if fault in ("429", "503"):
            return httpx.Response(int(fault), headers={"retry-after": "3", "x-ratelimit-remaining": "0"})
        if fault == "502":
            return httpx.Response(502)
        if fault == "412":
            raise No(412, "VS403351: Test Operation for path /rev failed.")
        if request.headers["content-type"] != "application/json-patch+json":
            raise No(415, "VS403449: The request's content type is not supported")
        body = json.loads(request.content)
        self.bodies.append((f"{request.method} {re.sub('[0-9]+', 'N', path)}", copy.deepcopy(body)))
        if not jsonschema.Draft202012Validator(PATCH).is_valid(body):
            raise No(400, "VS403436: You must pass a valid patch document in the body of the request.")
        answer = self._made(path, body) if request.method == "POST" else self._changed(request.method, path, body)
        if self.writes in self.after:
            self.after.pop(self.writes)(self)
        if fault == "lost":
            raise httpx.ReadTimeout("lost", request=request)
        return answer

    def _made(self, path: str, body: list[dict[str, Any]]) -> httpx.Response:
        named = re.fullmatch(r"workitems/\$(.+)", path)
        if not named or named[1] not in self.types:
            raise No(404, f"VS402323: Work item type {path} does not exist in project")
        state = next(iter(self.types[named[1]][0]))
        fields = {
            PROJECT: self.project,
            TYPE: named[1],
            STATE: state,
            REASON: "New",
            AREA: self.project,
            ITERATION: self.project,
            CHANGED: NOW,
        }
        blank = {"id": max(self.items, default=0) + 1, "rev": 0, "fields": fields, "relations": []}
        item = self._applied(blank, body)
        missing = [name for name in (TITLE, *self.required) if not item["fields"].get(name)]
        if missing:
            raise _rule(missing[0], self.required.get(missing[0], "Title"), "Required", "HasValues", "InvalidEmpty")
        self._keep(item)
        return self._yes(self._item(item, "all"))

    def _changed(self, method: str, path: str, body: list[dict[str, Any]]) -> httpx.Response:
        numbered = re.fullmatch(r"workitems/(\d+)", path)
        assert method == "PATCH"
        assert numbered, path
        assert body[0]["op"] == "test", "somebody's change might be written over"
        item = self._applied(self._there(int(numbered[1])), body)
        self._keep(item)
        return self._yes(self._item(item, ""))

    def by_hand(self, number: int, **fields: str) -> None:
        """As if somebody had done it there; names as here, in small letters."""
        item = self.items[number]
        for name, value in fields.items():
            item["fields"][globals()[name.upper()]] = value
        item["rev"] += 1

    def _applied(self, before: dict[str, Any], body: list[dict[str, Any]]) -> dict[str, Any]:
        """All of it or nothing."""
        item = copy.deepcopy(before)
        for one in body:
            kind, _, name = one["path"].removeprefix("/").partition("/")
            if one["path"] == "/rev" and one["op"] == "test":
                if one["value"] != before["rev"]:
                    raise No(412, "VS403351: Test Operation for path /rev failed.")
            elif kind == "fields" and one["op"] in ("add", "replace"):
                self._set(item, name, one["value"])
            elif kind == "fields" and one["op"] == "remove":
                if not item["fields"].pop(name, None):
                    raise No(400, f"TF51535: Cannot find field {name}.")
            elif kind == "relations" and one["op"] == "add" and name == "-":
                self._relate(item, one["value"])
            elif kind == "relations" and one["op"] == "remove" and int(name) < len(item["relations"]):
                del item["relations"][int(name)]
            else:
                raise No(400, f"VS403436: The path {one['path']} cannot be patched.")
        item["rev"] += 1
        return item

    def _set(self, item: dict[str, Any], name: str, value: Any) -> None:
        kind = item["fields"][TYPE]
        if name not in self._known(kind):
            raise No(400, f"TF51535: Cannot find field {name}.")
        field = self.fields.get(name, {"name": self.required.get(name, name)})
        holds: Any = {"integer": int, "double": int | float, "boolean": bool}.get(field.get("type", ""), str)
        if not isinstance(value, holds) or value == "" or (isinstance(value, bool) and holds is not bool):
            raise _rule(name, field["name"], "InvalidType")
        if field.get("readOnly"):
            raise _rule(name, field["name"], "ReadOnly", "InvalidNotOldValue")
        if field.get("isIdentity"):
            item["fields"][name] = self._person(name, field["name"], value)
            return
        if field.get("allowed") and str(value) not in field["allowed"] and not field.get("isPicklistSuggested"):
            raise _rule(name, field["name"], "HasValues", "LimitedToValues", "InvalidNotInList")
        if not isinstance(value, str):
            item["fields"][name] = value
            return
        check: dict[str, Callable[[], bool]] = {
            TITLE: lambda: len(value.encode("utf-16-le")) // 2 <= 255 and value.splitlines() == [value],
            TAGS: lambda: all(len(tag.strip()) <= LONGEST_TAG and "," not in tag for tag in value.split(";")),
            STATE: lambda: value in [one["to"] for one in self._type(kind)["transitions"][item["fields"][STATE]]],
            ITERATION: lambda: value in _paths(self.iterations, ""),
        }
        if field.get("type") == "dateTime":
            check[name] = lambda: datetime.datetime.fromisoformat(value).tzinfo is not None
        if not check.get(name, lambda: True)():
            raise No(400, f"TF401320: Rule Error for field {name}. Error code: InvalidFormat, {value[:80]!r}.")
        if name == HISTORY:
            self.comments.append((item["id"], value))
            return
        if name == TAGS:
            value = "; ".join(sorted((tag.strip() for tag in value.split(";")), key=str.lower))
        if name == STATE:
            ended = self.types[kind][0][value] == "Completed"
            item["fields"] |= {REASON: f"Moved to state {value}", CHANGED: NOW, CLOSED: NOW if ended else None}
        item["fields"][name] = value.strip()

    def _person(self, name: str, label: str, value: str) -> dict[str, str]:
        """Somebody, by what people write; Azure says who it does not know in its own words."""
        known = {one: {"displayName": shown, "uniqueName": one} for one, shown in self.people.items()}
        if value.casefold() not in known:
            message = f"The identity value '{value}' for field '{label}' is an unknown identity."
            raise No(400, message, ReferenceName=name)
        return known[value.casefold()]

    def _relate(self, item: dict[str, Any], value: dict[str, Any]) -> None:
        assert set(value) <= {"rel", "url", "attributes"}
        if value["rel"] not in OPPOSITE:
            raise No(400, f"TF402602: Link type {value['rel']} does not exist.")
        host = re.escape(self.origin) if self.origin else "https?://[^/]+"
        named = re.fullmatch(
            rf"{host}{re.escape(self.root.rpartition('/')[0])}/_apis/wit/workItems/(\d+)", value["url"]
        )
        if not named:
            raise No(400, f"VS402625: {value['url']} is no work item of this organization.")
        other = self._there(int(named[1]))
        if other["id"] == item["id"]:
            raise No(400, "TF237080: The link cannot be added because it would link a work item to itself.")
        if (value["rel"], other["id"]) in _pairs(item):
            raise No(400, "VS403440: Relation already exists.")
        if value["rel"] == PARENT and any(rel == PARENT for rel, _ in _pairs(item)):
            raise No(400, "TF201036: You cannot add a Child link because a work item can have only one Parent link.")
        if item["id"] in self._before(other["id"], value["rel"]):
            raise No(400, "TF201035: You cannot add this link because it would make a circle.")
        item["relations"].append({**value, "attributes": {"isLocked": False}})

    def _before(self, number: int, rel: str) -> set[int]:
        firsts = {one for kind, one in _pairs(self.items[number]) if kind == rel}
        return firsts.union(*(self._before(one, rel) for one in firsts))

    def _keep(self, item: dict[str, Any]) -> None:
        """With the other end of each link, which makes a revision of the other work item."""
        old = _pairs(self.items[item["id"]]) if item["id"] in self.items else set()
        self.items[item["id"]] = item
        for rel, number in old ^ _pairs(item):
            if number not in self.items:
                continue
            other, opposite = self.items[number], OPPOSITE[rel]
            other["relations"] = [
                one for one in other["relations"] if (one["rel"], _number(one["url"])) != (opposite, item["id"])
            ]
            if (rel, number) in _pairs(item):
                url = f"{self.origin}/acme/0f0f0f0f-1111/_apis/wit/workItems/{item['id']}"
                # In front, so that places change.
                other["relations"].insert(0, {"rel": opposite, "url": url, "attributes": {}})
            other["rev"] += 1

    def links(self) -> set[tuple[int, int]]:
        """Which is the predecessor of which."""
        return {(first, number) for number, item in self.items.items() for rel, first in _pairs(item) if rel == REVERSE}

    def parents(self) -> dict[int, int]:
        return {number: one for number, item in self.items.items() for rel, one in _pairs(item) if rel == PARENT}


def _number(url: str) -> int:
    return int(url.rpartition("/")[2])


def _pairs(item: dict[str, Any]) -> set[tuple[str, int]]:
    return {(one["rel"], _number(one["url"])) for one in item["relations"]}


def _paths(node: dict[str, Any], above: str) -> list[str]:
    path = f"{above}{node['name']}"
    return [path, *(one for child in node.get("children", ()) for one in _paths(child, f"{path}\\"))]


def _conditions(query: str) -> list[tuple[str, str, str, str]]:
    """Field, operator, kind of value and value of a query of the one form that is known here, word by word; of anything
    else Azure's refusal.
    """
    tokens, at = list[tuple[str, str]](), 0
    while query[at:].strip():
        token = _TOKEN.match(query, at)
        if token is None or (token.lastgroup == "text" and re.match(r"\w", query[token.end() : token.end() + 1])):
            raise No(400, f"TF51006: The query statement is missing a closing quote or a name: {query[at:][:20]!r}")
        kind = str(token.lastgroup)
        tokens.append((kind, token[kind]))
        at = token.end()
    words = [value.upper() if kind == "word" else kind for kind, value in tokens]
    begin = ["SELECT", "field", "FROM", "WORKITEMS", "WHERE"]
    if words[:5] != begin or words[-3:] != ["ORDER", "BY", "field"] or (len(words) - 8) % 4 != 3:
        raise No(400, "TF51006: The query statement is missing a clause.")
    conditions = []
    for at in range(5, len(tokens) - 3, 4):
        (_, field), (_, operator), (kind, value) = tokens[at : at + 3]
        if field not in (PROJECT, TAGS, "System.Id") or (at > 5 and words[at - 1] != "AND"):
            raise No(400, f"TF51005: The query references a field that does not exist: {field}.")
        if operator.upper() not in ("=", ">", "CONTAINS"):
            raise No(400, f"TF51005: The operator {operator} is not known.")
        conditions.append((field, operator.upper(), kind, value))
    return conditions


def _fits(item: dict[str, Any], condition: tuple[str, str, str, str], project: str) -> bool:
    field, operator, kind, value = condition
    there = item["id"] if field == "System.Id" else item["fields"].get(field, "")
    if operator == "CONTAINS":
        return value.replace("''", "'").lower() in [tag.strip().lower() for tag in str(there).split(";")]
    wanted: Any = project if kind == "macro" else int(value) if kind == "number" else value
    return bool(there > wanted if operator == ">" else there == wanted)
