"""Pulling: a step is done only where the tracker says that it was achieved, what cannot be told is said, and moments
become days in a zone that one chooses.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepladder.data.actuals import load_actuals
from stepladder.data.formats.plan import dump
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.push import outcomes
from stepladder.exchange.push.azure import Azure
from stepladder.exchange.push.faults import Refused
from stepladder.exchange.push.github import GitHub
from stepladder.exchange.push.jira import Jira
from stepladder.exchange.push.redmine import Redmine
from stepladder.exchange.push.trackers import TRACKERS
from stepladder.exchange.push.web import Web
from stepladder.exchange.push.zones import zone
from stepladder.exchange.tracker import Progress, Remote, Tracker
from stepladder.workflow.pull import pull
from stepladder.workflow.push import carry_out, look
from tests.support import fake_azure
from tests.support.commanding import run
from tests.support.fake_azure import FakeAzure
from tests.support.fake_github import FakeGitHub
from tests.support.fake_jira import FakeJira
from tests.support.fake_redmine import STATUSES, FakeRedmine
from tests.support.misbehaving import KINDS
from tests.support.misbehaving import Tracker as Server
from tests.support.trackers import OLD, Fake, Memory, mark, new_plan

#: In Q1; from Q2 to Q3; in Q1; in Q3.
FIRST, SECOND, LONG, LAST = "access.depth.2", "assets.depth.2", "access.depth.3", "patching.depth.2"
UTC = datetime.UTC
COUNTS = "counts as gone as planned until then"
COUNTED = "counted as gone as planned until the actuals say otherwise"


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def filled() -> tuple[Fake, dict[str, Any]]:
    """A tracker in memory that holds the plan, and the state of the push."""
    tracker = Fake()
    state: dict[str, Any] = {}
    carry_out(look(OLD, tracker, state), tracker, state, lambda: None)
    return tracker, state


def change(tracker: Fake, step: str, **fields: Any) -> None:
    tracker.held[mark(OLD, step)] = replace(tracker.held[mark(OLD, step)], **fields)


def pulled(
    tracker: Tracker, state: dict[str, Any], as_of: str = "2027-Q4", where: datetime.tzinfo = UTC
) -> tuple[dict[str, Any], str, list[str]]:
    """The steps of the actuals, their text, and the notes."""
    text, notes = pull(OLD, tracker, state, as_of, zone=where)
    return yaml.safe_load(text).get("steps", {}), text, notes


# -- what became of a plan ---------------------------------------------------------------------------------------------


def test_what_became_of_a_plan_is_actuals() -> None:
    tracker, state = filled()
    change(tracker, FIRST, open=False, progress="done", finished=moment("2027-02-03T10:00:00Z"))
    tracker.by_hand(mark(OLD, LONG), start="2027-07-05")
    change(tracker, LONG, progress="running")
    del tracker.held[mark(OLD, LAST)]
    text, notes = pull(OLD, tracker, state, "2027-Q4")
    assert yaml.safe_load(text) == {
        "format": "stepladder-actuals/1",
        "as_of": "2027-Q4",
        "source": "tracker",
        "steps": {
            FIRST: {"status": "done"},
            SECOND: {"status": "slipped"},
            LONG: {"status": "running", "started": "2027-Q3"},
        },
    }
    assert notes[0] == "done: 1, running: 1, slipped: 1, as planned: 0, unknown: 1 (patching.depth.2)"
    with pytest.raises(UsageError, match="is no period of this plan"):
        pull(OLD, tracker, state, "2026-Q1")


def test_what_was_closed_without_a_date_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    """A step of two periods that is done in the first of them ended in it."""
    tracker, state = filled()
    change(tracker, LONG, open=False, progress="done")
    steps, text, _ = pulled(tracker, state, "2027-Q3")
    assert steps[LONG] == {"status": "done", "finished": "2027-Q2"}
    path = tmp_path / "actuals.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_actuals(path, OLD).duration[LONG] == 1


def test_what_was_closed_before_the_plan_began_ended_in_its_first_period() -> None:
    tracker, state = filled()
    change(tracker, LONG, open=False, progress="done", finished=moment("2026-11-30T12:00:00Z"))
    assert pulled(tracker, state)[0][LONG] == {"status": "done", "started": "2027-Q1", "finished": "2027-Q1"}


def test_while_no_period_is_past_nothing_has_begun_and_that_is_said() -> None:
    tracker, state = filled()
    change(tracker, FIRST, open=False, progress="done", finished=moment("2027-01-03T10:00:00Z"))
    change(tracker, SECOND, open=False, progress="cancelled", reason="Rejected")
    steps, _, notes = pulled(tracker, state, "2027-01-15")
    assert steps == {SECOND: {"status": "cancelled", "reason": "Rejected"}}
    assert notes == [
        "cancelled: 1, as planned: 3, unknown: 0",
        "begun there, and not taken over, because nothing is past before 2027-Q1: access.depth.2",
    ]


@pytest.mark.parametrize(
    ("place", "closed", "period"),
    [
        # One o'clock in the next quarter at UTC+13, and seven in the evening of the last one at UTC-8.
        ("Pacific/Tongatapu", "2027-06-30T12:00:00Z", "2027-Q3"),
        ("UTC", "2027-06-30T12:00:00Z", "2027-Q2"),
        ("Pacific/Pitcairn", "2027-07-01T03:00:00Z", "2027-Q2"),
        ("UTC", "2027-07-01T03:00:00Z", "2027-Q3"),
        # The offset of the tracker's own is none of ours.
        ("Pacific/Pitcairn", "2027-07-01T16:00:00.000+1300", "2027-Q2"),
    ],
)
def test_a_moment_is_a_day_in_the_zone_that_was_chosen(place: str, closed: str, period: str) -> None:
    tracker, state = filled()
    change(tracker, FIRST, open=False, progress="done", finished=moment(closed))
    assert pulled(tracker, state, where=zoneinfo.ZoneInfo(place))[0][FIRST]["finished"] == period


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Europe/Berln", "'Europe/Berlin'"),
        ("Tokio", "'Asia/Tokyo'"),
        ("america/new york", "'America/New_York'"),
        # A folder of them.
        ("Europe", "write it as Europe/Berlin or UTC"),
        ("../../etc/passwd", "write it as Europe/Berlin or UTC"),
        ("UTC\x00", "'"),
    ],
)
def test_a_zone_that_there_is_not_is_refused_with_those_that_are_near(name: str, near: str) -> None:
    with pytest.raises(UsageError, match="unknown time zone") as error:
        zone(name)
    assert near in str(error.value)


def test_a_zone_is_one_of_the_machines_or_its_own() -> None:
    assert zone("") is None
    assert str(zone("Pacific/Auckland")) == "Pacific/Auckland"


# -- what is not known -------------------------------------------------------------------------------------------------


def test_what_is_not_there_is_a_comment_and_a_warning_and_never_done(tmp_path: Path) -> None:
    tracker, state = filled()
    del tracker.held[mark(OLD, FIRST)], tracker.held[mark(OLD, LAST)]
    steps, text, notes = pulled(tracker, state, "2027-Q2")
    assert steps == {SECOND: {"status": "slipped"}}
    assert text.splitlines()[-2:] == [
        f"# {FIRST}: not found in the tracker; say what became of it: it was to begin in 2027-Q1, and {COUNTS}",
        "# patching.depth.2: not found in the tracker; say what became of it",
    ]
    assert notes == [
        "slipped: 1, as planned: 1, unknown: 2 (access.depth.2 and patching.depth.2)",
        "warning: not found in the tracker: access.depth.2 and patching.depth.2",
        f"warning: to begin before 2027-Q2 by the plan, and {COUNTED}: access.depth.2",
    ]
    path = tmp_path / "actuals.yaml"
    path.write_text(text, encoding="utf-8")
    assert FIRST in load_actuals(path, OLD).started


def test_without_a_state_file_nothing_is_asked_by_key() -> None:
    steps, _, notes = pulled(Fake(), {}, "2027-01-15")
    assert steps == {}
    assert notes[0].startswith("as planned: 0, unknown: 4 (")


def test_what_went_to_another_project_is_unknown() -> None:
    tracker, state = filled()
    gone = tracker.held.pop(mark(OLD, FIRST))
    tracker.elsewhere = {gone.key}
    steps, text, notes = pulled(tracker, state)
    assert FIRST not in steps
    assert f"# {FIRST}: moved to another project in the tracker; say what became of it" in text
    assert f"warning: moved to another project in the tracker: {FIRST}" in notes


def test_what_has_lost_its_mark_is_known_by_its_key_while_it_has_its_title() -> None:
    tracker, state = filled()
    plain = replace(tracker.held.pop(mark(OLD, FIRST)), mark="", open=False, progress="done")
    tracker.held["without"] = plain
    assert pulled(tracker, state)[0][FIRST] == {"status": "done"}
    # With its mark in the title it may say anything else.
    tracker.held["without"] = replace(plain, fields={**plain.fields, "title": f"Gates ({mark(OLD, FIRST)})"})
    assert pulled(tracker, state)[0][FIRST] == {"status": "done"}
    # With neither it is another thing, or may be.
    tracker.held["without"] = replace(plain, fields={**plain.fields, "title": "Paint the gates"})
    steps, text, _ = pulled(tracker, state)
    assert FIRST not in steps
    assert f"# {FIRST}: {plain.key} of the tracker has neither its mark nor its title any more; say" in text
    # So is what carries the mark of another step.
    tracker.held["without"] = replace(plain, mark=mark(OLD, SECOND))
    assert FIRST not in pulled(tracker, state)[0]


def test_of_a_copy_with_the_same_mark_nothing_is_taken_while_the_key_is_known() -> None:
    tracker, state = filled()
    original = tracker.held[mark(OLD, FIRST)]
    copy = replace(original, key="77", open=False, progress="done", copies=(original.key,))

    class Copied(Fake):
        def at(self, key: str) -> Remote | None:
            return original if key == original.key else tracker.at(key)

    other = Copied()
    other.held = {**tracker.held, mark(OLD, FIRST): copy}
    assert pulled(other, state)[0][FIRST] == {"status": "slipped"}
    # Without the key it cannot be told which of the two is meant.
    steps, text, _ = pulled(other, {})
    assert FIRST not in steps
    assert f"# {FIRST}: its mark is on 2 items of the tracker; say" in text


def test_where_the_key_leads_nowhere_the_mark_counts() -> None:
    tracker, state = filled()
    change(tracker, FIRST, key="77", open=False, progress="done")
    assert pulled(tracker, state)[0][FIRST] == {"status": "done"}


def test_what_a_push_has_closed_is_not_done() -> None:
    """The newer plan dropped it; the older one is asked about."""
    tracker, state = filled()
    carry_out(look(new_plan(), tracker, state), tracker, state, lambda: None)
    change(tracker, LAST, progress="done")
    steps, text, _ = pulled(tracker, state)
    assert LAST not in steps
    assert f"# {LAST}: closed by a push whose plan did not have it; say what became of it" in text
    # Somebody opened it again.
    change(tracker, LAST, open=True, progress="running")
    assert pulled(tracker, state)[0][LAST]["status"] == "running"


def test_a_tracker_that_refuses_for_another_reason_is_no_gap() -> None:
    class Locked(Fake):
        def at(self, key: str) -> Remote | None:
            raise Refused(401, f"no token for {key}")

    _, state = filled()
    with pytest.raises(StepladderError, match="no token for"):
        pulled(Locked(), state)


def test_a_reason_of_the_trackers_is_one_clean_line(tmp_path: Path) -> None:
    tracker, state = filled()
    hostile = "Rejected\n  access.depth.3: {status: done}\u2028# \x1b[31m" + "x" * 5000
    change(tracker, FIRST, open=False, progress="cancelled", reason=hostile)
    change(tracker, SECOND, open=False, progress="unclear", reason=hostile)
    steps, text, notes = pulled(tracker, state)
    assert set(steps) == {FIRST, LONG, LAST}
    assert steps[FIRST]["reason"].startswith("Rejected access.depth.3: {status: done}")
    assert sum(line.startswith("#") for line in text.splitlines()) == 1
    assert all(line.isprintable() for note in notes for line in [note])
    path = tmp_path / "actuals.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_actuals(path, OLD).cancelled == {FIRST}


@pytest.mark.parametrize(("begin", "status"), [("2027-04-01", "running"), ("2027-10-01", None)])
def test_what_is_assigned_runs_once_its_start_is_past(begin: str, status: str | None) -> None:
    tracker, state = filled()
    change(tracker, LAST, progress="assigned")
    tracker.by_hand(mark(OLD, LAST), start=begin)
    assert pulled(tracker, state, "2027-Q3")[0].get(LAST, {}).get("status") == status


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("Won't Do", "Won\u2019t Fix", "WONTFIX", "not_planned", "duplicate", "Declined", "Cannot Reproduce"),
        *(
            "Incomplete",
            "Rejected",
            "Cancelled",
            "canceled",
            "Obsolete",
            "Cut",
            "deferred",
            "Closed: rejected",
            "[Duplicate]",
        ),
        *("Abgewiesen", "ABGELEHNT", "Zurückgewiesen", "Zuru\u0308ckgewiesen", "Abgebrochen", "Duplikat", "Storniert"),
    ],
)
def test_a_word_of_what_was_not_achieved_is_known(name: str) -> None:
    assert outcomes.closed(["", name]) == ("cancelled", name)


@pytest.mark.parametrize(
    "name", ["Done", "Closed", "Erledigt", "completed", "Fixed", "Resolved", "", "Deduplicated", "Cut over"]
)
def test_any_other_is_done(name: str) -> None:
    assert outcomes.closed([name]) == ("done", "")


@pytest.mark.parametrize("name", ["In Progress", "in bearbeitung", "Feedback", "Resolved", "status: in-progress"])
def test_a_word_of_what_has_begun_is_known(name: str) -> None:
    assert outcomes.begun(name)
    assert not outcomes.begun(f"{name} not yet")


# -- each tracker ------------------------------------------------------------------------------------------------------


@dataclass
class Reached:
    """A tracker of our own with the plan in it: what speaks to it, the state, and its issue of a step."""

    server: Any
    tracker: Tracker
    state: dict[str, Any]
    issue: Callable[[str], dict[str, Any]]

    def steps(self, as_of: str = "2027-Q4", where: datetime.tzinfo = UTC) -> dict[str, Any]:
        return pulled(self.tracker, self.state, as_of, where)[0]

    def gap(self, step: str) -> str:
        """What the comment says of it."""
        text = pulled(self.tracker, self.state)[1]
        return next((line for line in text.splitlines() if line.startswith(f"# {step}: ")), "").partition(": ")[2]


def _reached(server: Any, tracker: Tracker, issue: Callable[[str], dict[str, Any]]) -> Reached:
    state: dict[str, Any] = {}
    done = carry_out(look(OLD, tracker, state), tracker, state, lambda: None)
    assert done.whole
    return Reached(server, tracker, state, issue)


def _web(url: str, headers: dict[str, str], server: Any) -> Web:
    pauses: list[float] = []
    return Web(url, headers, pauses.append, transport=Memory(server))


@pytest.fixture
def github() -> Reached:
    server = FakeGitHub()
    web = _web("https://api.github.com", {"Authorization": "Bearer secret-token"}, server)
    return _reached(
        server,
        GitHub(web, "acme/line"),
        lambda step: next(held for held in server.issues if held["title"].startswith(mark(OLD, step))),
    )


@pytest.fixture
def jira() -> Reached:
    server = FakeJira()
    web = _web("https://acme.atlassian.net", TRACKERS["jira"].headers(("me@acme.example", "secret-token")), server)
    return _reached(
        server,
        Jira(web, "line"),
        lambda step: next(held for held in server.issues.values() if held["summary"].startswith(mark(OLD, step))),
    )


@pytest.fixture
def redmine() -> Reached:
    server = FakeRedmine()
    web = _web("https://redmine.example", {"X-Redmine-API-Key": "secret-token"}, server)
    return _reached(
        server,
        Redmine(web, "line"),
        lambda step: next(held for held in server.issues if mark(OLD, step) in held["subject"]),
    )


@pytest.mark.parametrize(
    ("reason", "labels", "status"),
    [
        ("completed", [], "done"),
        ("not_planned", [], "cancelled"),
        ("duplicate", [], "cancelled"),
        # Closed as anybody closes, with the label that says what was meant.
        ("completed", [{"name": "wontfix"}], "cancelled"),
        (None, [], None),
        ("of another time", [], None),
    ],
)
def test_github_says_whether_a_closed_issue_was_achieved(
    reason: str | None, labels: list[Any], status: str | None, github: Reached
) -> None:
    issue = github.issue(FIRST)
    issue |= {"state": "closed", "state_reason": reason, "closed_at": "2027-02-03T10:00:00Z"}
    issue["labels"] += labels
    actual = github.steps().get(FIRST, {})
    assert actual.get("status") == status
    assert actual.get("reason") == (None if status != "cancelled" else labels[0]["name"] if labels else reason)
    if status is None:
        assert github.gap(FIRST).startswith(
            "closed in the tracker as of another time, which may mean anything; say"
            if reason
            else "closed in the tracker without a reason; say"
        )


def test_github_an_open_issue_runs_when_assigned_or_labelled(github: Reached) -> None:
    github.issue(LAST)["assignees"] = [{"login": "ann"}]
    assert github.steps("2027-Q3").get(LAST) is None
    assert github.steps("2027-Q4")[LAST] == {"status": "running"}
    github.issue(SECOND)["labels"].append({"name": "status: in progress"})
    github.issue(FIRST)["labels"].append({"name": "good first issue"})
    steps = github.steps()
    assert (steps[SECOND]["status"], steps[FIRST]["status"]) == ("running", "slipped")


def test_github_what_is_gone_moved_or_without_its_block(github: Reached) -> None:
    for step in (FIRST, SECOND, LONG, LAST):
        github.issue(step).update(state="closed", state_reason="completed", closed_at="2027-03-03T10:00:00Z")
    # Somebody took the label and the block away.
    issue = github.issue(LONG)
    issue |= {"labels": [], "body": "ours", "title": issue["title"].partition(" ")[2]}
    github.issue(LAST).update(labels=[], body="theirs", title="Paint the gates")
    moved, deleted = github.issue(FIRST), github.issue(SECOND)
    github.server.moved = {moved["number"]}
    github.server.issues = [held for held in github.server.issues if held not in (moved, deleted)]
    assert set(github.steps()) == {LONG}
    assert github.gap(FIRST).startswith("moved to another project in the tracker")
    assert github.gap(SECOND).startswith("not found in the tracker")
    assert "neither its mark nor its title" in github.gap(LAST)


def test_github_a_moment_near_midnight(github: Reached) -> None:
    github.issue(FIRST).update(state="closed", state_reason="completed", closed_at="2027-06-30T12:00:00Z")
    assert github.steps(where=zoneinfo.ZoneInfo("Pacific/Tongatapu"))[FIRST]["finished"] == "2027-Q3"
    assert github.steps(where=zoneinfo.ZoneInfo("Pacific/Pitcairn"))[FIRST]["finished"] == "2027-Q2"


@pytest.mark.parametrize(
    ("name", "resolution", "status"),
    [
        ("Done", "Done", "done"),
        ("Done", None, "done"),
        ("Fertig", "Fixed", "done"),
        *(
            ("Done", name, "cancelled")
            for name in ("Won't Do", "won't fix", "DUPLICATE", "Declined", "Cannot Reproduce", "Incomplete", "Rejected")
        ),
        ("Done", "Cancelled", "cancelled"),
        # A project that sets no resolution has a status for it.
        ("Abgelehnt", None, "cancelled"),
    ],
)
def test_jira_says_by_resolution_or_status_whether_it_was_achieved(
    name: str, resolution: str | None, status: str, jira: Reached
) -> None:
    jira.issue(FIRST).update(
        status={"name": name, "statusCategory": {"key": "done"}},
        resolution=resolution and {"name": resolution},
        resolutiondate=resolution and "2027-02-03T10:00:00.000+0100",
    )
    actual = jira.steps()[FIRST]
    assert actual == {"status": status, **({"reason": resolution or name} if status == "cancelled" else {})}


def test_jira_in_between_is_running_and_new_is_not(jira: Reached) -> None:
    jira.issue(FIRST)["status"] = {"name": "In Review", "statusCategory": {"key": "indeterminate"}}
    jira.issue(SECOND)["status"] = {"name": "In Progress", "statusCategory": {"key": "new"}}
    steps = jira.steps()
    assert (steps[FIRST]["status"], steps[SECOND]["status"]) == ("running", "slipped")


def test_jira_a_moment_near_midnight_with_and_without_a_resolution(jira: Reached) -> None:
    for name in ("resolutiondate", "statuscategorychangedate"):
        jira.issue(FIRST).update(status={"name": "Done", "statusCategory": {"key": "done"}}, resolutiondate=None)
        jira.issue(FIRST)[name] = "2027-06-30T12:00:00.000+0000"
        assert jira.steps(where=zoneinfo.ZoneInfo("Pacific/Tongatapu"))[FIRST]["finished"] == "2027-Q3"
        assert jira.steps(where=zoneinfo.ZoneInfo("Pacific/Pitcairn"))[FIRST]["finished"] == "2027-Q2"


def test_jira_what_is_gone_moved_or_without_its_labels(jira: Reached) -> None:
    keys = {step: jira.state[mark(OLD, step)].key for step in (FIRST, SECOND, LONG, LAST)}
    for step in keys:
        jira.issue(step)["status"] = {"name": "Done", "statusCategory": {"key": "done"}}
    jira.issue(LONG)["labels"] = []
    jira.issue(LAST).update(labels=[], summary="Paint the gates")
    jira.server.move(keys[FIRST], "OPS-1")
    del jira.server.issues[keys[SECOND]]
    assert set(jira.steps()) == {LONG}
    assert jira.gap(FIRST).startswith("moved to another project in the tracker")
    assert jira.gap(SECOND).startswith("not found in the tracker")
    assert "neither its mark nor its title" in jira.gap(LAST)


def test_jira_a_clone_carries_the_labels_and_is_not_taken(jira: Reached) -> None:
    key = jira.state[mark(OLD, FIRST)].key
    clone = {**jira.server.issues[key], "status": {"name": "Done", "statusCategory": {"key": "done"}}}
    jira.server.issues = {"LINE-0": clone, **jira.server.issues}
    assert jira.steps()[FIRST] == {"status": "slipped"}
    jira.state = {}
    assert FIRST not in jira.steps()
    assert jira.gap(FIRST).startswith("its mark is on 2 items of the tracker")


@pytest.mark.parametrize(
    ("name", "ratio", "status"),
    [
        ("Closed", 100, "done"),
        ("Closed", 40, "done"),
        ("Rejected", 100, "cancelled"),
        ("Zurückgewiesen", 0, "cancelled"),
        ("New", 0, "slipped"),
        ("New", 10, "running"),
        ("In Progress", 0, "running"),
        ("Feedback", 0, "running"),
        ("Resolved", 100, "running"),
    ],
)
def test_redmine_says_by_status_what_became_of_it(name: str, ratio: int, status: Progress, redmine: Reached) -> None:
    closed = "2027-02-03T10:00:00Z"
    redmine.issue(FIRST).update(
        status=next(held for held in STATUSES if held["name"] == name), done_ratio=ratio, closed_on=closed
    )
    steps, _, notes = pulled(redmine.tracker, redmine.state)
    assert steps[FIRST] == {"status": status, **({"reason": name} if status == "cancelled" else {})}
    assert (f"closed there at less than 100 %, and counted as done: {FIRST}" in notes) is (
        (name, ratio) == ("Closed", 40)
    )


def test_redmine_what_is_closed_without_a_moment_is_done(redmine: Reached) -> None:
    redmine.issue(FIRST)["status"] = next(held for held in STATUSES if held["name"] == "Closed")
    assert redmine.steps()[FIRST] == {"status": "done"}


def test_redmine_a_moment_near_midnight(redmine: Reached) -> None:
    closed = next(held for held in STATUSES if held["name"] == "Closed")
    redmine.issue(FIRST).update(status=closed, closed_on="2027-06-30T12:00:00Z")
    assert redmine.steps(where=zoneinfo.ZoneInfo("Pacific/Tongatapu"))[FIRST]["finished"] == "2027-Q3"
    assert redmine.steps(where=zoneinfo.ZoneInfo("Pacific/Pitcairn"))[FIRST]["finished"] == "2027-Q2"


def test_redmine_what_is_gone_moved_hidden_or_renamed(redmine: Reached) -> None:
    closed = next(held for held in STATUSES if held["name"] == "Closed")
    for step in (FIRST, SECOND, LONG, LAST):
        redmine.issue(step)["status"] = closed
    hidden, deleted = redmine.issue(FIRST), redmine.issue(SECOND)
    redmine.server.hidden = {hidden["id"]}
    redmine.server.issues = [held for held in redmine.server.issues if held not in (hidden, deleted)]
    redmine.issue(LONG)["project"] = {"id": 8, "name": "Other"}
    issue = redmine.issue(LAST)
    issue["subject"] = issue["subject"].partition("] ")[2]
    assert set(redmine.steps()) == {LAST}
    issue["subject"] = "Paint the gates"
    assert redmine.steps() == {}
    assert redmine.gap(FIRST).startswith("not to be seen in the tracker with this token")
    assert redmine.gap(SECOND).startswith("not found in the tracker")
    assert redmine.gap(LONG).startswith("moved to another project in the tracker")
    assert "neither its mark nor its title" in redmine.gap(LAST)


#: Fields of Azure's work items, as they are called there.
STATE, REASON, CLOSED = fake_azure.STATE, fake_azure.REASON, fake_azure.CLOSED


def _azure(server: FakeAzure) -> Azure:
    return Azure(_web("https://dev.azure.com", TRACKERS["azure"].headers(("secret-token",)), server), "acme/line")


def azure_of(process: str) -> Reached:
    server = FakeAzure(process)
    items = server.items
    return _reached(
        server,
        _azure(server),
        lambda step: next(item for item in items.values() if mark(OLD, step) in item["fields"][fake_azure.TAGS]),
    )


@pytest.fixture
def azure() -> Reached:
    return azure_of("Agile")


@pytest.mark.parametrize(
    ("process", "state", "reason", "status", "word"),
    [
        ("Agile", "New", "New", "slipped", ""),
        ("Agile", "Active", "Implementation started", "running", ""),
        ("Agile", "Resolved", "Code complete", "running", ""),
        ("Agile", "Closed", "Acceptance tests pass", "done", ""),
        ("Agile", "Removed", "Removed from the backlog", "cancelled", "Removed"),
        *(
            ("Agile", "Closed", reason, "cancelled", reason)
            for reason in ("Cut", "Deferred", "Duplicate", "Abandoned", "Obsolete", "Won't fix", "Rejected")
        ),
        ("Agile", "Closed", "Cut over", "done", ""),
        ("Agile", "a state of one's own that is gone", "", "slipped", ""),
        ("Scrum", "New", "", "slipped", ""),
        ("Scrum", "Approved", "", "slipped", ""),
        ("Scrum", "Committed", "", "running", ""),
        ("Scrum", "Done", "Work finished", "done", ""),
        ("Scrum", "Removed", "", "cancelled", "Removed"),
        ("CMMI", "Proposed", "", "slipped", ""),
        ("CMMI", "Active", "Accepted", "running", ""),
        ("CMMI", "Resolved", "", "running", ""),
        ("CMMI", "Closed", "Validation test passed", "done", ""),
        ("CMMI", "Closed", "Rejected", "cancelled", "Rejected"),
        ("Basic", "To Do", "", "slipped", ""),
        ("Basic", "Doing", "", "running", ""),
        ("Basic", "Done", "", "done", ""),
    ],
)
def test_azure_says_by_its_states_category_what_became_of_it(
    process: str, state: str, reason: str, status: str, word: str
) -> None:
    azure = azure_of(process)
    azure.issue(FIRST)["fields"] |= {STATE: state, REASON: reason, CLOSED: "2027-02-03T10:00:00Z"}
    assert azure.steps()[FIRST] == {"status": status, **({"reason": word} if word else {})}


def test_azure_a_state_that_says_so_is_cancelled_whatever_its_category(azure: Reached) -> None:
    states = azure.server.types["User Story"][0]
    states |= {"Rejected by the board": "Completed", "Gestrichen": "Removed"}
    azure.issue(FIRST)["fields"][STATE] = "Rejected by the board"
    azure.issue(SECOND)["fields"] |= {STATE: "Gestrichen", REASON: ""}
    azure.tracker = _azure(azure.server)
    steps = azure.steps()
    assert steps[FIRST] == {"status": "cancelled", "reason": "Rejected by the board"}
    assert steps[SECOND] == {"status": "cancelled", "reason": "Gestrichen"}


def test_azure_a_moment_near_midnight_with_and_without_the_day_of_closing(azure: Reached) -> None:
    for name, other in ((CLOSED, fake_azure.CHANGED), (fake_azure.CHANGED, CLOSED)):
        azure.issue(FIRST)["fields"] |= {STATE: "Closed", name: "2027-06-30T12:00:00.1Z", other: None}
        assert azure.steps(where=zoneinfo.ZoneInfo("Pacific/Tongatapu"))[FIRST]["finished"] == "2027-Q3"
        assert azure.steps(where=zoneinfo.ZoneInfo("Pacific/Pitcairn"))[FIRST]["finished"] == "2027-Q2"


def test_azure_what_is_gone_moved_or_without_its_tags(azure: Reached) -> None:
    for step in (FIRST, SECOND, LONG, LAST):
        azure.issue(step)["fields"][STATE] = "Closed"
    first, second = azure.issue(FIRST), azure.issue(SECOND)
    azure.issue(LONG)["fields"][fake_azure.TAGS] = "theirs"
    azure.issue(LAST)["fields"] |= {fake_azure.TITLE: "Paint the gates", fake_azure.TAGS: ""}
    first["fields"][fake_azure.PROJECT] = "other"
    del azure.server.items[second["id"]]
    assert set(azure.steps()) == {LONG}
    assert azure.gap(FIRST).startswith("moved to another project in the tracker")
    assert azure.gap(SECOND).startswith("not found in the tracker")
    assert "neither its mark nor its title" in azure.gap(LAST)


def test_azure_what_is_deleted_between_the_query_and_the_batch_is_not_there(azure: Reached) -> None:
    number, batch = azure.issue(FIRST)["id"], azure.server._batch
    azure.server._batch = lambda body: (azure.server.items.pop(number, None), batch(body))[1]
    assert FIRST not in azure.steps()
    assert azure.gap(FIRST).startswith("not found in the tracker")


def test_azure_a_copy_carries_the_tags_and_is_not_taken(azure: Reached) -> None:
    first = azure.issue(FIRST)
    copy = {**first, "id": 99, "relations": [], "fields": {**first["fields"], STATE: "Closed"}}
    azure.server.items[99] = copy
    assert azure.steps()[FIRST] == {"status": "slipped"}
    azure.state = {}
    assert FIRST not in azure.steps()
    assert azure.gap(FIRST).startswith("its mark is on 2 items of the tracker")


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_the_command_warns_of_what_is_unknown_and_ends_well(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in KINDS[name].environment.items():
        monkeypatch.setenv(variable, value)
    plan = tmp_path / "plan.json"
    plan.write_text(dump(OLD), encoding="utf-8")
    more = ["--state", tmp_path / "state.json", "--as-of", "2027-Q2", "--timezone", "Pacific/Auckland"]
    with Server(KINDS[name]) as server:
        place = [plan, "--to", name, "--project", server.kind.project, "--url", server.url]
        done = run("pull", *place, *more, "-o", tmp_path / "actuals.yaml")
        assert done.exit_code == 0, done.stderr
        assert "unknown: 4 (" in done.stderr
        assert "warning: not found in the tracker: " in done.stderr
        assert (tmp_path / "actuals.yaml").read_text(encoding="utf-8").count("\n# ") == 4
        calls = len(server.calls)
        wrong = run("pull", *place, *more[:-1], "Pacific/Aukland")
        assert (wrong.exit_code, len(server.calls)) == (2, calls)
        assert "unknown time zone 'Pacific/Aukland'; did you mean 'Pacific/Auckland'" in " ".join(wrong.stderr.split())
