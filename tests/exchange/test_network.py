"""A tracker that does everything wrong: each misdeed has its sentence, no call is without end, and no token leaves
the tracker's own host.
"""

from __future__ import annotations

import json
import os
import re
import time
from functools import partial
from pathlib import Path

import pytest

from stepladder.data.formats.plan import dump
from stepladder.exchange.push import trackers, web
from stepladder.exchange.push.line import Limits
from tests.support import handmade
from tests.support.commanding import run
from tests.support.misbehaving import KINDS, TOKEN, Tracker
from tests.support.misdeeds import Misdeed, misdeeds
from tests.support.sizes import FULL

#: Enough for a machine that is busy with something else.
QUICK = Limits(connect=2.0, silence=0.6, call=1.2, patience=3.0, size=200_000, pages=20, listed=2_000_000, calls=2_000)
#: Of all misdeeds, every how many.
EVERY = 1 if FULL else 3


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Limits of a second, and pauses that are noted and not made; no proxy and no token but ours in the environment."""
    pauses: list[float] = []
    monkeypatch.setattr(web, "LIMITS", QUICK)
    monkeypatch.setattr(trackers, "Web", partial(web.Web, pause=pauses.append))
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for kind in KINDS.values():
        for name, value in kind.environment.items():
            monkeypatch.setenv(name, value)
    return pauses


def arguments(server: Tracker, plan: Path, state: Path) -> list[object]:
    return [plan, "--to", server.kind.name, "--project", server.kind.project, "--url", server.url, "--state", state]


CASES = [
    pytest.param(name, misdeed, id=f"{name}, {misdeed.place}: {misdeed.name}")
    for name in KINDS
    for misdeed in list(misdeeds(name))[::EVERY]
]


def test_there_are_a_hundred_for_each() -> None:
    assert all(len(list(misdeeds(name))) >= 100 for name in KINDS)


@pytest.mark.parametrize(("name", "misdeed"), CASES)
def test_what_a_tracker_does_wrong_is_said(
    name: str, misdeed: Misdeed, plan_file: Path, tmp_path: Path, quick: list[float]
) -> None:
    state = tmp_path / "state.json"
    with Tracker(KINDS[name], misdeed.place, misdeed.act) as server:
        done = run("push", *arguments(server, plan_file, state), "--apply", "--json")
        pulled = (
            run("pull", *arguments(server, plan_file, state), "--as-of", "2027-Q3") if misdeed.place == "list" else None
        )
    for result in (done, pulled):
        if result is not None:
            said = " ".join((result.stdout + result.stderr).split())
            assert "unexpected" not in said
            assert "Traceback" not in said
            assert TOKEN not in said
            assert result.exit_code in misdeed.codes, said
            assert re.search(misdeed.said, said), said
    assert not any("\ncookie:" in head.lower() for head in server.seen)
    assert not state.exists() or TOKEN not in state.read_text(encoding="utf-8")
    assert len(server.calls) < QUICK.calls
    # Nobody waits for what would be the same again.
    assert sum(quick) < 2000


#: What can hold us up, by the beginnings of its names.
HOLDING = ("silence", "drips", "endless", "ten gigabytes", "a bomb")


@pytest.mark.timing
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("name", "misdeed"),
    [
        pytest.param(name, misdeed, id=f"{name}, {misdeed.place}: {misdeed.name}")
        for name in KINDS
        for misdeed in misdeeds(name)
        if misdeed.name.startswith(HOLDING)
    ],
)
def test_no_tracker_holds_us_up(name: str, misdeed: Misdeed, plan_file: Path, tmp_path: Path) -> None:
    with Tracker(KINDS[name], misdeed.place, misdeed.act) as server:
        begun = time.monotonic()
        run("push", *arguments(server, plan_file, tmp_path / "state.json"), "--apply", "--json")
        assert time.monotonic() - begun < 30


@pytest.mark.parametrize("name", KINDS)
def test_a_tracker_that_behaves_is_pushed_to_and_the_second_time_nothing(
    name: str, plan_file: Path, tmp_path: Path, quick: list[float]
) -> None:
    del quick
    with Tracker(KINDS[name]) as server:
        first = run("push", *arguments(server, plan_file, tmp_path / "state.json"), "--apply", "--json")
        again = run("push", *arguments(server, plan_file, tmp_path / "state.json"), "--apply", "--json")
    assert (first.exit_code, again.exit_code) == (0, 0), first.stdout + first.stderr
    assert json.loads(first.stdout)["counts"]["create"] == 6
    assert set(json.loads(again.stdout)["counts"].values()) == {0}
