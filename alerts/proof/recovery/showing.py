"""What the page of a follow-up says about asking again."""

from dataclasses import dataclass
from datetime import datetime

from alerts.models import FollowUp, Recovery
from surveys.responding import verbatim_of

Result = Recovery.Result
TONES = {Result.RECOVERED: "ok", Result.WORSE: "breach", Result.UNCHANGED: "warn"}
ICONS = {Result.RECOVERED: "heart-handshake", Result.WORSE: "trending-down", Result.UNCHANGED: "equal"}


@dataclass(frozen=True)
class ShownRecovery:
    """The newest recovery in words; `moment` is when it is due, or when it was decided."""

    title: str
    text: str
    moment: datetime | None
    icon_name: str
    tone: str
    verbatim: str = ""
    error: str = ""


def recovery_of(follow_up: FollowUp) -> ShownRecovery | None:
    """Of the latest closing; None when nobody is asked. One query, two where the customer wrote something."""
    recovery = (
        Recovery.objects.filter(follow_up=follow_up).select_related("response").order_by("-closed_at", "-pk").first()
    )
    if recovery is None:
        return None
    return _decided(recovery) if recovery.result else _waiting(recovery)


def _waiting(recovery: Recovery) -> ShownRecovery:
    if recovery.asked_at:
        title, text = "The customer was asked whether it helped", "No answer yet."
    else:
        title, text = "The customer will be asked whether it helped", ""
    moment = recovery.asked_at or recovery.due_at
    return ShownRecovery(title, text, moment, "clock", "", error=recovery.last_error)


def _decided(recovery: Recovery) -> ShownRecovery:
    result, response = Result(recovery.result), recovery.response
    if result is Result.NOT_ASKED:
        title, text = "The customer was not asked whether it helped", recovery.why
    elif result is Result.SILENT:
        title, text = "Silent", "The customer was asked whether it helped and did not answer."
    else:
        title, text = result.label, _scores(recovery)
    verbatim = verbatim_of(response) if response and response.has_verbatim else ""
    icon_name = ICONS.get(result, "mail-question-mark" if result is Result.SILENT else "mail-x")
    return ShownRecovery(title, text, recovery.decided_at, icon_name, TONES.get(result, ""), verbatim)


def _scores(recovery: Recovery) -> str:
    if recovery.score_after is None:
        return ""
    if recovery.score_before is None:
        return f"Asked again, the customer gave a {recovery.score_after}."
    return f"Asked again, the customer gave a {recovery.score_after}; it was a {recovery.score_before} before."
