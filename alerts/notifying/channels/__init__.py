"""The kinds of channels, one file each. A new kind is a new file here: it names a `CHANNEL`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from alerts.notifying.message import Message
from tenancy.outgoing import Reply


class Channel(Protocol):
    """One kind of place that is told."""

    label: str
    icon: str
    # What it is, and where its address is found, in words for the page that adds one.
    explanation: str
    address_label: str
    # (value, words) where the address is chosen rather than typed in.
    choices: tuple[tuple[str, str], ...]
    # Whether messages are signed with a secret that the other side must know.
    has_secret: bool

    def shown(self, address: str) -> str:
        """What of the address may be shown. Raises Refused for one it cannot have."""

    def hand_over(self, message: Message, *, sealed: dict[str, str], at: int) -> Reply:
        """Tell the place; outside any scope and transaction. `sealed` holds `address` and perhaps `secret`, `at` is in
        Unix seconds. Raises Unreachable when there was no reply."""


@cache
def kinds() -> dict[str, Channel]:
    """Every kind by the name of its file."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").CHANNEL for name in names}
