"""The tasks of surveys."""

from surveys.replanning import plan_due
from surveys.sending import send_due
from tenancy.background import sweep_task


@sweep_task(queue="sends")
def send_due_invitations():
    return send_due()


@sweep_task(queue="sends")
def plan_unplanned_events():
    return plan_due()
