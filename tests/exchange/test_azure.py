"""Pushing to Azure Boards. The Azure DevOps here is our own; it knows what its documentation says."""

from __future__ import annotations

import contextlib
import copy
import json
import os
from collections.abc import Callable, Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from stepladder.data.formats.plan import Plan
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push import azure_calls, azure_html
from stepladder.exchange.push.azure import Azure, named
from stepladder.exchange.push.azure_answers import Fields, sent
from stepladder.exchange.push.engine import Done, PushState, Side, summary
from stepladder.exchange.push.faults import Foreign, Refused
from stepladder.exchange.push.trackers import TRACKERS, reach
from stepladder.exchange.push.web import Web
from stepladder.workflow.push import carry_out, look
from tests.support import fake_azure as there
from tests.support.fake_azure import PROCESSES, FakeAzure
from tests.support.hostile import plan as hostile_plan
from tests.support.trackers import OLD, Memory, mark, new_plan

SECRET = "secret-token"
ROOT = Path(__file__).parents[2]


def line(server: Any, pauses: list[float] | None = None, told: list[str] | None = None, url: str = "") -> Web:
    return Web(
        url or TRACKERS["azure"].url,
        TRACKERS["azure"].headers((SECRET,)),
        (pauses if pauses is not None else []).append,
        tell=(told if told is not None else []).append,
        transport=Memory(server),
    )


def reached(server: Any, pauses: list[float] | None = None, told: list[str] | None = None) -> Azure:
    return Azure(line(server, pauses, told), "acme/line")


def pushed(plan: Plan, tracker: Azure, state: PushState, side: Side | None = None) -> tuple[Any, Done]:
    planned = look(plan, tracker, state, side=side)
    return planned, carry_out(planned, tracker, state, lambda: None)


def counts(planned: Any) -> dict[str, int]:
    return {verb: count for verb, count in summary(planned.steps.actions).items() if count}


def item(server: FakeAzure, step: str, plan: Plan = OLD) -> dict[str, Any]:
    return next(one for one in server.items.values() if mark(plan, step) in one["fields"][there.TAGS])


