"""When staff were written to about each follow-up, by the mails that really arrived."""

from benchmarks.stack import Stack


def told_at(stack: Stack) -> dict[int, float]:
    """By number of the follow-up: when the first mail that speaks of it arrived, in seconds since the epoch.

    Must run inside the organization's scope.
    """
    from tenancy.models import OutgoingMail

    arrived = {message.parsed["Message-ID"]: message.received_at.timestamp() for message in stack.mails}
    told: dict[int, float] = {}
    for mail in OutgoingMail.objects.filter(state="sent", message_id__in=arrived):
        for number in _numbers(mail.template, mail.context):
            told[number] = min(arrived[mail.message_id], told.get(number, float("inf")))
    return told


def _numbers(template: str, context: dict) -> list[int]:
    if template == "follow_up_digest":
        return list(range(context["first_number"], context["last_number"] + 1))
    return [context["number"]] if "number" in context else []
