"""The bell of everybody with a role, besides those whom an event concerns anyhow."""

import re
from datetime import UTC, datetime

from alerts.models import FollowUp
from alerts.notifying.events import EVENTS, OUTSIDE
from alerts.notifying.message import Message
from alerts.notifying.people import tell_all
from alerts.notifying.telling import Telling
from tenancy.models import Membership
from tenancy.outgoing import Refused, Reply
from tenancy.roles import Role
from tenancy.scope import organization_scope


class InApp:
    label = "In the product"
    icon = "bell"
    explanation = "Under the bell of everybody who has a role, without mail. Who hears of it anyhow hears of it once."
    address_label = "Who"
    choices = (
        (Role.ADMIN.value, "Admins"),
        (Role.ANALYST.value, "Analysts and admins"),
        (Role.AGENT.value, "Agents, analysts and admins"),
        (Role.VIEWER.value, "Everybody"),
    )
    has_secret = False

    def shown(self, address: str) -> str:
        words = dict(self.choices)
        if address not in words:
            raise Refused("This is no role")
        return words[address]

    def hand_over(self, message: Message, *, sealed: dict[str, str], at: int) -> Reply:
        lowest = Role(sealed["address"])
        roles = [role for role in Role if role.includes(lowest)]
        with organization_scope(message.organization_id):
            members = Membership.objects.filter(role__in=roles).select_related("user")
            number = message.data.get("number")
            telling = Telling(
                [member.user for member in members],
                OUTSIDE.get(message.event, EVENTS["rule_fired"]).key,
                message.title,
                message.key,
                text=message.quote or ", ".join(f"{name}: {value}" for name, value in message.fields),
                follow_up=FollowUp.objects.filter(number=number).first() if number else None,
                path="" if number else _path(message.link),
                context={"customer_ids": list(message.customer_ids)},
                by_mail=False,
                to_channels=False,
            )
            told = tell_all([telling], at=datetime.fromtimestamp(at, UTC))
        return Reply(202, f"Shown to {len(told)}")


def _path(link: str) -> str:
    """The path of a link beneath its organization."""
    return re.sub(r"^.*?/o/[^/]+/", "", link)


CHANNEL = InApp()
