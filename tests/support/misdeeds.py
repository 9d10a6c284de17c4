"""What a tracker can do wrong, as a table: a name, where, what it sends, and what must be said of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.misbehaving import TOKEN, Call

Act = Callable[[Call], object]
HTML = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><p>Hello</p></body></html>"
LOGIN = '<html><form method="post"><input name="user"><input type="password" name="pw"></form></html>'
NOT_DATA, EMPTY, DAMAGED, SHAPE = (
    "a web page came back, not data",
    "the answer is empty",
    "is damaged or cut off",
    "not what this tracker answers",
)
BROKEN, NO_HTTP, SLOW, SILENT, LARGE = (
    "broke the connection off",
    "something that is not HTTP",
    "had not come as a whole after",
    "did not answer within the time",
    "the answer is larger than",
)


@dataclass(frozen=True)
class Misdeed:
    """One of them. ``codes`` are the exit codes that are right; nothing is said of what does no harm."""

    name: str
    place: str
    act: Act
    said: str = ""
    codes: tuple[int, ...] = (1, 2, 7)


def status(code: int, body: str = "", **headers: str) -> Act:
    return lambda call: call.say(code, body, {name.replace("_", "-"): value for name, value in headers.items()})


def says(body: bytes | str, kind: str = "application/json", code: int = 200, **headers: str) -> Act:
    return lambda call: call.say(code, body, {name.replace("_", "-"): value for name, value in headers.items()}, kind)


def raw(*parts: bytes | str) -> Act:
    return lambda call: call.raw(*parts)


def _fill(call: Call) -> None:
    for _ in range(2000):
        call.raw(b" " * 0x4000)


def in_turn(*acts: Act) -> Act:
    def act(call: Call) -> None:
        for one in acts:
            one(call)

    return act


def changed(change: Callable[[Any], Any]) -> Act:
    """The proper answer, done, and then something else in it."""

    def act(call: Call) -> None:
        answer = call.properly()
        call.json(change(json.loads(answer.content)), answer.status_code) if answer.content else call.pass_on(answer)

    return act


def each(change: Callable[[dict[str, Any]], None]) -> Act:
    """The same in every object of the answer that looks like an issue, a version or a project."""

    def walk(said: Any) -> Any:
        if isinstance(said, list):
            return [walk(one) for one in said]
        if isinstance(said, dict):
            found = {name: walk(one) for name, one in said.items()}
            if {"id", "key", "number"} & set(found):
                change(found)
            return found
        return said

    return changed(walk)


# -- on the wire -------------------------------------------------------------------------------------------------------

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _drip_head(call: Call) -> None:
    call.raw("HTTP/1.1 200 OK\r\n")
    while call.wait(0.05):
        call.raw("X-More: x\r\n")


def _drip_body(call: Call) -> None:
    call.raw(HEAD, "Content-Length: 100000\r\n\r\n")
    while call.wait(0.05):
        call.raw(" ")


def _silent(call: Call) -> None:
    call.server.over.wait(20)


def _continue(call: Call) -> None:
    while call.wait(0.002):
        call.raw("HTTP/1.1 100 Continue\r\n\r\n")


def _endless(call: Call) -> None:
    call.raw(HEAD, "Transfer-Encoding: chunked\r\n\r\n")
    while call.wait(0):
        call.raw("4000\r\n", b" " * 0x4000, "\r\n")


def _endless_head(call: Call) -> None:
    call.raw("HTTP/1.1 200 OK\r\n")
    while call.wait(0):
        call.raw("X-More: ", "x" * 4000, "\r\n")


def _after(call: Call, what: bytes) -> None:
    """Done, and the answer comes in pieces or not at all."""
    call.properly()
    call.raw(what)


WIRE: list[tuple[str, Act, str]] = [
    ("another protocol", raw("220 mail.example ESMTP\r\n\r\n"), NO_HTTP),
    ("bytes", raw(bytes(range(256)) * 8), NO_HTTP),
    ("nothing", lambda call: None, BROKEN),
    ("torn off", Call.reset, BROKEN),
    ("torn off in the headers", raw("HTTP/1.1 200 OK\r\nContent-Ty"), BROKEN),
    ("torn off in the body", raw(HEAD, 'Content-Length: 900\r\n\r\n{"proj'), BROKEN),
    ("a bad length", raw(HEAD, "Content-Length: -5\r\n\r\n{}"), NO_HTTP),
    ("two lengths", raw(HEAD, "Content-Length: 5\r\nContent-Length: 7\r\n\r\n{}"), NO_HTTP),
    ("bad chunks", raw(HEAD, "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), NO_HTTP),
    ("a bad header", raw("HTTP/1.1 200 OK\r\n: x\r\n\r\n"), NO_HTTP),
    ("silence", _silent, SILENT),
    ("drips in the headers", _drip_head, SLOW),
    ("drips in the body", _drip_body, SLOW),
    ("endless 100", _continue, f"{SLOW}|{NO_HTTP}|{SILENT}"),
    ("endless body", _endless, LARGE),
    ("endless headers", _endless_head, NO_HTTP),
    ("ten gigabytes", in_turn(raw(HEAD, "Content-Length: 10000000000\r\n\r\n"), _fill), LARGE),
    ("101", raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), "."),
]


# -- statuses ----------------------------------------------------------------------------------------------------------

STATUSES: list[tuple[str, Act, str]] = [
    (
        "302 to a login",
        lambda call: call.say(302, "", {"Location": f"{call.server.url}/login?back=%2F"}),
        "wants us to log in to",
    ),
    (
        "302 elsewhere",
        status(302, Location="https://elsewhere.example/x"),
        r"sends us on to https://elsewhere.example/x \(302\); no redirect is followed",
    ),
    (
        "301 with a password",
        status(301, Location="https://me:pw1234567@elsewhere.example/"),
        "sends us on to an address with a password in it",
    ),
    ("303", status(303, Location="/other"), r"sends us on to /other \(303\)"),
    ("307", status(307, Location="http://127.0.0.1:9/"), r"\(307\); no redirect"),
    ("308 without a place", status(308), r"sends us on \(308\)"),
    ("304", status(304), r"\(304\)"),
    ("400", status(400, '{"errors": ["what?"]}'), "takes what it was sent for a mistake .400.: .*what"),
    ("401", status(401), r"does not accept this token; .*\(401\)"),
    ("402", status(402), r"wants to be paid first \(402\)"),
    ("403", status(403), r"accepts this token, and does not let it do that; .*\(403\)"),
    ("404", status(404), "404"),
    ("405", status(405), r"does not know this call; .*\(405\)"),
    ("406", status(406), r"\(406\)"),
    ("407", status(407), r"a proxy on the way wants to know who is asking \(407\)"),
    ("409", status(409), r"contradicts what is there \(409\)"),
    ("410", status(410), r"has been deleted \(410\)"),
    ("413", status(413), r"too large for the tracker \(413\)"),
    ("415", status(415), r"does not take JSON \(415\)"),
    ("418", status(418), r"\(418\)"),
    (
        "422",
        status(422, '{"errors": ["Subject is too odd"]}'),
        r"refuses what it was sent \(422\): .*Subject is too odd",
    ),
    ("423", status(423), r"locked \(423\)"),
    ("429", status(429, Retry_After="3"), r"asks to wait, longer than is waited here.*\(429\)"),
    ("429 for ever", status(429, Retry_After="999999999"), r"asks to wait, longer than is waited here.*\(429\)"),
    ("429 until nobody knows", status(429, Retry_After="nan"), r"\(429\)"),
    ("403 and wait", status(403, Retry_After="1"), r"\(403\)"),
    ("451", status(451), r"\(451\)"),
    ("499", status(499), r"the tracker refuses \(499\)"),
    ("500", status(500, "boom"), r"has failed inside \(500\): boom"),
    ("500 as a page", says(HTML, "text/html", 500), r"has failed inside \(500\)"),
    ("501", status(501), r"cannot do that \(501\)"),
    ("502", status(502), r"cannot reach it \(502\)"),
    ("503", status(503), r"out of service for now \(503\)"),
    ("504", status(504), r"got no answer from it \(504\)"),
    ("599", status(599), r"has failed inside \(599\)"),
    ("777", status(777), r"no status that exists \(777\)"),
    ("an error that repeats the token", status(400, f"bad key {TOKEN}"), r"\(400\): bad key …"),
]

# -- bodies ------------------------------------------------------------------------------------------------------------

BODIES: list[tuple[str, Act, str]] = [
    ("a web page", says(HTML, "text/html; charset=utf-8"), NOT_DATA),
    ("a web page called JSON", says(HTML), NOT_DATA),
    ("a login page", says(LOGIN, "text/html"), "a page to log in came back"),
    ("empty", says(""), EMPTY),
    ("blank", says(" \r\n "), EMPTY),
    ("204", status(204), rf"{EMPTY} \(204\)"),
    ("206", says("{}", code=206), "only a part of the answer came"),
    ("a list", says("[]"), SHAPE),
    ("a list of words", says('["x"]'), SHAPE),
    ("an object", says("{}"), f"{SHAPE}|may not write to acme/line"),
    ("null", says("null"), SHAPE),
    ("a text", says('"hello"'), SHAPE),
    ("a number", says("5"), SHAPE),
    ("true", says("true"), SHAPE),
    ("cut off", says('{"project": {"id": 7'), DAMAGED),
    ("two values", says("{} {}"), DAMAGED),
    ("not a number", says('{"project": {"id": NaN}}'), DAMAGED),
    ("a number without end", says('{"project": {"id": ' + "9" * 5000 + "}}"), f"{DAMAGED}|{SHAPE}"),
    ("bytes called JSON", says(b'{"project": "\xff\xfe"}'), DAMAGED),
    ("NUL", says(b"\x00" * 40), DAMAGED),
    ("nested", says("[" * 100_000), "nested deeper"),
    ("nested and whole", says("[" * 900 + "]" * 900), f"nested deeper|{SHAPE}"),
    ("as text", says("{}", "text/plain"), "the answer is text/plain, not JSON"),
    ("as XML", says("<projects/>", "application/xml"), "the answer is application/xml, not JSON"),
    ("as bytes", says(b"\x89PNG", "image/png"), "the answer is image/png, not JSON"),
    ("packed in an unknown way", says("{}", Content_Encoding="br"), r"packed in a way that was not asked for \(br\)"),
    ("packed badly", says(b"garbage", Content_Encoding="gzip"), "cannot be unpacked"),
    ("a bomb", says(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), LARGE),
]

# -- in what is listed, by tracker -------------------------------------------------------------------------------------


def _redmine_pages(page: Callable[[int], dict[str, Any]]) -> Act:
    return lambda call: call.json(page(int(httpx.URL(call.path).params["offset"])))


def _redmine_issue(number: object, **more: Any) -> dict[str, Any]:
    return {"id": number, "subject": f"[SL-AAAAAAAA] {number}", "status": {"id": 1}, "description": "", **more}


def _redmine_one(**more: Any) -> Act:
    return _redmine_pages(lambda _: {"issues": [_redmine_issue(1, **more)], "total_count": 1})


def _github_next(following: Callable[[Call], str], body: str = "[]") -> Act:
    return lambda call: call.say(200, body, {"Link": f'<{following(call)}>; rel="next"'})


def _github_issue(number: Any = 1, **more: Any) -> dict[str, Any]:
    body = "<!-- stepladder item SL-AAAAAAAA -->\n**2027-01-01 to 2027-03-31**\n<!-- end of stepladder -->\n\nx"
    return {"number": number, "id": 9, "title": "SL-AAAAAAAA x", "state": "open", "body": body, **more}


def _jira_issue(key: str = "LINE-1", **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "fields": {
            "summary": "x",
            "status": {"statusCategory": {"key": "new"}},
            "labels": ["stepladder", "sl-aaaaaaaa"],
            **more,
        },
    }


def _jira_pages(page: Callable[[int], dict[str, Any]]) -> Act:
    return lambda call: call.json(page(call.number))


def _azure_ids(ids: Callable[[Call], Any]) -> Act:
    return lambda call: call.json({"workItems": [{"id": number} for number in ids(call)]})


def _azure_item(number: Any = 1, relations: Any = None, **fields: Any) -> dict[str, Any]:
    """Names of fields without what is before the last point."""
    names = {"StartDate": "Microsoft.VSTS.Scheduling.", "ClosedDate": "Microsoft.VSTS.Common."}
    plain = {"Title": "x", "WorkItemType": "Epic", "State": "New", "TeamProject": "line"}
    tags = {"Tags": "stepladder; stepladder-step; SL-AAAAAAAA"}
    whole = {f"{names.get(name, 'System.')}{name}": value for name, value in (plain | tags | fields).items()}
    return {"id": number, "rev": 1, "fields": whole, "relations": relations}


def _azure_items(*items: Any) -> Act:
    """The query finds one, and then this comes."""
    return lambda call: call.json({"workItems": [{"id": 1}]} if "wiql" in call.path else {"value": list(items)})


ENDLESS, AGAIN, BLANK = (
    "does not come to an end after",
    "gives the same page again and again",
    "says that there are more, and sends empty pages",
)
LISTS: dict[str, list[tuple[str, Act, str]]] = {
    "azure": [
        ("the same page", _azure_ids(lambda _: range(1, 10_001)), AGAIN),
        ("ever more", _azure_ids(lambda call: range(10_000 * call.number + 1, 10_000 * call.number + 10_001)), ENDLESS),
        ("an id that is a path", _azure_ids(lambda _: ["../x"]), f"{SHAPE}: workItems.0.id is a text"),
        ("an id below nothing", _azure_ids(lambda _: [-1]), SHAPE),
        ("an id without end", _azure_ids(lambda _: ["9" * 5000]), SHAPE),
        ("no ids", says('{"workItems": {}}'), SHAPE),
        ("a next page elsewhere", says("{}", Link='<https://elsewhere.example/x>; rel="next"'), SHAPE),
        ("no list of items", lambda call: call.json({"workItems": [{"id": 1}]}), f"{SHAPE}: value is missing"),
        ("no title", _azure_items(_azure_item(Title=None)), f"{SHAPE}: value.0.fields.System.Title"),
        ("no state", _azure_items(_azure_item(State=5)), SHAPE),
        ("no revision", _azure_items(_azure_item() | {"rev": "x"}), f"{SHAPE}: value.0.rev is a text"),
        ("no fields", _azure_items({"id": 1, "rev": 1}), "value.0.fields is missing"),
        ("a date that is none", _azure_items(_azure_item(StartDate="soon")), SHAPE),
        ("a date before all dates", _azure_items(_azure_item(StartDate="0001-01-01T00:00:00Z")), SHAPE),
        ("a moment that is none", _azure_items(_azure_item(ClosedDate=5)), SHAPE),
        ("tags that are a list", _azure_items(_azure_item(Tags=["stepladder"])), SHAPE),
        ("relations that are a text", _azure_items(_azure_item(relations="x")), SHAPE),
        ("a relation that is null", _azure_items(_azure_item(relations=[None])), SHAPE),
        ("an item that is a text", _azure_items("x"), SHAPE),
    ],
    "redmine": [
        (
            "a billion in empty pages",
            _redmine_pages(lambda _: {"issues": [], "total_count": 999_999_999}),
            "says that there are 999,999,999",
        ),
        ("empty pages", _redmine_pages(lambda _: {"issues": [], "total_count": 900}), BLANK),
        ("the same page", _redmine_pages(lambda _: {"issues": [_redmine_issue(1)], "total_count": 900}), AGAIN),
        (
            "ever more",
            _redmine_pages(lambda at: {"issues": [_redmine_issue(at + 1)], "total_count": at + 200}),
            f"{ENDLESS}|says that there are",
        ),
        ("a total below nothing", _redmine_pages(lambda _: {"issues": [], "total_count": -1}), SHAPE),
        ("no total", _redmine_pages(lambda _: {"issues": []}), f"{SHAPE}: total_count is missing"),
        (
            "an id that is a path",
            _redmine_pages(lambda _: {"issues": [_redmine_issue("../../x")], "total_count": 1}),
            f"{SHAPE}: issues.0.id is a text",
        ),
        ("an id below nothing", _redmine_pages(lambda _: {"issues": [_redmine_issue(-1)], "total_count": 1}), SHAPE),
        ("a date that is none", _redmine_one(start_date="soon"), f"{SHAPE}: issues.0.start_date"),
        ("a date that is a number", _redmine_one(due_date=20270101), SHAPE),
        ("a 99th month", _redmine_one(due_date="2027-99-01"), SHAPE),
        (
            "no subject",
            _redmine_pages(lambda _: {"issues": [{"id": 1, "status": {"id": 1}}], "total_count": 1}),
            "issues.0.subject is missing",
        ),
        ("no status", _redmine_one(status=None), SHAPE),
    ],
    "github": [
        ("a next page elsewhere", _github_next(lambda _: "https://elsewhere.example/x"), "sends us to another host"),
        (
            "a next page with login data",
            _github_next(lambda call: call.server.url.replace("://", "://me:pw@")),
            "sends us to another host",
        ),
        ("a next page that is none", _github_next(lambda _: "https://[::1/"), "sends us to another host"),
        ("a next page at another port", _github_next(lambda _: "http://127.0.0.1:9/x"), "sends us to another host"),
        (
            "the same page",
            _github_next(lambda call: f"{call.server.url}{call.path}", json.dumps([_github_issue()])),
            AGAIN,
        ),
        (
            "empty pages",
            _github_next(lambda call: f"{call.server.url}/repos/acme/line/issues?page={call.number}"),
            BLANK,
        ),
        (
            "ever more",
            _github_next(
                lambda call: f"{call.server.url}/repos/acme/line/issues?page={call.number}",
                json.dumps([_github_issue()]),
            ),
            ENDLESS,
        ),
        ("an id that is a path", says(json.dumps([_github_issue("../x")])), f"{SHAPE}: 0.number is a text"),
        ("an id below nothing", says(json.dumps([_github_issue(-1)])), SHAPE),
        ("no title", says(json.dumps([{"number": 1, "id": 2}])), "0.title is missing"),
        ("a date that is none", says(json.dumps([_github_issue(closed_at="soon")])), f"{SHAPE}: 0.closed_at"),
        ("a text that is a number", says(json.dumps([_github_issue(body=5)])), SHAPE),
        ("a message", says('{"message": "Bad credentials"}'), SHAPE),
    ],
    "jira": [
        ("the same page", says(json.dumps({"issues": [_jira_issue()], "nextPageToken": "x"})), AGAIN),
        ("empty pages", _jira_pages(lambda k: {"issues": [], "nextPageToken": str(k)}), BLANK),
        ("ever more", _jira_pages(lambda k: {"issues": [_jira_issue()], "nextPageToken": str(k)}), ENDLESS),
        ("a token that is a number", says(json.dumps({"issues": [], "nextPageToken": 5})), SHAPE),
        (
            "a key that is a path",
            says(json.dumps({"issues": [_jira_issue("../x")]})),
            f"{SHAPE}: issues.0.key is a text",
        ),
        ("a key that is a question", says(json.dumps({"issues": [_jira_issue("A?x=1")]})), SHAPE),
        ("no fields", says(json.dumps({"issues": [{"key": "LINE-1"}]})), "issues.0.fields is missing"),
        ("no status", says(json.dumps({"issues": [_jira_issue(status=None)]})), SHAPE),
        (
            "a date that is none",
            says(json.dumps({"issues": [_jira_issue(duedate="soon")]})),
            f"{SHAPE}: issues.0.fields.duedate",
        ),
        ("labels that are a text", says(json.dumps({"issues": [_jira_issue(labels="stepladder")]})), SHAPE),
        ("links that are a text", says(json.dumps({"issues": [_jira_issue(issuelinks="x")]})), SHAPE),
        ("issues that are an object", says('{"issues": {}}'), SHAPE),
        ("an issue that is null", says('{"issues": [null]}'), SHAPE),
    ],
}

# -- when something is made --------------------------------------------------------------------------------------------


def _lie(call: Call) -> None:
    """It says that it made what it did not make."""
    if call.server.kind.name == "jira":
        call.json({"key": "LINE-77", "id": "77"}, 201)
        return
    body = json.loads(call.body)
    if call.server.kind.name == "azure":
        tags = next(one["value"] for one in body if one["path"].endswith("System.Tags"))
        call.json(_azure_item(77, Tags=tags), 200)
        return
    whole = {"number": 77, "id": 77, "state": "open", **body, "milestone": None}
    if call.server.kind.name == "redmine":
        whole = {
            name: {"id": 77, "status": {"id": 1} if name == "issue" else "open", **held} for name, held in body.items()
        }
    call.json(whole, 201)


def _lost(call: Call) -> None:
    call.properly()
    call.reset()


NOT_LISTED, OTHERWISE = "answered that it was done, and does not list it", '"drift": \\[ *{'
MAKES: list[tuple[str, Act, str]] = [
    ("201 and nothing made", _lie, NOT_LISTED),
    ("201 and a list", says("[]", code=201), SHAPE),
    ("201 and a page", says(HTML, "text/html", 201), NOT_DATA),
    ("201 and nothing", status(201), EMPTY),
    ("422 for all", status(422, '{"errors": ["No"]}'), r"refuses what it was sent \(422\): .*No"),
    ("403 for all", status(403), r"accepts this token, and does not let it do that"),
    ("503 for all", status(503), r"out of service for now \(503\)"),
]
#: Done, and said badly: the end is as it should be.
HARMLESS: list[tuple[str, str, Act]] = [
    ("done and the answer lost", "make", _lost),
    ("done and damaged", "make", in_turn(Call.properly, lambda call: call.say(201, '{"id": '))),
    ("done and called a failure", "make", in_turn(Call.properly, lambda call: call.say(502))),
    ("more than is asked for", "first", each(lambda said: said.update({"surprise": ["x", {"y": None}]}))),
    ("a byte order mark", "first", lambda call: call.say(200, b"\xef\xbb\xbf" + call.properly().content)),
    (
        "packed well",
        "first",
        lambda call: call.say(200, gzip.compress(call.properly().content), {"Content-Encoding": "gzip"}),
    ),
    ("a cookie", "first", lambda call: call.say(200, call.properly().content, {"Set-Cookie": "session=abc; Path=/"})),
    ("no kind", "first", lambda call: call.say(200, call.properly().content, kind="")),
]


def misdeeds(tracker: str) -> Iterator[Misdeed]:
    """All that one tracker does; what makes somebody wait is done in few places."""
    for name, act, said in (*WIRE, *STATUSES, *BODIES):
        # Jira's search and GitHub's lists may well be empty, so what is empty there is no fault.
        yield Misdeed(name, "first", act, said)
    for name, act, said in (
        *STATUSES[:2],
        *STATUSES[7:12],
        *STATUSES[20:21],
        *BODIES[:6],
        *BODIES[14:16],
        *LISTS[tracker],
    ):
        yield Misdeed(name, "list", act, "" if said == "404" else said)
    for name, act, said in (*MAKES, *WIRE[:1], *WIRE[3:4]):
        yield Misdeed(name, "make", act, said, (7,))
    yield Misdeed("a link that is not there afterwards", "link", lambda call: call.say(201, "{}"), NOT_LISTED, (7,))
    for name, place, act in HARMLESS:
        yield Misdeed(name, place, act, "", (0,))
