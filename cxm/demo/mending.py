"""The demo's outer loop: late deliveries became an initiative, which ended well, and one about waiting is under way."""

from datetime import date, datetime, timedelta

from alerts.models import Initiative
from alerts.proof.initiatives.mending import add_initiative, link_suggested
from alerts.proof.initiatives.messages import write_message
from cxm.demo.year import BAD_DAYS, DAYS
from journeys.models import Touchpoint
from tenancy.models import User


def mend_a_cause(users: dict[str, User], *, until: datetime) -> None:
    """Two initiatives with the follow-ups that raised them, and the draft of a message to those customers."""
    admin, manager = users["admin@demo.example"], users["analyst@demo.example"]
    mended_on = _day(until, BAD_DAYS.stop)
    delivery = Touchpoint.objects.get(name="Delivery")
    partner = add_initiative(
        name="Change the delivery partner back",
        text="Since the new partner took over, parcels come late or broken. Back to the old one, with time slots.",
        owner=manager,
        state=Initiative.State.DONE,
        due_on=mended_on + timedelta(days=7),
        started_on=_day(until, BAD_DAYS.start + 25),
        ended_on=mended_on,
        root_causes=["delivery.late", "delivery.damaged"],
        touchpoints=[delivery.pk],
        by=admin,
        at=until - timedelta(days=DAYS - BAD_DAYS.start - 25),
    )
    link_suggested(partner, by=manager, at=until)
    write_message(
        partner,
        subject="You told us about late deliveries. This is what we did.",
        text="Many of you told us that parcels came late or damaged. We went back to our former partner, and you can "
        "now choose a time slot of two hours. Thank you for saying so.",
        by=manager,
        at=until - timedelta(days=2),
    )
    waiting = add_initiative(
        name="Call back instead of holding the line",
        text="Nobody should listen to music for forty minutes: whoever waits longer than three is called back.",
        owner=admin,
        state=Initiative.State.RUNNING,
        due_on=until.date() + timedelta(days=45),
        started_on=until.date() - timedelta(days=30),
        ended_on=None,
        root_causes=["support.waiting"],
        touchpoints=[Touchpoint.objects.get(name="Support request").pk],
        by=admin,
        at=until - timedelta(days=33),
    )
    link_suggested(waiting, by=admin, at=until)


def _day(until: datetime, number: int) -> date:
    """The day of the demo's year with this number."""
    return (until - timedelta(days=DAYS - number)).date()
