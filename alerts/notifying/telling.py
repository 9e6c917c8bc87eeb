"""One thing that is told, before it is known who hears of it how."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from alerts.models import FollowUp
from tenancy.models import User


@dataclass(frozen=True)
class Telling:
    """One thing that some people are told. `key` names it: the same person hears of the same key once.

    `path` is beneath the organization; empty means the follow-up's page. `context` holds facts (JSON) for a mail of
    its own, written from `template`, and for channels. `may_flood`: whether it is gathered when too many of its event
    come. `by_mail` and `to_channels` keep it from mail, and from places outside.
    """

    users: Sequence[User]
    event: str
    title: str
    key: str
    text: str = ""
    follow_up: FollowUp | None = None
    path: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    template: str = "notification"
    may_flood: bool = True
    by_mail: bool = True
    to_channels: bool = True

    @property
    def address(self) -> str:
        """The path beneath the organization."""
        return self.path or (f"followups/{self.follow_up.number}/" if self.follow_up else "")

    @property
    def customer_ids(self) -> list[str]:
        """Whom it speaks of: when they are erased, it goes."""
        about = {str(pk) for pk in self.context.get("customer_ids", [])}
        if self.follow_up and self.follow_up.customer_id:
            about.add(str(self.follow_up.customer_id))
        return sorted(about)