@pytest.mark.parametrize("process", PROCESSES)
def test_first_everything_then_nothing_then_what_has_changed(process: str) -> None:
    server, told = FakeAzure(process), list[str]()
    state: dict[str, Any] = {}
    tracker = reached(server, told=told)
    planned, done = pushed(OLD, tracker, state)
    assert counts(planned) == {"create": 6, "link": 4}
    assert (done.failed, done.drift, len(server.items), len(server.links())) == ([], [], 6, 4)
    writes = server.writes
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    assert server.writes == writes
    # Everything but the phase stands below it, and is of the type that the process has for it.
    epic = next(number for number, one in server.items.items() if one["fields"][there.TYPE] == "Epic")
    assert server.parents() == {number: epic for number in server.items if number != epic}
    step = {"Agile": "User Story", "Scrum": "Product Backlog Item", "CMMI": "Requirement", "Basic": "Issue"}[process]
    assert {one["fields"][there.TYPE] for one in server.items.values()} == {"Epic", step}
    # It is said where dates stand, once.
    assert len(told) == (2 if process == "Basic" else 0)
    _, done = pushed(new_plan(), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    moved, dropped = item(server, "access.depth.3")["fields"], item(server, "patching.depth.2")
    if process == "Basic":
        assert moved[there.TEXT].startswith("<div>Start: 2027-07-01</div><div>Due: 2027-12-31</div><div>Why")
    else:
        assert moved[there.START] == "2027-07-01T10:00:00Z"
    assert dropped["fields"][there.STATE] == {"Basic": "Done", "CMMI": "Closed"}.get(process, "Removed")
    assert [azure_html.plain(text) for number, text in server.comments if number == dropped["id"]] == [
        "It is not in the plan any more: the budget is used up."
    ]
    assert pushed(new_plan(), tracker, state)[0].steps.actions == ()
    # And back: what was closed is opened again, with a comment.
    _, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert not tracker.process.ended(step, server.items[dropped["id"]]["fields"][there.STATE])
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


@pytest.mark.parametrize("fault", ["429", "503", "502", "412", "lost"])
def test_whatever_call_goes_wrong_nothing_is_there_twice(fault: str) -> None:
    undisturbed = FakeAzure()
    pushed(OLD, reached(undisturbed), {})
    for call in range(1, 12):
        # A new work item has no revision that could be another one.
        if fault == "412" and call <= 6:
            continue
        server, pauses = FakeAzure(faults={call: fault}), list[float]()
        state: dict[str, Any] = {}
        tracker = reached(server, pauses)
        _, done = pushed(OLD, tracker, state)
        assert done.failed == [], (call, done.failed)
        assert server.links() == undisturbed.links()
        assert [one["fields"] for one in server.items.values()] == [one["fields"] for one in undisturbed.items.values()]
        assert fault not in ("429", "503") or max(pauses, default=0.0) >= 3.0 or server.writes < call
        assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_a_comment_whose_answer_was_lost_is_made_once() -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    server.faults = {server.writes + k: "lost" for k in range(1, 30)}
    _, done = pushed(new_plan(), tracker, state)
    assert done.failed == []
    assert len(server.comments) == len(set(server.comments)) == 2


class Killed(BaseException):
    """The process ends here."""


class Kept:
    """What is in the state's file: each process begins with it, and writes it after each step."""

    def __init__(self) -> None:
        self.state: PushState = {}

    def kill(self, _: FakeAzure) -> None:
        raise Killed

    def push(self, plan: Plan, tracker: Azure) -> None:
        state = copy.deepcopy(self.state)

        def save() -> None:
            self.state = copy.deepcopy(state)

        assert carry_out(look(plan, tracker, state), tracker, state, save).whole
        save()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_call_the_same_command_goes_on(moment: str) -> None:
    undisturbed = FakeAzure()
    state: dict[str, Any] = {}
    pushed(OLD, reached(undisturbed), state)
    pushed(new_plan(), reached(undisturbed), state)
    for call in range(1, 22):
        server, kept = FakeAzure(), Kept()
        getattr(server, moment)[call] = kept.kill
        for plan in (OLD, new_plan()):
            for _ in range(2):
                with contextlib.suppress(Killed):
                    kept.push(plan, reached(server))
        assert server.links() == undisturbed.links()
        assert [one["fields"] for one in server.items.values()] == [one["fields"] for one in undisturbed.items.values()]
        assert server.comments == undisturbed.comments
        assert pushed(new_plan(), reached(server), kept.state)[0].steps.actions == ()


# -- people ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", ["Scrum", "Basic"])
def test_a_date_that_somebody_moved_is_a_conflict_until_somebody_decides(process: str) -> None:
    server = FakeAzure(process)
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    moved = item(server, "access.depth.3")
    if process == "Basic":
        text = moved["fields"][there.TEXT].replace("<div>Start: 2027-04-01</div>", "<p>Start: 2027-05-05<br></p>")
        server.by_hand(moved["id"], text=text.replace("Why:", "<b>Our</b> own words."))
    else:
        # As Azure keeps the day that somebody in Berlin has chosen.
        server.by_hand(moved["id"], start="2027-05-04T22:00:00Z")
    planned, _ = pushed(OLD, tracker, state)
    assert [(one.field, one.theirs) for one in planned.steps.conflicts] == [("start", "2027-05-05")]
    assert planned.steps.actions == ()
    theirs = copy.deepcopy(state)
    planned, _ = pushed(OLD, tracker, theirs, "theirs")
    assert planned.steps.actions == ()
    assert pushed(OLD, tracker, theirs)[0].steps.conflicts == ()
    planned, done = pushed(OLD, tracker, state, "ours")
    assert (counts(planned), done.whole) == ({"change": 1}, True)
    assert pushed(OLD, tracker, state)[0].steps.conflicts == ()
    # The words that people wrote are there as they wrote them.
    text = item(server, "access.depth.3")["fields"][there.TEXT]
    ours = "<div>Start: 2027-04-01</div><div>Due: 2027-09-30</div><div><b>Our</b> own words."
    assert process != "Basic" or text.startswith(ours)


def test_what_people_wrote_tagged_and_placed_stays() -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    step = item(server, "access.depth.3")
    tags = f"zone 4; {step['fields'][there.TAGS].upper()}"
    server.by_hand(step["id"], text="<p>Our <i>own</i> words</p>", title="Our title", tags=tags)
    server.by_hand(step["id"], iteration="line\\Sprint 12", area="line\\Packing")
    _, done = pushed(new_plan(), tracker, state)
    assert done.whole
    fields = server.items[step["id"]]["fields"]
    assert (fields[there.TEXT], fields[there.TITLE], fields[there.TAGS]) == (
        "<p>Our <i>own</i> words</p>",
        "Our title",
        tags,
    )
    assert (fields[there.ITERATION], fields[there.AREA]) == ("line\\Sprint 12", "line\\Packing")
    assert fields[there.START] == "2027-07-01T10:00:00Z"


def test_nobodys_change_in_the_last_moment_is_written_over() -> None:
    """Between the look and the call, and between the reading and the call."""
    for early in (True, False):
        server = FakeAzure()
        state: dict[str, Any] = {}
        tracker = reached(server)
        pushed(OLD, tracker, state)
        number = item(server, "access.depth.3")["id"]

        def change(server: FakeAzure, number: int = number) -> None:
            server.by_hand(number, start="2027-05-05T00:00:00Z")

        planned = look(new_plan(), tracker, state)
        if early:
            change(server)
        else:
            server.before = {server.writes + k: change for k in range(1, 9)}
        done = carry_out(planned, tracker, state, lambda: None)
        assert server.items[number]["fields"][there.START] == "2027-05-05T00:00:00Z"
        assert any("somebody has changed it meanwhile" in why for _, why in done.failed)
        planned, _ = pushed(new_plan(), tracker, state)
        assert [(one.field, one.theirs) for one in planned.steps.conflicts] == [("start", "2027-05-05")]


def test_a_change_of_something_else_meanwhile_is_no_hindrance() -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    number = item(server, "access.depth.3")["id"]
    server.before = {server.writes + k: lambda server: server.by_hand(number, reason="x") for k in (1, 3)}
    _, done = pushed(new_plan(), tracker, state)
    assert done.whole


def test_who_is_always_quicker_wins() -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    server.faults = {server.writes + k: "412" for k in range(1, 100)}
    _, done = pushed(new_plan(), tracker, state)
    assert any("(412): " in why and "VS403351" in why for _, why in done.failed)
    # Each of them was tried a few times, and none without end.
    assert server.writes < 100


def test_what_somebody_put_elsewhere_is_a_conflict_and_can_be_put_back() -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    step = item(server, "access.depth.3")
    other = {**copy.deepcopy(step), "id": 99, "relations": []}
    other["fields"][there.TAGS] = ""
    server.items[99] = other
    url = f"{server.origin}/acme/_apis/wit/workItems/99"
    mine = copy.deepcopy(step)
    mine["relations"] = [{**one, "url": url} if one["rel"] == there.PARENT else one for one in mine["relations"]]
    server._keep(mine)
    planned, _ = pushed(OLD, tracker, state)
    assert [(one.field, one.theirs) for one in planned.steps.conflicts] == [("container", "99")]
    _, done = pushed(OLD, tracker, state, "ours")
    assert done.whole
    assert 99 not in server.parents().values()


# -- what there is in a project ----------------------------------------------------------------------------------------


def test_a_project_without_a_type_for_steps_or_phases_is_refused_with_what_there_is() -> None:
    server = FakeAzure("Scrum")
    del server.types["Product Backlog Item"]
    with pytest.raises(UsageError, match=r"no type of work item for steps: none of User Story, .*It has: Epic and Imp"):
        reached(server)
    server = FakeAzure("Scrum")
    del server.types["Epic"]
    with pytest.raises(UsageError, match="no type of work item for phases: none of Epic"):
        reached(server)
    assert server.writes == 0


def test_fields_that_must_be_filled_are_named_before_anything_is_made() -> None:
    server = FakeAzure()
    server.required = {"Custom.CostCentre": "Cost centre", "System.AssignedTo": "Assigned To"}
    with pytest.raises(UsageError) as error:
        look(OLD, reached(server), {})
    rest = (
        "must have 'Cost centre' (Custom.CostCentre) and 'Assigned To' (System.AssignedTo), and the mapping (--map)"
        " does not set it; add to it:"
    )
    lines = ["  fields:", "    Cost centre: …", "    Assigned To: Ann Lee"]
    types = [f"every work item of the type {type_!r} {rest}" for type_ in ("Epic", "User Story")]
    assert str(error.value).splitlines() == [types[0], *lines, types[1], *lines]
    assert server.writes == 0


def test_a_new_step_goes_into_the_iteration_of_its_period_if_there_is_one_of_that_name() -> None:
    server = FakeAzure()
    children = [
        {"name": "2027", "children": [{"name": "2027-Q1"}, {"name": "2027-Q3"}]},
        {"name": "2028", "children": [{"name": "2027-Q3"}]},
    ]
    server.iterations = {"name": "line", "children": children}
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    # Of two of a name nobody knows which.
    assert item(server, "access.depth.2")["fields"][there.ITERATION] == "line\\2027\\2027-Q1"
    assert item(server, "patching.depth.2")["fields"][there.ITERATION] == "line"
    assert server.iterations["children"] is children
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_a_state_is_chosen_of_those_that_may_follow() -> None:
    server = FakeAzure()
    server.transitions = {"User Story": {"New": ["Active", "Closed"], "Closed": ["Active"]}}
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    pushed(new_plan(), tracker, state)
    dropped = item(server, "patching.depth.2")
    assert server.items[dropped["id"]]["fields"][there.STATE] == "Closed"
    pushed(OLD, tracker, state)
    assert server.items[dropped["id"]]["fields"][there.STATE] == "Active"
    server.transitions = {"User Story": {"Active": ["Resolved"]}}
    tracker = reached(server)
    _, done = pushed(new_plan(), tracker, state)
    assert f"User Story {dropped['id']} has no way from Active to a state that is Removed" in [
        why for _, why in done.failed
    ]


# -- texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", ["Agile", "Basic"])
def test_hostile_titles_stay_text(process: str) -> None:
    server = FakeAzure(process)
    state: dict[str, Any] = {}
    tracker = reached(server)
    _, done = pushed(hostile_plan(), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert pushed(hostile_plan(), tracker, state)[0].steps.actions == ()
    whole = breakdown(hostile_plan())
    assert len(server.items) == len(whole.items) + len(whole.milestones) + len(whole.phases)
    for one in server.items.values():
        text = one["fields"][there.TEXT]
        # No element but our own, and nothing that a browser would take for one.
        assert not text.replace("<div>", "").replace("</div>", "").count("<")
        assert len([tag.strip() for tag in one["fields"][there.TAGS].split(";")]) == 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<div>a</div><div>b &amp;lt; c</div>", "a\nb &lt; c"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<p style='x'>one&nbsp; <b>two</b></p>\n<ul><li>three</li></ul>", "one two\nthree"),
        ("<" * 100_000, "<" * 100_000),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_the_text_of_html(text: str, plain: str) -> None:
    assert azure_html.plain(text) == plain


def test_days_in_a_description_are_read_back() -> None:
    days = {"start": "2027-01-01", "due": "2027-03-31"}
    whole = azure_html.dated(days) + "<div>Due: soon</div>"
    assert azure_html.undated(whole) == (days, "<div>Due: soon</div>")
    assert azure_html.undated("<p>x</p>") == ({}, "<p>x</p>")
    assert azure_html.dated({"start": "", "due": "2027-03-31"}) == "<div>Due: 2027-03-31</div>"


@pytest.mark.parametrize("moment", ["2027-03-31T10:00:00Z", "2027-04-01T00:00:00Z", "2027-03-31T11:00:00.000Z"])
def test_a_day_is_the_same_in_every_zone(moment: str) -> None:
    """A day as we send it, and midnights of people from New Zealand in summer to Hawaii."""
    blank = {"System.Title": "", "System.WorkItemType": "", "System.State": "", "System.TeamProject": ""}
    name = "Microsoft.VSTS.Scheduling.StartDate"
    day = "2027-03-31" if moment == sent("2027-03-31") else "2027-04-01"
    assert Fields.model_validate({**blank, name: moment}).start == day
    assert Fields.model_validate({**blank, name: "2027-04-01T10:00:00Z"}).start == "2027-04-01"


# -- calls -------------------------------------------------------------------------------------------------------------


def test_ids_come_in_pages_and_items_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FakeAzure()
    state: dict[str, Any] = {}
    pushed(OLD, reached(server), state)
    first = item(server, "access.depth.2")
    for number in range(1000, 1000 + 450):
        server.items[number] = {**copy.deepcopy(first), "id": number, "relations": []}
        server.items[number]["fields"][there.TAGS] = f"stepladder; stepladder-step; SL-{number:0>8}".translate(
            {ord("0"): "A", ord("1"): "B", ord("8"): "C", ord("9"): "D"}
        )
    server.most = 400
    monkeypatch.setattr(azure_calls, "PAGE", 200)
    server.calls.clear()
    assert len(reached(server).read()) == 456
    assert [call.rpartition("/")[2] for call in server.calls].count("wiql") == 3
    assert [call.rpartition("/")[2] for call in server.calls].count("workitemsbatch") == 3
    monkeypatch.setattr(azure_calls, "PAGE", 500)
    with pytest.raises(Refused, match="VS402337"):
        reached(server).read()


def test_a_query_with_a_quote_in_it_is_one_text() -> None:
    server = FakeAzure()
    assert list(azure_calls.Calls(line(server), "acme/line").tagged("it's [System.Id] > 0 'here'")) == []
    body = {"query": "SELECT [System.Id] FROM WorkItems WHERE [System.Tags] CONTAINS 'it's' ORDER BY [System.Id]"}
    with pytest.raises(Refused, match="TF51006"):
        line(server).send("POST", "acme/line/_apis/wit/wiql", body, {"api-version": "7.1"})


def test_a_tag_that_only_begins_like_ours_is_not_ours() -> None:
    server = FakeAzure()
    pushed(OLD, reached(server), {})
    step = item(server, "access.depth.2")
    for tags in ("stepladder; SL-AAAAAAAAA", "stepladders; SL-AAAAAAAA", "SL-AAAAAAAA", "stepladder; xSL-AAAAAAAA"):
        server.by_hand(step["id"], tags=tags)
        assert len(reached(server).read()) == 5


def test_every_body_is_strictly_checked() -> None:
    """Awake: what is wrong is refused by the server of the tests."""
    server = FakeAzure()
    web, asked = line(server), {"api-version": "7.1"}
    place, title = "acme/line/_apis/wit/workitems/$Epic", {"op": "add", "path": "/fields/System.Title", "value": "x"}
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        ([title], {}, "415"),
        ([{**title, "path": "/fields/System.Titel"}], {"kind": azure_calls.PATCH}, "TF51535"),
        ([{**title, "op": "put"}], {"kind": azure_calls.PATCH}, "VS403436"),
        ([{"op": "add", "path": "/fields/System.Title"}], {"kind": azure_calls.PATCH}, "VS403436"),
        ({"fields": {}}, {"kind": azure_calls.PATCH}, "VS403436"),
        ([{**title, "value": "x" * 256}], {"kind": azure_calls.PATCH}, "TF401320"),
        ([{**title, "path": f"/fields/{there.TAGS}", "value": "x" * 401}], {"kind": azure_calls.PATCH}, "TF401320"),
    ]
    for body, more, said in wrong:
        with pytest.raises(Refused, match=said):
            web.send("POST", place, body, asked, **more)
    with pytest.raises(Refused, match="VS402323"):
        web.send("POST", "acme/line/_apis/wit/workitems/$Epos", [title], asked, kind=azure_calls.PATCH)
    with pytest.raises(Refused, match="VS403474"):
        web.send("POST", "acme/line/_apis/wit/workitemsbatch", {"ids": list(range(1, 202))}, asked)
    assert server.items == {}


