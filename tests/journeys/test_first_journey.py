"""A new organization starts with a journey whose milestones can be reported at once."""

from journeys.models import Journey, Touchpoint
from journeys.recording import find_milestone


def test_new_organization_has_a_journey_with_touchpoints_and_milestones(world):
    with world.home.scope():
        journey = Journey.objects.get(name="Customer journey")
        assert [stage.name for stage in journey.stages.all()] == [
            "Discover",
            "Buy",
            "Receive",
            "Use",
            "Get help",
            "Stay",
        ]
        assert Touchpoint.objects.filter(stage__journey=journey, is_moment_of_truth=True).count() == 2
        assert find_milestone("support.resolved").touchpoint.name == "Support request"
