"""A GitHub of our own, in memory, for httpx: only what a push uses, strict about what it is sent."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx


class FakeGitHub:
    """One repository. ``faults`` says for the n-th writing call what goes wrong: ``429``, ``502``, ``lost`` (done,
    and the answer is lost).
    """

    def __init__(self, faults: dict[int, str] | None = None) -> None:
        self.milestones: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.comments: list[tuple[int, str]] = []
        self.blocked: set[tuple[int, int]] = set()
        #: By number, the number of the issue below which it stands.
        self.below: dict[int, int] = {}
        self.labels: set[str] = set()
        self.faults, self.writes, self.requests = dict(faults or {}), 0, []  # type: ignore[var-annotated]
        self.pages = 3
        self.moved: set[int] = set()
        #: Logins to whom issues can be assigned, and the organisation's types; None where the owner is a person.
        self.users = ["ann", "bob-lee"]
        self.types: list[str] | None = ["Task", "Bug", "Feature"]
        self.bodies: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api.github.com", "another host"
        assert request.headers["authorization"] == "Bearer secret-token"
        self.requests.append((request.method, request.url.path))
        if request.method == "GET":
            return self._get(request)
        self.writes += 1
        fault = self.faults.pop(self.writes, None)
        if fault == "429":
            return httpx.Response(429, headers={"retry-after": "3"}, json={"message": "slow down"})
        if fault == "502":
            return httpx.Response(502, text="bad gateway")
        body = json.loads(request.content) if request.content else {}
        self.bodies.append((f"{request.method} {re.sub(r'[0-9]+', 'N', request.url.path)}", dict(body)))
        answer = self._write(request, body)
        if fault == "lost":
            raise httpx.ReadTimeout("lost", request=request)
        return answer

    def _page(self, request: httpx.Request, held: list[Any]) -> httpx.Response:
        """A few at a time, so that links to next pages are followed."""
        at = int(request.url.params.get("page", 1))
        more = (
            {"link": f'<{request.url.copy_set_param("page", at + 1)}>; rel="next"'}
            if at * self.pages < len(held)
            else {}
        )
        return httpx.Response(200, json=held[(at - 1) * self.pages : at * self.pages], headers=more)

    def _get(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/repos/acme/line")
        named = self._named(request, path)
        if named is not None:
            return named
        if not path:
            return httpx.Response(200, json={"permissions": {"push": True}})
        if path == "/milestones":
            return self._page(request, self.milestones)
        if path == "/issues":
            assert request.url.params["state"] == "all"
            return self._page(
                request, [issue for issue in self.issues if request.url.params["labels"] in issue["labels"]]
            )
        number = int(re.findall(r"/issues/(\d+)", path)[0])
        if path == f"/issues/{number}":
            return self._one(number)
        if path.endswith("/comments"):
            return self._page(request, [{"body": text} for at, text in self.comments if at == number])
        if path.endswith("/sub_issues"):
            return self._page(request, [issue for issue in self.issues if self.below.get(issue["number"]) == number])
        assert path.endswith("/dependencies/blocked_by")
        return self._page(request, [issue for issue in self.issues if (issue["number"], number) in self.blocked])

    def _named(self, request: httpx.Request, path: str) -> httpx.Response | None:
        """What a mapping names: types and users."""
        if path == "/orgs/acme/issue-types":
            return (
                httpx.Response(404)
                if self.types is None
                else httpx.Response(200, json=[{"name": name} for name in self.types])
            )
        if path == "/assignees":
            return self._page(request, [{"login": name} for name in self.users])
        if path.startswith("/assignees/"):
            return httpx.Response(204 if path.rpartition("/")[2].lower() in self.users else 404)
        return None

    def _one(self, number: int) -> httpx.Response:
        """Of what went to another repository GitHub sends one there, and what was deleted is gone."""
        if number in self.moved:
            return httpx.Response(301, headers={"location": "https://api.github.com/repositories/2/issues/1"})
        issue = next((issue for issue in self.issues if issue["number"] == number), None)
        return httpx.Response(410) if issue is None else httpx.Response(200, json=issue)

    def _write(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        path, method = request.url.path.removeprefix("/repos/acme/line"), request.method
        if path == "/labels":
            known = body["name"] in self.labels
            self.labels.add(body["name"])
            return httpx.Response(422 if known else 201, json={})
        if path == "/milestones":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["due_on"])
            if any(held["title"] == body["title"] for held in self.milestones):
                return httpx.Response(422, json={"message": "already_exists"})
            self.milestones.append({"number": len(self.milestones) + 1, "state": "open", **body})
            return httpx.Response(201, json=self.milestones[-1])
        if path == "/issues":
            assert set(body) <= {"title", "body", "labels", "milestone", "assignees", "type"}
            assert len(body["title"]) <= 256
            place = next((held for held in self.milestones if held["number"] == body["milestone"]), None)
            number = len(self.issues) + 1
            self.issues.append(
                {
                    "number": number,
                    "id": 9000 + number,
                    "state": "open",
                    "closed_at": None,
                    "assignees": [],
                    **body,
                    "milestone": place,
                }
            )
            return httpx.Response(201, json=self.issues[-1])
        kind, number = re.findall(r"/(issues|milestones)/(\d+)", path)[0]
        if path.endswith("/comments"):
            self.comments.append((int(number), body["body"]))
            return httpx.Response(201, json={})
        if path.endswith("/sub_issues"):
            return self._nest(int(number), body)
        if "/dependencies/blocked_by" in path:
            return self._block(method, path, int(number), body)
        held = next(
            held for held in (self.issues if kind == "issues" else self.milestones) if held["number"] == int(number)
        )
        if "milestone" in body:
            body["milestone"] = next((place for place in self.milestones if place["number"] == body["milestone"]), None)
        held |= body
        return httpx.Response(200, json=held)

    def _nest(self, number: int, body: dict[str, Any]) -> httpx.Response:
        """At most a hundred below one, and each below one only."""
        assert set(body) <= {"sub_issue_id", "replace_parent"}
        child = next((issue["number"] for issue in self.issues if issue["id"] == body["sub_issue_id"]), None)
        if child is None:
            return httpx.Response(404, json={"message": "an id is not a number"})
        if (child in self.below and not body.get("replace_parent")) or list(self.below.values()).count(number) >= 100:
            return httpx.Response(422, json={"message": "has a parent, or there are too many"})
        self.below[child] = number
        return httpx.Response(201, json=self.issues[number - 1])

    def _block(self, method: str, path: str, number: int, body: dict[str, Any]) -> httpx.Response:
        wanted = body["issue_id"] if method == "POST" else int(path.rpartition("/")[2])
        first = next((issue for issue in self.issues if issue["id"] == wanted), None)
        if first is None:
            return httpx.Response(404, json={"message": "an id is not a number"})
        pair = (first["number"], number)
        if method == "POST" and pair in self.blocked:
            return httpx.Response(422, json={"message": "already"})
        (self.blocked.add if method == "POST" else self.blocked.discard)(pair)
        return httpx.Response(201 if method == "POST" else 200, json={})
