"""Every URL name, who may call it, and what comes back: the fourth tenancy guard, tested whole by test_access.py.

A line is `name: Access(method, {caller: status})` for each method the page knows. Callers are anonymous, the four roles, and
`stranger`, an admin of another organization. A URL name missing here fails the test; so does a method that answers
otherwise than it says.
"""

from dataclasses import dataclass, field

CALLERS = ("anonymous", "stranger", "viewer", "agent", "analyst", "admin")


@dataclass(frozen=True)
class Access:
    """How one page answers. `statuses` maps method -> statuses in the order of CALLERS."""

    statuses: dict[str, tuple[int, ...]]
    # Values for the URL's own parts, from the world: {"pk": "chiara.id"} reads world.home.chiara.id.
    parts: dict[str, str] = field(default_factory=dict)
    # What a POST sends.
    data: dict[str, str] = field(default_factory=dict)
    why: str = ""


def page(lowest: str = "viewer", *, ok: int = 200, anonymous: int = 302) -> tuple[int, ...]:
    """Statuses of an organization's page: sign-in for anonymous, 404 for strangers, 403 below the lowest role."""
    roles = CALLERS[2:]
    return (anonymous, 404, *(ok if roles.index(role) >= roles.index(lowest) else 403 for role in roles))


def public(ok: int = 200) -> tuple[int, ...]:
    """Statuses of a page that is the same for everybody."""
    return (ok,) * len(CALLERS)


TABLE: dict[str, Access] = {}
