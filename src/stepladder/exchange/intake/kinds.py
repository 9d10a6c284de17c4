"""Which kinds of file can be imported, and which of them a file is."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.data.formats.base import unknown
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.importer import Importer
from stepladder.exchange.intake.importers import dsomm, samm
from stepladder.exchange.intake.importers.ciso_audit import CISO_AUDIT
from stepladder.exchange.intake.importers.ciso_controls import CISO_CONTROLS
from stepladder.exchange.intake.importers.ciso_library import CISO_LIBRARY
from stepladder.exchange.intake.importers.cset import CSET
from stepladder.exchange.intake.importers.csf_profile import CSF_PROFILE
from stepladder.exchange.intake.importers.oscal import OSCAL
from stepladder.exchange.intake.source import Source

#: In the order in which they are asked; the sheet of ``template`` is no importer, as it needs nothing else. SAMM's is
#: first: in its workbook formulas without a value may stand where nobody reads them, for which others refuse all of it.
IMPORTERS: tuple[Importer, ...] = (
    *(samm.IMPORTER, dsomm.IMPORTER),
    *(CISO_AUDIT, CISO_LIBRARY, CISO_CONTROLS, CSF_PROFILE, CSET, OSCAL),
)
#: What the sheet of ``template`` is called among them.
SHEET = "sheet"


def suited(files: Sequence[Source], name: str | None = None) -> tuple[Importer, list[Source]] | None:
    """The importer for these files, and they with the main one first; None where no importer knows any of them.

    Raises
    ------
    InvalidInput
        When a file cannot be read at all; or none is of the kind that is asked for.
    UsageError
        When there is no importer of that name.
    """
    known = {importer.name: importer for importer in IMPORTERS}
    if name is not None and name not in known:
        listed = ", ".join([SHEET, *known])
        near = unknown("kind of file", name, [SHEET, *known]).partition("; known: ")[0]
        raise UsageError(f"--from {name}: {near}" + ("" if "; did" in near else f"; known: {listed}"))
    for importer in IMPORTERS if name is None else (known[name],):
        for main in files:
            if importer.suits(main):
                return importer, [main, *(file for file in files if file is not main)]
    if name is not None:
        raise InvalidInput(
            [Issue(Location(files[0].path), "SL102", f"this is not what --from {name} reads: {known[name].title}")]
        )
    return None
