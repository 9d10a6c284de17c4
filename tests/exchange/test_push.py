"""Pushing: what is done, what is left alone, what happens when things go wrong. The tracker in memory is our own;
Redmine is not.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from stepladder.data.formats.plan import Plan, dump
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.engine import Done, PushState, apply, steps, summary
from stepladder.exchange.push.report import push_text
from stepladder.exchange.push.state import dump as dump_state
from stepladder.exchange.push.state import load as load_state
from stepladder.exchange.tracker import Pushed
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from stepladder.workflow.push import carry_out, look
from tests.support import handmade
from tests.support.commanding import run
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import renewed
from tests.support.sizes import FULL, size
from tests.support.trackers import OLD, Fake, Proxy, mark, new_plan, redmine


def pushed(plan: Plan, tracker: Fake, state: PushState, side: Any = None) -> tuple[Any, Done]:
    planned = look(plan, tracker, state, side=side)
    return planned, carry_out(planned, tracker, state, lambda: None)


def counts(planned: Any) -> dict[str, int]:
    return {verb: count for verb, count in summary(planned.steps.actions).items() if count}


def test_first_everything_then_nothing() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    planned, done = pushed(OLD, tracker, state)
    # A phase, a milestone, four steps; three needs, and the milestone's two steps.
    assert counts(planned) == {"create": 6, "link": 4}
    assert (done.failed, done.drift) == ([], [])
    calls = tracker.calls
    again, _ = pushed(OLD, tracker, state)
    assert (again.steps.actions, again.steps.conflicts, tracker.calls) == ((), (), calls)


def test_a_new_plan_changes_exactly_what_has_changed() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    pushed(OLD, tracker, state)
    planned, _ = pushed(new_plan(), tracker, state)
    said = {
        (action.verb, action.mark) for action in planned.steps.actions if action.verb in ("create", "change", "close")
    }
    later, dropped, moved = mark(OLD, "access.depth.3"), mark(OLD, "patching.depth.2"), mark(OLD, "assets.depth.2")
    assert said == {
        ("create", mark(new_plan(), "vault.depth.4")),
        ("change", later),
        ("close", dropped),
        ("close", moved),
    }
    change = next(action for action in planned.steps.actions if action.verb == "change")
    assert change.fields["start"] == "2027-07-01"
    assert dict(tracker.comments)[dropped] == "It is not in the plan any more: the budget is used up."
    assert not tracker.held[dropped].open
    assert pushed(new_plan(), tracker, state)[0].steps.actions == ()
    back, _ = pushed(OLD, tracker, state)
    assert {action.mark for action in back.steps.actions if action.verb == "reopen"} == {dropped, moved}
    assert tracker.held[dropped].open


def test_what_a_step_waited_for_that_has_begun_stays_there() -> None:
    """A plan that was made anew does not ask of what is done what it waited for; in the tracker that is history."""
    tracker, state = Fake(), dict[str, Any]()
    pushed(OLD, tracker, state)
    before = set(tracker.pairs)
    assert before
    later = renewed().model_copy(update={"id": OLD.id})
    _, done = pushed(later, tracker, state)
    begun = {item.mark for item in breakdown(later).items if item.state in ("done", "running")}
    gone = before - tracker.pairs
    assert done.failed == []
    assert begun
    assert not any(begun.intersection(pair) for pair in gone)
    assert any(begun.intersection(pair) for pair in before & tracker.pairs)


def test_a_date_that_somebody_moved_is_a_conflict_until_somebody_decides() -> None:
    step = mark(OLD, "access.depth.3")
    for side, wanted in ((None, "2027-05-05"), ("ours", "2027-04-01"), ("theirs", "2027-05-05")):
        tracker = Fake()
        state: dict[str, Any] = {}
        pushed(OLD, tracker, state)
        tracker.by_hand(step, start="2027-05-05")
        planned, _ = pushed(OLD, tracker, state, side)
        assert [(held.field, held.ours, held.theirs) for held in planned.steps.conflicts] == (
            [("start", "2027-04-01", "2027-05-05")] if side is None else []
        )
        assert tracker.held[step].fields["start"] == wanted
        again, _ = pushed(OLD, tracker, state)
        assert len(again.steps.conflicts) == (side is None)
        # What the plan itself moves afterwards is the plan's.
        third, _ = pushed(new_plan(), tracker, state)
        assert len(third.steps.conflicts) == (side is None)
        assert tracker.held[step].fields["start"] == ("2027-05-05" if side is None else "2027-07-01")


def test_what_people_wrote_is_never_written_over() -> None:
    tracker, step = Fake(), mark(OLD, "access.depth.3")
    state: dict[str, Any] = {}
    pushed(OLD, tracker, state)
    tracker.by_hand(step, text="My notes.", title="Better title")
    for side in (None, "ours", "theirs"):
        planned, _ = pushed(new_plan(), tracker, state, side)
        assert planned.steps.conflicts == ()
        assert (tracker.held[step].fields["text"], tracker.held[step].fields["title"]) == ("My notes.", "Better title")


def test_what_somebody_closed_stays_closed() -> None:
    tracker, step = Fake(), mark(OLD, "access.depth.2")
    state: dict[str, Any] = {}
    pushed(OLD, tracker, state)
    tracker.held[step] = replace(tracker.held[step], open=False, progress="done")
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    assert not tracker.held[step].open


def test_an_answer_that_was_lost_makes_nothing_twice() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    tracker.lost = [item.mark for item in breakdown(OLD).items]
    _, done = pushed(OLD, tracker, state)
    assert done.failed == []
    assert len(tracker.held) == 6


def test_what_cannot_be_made_is_said_and_made_the_next_time() -> None:
    tracker, step = Fake(), mark(OLD, "assets.depth.2")
    state: dict[str, Any] = {}
    tracker.broken = {step}
    _, done = pushed(OLD, tracker, state)
    assert {action.mark for action, _ in done.failed if action.verb == "create"} == {step}
    assert any(action.verb == "link" for action, _ in done.failed)
    tracker.broken = set()
    planned, done = pushed(OLD, tracker, state)
    assert counts(planned) == {"create": 1, "link": 1}
    assert done.failed == []


def test_a_tracker_that_moves_dates_gets_them_again() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    tracker.moves = True
    _, done = pushed(OLD, tracker, state)
    assert done.drift == []
    assert {held.fields["start"] for held in tracker.held.values()} <= {"", "2027-01-01", "2027-04-01", "2027-07-01"}


def test_what_was_answered_with_a_yes_and_is_not_there_is_not_done() -> None:
    tracker, step = Fake(), mark(OLD, "access.depth.3")
    state: dict[str, Any] = {}
    tracker.yes_and_no = {step}
    _, done = pushed(OLD, tracker, state)
    said = {(action.verb, action.mark): why for action, why in done.failed}
    assert said["create", step] == "the tracker answered that it was done, and does not list it"
    assert said["link", step] == "the tracker answered that it was done, and does not list it"
    assert not any(action.mark == step for action in done.actions)
    assert not done.whole
    # The same command makes up for it.
    tracker.yes_and_no = set()
    planned, done = pushed(OLD, tracker, state)
    assert (counts(planned)["create"], done.whole) == (1, True)
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_what_the_tracker_left_out_is_said_and_set_the_next_time() -> None:
    for drops in (("start",), ("due", "container"), ("title",), ("text",)):
        tracker = Fake()
        state: dict[str, Any] = {}
        tracker.drops = drops
        _, done = pushed(OLD, tracker, state)
        missing = {
            (want.mark, name) for want in look(OLD, tracker, {}).wanted.values() for name in drops if want.fields[name]
        }
        assert {(held.mark, held.field) for held in done.drift} == missing
        assert all(held.theirs == "" for held in done.drift)
        assert "the tracker has it otherwise" in push_text(look(OLD, tracker, {}).steps, done)
        # What is noted as pushed is what is there: nobody has moved it, so it is set again.
        assert all(state[mark].fields[name] == "" for mark, name in missing)
        tracker.drops = ()
        planned, done = pushed(OLD, tracker, state)
        assert (planned.steps.conflicts, done.whole) == ((), True)
        assert {(action.mark, name) for action in planned.steps.actions for name in action.fields} == missing


def test_what_was_to_be_closed_or_changed_and_is_not() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    pushed(OLD, tracker, state)
    later, dropped = mark(OLD, "access.depth.3"), mark(OLD, "patching.depth.2")
    tracker.yes_and_no = {later, dropped}
    _, done = pushed(new_plan(), tracker, state)
    assert ("close", dropped, "the tracker answered that it was done, and shows it open") in {
        (action.verb, action.mark, why) for action, why in done.failed
    }
    assert ("start", "2027-07-01", "2027-04-01") in {
        (held.field, held.ours, held.theirs) for held in done.drift if held.mark == later
    }
    # The same command tries again, until it is closed; then there is nothing left to do.
    planned, done = pushed(new_plan(), tracker, state)
    assert ("close", dropped) in {(action.verb, action.mark) for action in planned.steps.actions}
    assert not done.whole
    tracker.yes_and_no = set()
    assert pushed(new_plan(), tracker, state)[1].whole
    assert not tracker.held[dropped].open
    assert pushed(new_plan(), tracker, state)[0].steps.actions == ()


def test_what_could_not_be_read_back_is_not_called_done() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    planned = look(OLD, tracker, state)
    tracker.unreadable = True
    done = carry_out(planned, tracker, state, lambda: None)
    assert (done.unread, done.whole) == ("no answer", False)
    assert "DONE BY ITS ANSWERS ONLY: IT COULD NOT BE READ BACK" in push_text(planned.steps, done)


def test_after_three_steps_without_an_answer_the_others_are_not_tried() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    tracker.broken = {item.mark for item in breakdown(OLD).items}
    _, done = pushed(OLD, tracker, state)
    tried = [why for action, why in done.failed if action.verb == "create"]
    assert tried.count("no answer") == 3
    assert set(tried) == {"no answer", "not tried, because 3 steps in a row had no proper answer"}


def test_a_lost_state_duplicates_nothing_and_undoes_nothing() -> None:
    tracker, step = Fake(), mark(OLD, "access.depth.3")
    pushed(OLD, tracker, {})
    tracker.by_hand(step, start="2027-05-05", text="My notes.")
    planned, _ = pushed(OLD, tracker, {})
    assert counts(planned) == {}
    assert [held.field for held in planned.steps.conflicts] == ["start"]


def test_what_is_of_another_plan_is_left_alone() -> None:
    tracker = Fake()
    state: dict[str, Any] = {}
    pushed(OLD, tracker, {})
    other = handmade.plan(
        handmade.problem(steps=[{"id": "other.depth.2", "title": "Other"}], threats=[]),
        {"other.depth.2": 0},
        handmade.context(milestones=[]),
    )
    planned, _ = pushed(other, tracker, state)
    assert counts(planned) == {"create": 1}
    assert mark(OLD, "access.depth.2") in planned.steps.strangers


def test_a_state_is_the_same_after_a_file(tmp_path: Path) -> None:
    state = {"SL-AAAAAAAA": Pushed("7", "item", {"start": "2027-01-01"}, {"due": "2027-02-01"}, closed=True)}
    target = {"tracker": "redmine", "url": "https://r.example", "project": "p"}
    path = tmp_path / "state.json"
    path.write_text(dump_state(state, target), encoding="utf-8")
    assert load_state(path, target) == state
    assert dump_state(load_state(path, target), target) == path.read_text(encoding="utf-8")


def test_steps_change_nothing_there() -> None:
    tracker = Fake()
    held = look(OLD, tracker, {})
    assert tracker.calls == 0
    assert steps({}, {}, set(), {}, {}, tracker).actions == ()
    assert apply(steps({}, {}, set(), {}, {}, tracker), {}, {}, tracker, {}, lambda: None).actions == []
    assert held.steps.actions


# -- Redmine -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str]]:
    with redmine() as held:
        yield held


@pytest.mark.slow
def test_the_redmine_is_the_tests_own(server: tuple[str, str]) -> None:
    """None of its processes has a file of the machine's own Redmine open, or could find it by its environment."""
    port = server[0].rpartition(":")[2]
    proc = Path("/proc")
    if not proc.is_dir():
        pytest.skip("no /proc here")
    ours = [
        entry
        for entry in proc.iterdir()
        if entry.name.isdigit() and f"-p\0{port}".encode() in _bytes(entry / "cmdline")
    ]
    assert ours
    for process in ours:
        opened = {str(link.readlink()) for link in (process / "fd").iterdir() if link.is_symlink()}
        assert any(name.endswith("redmine.db") for name in opened) or len(ours) > 1
        for name in opened:
            assert not name.startswith(
                (
                    "/etc/redmine",
                    "/var/lib/redmine",
                    "/var/log/redmine",
                    "/var/cache/redmine",
                    "/var/lib/dbconfig-common",
                )
            )
            assert not name.startswith("/usr/share/redmine")
        assert b"REDMINE_INSTANCE=tests" in _bytes(process / "environ")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


