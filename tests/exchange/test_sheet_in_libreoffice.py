"""The sheet to fill in, opened and filled by LibreOffice as a person would: what is typed, where typing is allowed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter

from stepladder.api import import_, template
from tests.exchange.test_intake import ACCESS, CODES, HEADS, PATCH

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Fill
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("file://{source}", "_blank", 0, hidden())
  Open "{report}" For Output As #1
{typed}
  Close #1
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("file://{target}", kind())
  book.close(True)
End Sub
</script:module>
"""


def typed(folder: Path, cells: dict[tuple[str, str], str], asked: list[tuple[str, str]]) -> tuple[Path, list[str]]:
    """The workbook that a script of LibreOffice's own has filled in, and what it says of the cells that are asked for:
    whether they are locked and their sheet protected, and what their drop-down offers.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("soffice is not here")
    source, target, report = folder / "template.xlsx", folder / "filled.xlsx", folder / "report.txt"
    source.write_bytes(template())
    lines = [
        f'  book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").setFormula("{text}")'
        for (sheet, cell), text in cells.items()
    ]
    for sheet, cell in asked:
        lines += [
            f'  held = book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}")',
            "  closed = held.CellProtection.IsLocked And held.Spreadsheet.isProtected()",
            '  Print #1, closed &amp; ";" &amp; held.Validation.getFormula1()',
        ]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    # Its first start writes the profile, with an empty module in which macros are looked for.
    subprocess.run([program, profile, "--headless", "--terminate_after_init"], check=True, timeout=180)
    module = MODULE.format(source=source, target=target, report=report, typed="\n".join(lines))
    (folder / "profile/user/basic/Standard/Module1.xba").write_text(module, encoding="utf-8")
    command = [program, profile, "--headless", "--norestore", "macro:///Standard.Module1.Fill"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return target, report.read_text(encoding="utf-8").splitlines()


def place(head: str, code: str) -> str:
    return f"{get_column_letter(HEADS.index(head) + 1)}{CODES.index(code) + 2}"


@pytest.mark.slow
def test_what_is_typed_in_libreoffice_is_read(tmp_path: Path) -> None:
    cells = {
        ("Assessment", place("Current", ACCESS)): "1 Minimum",
        ("Assessment", place("Target", ACCESS)): "3 Consistent",
        ("Assessment", place("Once", ACCESS)): "30001.5",
        ("Assessment", place("Days", ACCESS)): "20",
        ("Assessment", place("Target", PATCH)): "1",
        ("Assessment", place("Importance", PATCH)): "high",
        ("Frame", "B3"): "2027-01-01",
        ("Frame", "B6"): "60000",
    }
    asked = [("Assessment", place(head, ACCESS)) for head in ("Code", "Current", "Importance")]
    target, report = typed(tmp_path, cells, asked)
    locked = [line.split(";") for line in report]
    assert [line[0] for line in locked] == ["True", "False", "False"]
    lists = openpyxl.load_workbook(target)["Lists"]
    offered = {str(cell.value) for row in lists for cell in row if cell.value}
    assert offered >= {"1 Minimum", "3 Consistent", "high", "critical"}
    assert all("Lists" in line[1] for line in locked[1:])
    read = import_(target)
    found = yaml.safe_load(read.text)
    assert found["horizon"]["start"] == "2027-01-01"
    assert found["current"]["access_control"]["comprehensiveness"] == 1
    assert found["target"]["patch_management"]["comprehensiveness"] == 1
    assert found["importance"]["patch_management"]["comprehensiveness"] == "high"
    costs = found["costs"]["steps"]
    assert [costs[f"{ACCESS}.{level}"]["once"] for level in (2, 3)] == [15000.75, 15000.75]