def test_a_host_that_asks_for_fewer_calls_is_asked_more_slowly() -> None:
    server, pauses, told = FakeAzure(), list[float](), list[str]()
    server.headers = {"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-delay": "2"}
    reached(server, pauses, told)
    assert pauses == [30.0] * 3
    assert told == ["dev.azure.com: it asks for fewer calls; asking again in 30 s"] * 3


SIGN_IN = "<!DOCTYPE html >\r\n<html><head><title>Azure DevOps Services | Sign In</title></head></html>"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            lambda: httpx.Response(302, headers={"location": "https://spsprod.vssps.visualstudio.com/_signin?r=1"}),
            r"wants us to log in to https://spsprod.vssps.visualstudio.com/_signin \(302\); no redirect is followed",
        ),
        (
            lambda: httpx.Response(203, html=SIGN_IN),
            r"a page to log in came back, not data \(203\): the tracker does not accept this token; is it still valid",
        ),
        (lambda: httpx.Response(401), r"does not accept this token; .*\(401\)"),
        (lambda: httpx.Response(404, html=SIGN_IN), r"no project 'acme/line' at https://dev.azure.com .*\(404\)"),
        (
            lambda: httpx.Response(400, json={"message": "The requested REST API version of 7.1 is out of range"}),
            "REST API version of 7.1 is out of range",
        ),
    ],
)
def test_a_token_that_is_not_accepted_and_a_server_that_is_too_old_are_told_apart(
    answer: Callable[[], httpx.Response], said: str
) -> None:
    with pytest.raises(StepladderError, match=said):
        reached(lambda _: answer())


