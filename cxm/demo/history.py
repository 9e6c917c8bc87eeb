"""Follow-ups of the demo's earlier months, stored month by month as the product stores them: all closed, long ago.

What happened lately is done deed by deed (cxm.demo.working); a whole year of that would take minutes.
"""

from datetime import datetime, timedelta
from itertools import count
from random import Random

from alerts.changing import Kind, new_entry
from alerts.clocks import Policies
from alerts.models import Alert, AlertRule, FollowUp, FollowUpEntry, Promise, Recovery, SlaBreach, Team
from alerts.states import State
from cxm.demo.words import CAUSES, DONE, OUTCOMES, TOLD, UNTOLD
from surveys.models import Response
from tenancy.audit import SYSTEM
from tenancy.models import Organization, User

# Hours from the opening to the first contact, for those in time, late, and far too late.
PACES = ((3.0, 70), (14.0, 20), (90.0, 10))
RESULTS = {"recovered": 34, "unchanged": 18, "worse": 4, "silent": 44}


class History:
    """Closed follow-ups for the bad answers of a time that is over."""

    def __init__(self, organization: Organization, team: Team, agents: list[User], random: Random):
        self.organization, self.team, self.agents, self.random = organization, team, agents, random
        self.rule = AlertRule.objects.select_related("sla_policy").get(name="Detractors")
        self.policies, self.numbers = Policies(), count(1)

    def write(self, *, since: datetime, until: datetime) -> None:
        bad = Response.objects.filter(group="detractor", responded_at__gte=since, responded_at__lt=until)
        responses = list(bad.select_related("survey").order_by("responded_at"))
        alerts = [self._alert(each) for each in responses]
        Alert.objects.bulk_create(alerts, batch_size=500)
        follow_ups = [self._follow_up(*each) for each in zip(responses, alerts, strict=True)]
        FollowUp.objects.bulk_create(follow_ups, batch_size=500)
        for alert, follow_up in zip(alerts, follow_ups, strict=True):
            alert.follow_up = follow_up
        Alert.objects.bulk_update(alerts, ["follow_up"], batch_size=500)
        entries = [entry for each in follow_ups for entry in self._entries(each)]
        FollowUpEntry.objects.bulk_create(entries, batch_size=1000)
        SlaBreach.objects.bulk_create([breach for each in follow_ups for breach in _breaches(each)], batch_size=500)
        Recovery.objects.bulk_create([self._recovery(each) for each in follow_ups], batch_size=500)

    def _alert(self, response: Response) -> Alert:
        return Alert(
            organization=self.organization,
            rule=self.rule,
            subject=str(response.pk),
            response=response,
            customer_id=response.customer_id,
            raised_at=response.responded_at + timedelta(minutes=1),
            reason="group is detractor",
        )

    def _follow_up(self, response: Response, alert: Alert) -> FollowUp:
        random, opened_at = self.random, alert.raised_at
        pace = random.choices([hours for hours, _ in PACES], [weight for _, weight in PACES])[0]
        contacted_at = opened_at + timedelta(hours=pace * random.uniform(0.3, 2.0))
        resolved_at = contacted_at + timedelta(hours=random.uniform(2, 70))
        outcome = random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        is_lost = outcome == FollowUp.Outcome.UNREACHABLE
        policy = self.policies.of(self.rule)
        return FollowUp(
            organization=self.organization,
            number=next(self.numbers),
            customer_id=response.customer_id,
            alert=alert,
            response=response,
            priority=self.rule.priority,
            sla_policy=policy,
            team=self.team,
            owner=random.choice(self.agents),
            state=State.CLOSED,
            version=5,
            opened_at=opened_at,
            first_contacted_at=None if is_lost else contacted_at,
            resolved_at=resolved_at,
            closed_at=resolved_at + timedelta(hours=random.uniform(0.2, 20)),
            outcome=outcome,
            root_cause=random.choices(list(CAUSES), list(CAUSES.values()))[0],
            closing=FollowUp.Closing.IMPOSSIBLE if is_lost else FollowUp.Closing.TOLD,
            **self.policies.promised(policy, self.organization, start=response.responded_at),
        )

    def _entries(self, each: FollowUp) -> list[FollowUpEntry]:
        owner, response = each.owner or self.agents[0], each.response
        opened = new_entry(each, kind=Kind.MOVED, by=SYSTEM, at=each.opened_at, rule=self.rule.name, version=1)
        opened.to_state = State.OPEN
        if response:
            opened.details |= {"score": response.score, "group": response.group, "edited_at": ""}
        lines = [opened]
        moves = [
            (State.CONTACTED, each.first_contacted_at, "", {"way": "phone"}),
            (
                State.RESOLVED,
                each.resolved_at,
                self.random.choice(DONE),
                {"outcome": each.outcome, "root_cause": each.root_cause},
            ),
            (
                State.CLOSED,
                each.closed_at,
                UNTOLD if each.first_contacted_at is None else self.random.choice(TOLD),
                {"closing": each.closing},
            ),
        ]
        before = State.OPEN
        for number, (state, at, text, details) in enumerate(moves, start=2):
            if at is not None:
                line = new_entry(each, kind=Kind.MOVED, by=owner, at=at, text=text, version=number, **details)
                line.from_state, line.to_state, before = before, state, state
                lines.append(line)
        return lines

    def _recovery(self, each: FollowUp) -> Recovery:
        """What came of asking again a week later."""
        result = self.random.choices(list(RESULTS), list(RESULTS.values()))[0]
        before = each.response.score if each.response else None
        if each.closing == FollowUp.Closing.IMPOSSIBLE:
            result = Recovery.Result.NOT_ASKED
        closed_at = each.closed_at or each.opened_at
        return Recovery(
            organization=self.organization,
            follow_up=each,
            closed_at=closed_at,
            asked_at=closed_at + timedelta(days=7),
            score_before=before,
            result=result,
            decided_at=closed_at + timedelta(days=9),
        )


def _breaches(each: FollowUp) -> list[SlaBreach]:
    found = []
    for promise, due_at, done_at in (
        (Promise.FIRST_CONTACT, each.first_contact_due_at, each.first_contacted_at or each.resolved_at),
        (Promise.RESOLUTION, each.resolution_due_at, each.resolved_at),
    ):
        if done_at is not None and done_at > due_at:
            found.append(
                SlaBreach(
                    organization=each.organization,
                    follow_up=each,
                    promise=promise,
                    due_at=due_at,
                    breached_at=due_at + timedelta(seconds=20),
                )
            )
    return found
