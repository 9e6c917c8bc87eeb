"""The journey that a new organization starts with: a whole one that is easier to change than an empty page."""

from journeys.models import Journey, Milestone, Stage, Touchpoint
from tenancy.audit import record
from tenancy.models import Organization, User
from tenancy.organizations import furnishes_organizations

Kind = Touchpoint.Kind

# Stage, then its touchpoints: name, channel, whether it is a moment of truth, milestone key and name.
JOURNEY = (
    ("Discover", (("Website visit", Kind.WEB, False, "website.visited", "Website visited"),)),
    (
        "Buy",
        (
            ("Checkout", Kind.WEB, False, "order.placed", "Order placed"),
            ("Payment", Kind.WEB, False, "payment.received", "Payment received"),
        ),
    ),
    ("Receive", (("Delivery", Kind.DELIVERY, True, "order.delivered", "Order delivered"),)),
    ("Use", (("First weeks of use", Kind.APP, False, "product.activated", "Product in use"),)),
    ("Get help", (("Support request", Kind.SUPPORT, True, "support.resolved", "Support request resolved"),)),
    ("Stay", (("Renewal", Kind.EMAIL, False, "contract.renewed", "Contract renewed"),)),
)


@furnishes_organizations
def furnish(organization: Organization, by: User) -> None:
    """The journey "Customer journey" with its stages, touchpoints and milestones."""
    journey = Journey.objects.create(name="Customer journey")
    for stage_position, (stage_name, touchpoints) in enumerate(JOURNEY):
        stage = Stage.objects.create(journey=journey, name=stage_name, position=stage_position)
        for position, (name, channel, is_moment_of_truth, key, words) in enumerate(touchpoints):
            touchpoint = Touchpoint.objects.create(
                stage=stage, name=name, channel=channel, is_moment_of_truth=is_moment_of_truth, position=position
            )
            Milestone.objects.create(touchpoint=touchpoint, key=key, name=words)
    record("journey.created", on=journey, by=by)
