"""Mail to staff about follow-ups that opened: one each, and in a burst one for many. See docs/decisions.

Nothing is lost in a digest: it holds the numbers of all it stands for, since follow-ups are numbered without gaps.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format

from alerts.models import FollowUp, FollowUpDigest
from alerts.notifying.floods import SINGLES, WINDOW, told_of_late
from alerts.notifying.message import excerpt
from alerts.notifying.people import tell_all
from alerts.notifying.queueing import OPENED as OPENED_EVENT
from alerts.notifying.queueing import channels_of, queue_deliveries
from alerts.notifying.telling import Telling
from alerts.owners.standing_in import Carers
from surveys.models import Response
from surveys.responding import verbatims_of
from surveys.scoring import group_word
from tenancy.models import Membership, Organization, User
from tenancy.roles import Role

# The first digest of a burst goes out soon, the next ones after a pause.
FIRST_DIGEST_AFTER = timedelta(seconds=2)
# The next ones follow quickly, so that staff know within seconds; in a burst that goes on, once a minute.
BETWEEN_DIGESTS = timedelta(seconds=3)
QUICK_DIGESTS = 10
BETWEEN_LATER_DIGESTS = timedelta(seconds=60)
VERBATIM_CHARACTERS = 2000


def tell_of_opened(organization: Organization, opened: list[FollowUp], *, at: datetime) -> None:
    """Tell the owner of each, or everybody who cares for those that nobody owns yet. Channels outside hear of all.

    In the caller's transaction, under its lock on numbers.
    """
    if not opened:
        return
    if channels := channels_of(OPENED_EVENT):
        singles = opened[:SINGLES]
        prefetch_related_objects(singles, "customer", "response__survey", "response__touchpoint")
        queue_deliveries(organization, channels, opened, facts_of(organization, singles), at=at)
    tell_owners(organization, [each for each in opened if each.owner_id], at=at)
    unowned = [each for each in opened if each.owner_id is None]
    people = staff_to_tell() if unowned else []
    if not people:
        return
    alone = unowned[: _room_for_singles(people, at=at)]
    _gather(unowned[len(alone) :], at=at)
    prefetch_related_objects(alone, "customer", "response__survey", "response__touchpoint")
    facts = facts_of(organization, alone)
    tell_all([_opening(people, each, about) for each, about in zip(alone, facts, strict=True)], at=at)


def tell_owners(
    organization: Organization, follow_ups: list[FollowUp], *, at: datetime, known_as: str = "opened"
) -> None:
    """Tell the owner whom a rule gave each of these follow-ups. A dozen statements for any number.

    Who was told by `known_as` already hears nothing; of one that was open before, those who heard of its opening do.
    """
    if not follow_ups:
        return
    prefetch_related_objects(follow_ups, "customer", "owner", "response__survey", "response__touchpoint")
    facts = facts_of(organization, follow_ups)
    tellings = []
    for follow_up, about in zip(follow_ups, facts, strict=True):
        telling = _opening([follow_up.owner] if follow_up.owner else [], follow_up, about)
        # The key stays that of the opening: a channel that shows it under the bell of many tells its owner no more.
        tellings.append(replace(telling, event="assigned", key=f"{known_as}:{follow_up.pk}", may_flood=True))
    tell_all(tellings, at=at)


def tell_of_answers(joining: list[tuple[FollowUp, Response]], *, at: datetime) -> None:
    """Tell whoever cares for these follow-ups that their customer answered again (alerts.owners.standing_in)."""
    _tell_of_given(joining, "answered again and gave", "", at=at)


def tell_of_edits(edited: list[tuple[FollowUp, Response]], *, at: datetime) -> None:
    """Tell the same people that their customer changed an answer, or added words to it; once an edit."""
    _tell_of_given(edited, "changed an answer: it is", ":{edited_at:%Y%m%d%H%M%S%f}", at=at)


def _tell_of_given(joining: list[tuple[FollowUp, Response]], did: str, edit: str, *, at: datetime) -> None:
    if not joining:
        return
    follow_ups = [follow_up for follow_up, _ in joining]
    carers = Carers(at=at)
    prefetch_related_objects(follow_ups, "customer")
    said = verbatims_of(response.pk for _, response in joining)
    tellings = []
    for follow_up, response in joining:
        group = group_word(response.measure, response.group)
        tellings.append(
            Telling(
                carers.of(follow_up),
                "answer_added",
                f"{follow_up.whom} {did} {response.score} ({group})",
                f"answer_added:{response.pk}" + edit.format(edited_at=response.edited_at),
                text=excerpt(said.get(response.pk, "")),
                follow_up=follow_up,
            )
        )
    tell_all(tellings, at=at)


def staff_to_tell() -> list[User]:
    """Who cares for follow-ups without an owner: all agents, or analysts and admins where there are none."""
    return people_of(Role.AGENT) or people_of(Role.ANALYST, Role.ADMIN)


def people_of(*roles: Role) -> list[User]:
    """The active people of this organization who hold one of `roles`."""
    members = Membership.objects.filter(role__in=roles, user__is_active=True).select_related("user")
    return [member.user for member in members.order_by("created_at")]


def facts_of(organization: Organization, follow_ups: list[FollowUp]) -> list[dict[str, Any]]:
    """What a mail says about each follow-up, as JSON; four queries at most for any number."""
    said = verbatims_of(each.response_id for each in follow_ups if each.response_id)
    prefetch_related_objects([each for each in follow_ups if each.response_id is None], "alert")
    zone = ZoneInfo(organization.time_zone)
    return [
        _facts(organization, each, said.get(each.response_id, "") if each.response_id else "", zone)
        for each in follow_ups
    ]


def _opening(people: list[User], follow_up: FollowUp, facts: dict[str, Any]) -> Telling:
    gave = f" gave {facts['score']}" if facts["score"] is not None else ""
    return Telling(
        people,
        "opened",
        f"Follow-up {follow_up.number}: {facts['customer']}{gave}",
        f"opened:{follow_up.pk}",
        text=excerpt(facts["verbatim"] or facts.get("reason", "")),
        follow_up=follow_up,
        context=facts,
        template="follow_up_opened",
        # Whatever is too much of these goes into a digest; channels were told of all that opened.
        may_flood=False,
        to_channels=False,
    )


def address_of(organization: Organization, follow_up: FollowUp) -> str:
    return f"{settings.BASE_URL}/o/{organization.slug}/followups/{follow_up.number}/"


def _facts(organization: Organization, follow_up: FollowUp, verbatim: str, zone: ZoneInfo) -> dict[str, Any]:
    response, customer = follow_up.response, follow_up.customer
    text = verbatim[:VERBATIM_CHARACTERS]
    return {
        "number": follow_up.number,
        "url": address_of(organization, follow_up),
        "customer": follow_up.whom,
        "customer_ids": [str(customer.pk)] if customer else [],
        # Why it opened, where there is no answer to speak for itself.
        "reason": "" if response else follow_up.alert.reason,
        "score": response.score if response else None,
        "group": group_word(response.measure, response.group) if response else "",
        "survey": response.survey.name if response else "",
        "touchpoint": response.touchpoint.name if response and response.touchpoint else "",
        "verbatim": text + ("…" if len(verbatim) > len(text) else ""),
        "may_contact": response.may_contact if response else None,
        "first_contact_due": moment_words(follow_up.first_contact_due_at, zone),
        "resolution_due": moment_words(follow_up.resolution_due_at, zone),
    }


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Tuesday 24 November 2026, 16:30 (CET)."""
    local = moment.astimezone(zone)
    return f"{date_format(local, 'l j F Y, H:i')} ({local:%Z})"


def _room_for_singles(people: list[User], *, at: datetime) -> int:
    """How many more each may be told of one by one: none while a digest is being filled, so that it has no holes."""
    if FollowUpDigest.objects.filter(queued_at__isnull=True).exists():
        return 0
    told = told_of_late([user.pk for user in people], ["opened"], at=at)
    return max(SINGLES - max(told.values(), default=0), 0)


def _gather(follow_ups: list[FollowUp], *, at: datetime) -> None:
    if not follow_ups:
        return
    last = follow_ups[-1].number
    if FollowUpDigest.objects.filter(queued_at__isnull=True).update(last_number=last):
        return
    sent = list(FollowUpDigest.objects.order_by("-id").values_list("queued_at", flat=True)[:QUICK_DIGESTS])
    is_going_on = len(sent) == QUICK_DIGESTS and sent[-1] > at - WINDOW
    pause = BETWEEN_LATER_DIGESTS if is_going_on else BETWEEN_DIGESTS
    due_at = max(at + FIRST_DIGEST_AFTER, sent[0] + pause if sent else at)
    FollowUpDigest.objects.create(first_number=follow_ups[0].number, last_number=last, due_at=due_at)
