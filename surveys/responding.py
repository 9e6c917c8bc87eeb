"""Recording what customers answer, one answer or a batch of them, and editing an answer soon after.

One statement stores a response, its answers and its line in the audit log, so that they stand or fall together and an
answer costs one round trip. The floors above hear of it by `response_completed`, in the same transaction.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import Error, transaction
from django.db.models import Q

from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Answer, Channel, Invitation, Question, Response, Survey, SurveyVersion
from surveys.published import Instrument, published_instrument
from surveys.scoring import parse_score
from surveys.signals import response_completed
from surveys.storing import store_responses
from tenancy.audit import Actor, record
from tenancy.models import User
from tenancy.owned import new_id
from tenancy.rows import gathered_apart
from tenancy.scope import current_organization_id

logger = logging.getLogger(__name__)

VERBATIM_CHARACTERS = 5000
EDIT_WINDOW = timedelta(hours=24)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
# What an audit line calls a customer: their name would outlive an erasure there.
CUSTOMER_LABEL = "Customer"


class EditedTooLate(ValueError):
    """The time in which an answer may be edited is over."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it came in. `score` may be a text; it is judged by the survey's scale."""

    score: Any
    responded_at: datetime
    submission_key: str
    channel: str
    invitation: Invitation | None = None
    customer: Customer | None = None
    touchpoint: Touchpoint | None = None
    verbatim: str = ""
    may_contact: bool | None = None
    language: str = ""
    # Who gave it, where that is somebody else than the `by` of the batch.
    by: Actor | None = None


def record_responses(
    given: Sequence[Given],
    *,
    survey: Survey,
    version: SurveyVersion | Instrument,
    by: Actor | User,
    at: datetime,
    raise_alerts: bool = True,
    is_audited: bool = True,
) -> list[tuple[Response, bool]]:
    """For each answer its response and whether it is new, in order; costs two statements for any number.

    Without `is_audited` the caller writes one audit line for all of them. Raises ValueError for a wrong score.
    """
    organization_id = current_organization_id()
    instrument = version if isinstance(version, Instrument) else published_instrument(organization_id, version.id)
    responses = [_response(each, survey, instrument, at) for each in given]
    answers = [
        answer
        for response, each in zip(responses, given, strict=True)
        for answer in _answers(response, each, instrument)
    ]
    with transaction.atomic(savepoint=False):
        actors = [each.by or by for each in given] if is_audited else None
        stored = store_responses(responses, answers, by=actors, at=at)
        new = [response for response in responses if response.id in stored]
        if new:
            _tell(new, survey=survey, is_new=True, raise_alerts=raise_alerts)
    before = _stored_before([response for response in responses if response.id not in stored])
    return [(before.get(response.id, response), response.id in stored) for response in responses]


def edit_response(
    response: Response, *, score: Any, verbatim: str, may_contact: bool | None, by: Actor | User, at: datetime
) -> bool:
    """Change an answer; False when nothing is different. The audit log says that words changed, never which.

    Raises EditedTooLate after EDIT_WINDOW, ValueError when the score is not on the survey's scale.
    """
    with transaction.atomic(savepoint=False):
        held = Response.objects.select_for_update(of=("self",)).select_related("survey").get(pk=response.pk)
        if at > editable_until(held):
            raise EditedTooLate("The time in which this answer could be changed is over.")
        survey = held.survey
        instrument = published_instrument(current_organization_id(), held.version_id)
        new_score = parse_score(survey.measure, score, survey.points)
        text = clean_verbatim(verbatim)
        before = {"score": held.score, "may_contact": held.may_contact}
        after = {"score": new_score, "may_contact": may_contact}
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        is_reworded = text != verbatim_of(held)
        if not changes and not is_reworded:
            return False
        held.score, held.may_contact = new_score, may_contact
        held.group = instrument.scale.group_of(new_score)
        held.has_verbatim = bool(text)
        held.edited_at = at
        held.save(update_fields=["score", "may_contact", "group", "has_verbatim", "edited_at"])
        _store_answer(held, instrument, Question.Kind.SCORE, number=new_score)
        _store_answer(held, instrument, Question.Kind.VERBATIM, text=text)
        if may_contact is not None:
            _store_answer(held, instrument, Question.Kind.CONTACT, number=int(may_contact))
        details: dict[str, Any] = {"changes": changes, "is_reworded": is_reworded}
        record("response.edited", on=held, by=by, at=at, details=details)
        _tell([held], survey=survey, is_new=False, raise_alerts=True)
    return True