def test_a_server_of_ones_own_keeps_its_folder() -> None:
    server = FakeAzure()
    server.origin, server.project = "https://tfs.acme.example", "Packing Line"
    server.root = "/tfs/Default%20Collection/Packing%20Line"
    server.iterations = {"name": server.project}
    tracker = Azure(line(server, url="https://tfs.acme.example/tfs"), "Default Collection/Packing Line")
    _, done = pushed(OLD, tracker, {})
    assert done.whole


@pytest.mark.parametrize(
    "project",
    ["acme", "acme/line/x", "acme/", "/line", "acme/..", "./line", "acme/a%2fb", "acme/a?b", "acme/ x", "a\\b/c"],
)
def test_a_project_is_two_names(project: str) -> None:
    with pytest.raises(UsageError, match="is no project of Azure DevOps; write it as organisation/project"):
        named(project)
    assert named("acme/Anlage Süd (2)") == "acme/Anlage Süd (2)"


def test_the_token_comes_from_the_environment_only() -> None:
    with pytest.raises(UsageError, match="set AZURE_DEVOPS_EXT_PAT in the environment"), reach("azure", "a/b", "", {}):
        pass


# -- several plans -----------------------------------------------------------------------------------------------------


def under(plan: Plan, name: str | None) -> Plan:
    return plan.model_copy(update={"id": name})


