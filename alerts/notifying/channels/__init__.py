"""The kinds of channels, one file each. A new kind is a new file here: it names a `CHANNEL`."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from alerts.notifying.message import Message


@dataclass(frozen=True)
class Request:
    """What is posted where."""

    url: str
    body: bytes
    headers: dict[str, str]


class Channel(Protocol):
    """One kind of place outside."""

    label: str
    # The hosts its addresses may have, as endings; empty for any.
    hosts: tuple[str, ...]
    has_secret: bool

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        """The message in the form of this kind; `sealed` holds `url` and perhaps `secret`, `at` is in Unix seconds."""


def kinds() -> dict[str, Channel]:
    """Every kind by the name of its file."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").CHANNEL for name in names}
