"""What a command writes is never what it reads, for every command; and what cannot be written is said so, with
nothing left behind.
"""

from __future__ import annotations

import ast
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

import stepladder
from stepladder.cli import files
from stepladder.cli.main import COMMANDS
from stepladder.errors import StepladderError, UsageError
from tests.support.commanding import run
from tests.support.killing import environment

DATA = Path(__file__).parents[1] / "data"
SOURCE = Path(stepladder.__file__).parent
PROGRAM = [sys.executable, "-m", "stepladder"]

#: What the sheet does not say itself.
SHEET = ("--catalogue", "catalogue.yaml", "--start", "2027-01-01", "--years", "1", "--money", "9000")
#: By command and option, where something is written: the arguments, OUT standing for what is written, and the files
#: that are read.
WRITES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("init", "output"): (("init", "shipped", "--force", "-o", "OUT"), ("shipped.yaml",)),
    ("template", "output"): (("template", "catalogue.yaml", "--force", "-o", "OUT"), ("catalogue.yaml",)),
    ("import", "output"): (("import", "sheet.csv", *SHEET, "-o", "OUT"), ("sheet.csv", "catalogue.yaml")),
    ("plan", "output"): (("plan", "mill.yaml", "-o", "OUT"), ("mill.yaml", "catalogue.yaml", "profiles.yaml")),
    ("repair", "output"): (("repair", "mill.yaml", "-o", "OUT"), ("mill.yaml", "catalogue.yaml", "profiles.yaml")),
    ("frontier", "output"): (
        ("frontier", "30000.json", "--from", "10000", "--to", "30000", "--points", "3", "-o", "."),
        ("30000.json",),
    ),
    ("sweep", "output"): (
        ("sweep", "mill.yaml", "-n", "2", "--plan", "plan.json", "-o", "OUT"),
        ("mill.yaml", "catalogue.yaml", "profiles.yaml", "plan.json"),
    ),
    ("actuals", "output"): (("actuals", "plan.json", "-o", "OUT"), ("plan.json",)),
    ("replan", "output"): (
        ("replan", "plan.json", "--actuals", "actuals.yaml", "--assessment", "mill.yaml", "-o", "OUT"),
        ("plan.json", "actuals.yaml", "mill.yaml", "catalogue.yaml", "profiles.yaml"),
    ),
    ("report", "output"): (
        ("report", "plan.json", "other.json", "points", "--sweep", "sweep.db", "-o", "OUT"),
        ("plan.json", "other.json", "sweep.db", "points/20000.json"),
    ),
    ("plot", "output"): (("plot", "plan.svg", "points", "--chart", "frontier", "-o", "OUT"), ("plan.svg",)),
    ("export", "output"): (("export", "plan.json", "--to", "csv", "-o", "OUT"), ("plan.json",)),
    ("push", "state"): (("push", "plan.json", "--to", "github", "--project", "a/b", "--state", "OUT"), ("plan.json",)),
    ("pull", "output"): (
        (
            "pull",
            "plan.json",
            "--to",
            "github",
            "--project",
            "a/b",
            "--state",
            "state.json",
            "--as-of",
            "2027-Q2",
            "-o",
            "OUT",
        ),
        ("plan.json", "state.json"),
    ),
}
#: Options with a path that is only read.
READS = {
    *(("report", "sweep"), ("plot", "sweep"), ("pull", "state"), ("push", "map"), ("pull", "map")),
    # A scenario is read to be changed: nothing but its levels is.
    *(("export", "into"), ("import", "update")),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of everything that commands read."""
    place = tmp_path_factory.mktemp("made")
    shutil.copy(DATA / "catalogue.yaml", place)
    text = (DATA / "mill.yaml").read_text(encoding="utf-8")
    (place / "mill.yaml").write_text(text + "profiles_from: [profiles.yaml]\n", encoding="utf-8")
    (place / "profiles.yaml").write_text("format: stepladder-profiles/1\nprofiles: {}\n", encoding="utf-8")
    shutil.copy(DATA / "mill.yaml", place / "shipped.yaml")
    (place / "actuals.yaml").write_text("format: stepladder-actuals/1\nas_of: 2027-Q2\n", encoding="utf-8")
    (place / "sheet.csv").write_text("Code,Current,Target\nassets.depth,0,1\n", encoding="utf-8")
    (place / "30000.json").write_text(run("check", place / "mill.yaml", "--json").stdout, encoding="utf-8")
    for arguments in (
        ("plan", place / "mill.yaml", "-o", place / "plan.json"),
        ("frontier", place / "30000.json", "--from", 10000, "--to", 30000, "--points", 3, "-o", place / "points"),
        (
            "sweep",
            place / "mill.yaml",
            "-n",
            5,
            "--plan",
            place / "plan.json",
            "--workers",
            1,
            "-o",
            place / "sweep.db",
        ),
    ):
        done = run(*arguments)
        assert done.exit_code == 0, done.stderr
    shutil.copy(place / "plan.json", place / "other.json")
    # A plan whose name says picture.
    shutil.copy(place / "plan.json", place / "plan.svg")
    state = '{"format": "stepladder-push/1", "target": {"tracker": "github", "url": "", "project": "a/b"}, "items": {}}'
    (place / "state.json").write_text(state, encoding="utf-8")
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GITHUB_TOKEN", "none")
    real = stepladder.data.reading.library.folder
    monkeypatch.setattr(
        "stepladder.data.reading.library.folder", lambda kind: folder if kind == "scenarios" else real(kind)
    )
    return folder


def options() -> Iterator[tuple[str, str]]:
    """Every option of every command that takes a path."""
    for name, command in COMMANDS.items():
        for hint in get_type_hints(command, include_extras=True).values():
            kind, *more = get_args(hint) if get_origin(hint) is Annotated else (hint,)
            if Path in (kind, *get_args(kind)):
                # typer takes the first name for a default until it looks again.
                names = [str(said) for info in more for said in (info.default, *(info.param_decls or ()))]
                yield name, next(said.removeprefix("--") for said in names if said.startswith("--"))


def test_every_option_with_a_path_is_known_here() -> None:
    """A new one is to be classed: is it written, or only read?"""
    assert set(options()) == {*WRITES, *READS}


SPELLINGS: dict[str, Callable[[Path, Path], Path]] = {
    "as it is": lambda source, _: source,
    "absolute": lambda source, _: source.resolve(),
    "by another way": lambda source, folder: Path("..") / folder.name / "." / source,
    "a link": lambda source, folder: _linked(folder / f"link{source.suffix}", source, hard=False),
    "a link to a link": lambda source, folder: _linked(
        folder / f"two{source.suffix}", _linked(folder / f"one{source.suffix}", source, hard=False), hard=False
    ),
    "a hard link": lambda source, folder: _linked(folder / f"hard{source.suffix}", source, hard=True),
    "through a linked folder": lambda source, folder: _linked(folder.parent / "door", folder, hard=False) / source,
}


def _linked(link: Path, source: Path, *, hard: bool) -> Path:
    if hard:
        os.link(source.resolve(), link)
    else:
        link.symlink_to(source.resolve())
    return link


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("option", WRITES, ids=" ".join)
def test_an_input_is_never_written(
    option: tuple[str, str], spelling: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, sources = WRITES[option]
    named: Path
    if option[0] == "frontier":
        if spelling == "a hard link":
            pytest.skip("the folder is named, not the file")
        monkeypatch.setattr(
            "stepladder.cli.commands.frontier._named",
            lambda money, *_: str(named) if money == 30000 else f"{money:g}.json",
        )
    for source in sources:
        named = SPELLINGS[spelling](Path(source), place)
        before = everything(place)
        done = run(*(str(named) if argument == "OUT" else argument for argument in arguments))
        # What a file says that it is is seen before it is seen to be an input.
        refused = (
            *("is to be written, but this command reads it", "is a plan; choose another name"),
            *("is a file that people write by hand", "a name that ends in .xlsx or .csv is wanted"),
        )
        assert (done.exit_code, any(words in done.stderr for words in refused)) == (2, True), (
            source,
            done.stderr,
            done.stdout,
        )
        assert everything(place) == before
        for link in (
            *place.glob("link*"),
            *place.glob("one*"),
            *place.glob("two*"),
            *place.glob("hard*"),
            place.parent / "door",
        ):
            link.unlink(missing_ok=True)


def test_other_letters_where_those_do_not_matter(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a disk gives one file under both names; here it is played."""

    def alike(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda path, *more, **options: function(
            path if isinstance(path, int) else str(path).replace("MILL.yaml", "mill.yaml"), *more, **options
        )

    monkeypatch.setattr(os, "stat", alike(os.stat))
    monkeypatch.setattr(os, "access", alike(os.access))
    before = everything(place)
    done = run("plan", "mill.yaml", "-o", "MILL.yaml")
    assert (done.exit_code, "it is the same file as mill.yaml" in done.stderr) == (2, True), done.stderr
    assert everything(place) == before


def test_a_state_that_is_pushed_again_is_both_read_and_written(place: Path) -> None:
    done = run("push", "plan.json", "--to", "github", "--project", "other/one", "--state", "state.json")
    # It gets as far as what is in it.
    assert (done.exit_code, "state.json is the state of another project" in done.stderr) == (2, True), done.stderr


def test_files_are_written_in_one_place_only() -> None:
    """Whoever opens a file for writing anywhere else goes past all this."""
    allowed = {
        "cli/files.py",
        "data/schemas.py",  # make schemas, no command
        "exchange/exporters/p6.py",  # in a temporary folder
        "optimise/solvers/child.py",  # likewise: what a solver says
    }
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _writes(node):
                found.add(str(path.relative_to(SOURCE)))
    assert found <= allowed


def _writes(call: ast.Call) -> bool:
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    modes = [
        node.value
        for node in (*call.args, *(word.value for word in call.keywords))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return name in ("write_text", "write_bytes", "touch") or (
        name == "open" and any(set(mode) <= set("rwaxbt+") and set(mode) & set("wax+") for mode in modes)
    )


# -- what cannot be written --------------------------------------------------------------------------------------------


def test_stdout_is_no_file_where_a_command_writes_files_only(place: Path) -> None:
    pull = ("pull", "plan.json", "--to", "github", "--project", "a/b", "--as-of", "2027-Q2")
    for arguments in (("repair", "mill.yaml"), ("sweep", "mill.yaml", "-n", "2"), pull):
        done = run(*arguments, "-o", "-")
        assert (done.exit_code, "not to stdout" in done.stderr) == (2, True), done.stderr
    assert not (place / "-").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x" * 256 + ".json", "the name is too long"),
        ("ü" * 200 + ".json", "the name is too long"),
        ("round.json", "its links lead in a circle"),
        ("points", "is a folder"),
        ("nowhere/plan.json", "there is no folder"),
        ("plan.json/plan.json", "there is no folder"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [("plan", "mill.yaml"), ("init",), ("sweep", "mill.yaml", "-n", "2"), ("export", "plan.json", "--to", "csv")],
    ids=" ".join,
)
def test_no_file_can_be_called_so(command: tuple[str, ...], name: str, said: str, place: Path) -> None:
    (place / "round.json").symlink_to(place / "round.json")
    before = everything(place)
    done = run(*command, "-o", name)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert everything(place) == before


@pytest.mark.parametrize("length", [255, 63 * 4])
def test_the_longest_names_are_written(length: int, tmp_path: Path) -> None:
    name = "😀" * 62 + "json" if length == 252 else "x" * 250 + ".json"
    path = tmp_path / name
    files.prepare(path)
    files.write(path, "new")
    assert [held.name for held in tmp_path.iterdir()] == [name]


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file of this process may become larger: a full disk, as the system reports it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_on_the_disk_leaves_the_old_file(place: Path) -> None:
    (place / "out.csv").write_bytes(b"old")
    before = everything(place)
    with limited(100):
        done = run("export", "plan.json", "-o", "out.csv")
    assert (done.exit_code, "cannot write out.csv: File too large" in done.stderr) == (1, True), done.stderr
    assert everything(place) == before


def test_a_full_disk_is_said_of_a_device(place: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = run("plan", "mill.yaml", "-o", "/dev/full")
    assert (done.exit_code, "cannot write /dev/full: No space left on device" in done.stderr) == (1, True)
    assert run("plan", "mill.yaml", "-o", "/dev/null").exit_code == 0
    done = run("sweep", "mill.yaml", "-n", "2", "-o", "/dev/null")
    assert (done.exit_code, "a sweep is kept in a file, and /dev/null is none" in done.stderr) == (2, True)


def test_a_pipe_gets_what_would_be_in_the_file(place: Path) -> None:
    os.mkfifo(place / "pipe")
    assert run("plan", "mill.yaml", "-o", "there.json").exit_code == 0
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE, cwd=place) as reader:
        assert run("plan", "mill.yaml", "-o", "pipe").exit_code == 0
        assert reader.stdout is not None
        assert reader.stdout.read() == (place / "there.json").read_bytes()
    assert stat.S_ISFIFO((place / "pipe").stat().st_mode)


def test_a_disk_is_not_written_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "disk"
    path.touch()
    monkeypatch.setattr(stat, "S_ISBLK", lambda _: True)
    with pytest.raises(UsageError, match="is a disk"):
        files.prepare(path)


def test_permissions_owner_and_the_link_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "plan.json", tmp_path / "link.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o604)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    link.symlink_to(path)
    files.prepare(link)
    files.write(link, "new")
    there = path.stat()
    assert (link.is_symlink(), path.read_text(encoding="utf-8"), stat.S_IMODE(there.st_mode)) == (True, "new", 0o604)
    assert (there.st_uid, there.st_gid) == ((12345, 54321) if os.geteuid() == 0 else (os.geteuid(), os.getegid()))
    fresh, before = tmp_path / "fresh.json", os.umask(0o027)
    try:
        files.write(fresh, "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


def test_a_link_to_nothing_makes_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "new.json")
    files.prepare(tmp_path / "link")
    files.write(tmp_path / "link", "new")
    assert (tmp_path / "new.json").read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize(
    ("mode", "of", "said"),
    [
        (0o555, "folder", "takes no new file"),
        (0o444, "file", "permission denied"),
        (0o000, "folder", "permission denied"),
    ],
)
def test_what_is_closed_to_us_stays_as_it_is(mode: int, of: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        if not all(above.stat().st_mode & stat.S_IXOTH for above in Path(place).parents):
            pytest.skip("the folder for temporary files is closed to everybody else")
        folder = Path(place) / "closed"
        folder.mkdir()
        path = folder / "first.yaml"
        path.write_text("old", encoding="utf-8")
        Path(place).chmod(0o755)
        for held in (folder, path):
            os.chown(held, 65534, 65534)
        (folder if of == "folder" else path).chmod(mode)
        code = f"""
import os, pathlib, sys
import stepladder.data.reading.sources
from stepladder.cli import files
from stepladder.errors import UsageError
os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    files.prepare(pathlib.Path({str(path)!r}))
except UsageError as error:
    sys.exit(str(error))
"""
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False
        )
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
        assert path.read_text(encoding="utf-8") == "old"
        folder.chmod(0o755)
        assert [held.name for held in folder.iterdir()] == ["first.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [("init",), ("plan", DATA / "mill.yaml", "-o", "plan.json"), ("frontier", DATA / "mill.yaml", "-o", "points")],
)
def test_a_folder_that_is_gone(arguments: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    code = "import os; os.rmdir(os.getcwd()); from stepladder.__main__ import run; run()"
    # -P: as an installed command begins, without the current folder on its path; CPython 3.13.0 imports no extension
    # module there once that folder is gone.
    command = [sys.executable, "-P", "-c", code, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path / "gone", env=environment(), check=False
    )
    assert (done.returncode, "the current folder is gone" in done.stderr) == (2, True), done.stderr


def test_a_closed_stdout_is_said(place: Path) -> None:
    assert run("plan", "mill.yaml", "-o", "there.json").exit_code == 0
    command = f"exec {sys.executable} -m stepladder plan mill.yaml -o out.json >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, text=True, env=environment(), check=False, cwd=place
    )
    assert (done.returncode, "stdout is closed" in done.stderr) == (1, True), done.stderr
    assert (place / "out.json").read_bytes() == (place / "there.json").read_bytes()


def shell(place: Path, line: str) -> subprocess.CompletedProcess[str]:
    command = f"exec {sys.executable} -m stepladder {line}"
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=environment(), check=False, cwd=place
    )


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
def test_nobody_to_read_stderr_changes_nothing(closed: str, place: Path) -> None:
    done = shell(place, f"plan mill.yaml --set budget.amount=6000 -o out.json {closed}")
    assert (done.returncode, bool(done.stdout), (place / "out.json").exists()) == (0, True, True)
    assert shell(place, f"plan nothere.yaml {closed}").returncode == 2
    assert shell(place, f"plan --nosuch {closed}").returncode == 2


@pytest.mark.parametrize(
    "line", ["plan mill.yaml", "check mill.yaml", "show plan.json", "schema plan", "--help", "plan --help", "--version"]
)
def test_an_answer_that_cannot_be_written_is_said(line: str, place: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = shell(place, f"{line} >/dev/full")
    assert (done.returncode, done.stderr.count("\n"), "No space left on device" in done.stderr) == (
        1,
        1,
        True,
    ), done.stderr


def test_a_folder_of_which_nothing_came_is_not_left(place: Path) -> None:
    assert run("frontier", "mill.yaml", "--from", 1, "--to", 2, "--points", 2, "-o", "points_new").exit_code == 4
    assert not (place / "points_new").exists()
    assert run("frontier", "mill.yaml", "--points", 2, "-o", "points_new").exit_code == 0
    assert list((place / "points_new").iterdir())


# -- what a run that was killed left behind ----------------------------------------------------------------------------


def test_a_draft_that_was_left_is_cleared_and_one_at_work_is_not(tmp_path: Path) -> None:
    left, at_work = tmp_path / ".stepladder-0123456789abcdef.tmp", tmp_path / ".stepladder-fedcba9876543210.tmp"
    others = [tmp_path / name for name in (".stepladder-0123.tmp", ".stepladder-0123456789abcdef.tmp.txt", "notes.tmp")]
    for path in (left, at_work, *others):
        path.write_bytes(b"half")
    code = (
        f"import fcntl, sys; held = open({str(at_work)!r}, 'r+'); fcntl.flock(held, fcntl.LOCK_EX); print('locked',"
        " flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as somebody:
        assert somebody.stdout is not None
        assert somebody.stdout.readline() == "locked\n"
        files.prepare(tmp_path / "plan.json")
        somebody.communicate("")
    assert set(tmp_path.iterdir()) == {at_work, *others}


def test_a_draft_that_was_taken_away_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = files._begun
    taken: list[Path] = []

    def begun(draft: Path, mode: int) -> Any:
        file = real(draft, mode)
        if len(taken) < 2:
            taken.append(draft)
            draft.unlink()
        return file

    monkeypatch.setattr(files, "_begun", begun)
    files.write(tmp_path / "plan.json", "new")
    assert (len(taken), [path.name for path in tmp_path.iterdir()]) == (2, ["plan.json"])


def test_one_that_is_read_only_afterwards_is_refused_too(tmp_path: Path) -> None:
    from stepladder.data.reading import sources

    path = tmp_path / "a"
    path.write_text("old", encoding="utf-8")
    with sources.run():
        files.prepare(path)
        with pytest.raises(UsageError, match="is to be written, but this command reads it"):
            sources.reads(path)
    with sources.run():
        sources.reads(path)
        with pytest.raises(StepladderError, match="nothing was written"):
            files.write(path, "new")
    files.write(path, "newer")
    assert path.read_text(encoding="utf-8") == "newer"


def test_what_people_write_by_hand_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is come by: a scenario that no command reads is the work of somebody."""
    monkeypatch.chdir(tmp_path)
    assert run("init", "first").exit_code == 0
    shutil.copy("first.yaml", "second.yaml")
    before = (tmp_path / "second.yaml").read_bytes()
    for command in (("plan", "first.yaml", "--time-limit", "5"), ("frontier", "first.yaml", "--points", "2")):
        done = run(*command, "-o", "second.yaml")
        assert done.exit_code == 2, command
        if command[0] == "plan":
            assert "second.yaml is a file that people write by hand; choose another name" in done.stderr
    assert (tmp_path / "second.yaml").read_bytes() == before
    # What is no file of ours may be replaced, and who says so may replace anything.
    (tmp_path / "other.yaml").write_text("notes: mine\n", encoding="utf-8")
    assert run("plan", "first.yaml", "--work", "1", "-o", "other.yaml").exit_code == 0
    assert run("init", "--force", "-o", "second.yaml").exit_code == 0