class Project:
    """One project of a Redmine, and the command that pushes to it."""

    def __init__(self, url: str, key: str, name: str, folder: Path) -> None:
        self.url, self.key, self.name, self.folder = url, key, name, folder
        self.call("POST", "projects.json", {"project": {"name": name, "identifier": name}})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(
            method, f"{self.url}/{path}", json=body, headers={"X-Redmine-API-Key": self.key}, timeout=60
        )
        answer.raise_for_status()
        return answer.json() if answer.content.strip() else None

    def command(self, plan: Path, *more: str, url: str = "") -> list[str]:
        said = [
            "--to",
            "redmine",
            "--project",
            self.name,
            "--url",
            url or self.url,
            "--state",
            str(self.folder / f"{self.name}.json"),
        ]
        return [sys.executable, "-m", "stepladder", "push", str(plan), *said, *more]

    def push(self, plan: Path, *more: str, code: int = 0, url: str = "") -> dict[str, Any]:
        environment = {"REDMINE_API_KEY": self.key, "PATH": "/usr/bin:/bin", "HOME": str(self.folder)}
        done = subprocess.run(
            self.command(plan, "--json", *more, url=url),
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            cwd=self.folder,
        )
        assert done.returncode == code, done.stderr + done.stdout
        assert self.key not in done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def issues(self) -> dict[str, dict[str, Any]]:
        found = self.call("GET", f"issues.json?project_id={self.name}&status_id=*&limit=100&sort=id")["issues"]
        assert len({issue["subject"] for issue in found}) == len(found), "twice"
        return {issue["subject"][1:12]: issue for issue in found}

    def state(self) -> list[Any]:
        """What a reader sees, without numbers that differ from project to project."""
        issues, versions = self.issues(), self.call("GET", f"projects/{self.name}/versions.json")["versions"]
        names = {issue["id"]: mark for mark, issue in issues.items()}
        found: list[Any] = sorted((held["name"], held["due_date"], held["status"]) for held in versions)
        for name, issue in sorted(issues.items()):
            relations = self.call("GET", f"issues/{issue['id']}/relations.json")["relations"]
            before = sorted(names[held["issue_id"]] for held in relations if held["issue_to_id"] == issue["id"])
            version = (issue.get("fixed_version") or {}).get("name")
            found.append(
                (
                    name,
                    issue["subject"],
                    issue["start_date"],
                    issue["due_date"],
                    version,
                    issue["status"]["name"],
                    issue["description"],
                    before,
                )
            )
        return found


