"""What kinds of channels that post to a web address have in common."""

from dataclasses import dataclass

from alerts.notifying.message import Message
from tenancy.outgoing import Refused, Reply, checked_url, post


@dataclass(frozen=True)
class Request:
    """What is posted where."""

    url: str
    body: bytes
    headers: dict[str, str]


class Posting:
    """A kind whose address is a web address; subclasses say how a message looks there."""

    label: str
    icon: str
    explanation: str
    # The hosts its addresses may have, as endings; empty for any.
    hosts: tuple[str, ...] = ()
    has_secret = False
    address_label = "Address"
    choices: tuple[tuple[str, str], ...] = ()

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        raise NotImplementedError

    def shown(self, address: str) -> str:
        """The host. Raises Refused for an address it cannot have."""
        host = checked_url(address).host or ""
        if self.hosts and not any(host == each or host.endswith(f".{each}") for each in self.hosts):
            raise Refused(f"This is no address of {self.label}: it must lead to {' or '.join(self.hosts)}")
        return host

    def hand_over(self, message: Message, *, sealed: dict[str, str], at: int) -> Reply:
        request = self.request(message, sealed=sealed, at=at)
        return post(request.url, body=request.body, headers=request.headers)
