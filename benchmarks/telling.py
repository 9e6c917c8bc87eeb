"""When staff were written to about each follow-up, by the mails that really arrived."""

from benchmarks.stack import Stack

DIGEST = "follow_up_digest"


def told_at(stack: Stack, *, is_single: bool = False) -> dict[int, float]:
    """By number of the follow-up: when the first mail that speaks of it arrived, in seconds since the epoch.

    With `is_single` only mails of one follow-up count; what is too much of those is gathered into a digest.

    Must run inside the organization's scope.
    """
    from tenancy.models import OutgoingMail

    arrived = {message.parsed["Message-ID"]: message.received_at.timestamp() for message in stack.mails}
    told: dict[int, float] = {}
    for mail in OutgoingMail.objects.filter(state="sent", message_id__in=arrived):
        if is_single and mail.template == DIGEST:
            continue
        for number in _numbers(mail.template, mail.context):
            told[number] = min(arrived[mail.message_id], told.get(number, float("inf")))
    return told


def _numbers(template: str, context: dict) -> list[int]:
    if template == DIGEST:
        return list(range(context["first_number"], context["last_number"] + 1))
    return [context["number"]] if "number" in context else []
