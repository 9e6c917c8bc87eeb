"""What a customer says after their loop was closed: the result, a line of history, and a second try where it is bad.

No rule is held against such an answer: it is about the follow-up that is there, so a bad one reopens that instead of
opening another (decision 0014). Where it is open already, and where the answer is worse or asks for a call, whoever
cares for it is told, so that no such answer stays unseen.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from alerts.changing import Kind, change
from alerts.correspondence.receiving import living
from alerts.following_up import reopen
from alerts.models import Recovery
from alerts.notices import tell_of_answers
from alerts.proof.recovery.planning import last_answer, settle
from alerts.proof.recovery.results import Given, result_of
from alerts.states import State
from surveys.models import Response
from tenancy.audit import SYSTEM

DONE = (State.RESOLVED, State.CLOSED)
FIELDS = ["due_at", "result", "why", "decided_at", "response", "score_after", "score_before"]


def take_answers(response_ids: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Note what these answers say about loops that were closed; returns those that were such answers.

    The same answer again changes nothing, an edited one is judged anew. One query where there are none.
    """
    wanted = list(response_ids)
    asked = Recovery.objects.filter(invitation__responses__in=wanted).select_related("follow_up") if wanted else []
    recoveries = {each.invitation_id: each for each in asked}
    if not recoveries:
        return set()
    responses = Response.objects.filter(pk__in=wanted, invitation__in=list(recoveries)).select_related("survey")
    taken = set()
    for response in responses.order_by("pk"):
        _take(recoveries[response.invitation_id], response, at=at)
        taken.add(response.pk)
    return taken


def _take(recovery: Recovery, response: Response, *, at: datetime) -> None:
    follow_up, before = living(recovery.follow_up), _before(recovery)
    result = result_of(before, given(response))
    if recovery.response_id == response.pk and (recovery.result, recovery.score_after) == (result, response.score):
        return
    settle(recovery, result, at=at)
    recovery.response, recovery.score_after = response, response.score
    recovery.score_before = before.score if before else None
    recovery.save(update_fields=FIELDS)
    with change(
        follow_up, kind=Kind.CHANGED, verb="follow_up.recovery_answered", by=SYSTEM, at=at, version=None
    ) as changed:
        changed.entry.by_label = "Customer"
        changed.entry.details |= {"recovery": result, "score": response.score, "before": recovery.score_before}
    is_bad = response.group == Response.Group.DETRACTOR
    follow_up.refresh_from_db(fields=["state", "owner"])
    if is_bad and follow_up.state in DONE:
        reopen(follow_up, text="The customer says that it is still not right.", by=SYSTEM, at=at)
    if is_bad or result == Recovery.Result.WORSE or response.may_contact:
        tell_of_answers([(follow_up, response)], at=at)


def _before(recovery: Recovery) -> Given | None:
    last = last_answer(recovery.follow_up, until=recovery.closed_at)
    return given(last) if last else None


def given(response: Response) -> Given:
    return Given(response.measure, response.survey.points, response.score, response.group)