@pytest.fixture
def project(server: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    name = f"p{abs(hash((request.node.name, time.time_ns()))) % 10**12}"
    return Project(*server, name, tmp_path)


def saved(folder: Path, name: str, plan: Plan) -> Path:
    path = folder / f"{name}.json"
    path.write_text(dump(plan), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("case", ["bottling_line", "home_cameras", "automotive_gateway"] if FULL else ["home_cameras"])
def test_redmine_twice_and_the_second_time_nothing(case: str, project: Project, tmp_path: Path) -> None:
    plan = answer(ask(case))
    path, whole = saved(tmp_path, "plan", plan), breakdown(plan)
    dry = project.push(path)
    assert (dry["applied"], project.issues()) == (False, {})
    first = project.push(path, "--apply")
    assert first["counts"]["create"] == len(whole.items) + len(whole.milestones) + len(whole.phases)
    assert (first["failed"], first["drift"]) == ([], [])
    there = project.issues()
    for item in whole.items:
        issue = there[item.mark]
        assert (issue["start_date"], issue["due_date"]) == (str(item.start), str(item.finish))
        assert issue["estimated_hours"] == pytest.approx(item.days * 8) if item.days else True
    second = project.push(path, "--apply")
    assert set(second["counts"].values()) == {0}


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_redmine_after_a_new_plan_and_back(project: Project, tmp_path: Path) -> None:
    plan = answer(ask("bottling_line"))
    moved = answer(ask("bottling_line", assignments=["budget.amount={2027: 180000, 2028: 150000, 2029: 195000}"]))
    before, after = breakdown(plan), breakdown(moved)
    project.push(saved(tmp_path, "old", plan), "--apply")
    done = project.push(saved(tmp_path, "new", moved), "--apply")
    old, new = ({item.mark: (item.start, item.finish, item.title) for item in whole.items} for whole in (before, after))
    said = {
        verb: {action["mark"] for action in done["actions"] if action["verb"] == verb}
        for verb in ("create", "change", "close")
    }
    assert said["create"] == set(new) - set(old)
    assert said["close"] == set(old) - set(new)
    dates = {
        action["mark"]
        for action in done["actions"]
        if action["verb"] == "change" and {"start", "due"} & set(action["fields"])
    }
    assert dates == {mark for mark in set(old) & set(new) if old[mark] != new[mark]}
    issues = project.issues()
    for item in after.items:
        assert (issues[item.mark]["start_date"], issues[item.mark]["due_date"]) == (str(item.start), str(item.finish))
    for name in said["close"]:
        assert issues[name]["status"]["name"] == "Rejected"
        journals = project.call("GET", f"issues/{issues[name]['id']}.json?include=journals")["issue"]["journals"]
        assert any("not in the plan any more" in (held["notes"] or "") for held in journals)
    assert set(project.push(saved(tmp_path, "new", moved), "--apply")["counts"].values()) == {0}


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_redmine_with_hostile_titles_and_a_date_that_somebody_moved(project: Project) -> None:
    whole = breakdown(hostile_plan())
    from stepladder.exchange.push.redmine import Redmine
    from stepladder.exchange.push.web import Web

    with Web(project.url, {"X-Redmine-API-Key": project.key}) as web:
        tracker = Redmine(web, project.name)
        state: dict[str, Any] = {}
        planned = look(hostile_plan(), tracker, state)
        done = carry_out(planned, tracker, state, lambda: None)
        assert (done.failed, done.drift) == ([], [])
        issues = project.issues()
        for item in whole.items:
            page = httpx.get(
                f"{project.url}/issues/{issues[item.mark]['id']}",
                headers={"X-Redmine-API-Key": project.key},
                timeout=60,
            ).text
            shown = page.partition('<div class="description">')[2].partition('<div id="relations">')[0]
            assert shown
            for bad in ("<script>alert", "<img", 'href="http://evil', 'href="javascript'):
                assert bad not in shown
        assert look(hostile_plan(), tracker, state).steps.actions == ()
        victim = whole.items[0]
        project.call(
            "PUT",
            f"issues/{issues[victim.mark]['id']}.json",
            {"issue": {"start_date": "2027-02-02", "description": "my own words"}},
        )
        again = look(hostile_plan(), tracker, state)
        assert [(held.mark, held.field) for held in again.steps.conflicts] == [(victim.mark, "start")]
        assert again.steps.actions == ()


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_redmine_through_a_bad_line_killed_again_and_again(server: tuple[str, str], tmp_path: Path) -> None:
    old, new = answer(ask("home_cameras")), answer(ask("home_cameras", scenario="tight"))
    old, new = (
        plan.model_copy(update={"problem": plan.problem.model_copy(update={"title": "Cameras"})}) for plan in (old, new)
    )
    one, other = saved(tmp_path, "one", old), saved(tmp_path, "other", new)
    stamp = time.time_ns() % 10**9
    quiet, loud = (Project(*server, f"{name}{stamp}", tmp_path) for name in ("quiet", "loud"))
    for path in (one, other):
        quiet.push(path, "--apply")
    environment = {"REDMINE_API_KEY": loud.key, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    dice = random.Random(11)
    with Proxy(loud.url, 5) as proxy:
        for path, kills in ((one, size(25, 2)), (other, size(25, 2))):
            for _ in range(kills):
                child = subprocess.Popen(
                    [*loud.command(path, "--apply", url=proxy.url)],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    cwd=tmp_path,
                )
                try:
                    child.wait(timeout=dice.uniform(0.6, 2.4))
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                child.wait()
            for _ in range(6):
                done = subprocess.run(
                    loud.command(path, "--apply", url=proxy.url),
                    capture_output=True,
                    text=True,
                    env=environment,
                    check=False,
                    cwd=tmp_path,
                )
                assert done.returncode in (0, 1, 7), done.stderr
                if done.returncode == 0:
                    break
            assert done.returncode == 0, done.stderr
        assert proxy.failed > size(20, 2)
    assert loud.state() == quiet.state()


@pytest.mark.slow
def test_redmine_with_a_field_that_must_be_set_and_an_assignee(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an administrator's key, to which Redmine tells what it wants, and by another, to which it does not."""
    path, mapping = saved(tmp_path, "plan", OLD), tmp_path / "map.yaml"
    login = f"u{time.time_ns()}"
    user = {"login": login, "firstname": "Ann", "lastname": "Lee", "mail": f"{login}@acme.example", "password": login}
    number = project.call("POST", "users.json", {"user": user})["user"]["id"]
    manager = next(role["id"] for role in project.call("GET", "roles.json")["roles"] if role["name"] == "Manager")
    member = {"user_id": number, "role_ids": [manager]}
    project.call("POST", f"projects/{project.name}/memberships.json", {"membership": member})
    key = project.call("GET", f"users/{number}.json")["user"]["api_key"]
    field = project.call("GET", "custom_fields.json")["custom_fields"][0]["id"]
    project.call("PUT", f"projects/{project.name}.json", {"project": {"issue_custom_field_ids": [field]}})

    def told(key: str, text: str, code: int, *more: str) -> str:
        mapping.write_text(f"format: stepladder-map/1\ntype: Support\n{text}", encoding="utf-8")
        monkeypatch.setenv("REDMINE_API_KEY", key)
        done = run(*project.command(path, "--map", str(mapping), *more)[3:])
        assert done.exit_code == code, done.stderr + done.stdout
        return " ".join((done.stdout + done.stderr).split())

    assert "add to it: fields: Cost centre: IT # or OT" in told(project.key, "", 2)
    assert "has no value 'OTT'; it has OT, IT" in told(project.key, "fields: {Cost centre: OTT}", 2)
    assert "this project has no member 'nobody'; it has Ann Lee" in told(
        project.key, "fields: {Cost centre: OT}\nassignees: {Plant security: nobody}", 2
    )
    assert "Cost centre cannot be blank; every issue here must have 'Cost centre'" in told(key, "", 7, "--apply")
    assert project.issues() == {}
    whole = f"fields: {{Cost centre: OT}}\nassignees: {{Plant security: {login}}}\npriority: high\n"
    assert "priority high, assignee" in told(key, whole, 0)
    told(key, whole, 0, "--apply")
    issues, owners = project.issues(), {item.mark: item.owner for item in breakdown(OLD).items}
    assert set(issues) == set(owners)
    for name, issue in issues.items():
        assert (issue["tracker"]["name"], issue["priority"]["name"]) == ("Support", "High")
        assert [field["value"] for field in issue["custom_fields"] if field["name"] == "Cost centre"] == ["OT"]
        assert issue.get("assigned_to", {}).get("id") == (number if owners[name] else None)
    assert "Nothing to do" in told(project.key, whole, 0, "--apply")


# -- and back ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_redmine_and_back_into_a_new_plan(project: Project, tmp_path: Path) -> None:
    plan = answer(ask("bottling_line"))
    path, whole = saved(tmp_path, "plan", plan), breakdown(plan)
    project.push(path, "--apply")
    issues, first, second = project.issues(), whole.items[0], whole.items[1]
    closed = next(
        status["id"]
        for status in project.call("GET", "issue_statuses.json")["issue_statuses"]
        if status["name"] == "Closed"
    )
    project.call("PUT", f"issues/{issues[first.mark]['id']}.json", {"issue": {"status_id": closed}})
    project.call("PUT", f"issues/{issues[second.mark]['id']}.json", {"issue": {"done_ratio": 50}})
    environment = {"REDMINE_API_KEY": project.key, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    said = [
        "--to",
        "redmine",
        "--project",
        project.name,
        "--url",
        project.url,
        "--state",
        str(tmp_path / f"{project.name}.json"),
        "--as-of",
        "2027-Q2",
    ]
    actuals = tmp_path / "actuals.yaml"
    subprocess.run(
        [sys.executable, "-m", "stepladder", "pull", str(path), *said, "-o", str(actuals)],
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    steps_ = yaml.safe_load(actuals.read_text(encoding="utf-8"))["steps"]
    assert steps_[first.step]["status"] == "done"
    assert steps_[second.step]["status"] == "running"
    new = tmp_path / "new.json"
    command = [
        sys.executable,
        "-m",
        "stepladder",
        "replan",
        str(path),
        "--actuals",
        str(actuals),
        "--stability",
        "5",
        "-o",
        str(new),
    ]
    made = subprocess.run(command, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr
    again = project.push(new, "--apply")
    assert again["failed"] == []
    assert set(project.push(new, "--apply")["counts"].values()) == {0}


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_redmine_what_was_not_achieved_and_what_cannot_be_told(project: Project) -> None:
    """Rejected, resolved, deleted, moved to another project, renamed: by a Redmine that is alive."""
    from stepladder.exchange.push.redmine import Redmine
    from stepladder.exchange.push.web import Web
    from stepladder.workflow.pull import pull

    other = f"{project.name}-other"
    project.call("POST", "projects.json", {"project": {"name": other, "identifier": other}})
    number = project.call("GET", f"projects/{other}.json")["project"]["id"]
    with Web(project.url, {"X-Redmine-API-Key": project.key}) as web:
        tracker = Redmine(web, project.name)
        state: dict[str, Any] = {}
        plan = hostile_plan()
        assert carry_out(look(plan, tracker, state), tracker, state, lambda: None).failed == []
        items, issues = breakdown(plan).items, project.issues()
        statuses = {held["name"]: held["id"] for held in project.call("GET", "issue_statuses.json")["issue_statuses"]}
        closed = {"status_id": statuses["Closed"]}
        changes = [
            {**closed, "done_ratio": 100},
            {"status_id": statuses["Rejected"]},
            {"status_id": statuses["Resolved"]},
            {**closed, "project_id": number},
            {**closed, "subject": "Paint the gates"},
        ]
        assert len(items) > len(changes)
        for item, change in zip(items, changes, strict=False):
            project.call("PUT", f"issues/{issues[item.mark]['id']}.json", {"issue": change})
        deleted = items[len(changes)]
        project.call("DELETE", f"issues/{issues[deleted.mark]['id']}.json")
        last = plan.problem.periods[-1].label
        text, notes = pull(plan, tracker, state, last)
    actual = yaml.safe_load(text)["steps"]
    said = [actual.get(item.step, {}).get("status") for item in items[: len(changes) + 1]]
    assert said == ["done", "cancelled", "running", None, None, None]
    assert actual[items[1].step]["reason"] == "Rejected"
    remarks = dict(line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# "))
    assert remarks[items[3].step].startswith("moved to another project in the tracker; say")
    assert "has neither its mark nor its title any more; say" in remarks[items[4].step]
    assert remarks[deleted.step].startswith("not found in the tracker; say")
    assert "unknown: 3 (" in notes[0]


@pytest.mark.slow
def test_redmine_two_plans_in_one_project_over_time(project: Project) -> None:
    """Each pushed twice, one pulled, planned anew and pushed again, then the other: nothing of the other ever moves."""
    from stepladder.exchange.push.redmine import Redmine
    from stepladder.exchange.push.web import Web
    from stepladder.optimise import Options
    from stepladder.workflow.pull import pull
    from stepladder.workflow.replan import replan, stands

    plans = {name: handmade.bottling().model_copy(update={"id": name}) for name in ("north", "south")}
    states: dict[str, dict[str, Any]] = {name: {} for name in plans}
    marks = {name: {item.mark for item in breakdown(plan).items} for name, plan in plans.items()}
    statuses = {held["name"]: held["id"] for held in project.call("GET", "issue_statuses.json")["issue_statuses"]}

    def seen(name: str) -> dict[str, Any]:
        """All that is there of a plan, with when it was last touched."""
        return {mark: issue for mark, issue in project.issues().items() if mark in marks[name]}

    with Web(project.url, {"X-Redmine-API-Key": project.key}) as web:
        tracker = Redmine(web, project.name)

        def push(name: str) -> int:
            """How much was done, all of it as it was to be."""
            done = carry_out(look(plans[name], tracker, states[name]), tracker, states[name], lambda: None)
            assert done.failed == []
            return len(done.actions)

        assert push("north") > 0
        assert push("south") > 0
        before = {name: seen(name) for name in plans}
        assert [push("north"), push("south")] == [0, 0]
        assert {name: seen(name) for name in plans} == before
        # What no milestone asks for can be given up.
        items = breakdown(plans["north"]).items
        rejected = next(item for item in items if not item.milestones)
        deleted, renamed = [item for item in items if item is not rejected][:2]
        issues, no = before["north"], {"status_id": statuses["Rejected"]}
        project.call("PUT", f"issues/{issues[rejected.mark]['id']}.json", {"issue": no})
        project.call("PUT", f"issues/{issues[renamed.mark]['id']}.json", {"issue": {"subject": "Paint the gates"}})
        project.call("DELETE", f"issues/{issues[deleted.mark]['id']}.json")
        text, notes = pull(plans["north"], tracker, states["north"], "2027-Q2")
        assert yaml.safe_load(text)["steps"][rejected.step]["status"] == "cancelled"
        assert "unknown: 2 (" in notes[0]
        actuals = project.folder / "north.yaml"
        actuals.write_text(text, encoding="utf-8")
        plans["north"] = replan(plans["north"], stands(plans["north"], actuals=actuals), Options(work=1)).plan
        assert plans["north"].progress[rejected.step].source == "tracker"
        push("north")
        assert seen("south") == before["south"]
        assert push("north") == 0
        after = seen("north")
        plans["south"] = replan(plans["south"], stands(plans["south"], as_of="2027-Q3"), Options(work=1)).plan
        push("south")
        assert seen("north") == after
        assert [push("north"), push("south")] == [0, 0]