def test_several_plans_leave_each_other_alone_and_one_is_taken_over_when_somebody_says_so() -> None:
    server = FakeAzure()
    tracker = reached(server)
    states: dict[str, PushState] = {"one": {}, "two": {}}
    pushed(under(OLD, "one"), tracker, states["one"])
    first = copy.deepcopy(server.items)
    planned, done = pushed(under(OLD, "two"), tracker, states["two"])
    assert (counts(planned), done.whole) == ({"create": 6, "link": 4}, True)
    pushed(under(new_plan(), "two"), tracker, states["two"])
    assert {number: server.items[number] for number in first} == first
    assert pushed(under(OLD, "one"), tracker, states["one"])[0].steps.actions == ()
    state: PushState = {}
    planned = look(under(OLD, "three"), tracker, state, side="ours", adopt="one")
    assert "create" not in counts(planned)
    assert carry_out(planned, tracker, state, lambda: None).whole
    assert pushed(under(OLD, "three"), tracker, state)[0].steps.actions == ()


def test_a_lost_state_duplicates_nothing() -> None:
    server = FakeAzure()
    tracker = reached(server)
    pushed(OLD, tracker, {})
    planned, _ = pushed(OLD, tracker, {})
    assert (counts(planned), len(server.items)) == ({}, 6)


