"""Who works in the demo and how: a team with a lead, who gets what, a holiday that is coming, rules with playbooks."""

from datetime import datetime, timedelta

from alerts.models import Absence, AlertRule, OwnerRule, Playbook, Priority, Team
from alerts.owners.absences import save_absence
from alerts.owners.rules import save_owner_rule
from alerts.owners.teams import save_limits, save_team
from alerts.rules.saving import save_rule
from tenancy.models import User

LEAD, AGENTS = "analyst@demo.example", ("agent@demo.example", "agent2@demo.example")


def staff_the_demo(users: dict[str, User], *, by: User, since: datetime, until: datetime) -> Team:
    """The team of both agents; whoever has least to do gets the next follow-up."""
    agents = [users[email] for email in AGENTS]
    team = save_team(None, name="Customer care", lead=users[LEAD], members=agents, by=by)
    values = {"name": "Customer care, whoever has least open", "kind": OwnerRule.Kind.LEAST_LOAD, "team": team}
    save_owner_rule(OwnerRule(), values=values, by=by)
    save_limits(agents[1], most_open=60, calendar=None, by=by)
    holiday = until + timedelta(days=9)
    save_absence(
        Absence(user=agents[1]),
        starts_at=holiday,
        ends_at=holiday + timedelta(days=7),
        delegate=agents[0],
        note="Holiday",
        by=by,
        at=until,
    )
    _play_by_the_book(by=by, at=since)
    return team


def _play_by_the_book(*, by: User, at: datetime) -> None:
    """The rule about detractors gets a playbook, and customers of value get a rule of their own."""
    books = {each.name: each for each in Playbook.objects.all()}
    detractors = AlertRule.objects.get(name="Detractors")
    detractors.playbook = books["Something went wrong"]
    save_rule(detractors, by=by, at=at)
    let_down = [{"kind": "group", "groups": ["detractor"]}, {"kind": "customer_value", "is": "at_least", "value": 2400}]
    valued = AlertRule(
        name="Customers of value",
        conditions={"match": "all", "of": let_down},
        priority=Priority.HIGH,
        playbook=books["A customer may leave"],
        actions={"tags": ["value"]},
    )
    save_rule(valued, by=by, at=at)
