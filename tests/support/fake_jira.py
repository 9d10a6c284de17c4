"""A Jira of our own, in memory, for httpx: only what a push uses, strict about what it is sent."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

START = "customfield_10015"


class FakeJira:
    """One project.

    ``faults`` says for the n-th writing call what goes wrong: ``429``, ``502``, ``lost``; ``refused`` are summaries
    that fail once in a batch.
    """

    def __init__(self, faults: dict[int, str] | None = None, *, start: bool = True) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.links: dict[str, tuple[str, str]] = {}
        self.comments: list[tuple[str, Any]] = []
        self.faults, self.writes, self.start = dict(faults or {}), 0, start
        self.refused: set[str] = set()
        self.moved: dict[str, str] = {}
        self.moved_fields: dict[str, dict[str, Any]] = {}
        self.bodies: list[tuple[str, Any]] = []
        #: By level; and by type's id the fields of its screen, as Jira describes them. None: it does not tell.
        self.types = [("2", "Task", 0), ("1", "Epic", 1), ("4", "Risk", 0), ("3", "Sub-task", -1)]
        self.screens: dict[str, list[dict[str, Any]]] | None = {}
        #: So many fields at once, whatever was asked for.
        self.most = 200
        self.secret: list[dict[str, Any]] = []
        self.fields: list[dict[str, str]] = []
        self.users = [
            {"accountId": "5b10aa", "displayName": "Ann Lee", "emailAddress": "ann@acme.example"},
            {"accountId": "5b10bb", "displayName": "Bob Ray"},
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "acme.atlassian.net"
        assert request.headers["authorization"].startswith("Basic ")
        path = request.url.path.removeprefix("/rest/api/3")
        body = json.loads(request.content) if request.content else {}
        if request.method == "GET":
            return self._get(path, request.url.params)
        if path == "/search/jql":
            return self._search(body)
        self.writes += 1
        self.bodies.append((f"{request.method} {path}", body))
        fault = self.faults.pop(self.writes, None)
        if fault == "429":
            return httpx.Response(429, headers={"retry-after": "2", "ratelimit-reason": "jira-burst-based"})
        if fault == "502":
            return httpx.Response(502)
        answer = self._write(request.method, path, body)
        if fault == "lost":
            raise httpx.RemoteProtocolError("lost", request=request)
        return answer

    def _get(self, path: str, asked: httpx.QueryParams) -> httpx.Response:
        if path == "/issue/createmeta/LINE/issuetypes":
            kinds = [
                {"id": number, "name": name, "hierarchyLevel": level, "subtask": level < 0}
                for number, name, level in self.types
            ]
            return httpx.Response(200, json={"issueTypes": kinds})
        if path.startswith("/issue/createmeta/LINE/issuetypes/"):
            if self.screens is None:
                return httpx.Response(403)
            fields = self.screens.get(path.rpartition("/")[2], [])
            at, most = int(asked["startAt"]), min(int(asked["maxResults"]), self.most)
            return httpx.Response(
                200, json={"fields": fields[at : at + most], "startAt": at, "maxResults": most, "total": len(fields)}
            )
        if path == "/user/assignable/search":
            assert asked["project"] == "LINE"
            assert ("query" in asked) != ("accountId" in asked)
            wanted = asked.get("accountId") or asked.get("query") or ""
            # Who hides an e-mail is found by it all the same.
            hidden = {"bob@acme.example": "5b10bb"}
            users = [
                user
                for user in self.users
                if wanted in (user["accountId"], user.get("emailAddress"), "")
                or hidden.get(wanted) == user["accountId"]
            ]
            return httpx.Response(200, json=users)
        if path == "/field":
            return httpx.Response(
                200,
                json=[
                    {"id": "summary", "name": "Summary"},
                    *([{"id": START, "name": "Start date"}] if self.start else []),
                    *self.fields,
                ],
            )
        key = path.split("/")[2]
        if path == f"/issue/{key}":
            return self._one(key)
        if path.endswith("/comment"):
            return httpx.Response(
                200, json={"comments": [{"body": text} for at, text in reversed(self.comments) if at == key][:1]}
            )
        assert path.endswith("/transitions"), path
        steps = [{"id": name, "to": {"statusCategory": {"key": name}}} for name in ("new", "indeterminate", "done")]
        return httpx.Response(200, json={"transitions": steps})

    def _one(self, key: str) -> httpx.Response:
        """What went to another project is shown under its new key; what was deleted or is hidden is not there."""
        if key in self.moved:
            return httpx.Response(200, json={"key": self.moved[key], "fields": self.moved_fields[key]})
        there = {"key": key, "fields": self.issues.get(key)}
        return httpx.Response(200 if key in self.issues else 404, json=there)

    def move(self, key: str, to: str) -> None:
        """As if somebody had moved it into another project."""
        self.moved[key], self.moved_fields[key] = to, self.issues.pop(key)

    def _search(self, body: dict[str, Any]) -> httpx.Response:
        assert 'project = "LINE" AND labels = stepladder' in body["jql"]
        at = int(body.get("nextPageToken", 0))
        keys = list(self.issues)[at : at + 4]
        issues = [{"key": key, "fields": {**self.issues[key], "issuelinks": self._links_of(key)}} for key in keys]
        return httpx.Response(
            200, json={"issues": issues, **({"nextPageToken": str(at + 4)} if at + 4 < len(self.issues) else {})}
        )

    def _links_of(self, key: str) -> list[dict[str, Any]]:
        found = [
            {"id": name, "type": {"name": "Blocks"}, "inwardIssue": {"key": first}}
            for name, (first, then) in self.links.items()
            if then == key
        ]
        return found + [
            {"id": name, "type": {"name": "Blocks"}, "outwardIssue": {"key": then}}
            for name, (first, then) in self.links.items()
            if first == key
        ]

    def _make(self, fields: dict[str, Any]) -> str | None:
        if fields["summary"] in self.refused:
            self.refused.remove(fields["summary"])
            return None
        assert len(fields["summary"]) <= 255
        assert "parent" not in fields or fields["parent"]["key"] in self.issues
        assert all(re.fullmatch(r"[\w-]+", label) for label in fields["labels"])
        if self._unset(fields):
            return None
        key = f"LINE-{len(self.issues) + 1}"
        self.issues[key] = {"resolutiondate": None, "status": {"statusCategory": {"key": "new"}}, **fields}
        return key

    def _unset(self, fields: dict[str, Any]) -> dict[str, str]:
        """What the screen wants, and is not there."""
        return {
            field["fieldId"]: f"{field['name']} is required."
            for field in self.wanted_by(fields["issuetype"]["id"])
            if field.get("required") and not field.get("hasDefaultValue") and field["fieldId"] not in fields
        }

    def wanted_by(self, number: str) -> list[dict[str, Any]]:
        """The fields of a type's screen, also where nobody is told of them."""
        return (self.screens or {}).get(number, []) if self.screens is not None else self.secret

    def _write(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        if path == "/issue/bulk":
            assert len(body["issueUpdates"]) <= 50
            keys = [self._make(update["fields"]) for update in body["issueUpdates"]]
            errors = [
                {"failedElementNumber": k, "status": 400, "elementErrors": {}}
                for k, key in enumerate(keys)
                if key is None
            ]
            # 201 as soon as one of them was made.
            return httpx.Response(
                201 if any(keys) else 400, json={"issues": [{"key": key} for key in keys if key], "errors": errors}
            )
        if path == "/issue":
            key = self._make(body["fields"])
            return httpx.Response(
                201 if key else 400,
                json={"key": key} if key else {"errorMessages": [], "errors": self._unset(body["fields"])},
            )
        if path == "/issueLink":
            self.links[str(len(self.links) + 1)] = (body["inwardIssue"]["key"], body["outwardIssue"]["key"])
            return httpx.Response(201)
        if path.startswith("/issueLink/"):
            self.links.pop(path.split("/")[2], None)
            return httpx.Response(204)
        key = path.split("/")[2]
        if path.endswith("/comment"):
            self.comments.append((key, body["body"]))
        elif path.endswith("/transitions"):
            self.issues[key]["status"] = {"statusCategory": {"key": body["transition"]["id"]}}
            self.issues[key]["resolutiondate"] = (
                "2027-03-01T10:00:00.000+0100" if body["transition"]["id"] == "done" else None
            )
        else:
            assert method == "PUT"
            self.issues[key] |= body["fields"]
        return httpx.Response(204)
