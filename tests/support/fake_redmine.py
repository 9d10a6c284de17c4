"""A Redmine of our own, in memory, for httpx: only what a push uses."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

#: The number of the project ``line``.
NUMBER = 7
STATUSES = [
    {"id": 1, "name": "New", "is_closed": False},
    {"id": 2, "name": "In Progress", "is_closed": False},
    {"id": 3, "name": "Resolved", "is_closed": False},
    {"id": 4, "name": "Feedback", "is_closed": False},
    {"id": 5, "name": "Closed", "is_closed": True},
    {"id": 6, "name": "Rejected", "is_closed": True},
    {"id": 7, "name": "Zurückgewiesen", "is_closed": True},
]


class FakeRedmine:
    """One project, ``line``."""

    def __init__(self) -> None:
        self.versions: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.relations: list[dict[str, Any]] = []
        self.hidden: set[int] = set()
        self.statuses = STATUSES
        #: Whether the key is an administrator's; custom fields and logins are told to these only.
        self.admin = False
        self.trackers = [{"id": 1, "name": "Bug"}, {"id": 2, "name": "Task"}]
        self.categories = [{"id": 1, "name": "Network"}]
        self.custom: list[dict[str, Any]] = []
        #: Custom fields that are for all projects, which a project does not name.
        self.everywhere: set[int] = set()
        self.members = [{"id": 5, "name": "Ann Lee"}, {"id": 6, "name": "Bob Ray"}]
        self.users: list[dict[str, Any]] = [
            {"id": 5, "login": "alee", "mail": "ann@acme.example"},
            {"id": 9, "login": "eve", "mail": ""},
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removesuffix(".json")
        if request.method == "GET":
            return self._get(path, request.url.params)
        return self._write(request.method, path, self._body(request))

    def _body(self, request: httpx.Request) -> dict[str, Any]:
        return dict(json.loads(request.content)) if request.content else {}

    def _get(self, path: str, asked: httpx.QueryParams) -> httpx.Response:
        named = self._named(path, asked)
        if named is not None:
            return named
        if path == "/issue_statuses":
            return httpx.Response(200, json={"issue_statuses": self.statuses})
        if path == "/projects/line/versions":
            return httpx.Response(200, json={"versions": self.versions, "total_count": len(self.versions)})
        if path == "/issues":
            at, limit = int(asked.get("offset", 0)), int(asked["limit"])
            listed = [issue for issue in self.issues if issue["project"]["id"] == NUMBER and "[SL-" in issue["subject"]]
            return httpx.Response(
                200,
                json={
                    "issues": listed[at : at + limit],
                    "total_count": len(listed),
                    "offset": at,
                    "limit": limit,
                },
            )
        if one := re.fullmatch(r"/issues/(\d+)", path):
            issue = next((issue for issue in self.issues if issue["id"] == int(one[1])), None)
            hidden = 403 if int(one[1]) in self.hidden else 404
            return httpx.Response(hidden) if issue is None else httpx.Response(200, json={"issue": issue})
        found = re.fullmatch(r"/issues/(\d+)/relations", path)
        if not found:
            return httpx.Response(404)
        number = int(found[1])
        return httpx.Response(
            200,
            json={"relations": [held for held in self.relations if number in (held["issue_id"], held["issue_to_id"])]},
        )

    def _named(self, path: str, asked: httpx.QueryParams) -> httpx.Response | None:
        """The project, and what a mapping names."""
        if path == "/projects/line":
            offers = {
                "trackers": self.trackers,
                "issue_categories": self.categories,
                "issue_custom_fields": [
                    {"id": field["id"], "name": field["name"]}
                    for field in self.custom
                    if field["id"] not in self.everywhere
                ],
            }
            named = asked.get("include", "").split(",")
            more = {name: held for name, held in offers.items() if name in named}
            return httpx.Response(200, json={"project": {"id": NUMBER, "identifier": "line", **more}})
        if path == "/enumerations/issue_priorities":
            names = [{"id": k, "name": name} for k, name in enumerate(("Low", "Normal", "High"), 1)]
            return httpx.Response(200, json={"issue_priorities": names})
        if path == "/custom_fields":
            return httpx.Response(200, json={"custom_fields": self.custom}) if self.admin else httpx.Response(403)
        if path == "/users":
            users = [user for user in self.users if asked["name"] in user["login"]]
            return httpx.Response(200, json={"users": users}) if self.admin else httpx.Response(403)
        if path == "/users/current":
            return httpx.Response(200, json={"user": {"id": 6, "login": "bray"}})
        if path == "/projects/line/memberships":
            members = [
                {"id": 1, "group": {"id": 8, "name": "All"}},
                *({"id": 2, "user": user} for user in self.members),
            ]
            return httpx.Response(200, json={"memberships": members, "total_count": len(members)})
        return None

    def _write(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        if path == "/projects/line/versions":
            self.versions.append({"id": len(self.versions) + 1, "status": "open", **body["version"]})
            return httpx.Response(201, json={"version": self.versions[-1]})
        if path == "/issues":
            unset = [
                f"{field['name']} cannot be blank"
                for field in self.custom
                if field["is_required"]
                and field["id"] not in [held["id"] for held in body["issue"].get("custom_fields", ())]
            ]
            if unset:
                return httpx.Response(422, json={"errors": unset})
            self.issues.append(
                {
                    "id": len(self.issues) + 100,
                    "project": {"id": NUMBER, "name": "Line"},
                    "status": STATUSES[0],
                    "closed_on": None,
                    "done_ratio": 0,
                    **self._placed(body["issue"]),
                }
            )
            return httpx.Response(201, json={"issue": self.issues[-1]})
        number = int(re.findall(r"\d+", path)[0])
        if path.endswith("/relations"):
            relation = body["relation"]
            self.relations.append(
                {
                    "id": len(self.relations) + 1,
                    "issue_id": number,
                    "issue_to_id": relation["issue_to_id"],
                    "relation_type": relation["relation_type"],
                }
            )
            return httpx.Response(201, json={"relation": self.relations[-1]})
        if method == "DELETE":
            self.relations = [held for held in self.relations if held["id"] != number]
            return httpx.Response(204)
        if path.startswith("/versions/"):
            next(held for held in self.versions if held["id"] == number).update(body["version"])
            return httpx.Response(204)
        issue = next(held for held in self.issues if held["id"] == number)
        issue |= self._placed(body["issue"])
        if "status_id" in body["issue"]:
            status = next(held for held in STATUSES if held["id"] == body["issue"]["status_id"])
            issue |= {"status": status, "closed_on": "2027-03-01T10:00:00Z" if status["is_closed"] else None}
        return httpx.Response(204)

    def _placed(self, fields: dict[str, Any]) -> dict[str, Any]:
        place = next((held for held in self.versions if held["id"] == fields.get("fixed_version_id")), None)
        return {
            **fields,
            **(
                {"fixed_version": place and {"id": place["id"], "name": place["name"]}}
                if "fixed_version_id" in fields
                else {}
            ),
        }
