"""Which trackers there are, and how each is reached: address, project, and the token from the environment or the
keyring.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from stepladder.data.formats.problem import unknown
from stepladder.errors import UsageError
from stepladder.exchange.push import azure, github, jira, redmine
from stepladder.exchange.push.address import checked
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
        From a host and a project.
    named
        The name of a project, if it is one there.
    """

    variables: tuple[str, ...]
    url: str
    headers: Callable[[tuple[str, ...]], dict[str, str]]
    make: Callable[[Web, str], Tracker]
    named: Callable[[str], str]


def _basic(name: str, token: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{token}'.encode()).decode()}"


TRACKERS: dict[str, TrackerKind] = {
    "azure": TrackerKind(
        # As Microsoft's own command line calls it.
        ("AZURE_DEVOPS_EXT_PAT",),
        "https://dev.azure.com",
        lambda secrets: {
            "Authorization": _basic("", *secrets),
            "Accept": "application/json",
            # A token that is not accepted is to be refused, not sent on to a page to log in.
            "X-TFS-FedAuthRedirect": "Suppress",
        },
        azure.Azure,
        azure.named,
    ),
    "github": TrackerKind(
        ("GITHUB_TOKEN",),
        "https://api.github.com",
        lambda secrets: {
            "Authorization": f"Bearer {secrets[0]}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        github.GitHub,
        github.named,
    ),
    "jira": TrackerKind(
        ("JIRA_EMAIL", "JIRA_API_TOKEN"),
        "",
        lambda secrets: {"Authorization": _basic(*secrets), "Accept": "application/json"},
        jira.Jira,
        jira.named,
    ),
    "redmine": TrackerKind(
        ("REDMINE_API_KEY",),
        "",
        lambda secrets: {"X-Redmine-API-Key": secrets[0], "Accept": "application/json"},
        redmine.Redmine,
        redmine.named,
    ),
}


def target(name: str, project: str, url: str) -> dict[str, str]:
    """What a state file says it is of, once it is sure that such a place can be: nothing is asked of it.

    Raises
    ------
    UsageError
        When there is no such tracker, or the project's name or the address is none.
    """
    if name not in TRACKERS:
        raise UsageError(unknown("tracker", name, TRACKERS))
    kind = TRACKERS[name]
    if not url and not kind.url:
        raise UsageError(f"where is your {name}? give its address with --url https://…")
    checked(url or kind.url)
    kind.named(project)
    return {"tracker": name, "url": url, "project": project}


@contextmanager
def reach(
    name: str,
    project: str,
    url: str,
    environment: Mapping[str, str] = os.environ,
    tell: Callable[[str], None] = lambda _: None,
    limits: Limits | None = None,
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
        yield kind.make(web, project)


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
