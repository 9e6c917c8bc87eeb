"""The sweeps of alerts."""

from alerts import breaches, digests, evaluating, pausing
from alerts.correspondence import reading
from alerts.escalation import escalating
from alerts.notifying import deliveries, gathering, sweeping
from alerts.playbooks import reminding
from alerts.proof.initiatives import sending
from alerts.proof.recovery import asking
from alerts.rules import looking
from alerts.work.bulk import working
from tenancy.background import sweep_task


@sweep_task(queue="alerts")
def evaluate_due():
    return evaluating.evaluate_due()


@sweep_task(queue="alerts")
def queue_due_digests():
    return digests.queue_due_digests()


@sweep_task(queue="alerts")
def note_breaches():
    return breaches.note_breaches()


@sweep_task(queue="sends")
def send_due_deliveries():
    return deliveries.send_due_deliveries()


@sweep_task()
def forget_old_notifications():
    return sweeping.forget_old()


@sweep_task(queue="alerts")
def write_gathered_mail():
    return gathering.write_due()


@sweep_task(queue="alerts")
def resume_due():
    return pausing.resume_due()


@sweep_task(queue="alerts")
def ask_recoveries():
    return asking.ask_recoveries()


@sweep_task(queue="alerts")
def send_initiative_messages():
    return sending.send_messages()


@sweep_task(queue="default")
def do_bulk_deeds():
    return working.do_bulk_deeds()


@sweep_task(queue="alerts")
def escalate_due():
    return escalating.escalate_due()


@sweep_task(queue="alerts")
def check_rules():
    return looking.check_rules()


@sweep_task(queue="alerts")
def read_inbound_mail():
    return reading.read_due()


@sweep_task(queue="alerts")
def remind_of_steps():
    return reminding.remind_due()