def editable_until(response: Response) -> datetime:
    return response.responded_at + EDIT_WINDOW


def verbatim_of(response: Response) -> str:
    """What the customer wrote; empty when nothing. One query."""
    answer = Answer.objects.filter(response=response, kind=Question.Kind.VERBATIM).first()
    return answer.text if answer else ""


def verbatims_of(response_ids: Iterable[UUID | str]) -> dict[UUID, str]:
    """What the customers wrote, by response; without those who wrote nothing. One query at most."""
    wanted = list(response_ids)
    if not wanted:
        return {}
    answers = Answer.objects.filter(response__in=wanted, kind=Question.Kind.VERBATIM).exclude(text="")
    return dict(answers.values_list("response_id", "text"))


def clean_verbatim(text: str) -> str:
    """The text as it is stored: without control characters and space around it, at most VERBATIM_CHARACTERS."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", lines).strip()[:VERBATIM_CHARACTERS]


def day_in(zone: str, moment: datetime) -> date:
    """The day `moment` falls on in the time zone of this name."""
    return moment.astimezone(ZoneInfo(zone)).date()


def _response(given: Given, survey: Survey, instrument: Instrument, at: datetime) -> Response:
    score = parse_score(instrument.measure, given.score, instrument.points)
    response = Response(
        id=new_id(),
        organization_id=current_organization_id(),
        version_id=instrument.id,
        channel=Channel(given.channel),
        measure=instrument.measure,
        score=score,
        group=instrument.scale.group_of(score).value,
        has_verbatim=bool(clean_verbatim(given.verbatim)),
        language=given.language,
        may_contact=given.may_contact,
        attributes=given.customer.attributes if given.customer else {},
        responded_at=given.responded_at,
        created_at=at,
        submission_key=given.submission_key,
    )
    response.survey, response.invitation = survey, given.invitation
    response.customer, response.touchpoint = given.customer, given.touchpoint
    return response


def _answers(response: Response, given: Given, instrument: Instrument) -> list[Answer]:
    values: dict[str, dict[str, Any]] = {Question.Kind.SCORE: {"number": response.score}}
    if text := clean_verbatim(given.verbatim):
        values[Question.Kind.VERBATIM] = {"text": text}
    if given.may_contact is not None:
        values[Question.Kind.CONTACT] = {"number": int(given.may_contact)}
    return [
        Answer(
            organization_id=response.organization_id,
            response_id=response.id,
            question_id=instrument.question_ids[kind],
            kind=kind,
            **value,
        )
        for kind, value in values.items()
        if kind in instrument.question_ids
    ]


def _store_answer(response: Response, instrument: Instrument, kind: str, **value: Any) -> None:
    question_id = instrument.question_ids.get(kind)
    is_blank = not value.get("text", True)
    if question_id is None:
        return
    known = Answer.objects.filter(response=response, question_id=question_id)
    if not known.update(**value) and not is_blank:
        Answer.objects.create(response=response, question_id=question_id, kind=kind, **value)


def _stored_before(responses: list[Response]) -> dict[UUID, Response]:
    """By the id of each that was not stored, the response that was there already: of its key or its invitation."""
    if not responses:
        return {}
    keys = {response.submission_key for response in responses}
    invitations = {response.invitation_id for response in responses if response.invitation_id}
    known = list(
        Response.objects.select_related("survey").filter(Q(submission_key__in=keys) | Q(invitation__in=invitations))
    )
    by_key = {response.submission_key: response for response in known}
    by_invitation = {response.invitation_id: response for response in known if response.invitation_id}
    return {
        response.id: by_key.get(response.submission_key) or by_invitation[response.invitation_id]
        for response in responses
    }


def _tell(responses: list[Response], *, survey: Survey, is_new: bool, raise_alerts: bool) -> None:
    zone = survey.organization.time_zone
    days = {day_in(zone, response.responded_at) for response in responses}
    if is_new:  # the response rate counts an answer on the day its invitation was sent
        sent = [response.invitation.sent_at for response in responses if response.invitation]
        days |= {day_in(zone, moment) for moment in sent if moment}
    try:
        with gathered_apart():
            response_completed.send_robust(
                sender=Response, responses=responses, is_new=is_new, raise_alerts=raise_alerts, days=days
            )
    except Error:  # as for a receiver that fails: the answer stays
        logger.exception("Rows that come with %d answers could not be stored", len(responses))
