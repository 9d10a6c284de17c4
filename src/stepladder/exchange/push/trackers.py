"""Which trackers there are, and how each is reached: address, project, and the token from the environment or the
keyring.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stepladder.data.actuals import scalar
from stepladder.data.formats.base import unknown
from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.data.mapping import carried, load_mapping, written
from stepladder.errors import UsageError
from stepladder.exchange.push import azure, github, jira, redmine
from stepladder.exchange.push.address import HOMES, checked
from stepladder.exchange.push.line import Limits
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import Tracker


@dataclass(frozen=True)
class TrackerKind:
    """A kind of tracker.

    Attributes
    ----------
    variables
        Environment variables that hold what is needed to log in; all of them.
    url
        Its address where it is always the same; empty where each has its own.
    headers
        From what the variables hold to the headers of every call.
    make
        From a host, a project and a mapping.
    named
        The name of a project, if it is one there.
    keys
        The keys of a mapping for which it has a place, in the order in which they are printed, each with what holds
        where it says nothing; empty where that is a value of its own.
    estimates
        Whether person-days become estimates where a mapping says nothing.
    """

    variables: tuple[str, ...]
    url: str
    headers: Callable[[tuple[str, ...]], dict[str, str]]
    make: Callable[[Web, str, TrackerMap], Tracker]
    named: Callable[[str], str]
    keys: Mapping[str, str]
    estimates: bool = False


def _basic(name: str, token: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{token}'.encode()).decode()}"


TRACKERS: dict[str, TrackerKind] = {
    "azure": TrackerKind(
        # As Microsoft's own command line calls it.
        ("AZURE_DEVOPS_EXT_PAT",),
        HOMES["azure"],
        lambda secrets: {
            "Authorization": _basic("", *secrets),
            "Accept": "application/json",
            # A token that is not accepted is to be refused, not sent on to a page to log in.
            "X-TFS-FedAuthRedirect": "Suppress",
        },
        azure.Azure,
        azure.named,
        {
            "type": "the project's first of User Story, Product Backlog Item, Requirement and Issue",
            "milestone_type": "as type",
            "priority": "the type's default",
            **dict.fromkeys(("assignees", "labels", "fields", "parents", "links", "estimates", "statuses"), ""),
        },
    ),
    "github": TrackerKind(
        ("GITHUB_TOKEN",),
        HOMES["github"],
        lambda secrets: {
            "Authorization": f"Bearer {secrets[0]}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        github.GitHub,
        github.named,
        {
            "type": "no type",
            "milestone_type": "as type",
            **dict.fromkeys(("assignees", "labels", "parents", "links", "statuses"), ""),
        },
    ),
    "jira": TrackerKind(
        ("JIRA_EMAIL", "JIRA_API_TOKEN"),
        "",
        lambda secrets: {"Authorization": _basic(*secrets), "Accept": "application/json"},
        jira.Jira,
        jira.named,
        {
            "type": "the project's first type of issue that is neither an epic nor a sub-task",
            "milestone_type": "as type",
            "priority": "the project's default",
            **dict.fromkeys(
                ("assignees", "labels", "components", "fields", "parents", "links", "estimates", "statuses"), ""
            ),
        },
    ),
    "redmine": TrackerKind(
        ("REDMINE_API_KEY",),
        "",
        lambda secrets: {"X-Redmine-API-Key": secrets[0], "Accept": "application/json"},
        redmine.Redmine,
        redmine.named,
        {
            "type": "the project's first tracker",
            "priority": "the default priority",
            "category": "no category",
            **dict.fromkeys(("assignees", "fields", "links", "estimates", "statuses"), ""),
        },
        estimates=True,
    ),
}


def mapping_of(name: str, path: Path | None, plan: Plan | None = None) -> TrackerMap:
    """The mapping that is in force for a tracker: that of a file, else that of the plan, else what holds without one.

    Raises
    ------
    UsageError
        When there is no such tracker, or it has no place for what the plan has.
    InvalidInput
        With everything that is wrong with the file, or that the tracker has no place for.
    """
    kind_of(name)
    places = {
        key: [other for other, kind in TRACKERS.items() if key in kind.keys]
        for key in TrackerMap.model_fields
        if key != "format"
    }
    if path is not None:
        return load_mapping(path, name, places)
    keys = plan.context.tracker if plan is not None and plan.context is not None else None
    return DEFAULT if keys is None else carried(keys, name, places)


def mapping_text(name: str, mapping: TrackerMap, owners: Iterable[str] = ()) -> str:
    """A mapping as YAML that can be given back: every key that the tracker has a place for, and as a remark owners of
    whom it has no user.
    """
    kind = TRACKERS[name]
    if mapping.estimates is None:
        mapping = mapping.model_copy(update={"estimates": kind.estimates})
    return written(mapping, kind.keys, {"assignees": [f"{scalar(owner)}: …" for owner in owners]})


def kind_of(name: str) -> TrackerKind:
    """A kind of tracker.

    Raises
    ------
    UsageError
        When there is none of that name.
    """
    if name not in TRACKERS:
        raise UsageError(unknown("tracker", name, TRACKERS))
    return TRACKERS[name]


def target(name: str, project: str, url: str) -> dict[str, str]:
    """What a state file says it is of, once it is sure that such a place can be: nothing is asked of it.

    Raises
    ------
    UsageError
        When there is no such tracker, or the project's name or the address is none.
    """
    kind = kind_of(name)
    if not url and not kind.url:
        raise UsageError(f"where is your {name}? give its address with --url https://…")
    address = checked(url or kind.url)
    kind.named(project)
    return {"tracker": name, "url": "" if address == kind.url else address, "project": project}


@contextmanager
def reach(
    name: str,
    project: str,
    url: str,
    environment: Mapping[str, str] = os.environ,
    tell: Callable[[str], None] = lambda _: None,
    limits: Limits | None = None,
    mapping: TrackerMap = DEFAULT,
) -> Iterator[Tracker]:
    """A project of a tracker, for as long as the context lasts.

    Parameters
    ----------
    name, project, url
        Which tracker, which project of it, and where.
    environment
        Where the token is, and a proxy may be.
    tell
        Where to say what somebody should know meanwhile.
    limits
        How much the tracker may take.
    mapping
        How things are made there, and what its statuses mean.

    Raises
    ------
    UsageError
        When there is no such tracker, no address, no token or no such project.
    """
    target(name, project, url)
    kind = TRACKERS[name]
    tokens = tuple(environment.get(variable) or _from_keyring(variable) or "" for variable in kind.variables)
    missing = [variable for variable, value in zip(kind.variables, tokens, strict=True) if not value]
    if missing:
        names = " and ".join(missing)
        raise UsageError(
            f"set {names} in the environment, or in the keyring under the service 'stepladder'; a token is never an"
            " option, nor in a file"
        )
    names = " and ".join(kind.variables)
    if any("\n" in value or "\r" in value for value in tokens):
        raise UsageError(f"what {names} hold has more than one line, so it is no token")
    headers = kind.headers(tokens)
    if any(char.isspace() for value in tokens for char in value) or not all(
        value.isascii() and value.isprintable() for value in headers.values()
    ):
        raise UsageError(f"what {names} hold has characters that no token has; copy it again")
    with Web(url or kind.url, headers, tell=tell, environment=environment, limits=limits) as web:
        yield kind.make(web, project, mapping)


def _from_keyring(variable: str) -> str | None:
    """From the system's keyring, where the package keyring is installed and has one."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        secret: str | None = keyring.get_password("stepladder", variable)
    except keyring.errors.KeyringError:
        return None
    return secret
