"""Where else an answer leads: the floors above register what they made of it, such as a follow-up."""

from collections.abc import Callable
from dataclasses import dataclass

from surveys.models import Response


@dataclass(frozen=True)
class ResponseLink:
    """A place that belongs to an answer."""

    label: str
    href: str
    detail: str = ""
    icon: str = "arrow-right"


LinkSource = Callable[[Response], list[ResponseLink]]
_sources: list[LinkSource] = []


def register_response_links(source: LinkSource) -> LinkSource:
    """Let `source(response)` add links to the page of an answer; called in the organization's scope."""
    _sources.append(source)
    return source


def links_of(response: Response) -> list[ResponseLink]:
    return [link for source in _sources for link in source(response)]
