"""Reading and writing a mapping of a tracker, ``stepladder-map/1``: a small YAML or JSON file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path as File

from stepladder.data.formats.mapping import TrackerKeys, TrackerMap
from stepladder.data.formats.problem import Path
from stepladder.data.reading.validate import load_located
from stepladder.data.writing import dumped
from stepladder.errors import InvalidInput, Issue, UsageError

FORMAT = "stepladder-map/1"
#: Characters of a tag in Azure.
LONGEST_TAG = 400


def load_mapping(path: File, tracker: str = "", places: Mapping[str, Collection[str]] | None = None) -> TrackerMap:
    """Read a mapping.

    Parameters
    ----------
    path
        The file.
    tracker
        The tracker for which it is read; empty where only the file itself is checked.
    places
        By key, the trackers that have a place for it.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the file, or that the tracker has no place for.
    """
    mapping, root = load_located(TrackerMap, path, str(path))
    issues = [Issue(root.nearest(at), "SL104", message) for at, message in _faults(mapping, tracker)]
    issues += [
        Issue(root.nearest((key,), key=True), "SL101", f"{message}: leave it out")
        for key, message in misplaced(mapping, tracker, places or {})
    ]
    if issues:
        raise InvalidInput(issues)
    return mapping


def carried(keys: TrackerKeys, tracker: str, places: Mapping[str, Collection[str]]) -> TrackerMap:
    """The mapping of a scenario, as its plan carries it.

    Parameters
    ----------
    keys
        The keys of the scenario.
    tracker, places
        As for ``load_mapping``.

    Raises
    ------
    UsageError
        When the tracker has no place for it.
    """
    mapping = TrackerMap.model_validate({**dict(keys), "format": FORMAT})
    faults = [message for _, message in _faults(mapping, tracker)]
    faults += [message for _, message in misplaced(mapping, tracker, places)]
    if faults:
        lines = "\n".join(faults)
        raise UsageError(
            f"the mapping in the plan, of its scenario's key tracker, does not fit; give one with --map:\n{lines}"
        )
    return mapping


def misplaced(mapping: TrackerMap, tracker: str, places: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Keys for which a tracker has no place, each with the sentence that names those that have one."""
    for key in mapping.keys:
        trackers = places.get(key, (tracker,))
        if tracker not in trackers:
            *others, last = sorted(trackers)
            known = f"{', '.join(others)} and {last} have" if others else f"{last} has"
            yield key, f"{tracker} has no place for {key!r}; {known} one"


def _faults(mapping: TrackerMap, tracker: str) -> Iterator[tuple[Path, str]]:
    """Values that a tracker does not take."""
    for name, value in mapping.fields.items():
        if tracker == "redmine" and isinstance(value, dict):
            yield ("fields", name), "redmine takes text, a number or a list here; write the value itself"
        if tracker == "azure" and isinstance(value, dict | list):
            yield ("fields", name), "azure takes text, a number, true or false here; write the value itself"
    for k, label in enumerate(mapping.labels):
        if tracker == "jira" and re.search(r"\s", label):
            yield ("labels", k), f"a label in Jira has no spaces; write {'-'.join(label.split())}"
        if tracker == "azure" and (re.search("[;,]", label) or len(label) > LONGEST_TAG):
            yield ("labels", k), f"a tag in Azure has no ; and no , and at most {LONGEST_TAG} characters"


def written(mapping: TrackerMap, remarks: Mapping[str, str], below: Mapping[str, Iterable[str]]) -> str:
    """A mapping as YAML text, every key with what is in force.

    Parameters
    ----------
    mapping
        The mapping.
    remarks
        By key that may be printed, what holds where it says nothing; keys that are not mentioned are left out.
    below
        By key, further lines that stand below it as comments.
    """
    lines = [f"format: {FORMAT}"]
    content = mapping.model_dump(mode="json")
    for key, remark in remarks.items():
        value = content[key]
        if value is None:
            lines.append(f"# {key}: {remark}")
        elif not value and below.get(key):
            lines.append(f"# {key}:")
        else:
            lines += dumped({key: value}, width=10**6).splitlines()
        lines += [f"#   {line}" for line in below.get(key, ())]
    return "\n".join(lines) + "\n"
