"""What is said beside a file: kinds, answers, the frame; and what becomes of a file that another command was given."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import yaml

from stepladder.api import import_, template
from stepladder.errors import InvalidInput, UsageError
from stepladder.exchange.intake.kinds import IMPORTERS
from tests.exchange.test_import_ciso_library import LIBRARY
from tests.exchange.test_import_csf_profile import profile
from tests.exchange.test_intake import ACCESS, CODES, HEADS, INDEX, sheet
from tests.support.commanding import run
from tests.support.imported import read

LEVELS = f"Code;Current;Target\n{ACCESS};1;3\n"


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# -- kinds and answers -------------------------------------------------------------------------------------------------


def test_all_kinds_are_listed_the_sheet_among_them(tmp_path: Path) -> None:
    path = written(tmp_path, "levels.csv", LEVELS)
    said = run("import", path, "--from", "nix").stderr
    assert "--from nix: unknown kind of file 'nix'" in said
    assert all(name in said for name in ("sheet", *(importer.name for importer in IMPORTERS)))
    assert run("import", path, "--from", "sheat").stderr.count("did you mean 'sheet'?") == 1
    assert run("import", path, "--from", "sheet", "--start", "2027-01-01").exit_code == 0


@pytest.mark.parametrize("name", ["sheet", *(importer.name for importer in IMPORTERS)])
def test_what_is_not_of_a_kind_is_said_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, "levels.csv", "a;b\n1;2\n")
    with pytest.raises(InvalidInput, match=f"this is not what --from {name} reads: "):
        import_(path, kind=name)


def test_groups_are_asked_only_where_there_are_some(tmp_path: Path) -> None:
    plain = "\n".join(line for line in LIBRARY.splitlines() if "implementation_groups: [" not in line)
    assert plain != LIBRARY
    plain = plain.partition("    implementation_groups_definition:")[0] + _after(plain)
    with pytest.raises(UsageError, match="--say groups=G1: the framework has no implementation groups; leave it out"):
        read(tmp_path, {"doors.yaml": plain}, say={"groups": "G1"})
    assert read(tmp_path, {"doors.yaml": plain}, say={"groups": "all"}).practices


def _after(text: str) -> str:
    """What follows the definition of groups in the library of the tests."""
    lines = text.partition("    implementation_groups_definition:")[2].splitlines()[1:]
    rest = next((k for k, line in enumerate(lines) if line.startswith("    ") and line[4:5].isalpha()), len(lines))
    return "\n".join(lines[rest:])


def test_an_answer_that_nobody_asked_for_is_said_to_be_left(tmp_path: Path) -> None:
    done = read(tmp_path, profile(), say={"tier": "4"})
    assert done.says("left: --say tier: these files do not ask it")


# -- the frame ---------------------------------------------------------------------------------------------------------


def test_a_sheet_without_a_frame_has_the_one_that_others_have(tmp_path: Path) -> None:
    done = import_(written(tmp_path, "levels.csv", LEVELS), start="2027-01-01")
    scenario = yaml.safe_load(done.text)
    assert scenario["horizon"] == {"start": scenario["horizon"]["start"], "periods": 12, "period": "quarter"}
    assert scenario["budget"] == {"unlimited": True}
    assert any("3 years are planned (another number: Years in Frame, or --years)" in note for note in done.notes)
    assert any("Money has no limit" in note for note in done.notes)


def test_a_sheet_in_which_nothing_is_wanted_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "levels.csv", f"Code;Current;Target\n{ACCESS};2;2\n")
    with pytest.raises(InvalidInput, match=r"levels.csv:2:1 .*no row has a target above its current level"):
        import_(path, start="2027-01-01")


def test_update_takes_nothing_of_the_frame(tmp_path: Path) -> None:
    path = written(tmp_path, "levels.csv", LEVELS)
    scenario = written(tmp_path, "scenario.yaml", import_(path, start="2027-01-01").text)
    before = scenario.read_bytes()
    for given in (["--money", 5], ["--start", "2028-01-01", "--years", 2], ["--days", 3]):
        done = run("import", path, "--update", scenario, *given)
        assert done.exit_code == 2
        named = [word for word in given if str(word).startswith("--")]
        assert all(str(name) in done.stderr for name in ["leave out", *named]), done.stderr
    assert scenario.read_bytes() == before


def test_a_sheet_of_another_model_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, "levels.csv", LEVELS)
    scenario = written(tmp_path, "scenario.yaml", import_(path, start="2027-01-01").text)
    other = written(tmp_path, "other.csv", template("csf_2", csv=True))
    for arguments in (("--update", scenario), ("--start", "2027-01-01")):
        done = run("import", other, *arguments)
        assert done.exit_code == 3
        assert "none of the 106 codes is of IoT Security Maturity Model" in done.stderr
        assert "1 problem found" in done.stderr


# -- the template as CSV -----------------------------------------------------------------------------------------------


def test_a_template_may_be_csv(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    done = run("template", "-o", path)
    assert done.exit_code == 0
    assert f"stepladder import {path} --start 2027-01-01 -o scenario.yaml" in " ".join(done.stderr.split())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].split(",") == HEADS
    assert [line.split(",")[0] for line in lines[1:]] == CODES
    # Current and Target of the first row, as a spreadsheet program saves it in Europe.
    first = lines[1].split(",")
    first[4:6] = ["1 Minimum", "3"]
    lines[1] = ",".join(first)
    path.write_text("\n".join(line.replace(";", "|").replace(",", ";") for line in lines), encoding="utf-8")
    current = yaml.safe_load(import_(path, start="2027-01-01").text)["current"]
    assert current[next(iter(INDEX.places))]["comprehensiveness"] == 1


@pytest.mark.parametrize("above", ["Our assessment\n\n", "sep=;\n", "\n"])
def test_lines_above_the_headings_of_csv_change_nothing(above: str, tmp_path: Path) -> None:
    found = yaml.safe_load(import_(written(tmp_path, "levels.csv", above + LEVELS), start="2027-01-01").text)
    assert found["target"]["access_control"] == {"comprehensiveness": 3}


def test_csv_of_several_systems_and_other_endings(tmp_path: Path) -> None:
    assert template("iot_smm", ["Press", "Oven"], csv=True).decode("utf-8-sig").splitlines()[1].startswith("Press,")
    for name in ("levels.ods", "levels.xls", "levels"):
        done = run("template", "-o", tmp_path / name)
        assert done.exit_code == 2
        assert "ends in .xlsx or .csv" in " ".join(done.stderr.split())
        assert not (tmp_path / name).exists()


# -- a file that is for import, given to another command ---------------------------------------------------------------


FOREIGN: dict[str, bytes] = {
    "a.xlsx": sheet(),
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "a.samm": b'{"formatVersion": "1.0", "assessment": {}, "extensions": []}',
    "a.csv": LEVELS.encode(),
    "library.yaml": LIBRARY.encode(),
}


@pytest.mark.parametrize("command", ["check", "plan", "show", "verify", "next", "repair", "catalogue", "diff"])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_for_import_is_said_to_be_one(name: str, command: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, FOREIGN[name])
    done = run(command, path, *([path] if command == "diff" else []))
    assert done.exit_code == 3, done.stderr
    assert "stepladder import FILE" in " ".join(done.stderr.split()), done.stderr
    assert "1 problem found" in done.stderr or "problem" not in done.stderr, done.stderr
    assert "UTF-8" not in done.stderr


@pytest.mark.parametrize(
    ("data", "words"), [(b"%PDF-1.7\n", "it is a PDF"), (gzip.compress(b"x", mtime=0), "it is compressed; unpack it")]
)
def test_a_file_that_nobody_reads_is_said_to_be_what_it_is(data: bytes, words: str, tmp_path: Path) -> None:
    done = run("check", written(tmp_path, "a.yaml", data))
    assert done.exit_code == 3
    assert words in done.stderr