def test_what_was_answered_with_a_yes_and_is_another_thing_is_foreign() -> None:
    server = FakeAzure()
    tracker = reached(server)
    fields = {there.TITLE: "x", there.TYPE: "Epic", there.STATE: "New", there.PROJECT: "line"}
    planned = look(OLD, tracker, {})
    tracker.calls.web = line(lambda _: httpx.Response(200, json={"id": 5, "rev": 1, "fields": fields}))
    with pytest.raises(Foreign, match="showed another thing"):
        tracker.create(next(iter(planned.wanted.values())), {})


# -- the published description -----------------------------------------------------------------------------------------

#: Microsoft's description of work item tracking, version 7.1 (Swagger 2.0), where somebody has it.
DESCRIPTION = Path(os.environ.get("STEPLADDER_AZURE_OPENAPI", ROOT.parent / "shared/data/openapi/azure-wit-7.1.json"))


class Overheard(Memory):
    """Our own server, and every call with its answer."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.heard: list[tuple[httpx.Request, int, bytes]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        content = answer.read()
        self.heard.append((request, answer.status_code, content))
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content))


def described(whole: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
    """The one operation of the description that a call is; what it marks so may be left out of the path."""
    here = [part.lower() for part in unquote(request.url.path).strip("/").split("/")]
    found: list[tuple[int, str]] = []
    for template, operations in whole["paths"].items():
        operation = operations.get(request.method.lower())
        if operation is None:
            continue
        free = {f"{{{one['name']}}}".lower() for one in operation["parameters"] if one.get("x-ms-required") is False}
        parts = template.lower().strip("/").split("/")
        for left in powerset(sorted(free & set(parts))):
            shape = [part for part in parts if part not in left]
            if len(shape) == len(here) and all(map(_fits, shape, here)):
                found.append((sum("{" in part for part in shape), template))
    assert found, (request.method, request.url.path)
    operation = whole["paths"][min(found)[1]][request.method.lower()]
    assert isinstance(operation, dict)
    return operation


def _fits(part: str, name: str) -> bool:
    """Whether a part of a path is what a template has there, ``{id}`` or ``${type}`` being any name."""
    before, brace, _rest = part.partition("{")
    return name.startswith(before) and len(name) > len(before) if brace else part == name


def powerset(names: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def test_calls_and_answers_are_those_of_the_published_description() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    if not DESCRIPTION.exists():
        pytest.skip("Azure's description of work item tracking is not at hand (STEPLADDER_AZURE_OPENAPI)")
    whole = json.loads(DESCRIPTION.read_text(encoding="utf-8-sig"))
    heard: list[tuple[httpx.Request, int, bytes]] = []
    for process in PROCESSES:
        transport = Overheard(FakeAzure(process))
        pauses: list[float] = []
        web = Web(TRACKERS["azure"].url, TRACKERS["azure"].headers((SECRET,)), pauses.append, transport=transport)
        state: dict[str, Any] = {}
        for plan in (OLD, new_plan(), hostile_plan()):
            pushed(plan, Azure(web, "acme/line"), state)
        heard += transport.heard
    assert {request.method for request, *_rest in heard} == {"GET", "POST", "PATCH"}
    for request, status, content in heard:
        operation = described(whole, request)
        known = [one for one in operation["parameters"] if "$ref" not in one]
        names = {one.get("name", "") for one in known} | {"api-version"}
        assert set(request.url.params) <= names, request.url
        assert request.url.params["api-version"] == whole["info"]["version"].partition("-")[0]
        for one in known:
            if one.get("in") == "query" and one.get("enum") and one["name"] in request.url.params:
                assert request.url.params[one["name"]] in one["enum"], request.url
        if request.content:
            assert request.headers["content-type"].partition(";")[0] in operation["consumes"]
            (body,) = (one for one in known if one.get("in") == "body")
            schema = {**body["schema"], "definitions": loose(whole["definitions"])}
            jsonschema.Draft4Validator(schema).validate(json.loads(request.content))
        if status == 200:
            schema = operation["responses"]["200"].get("schema", {})
            # Azure answers null where there is nothing, as its examples do.
            read = json.loads(content, object_hook=lambda held: {k: one for k, one in held.items() if one is not None})
            read = read["value"] if schema.get("type") == "array" else read
            jsonschema.Draft4Validator({**schema, "definitions": loose(whole["definitions"])}).validate(read)

    # Awake: neither a call that is not described nor an operation that there is none of is taken.
    with pytest.raises(AssertionError):
        described(whole, httpx.Request("GET", "https://dev.azure.com/acme/line/_apis/wit/tickets"))
    patch = jsonschema.Draft4Validator(
        {"$ref": "#/definitions/JsonPatchDocument", "definitions": loose(whole["definitions"])}
    )
    assert patch.is_valid([{"op": "add", "path": "/fields/System.Title", "value": "x"}])
    assert not patch.is_valid([{"op": "put", "path": "/fields/System.Title", "value": "x"}])


def loose(schema: Any) -> Any:
    """A schema in which an object of which nothing is said stands for any value, as it does in Microsoft's examples."""
    if isinstance(schema, list):
        return [loose(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    any_value = schema.get("type") == "object" and not schema.get("properties") and "additionalProperties" not in schema
    return {name: loose(one) for name, one in schema.items() if not (any_value and name == "type")}
