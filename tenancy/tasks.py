"""The tasks of tenancy."""

from tenancy.background import sweep_task
from tenancy.exports import write_due
from tenancy.outbox import send_due


@sweep_task(queue="alerts")
def send_due_mail():
    return send_due()


@sweep_task(queue="exports")
def write_due_exports():
    return write_due()
