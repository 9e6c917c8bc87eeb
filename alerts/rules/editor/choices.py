"""What the editor offers: the rows of the organization that a rule can point at, each list read once."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Model

from alerts.models import NotificationChannel, OwnerRule, Playbook, SlaPolicy, Team
from alerts.rules.checking import is_id
from alerts.rules.references import named
from customers.models import Customer
from journeys.models import Stage, Touchpoint
from surveys.models import Response, Survey
from surveys.wording import LANGUAGE_NAMES, language_name
from tenancy.models import Membership

Pairs = list[tuple[str, str]]
ROWS_SEEN, NAMES_OFFERED = 1000, 100


class Choices:
    """Lists of (id, name); a list nobody asks for costs nothing."""

    @cached_property
    def surveys(self) -> Pairs:
        return _pairs(Survey.objects.order_by("name"))

    @cached_property
    def open_surveys(self) -> Pairs:
        return _pairs(Survey.objects.exclude(state=Survey.State.CLOSED).order_by("name"))

    @cached_property
    def touchpoints(self) -> Pairs:
        return _pairs(Touchpoint.objects.order_by("stage__position", "position", "name"))

    @cached_property
    def stages(self) -> Pairs:
        rows = Stage.objects.select_related("journey").order_by("journey__name", "position")
        return [(str(each.pk), f"{each.name} ({each.journey.name})") for each in rows]

    @cached_property
    def languages(self) -> Pairs:
        return [(code, language_name(code)) for code in LANGUAGE_NAMES]

    @cached_property
    def attribute_names(self) -> list[str]:
        """What the newest customers and the newest answers know of customers: the most frequent names, in order.

        Two queries over a bounded number of rows, however many there are.
        """
        seen: Counter[str] = Counter()
        for rows in (Customer.objects.order_by("-pk"), Response.objects.order_by("-responded_at", "-pk")):
            for attributes in rows.values_list("attributes", flat=True)[:ROWS_SEEN]:
                seen.update(attributes.keys())
        return sorted((name for name, _ in seen.most_common(NAMES_OFFERED)), key=str.casefold)

    @cached_property
    def policies(self) -> Pairs:
        return _pairs(SlaPolicy.objects.order_by("name"))

    @cached_property
    def playbooks(self) -> Pairs:
        return _pairs(Playbook.objects.filter(is_active=True))

    @cached_property
    def owner_rules(self) -> Pairs:
        return _pairs(OwnerRule.objects.filter(is_active=True))

    @cached_property
    def channels(self) -> Pairs:
        return _pairs(NotificationChannel.objects.filter(is_active=True))

    @cached_property
    def teams(self) -> Pairs:
        return _pairs(Team.objects.all())

    @cached_property
    def people(self) -> Pairs:
        members = Membership.objects.filter(user__is_active=True).select_related("user").order_by("user__name")
        return [(str(each.user_id), str(each.user)) for each in members]


def with_chosen(offered: Pairs, model: type[Model], chosen: Iterable[Any]) -> Pairs:
    """What is offered, and after it what is chosen already though it is off by now; what is gone is not named.

    One query where there is such a row.
    """
    there = {pk for pk, _ in offered}
    off = {str(each) for each in chosen if each and is_id(str(each))} - there
    return [*offered, *((pk, f"{name} (off)") for pk, name in sorted(named(model, off).items()))] if off else offered


def _pairs(rows) -> Pairs:
    return [(str(each.pk), str(each)) for each in rows]
