"""The tasks of surveys."""

from surveys.sending import send_due
from tenancy.background import sweep_task


@sweep_task(queue="sends")
def send_due_invitations():
    return send_due()
