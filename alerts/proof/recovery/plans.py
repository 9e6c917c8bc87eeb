"""The one plan of an organization: whether customers are asked again after closing, and when."""

from datetime import datetime

from alerts.models import RecoveryPlan
from alerts.proof.recovery.survey import make_survey
from metrics.reading import register_surveys_apart
from tenancy.audit import Actor, record
from tenancy.models import Organization, User

FIELDS = ("days_after", "fatigue_days", "silent_after_days", "is_active")

# Who was let down and cared for is no sample of all customers: these answers stay out of the ordinary scores.
register_surveys_apart("SELECT survey_id FROM alerts_recoveryplan WHERE organization_id = %(organization)s")


def recovery_plan() -> RecoveryPlan | None:
    """The organization's plan with its survey; None when recovery was never switched on. One query."""
    return RecoveryPlan.objects.select_related("survey").first()


def change_plan(
    organization: Organization,
    *,
    is_active: bool,
    days_after: int,
    fatigue_days: int,
    silent_after_days: int,
    by: Actor | User,
    at: datetime,
) -> RecoveryPlan | None:
    """Store the plan for loops closed from now on. Switching it on for the first time makes its survey."""
    values = dict(zip(FIELDS, (days_after, fatigue_days, silent_after_days, is_active), strict=True))
    plan = recovery_plan()
    if plan is None:
        if not is_active:
            return None
        survey = make_survey(language=organization.language, by=by, at=at)
        plan = RecoveryPlan.objects.create(survey=survey, **values)
        record("recovery_plan.created", on=plan, by=by, at=at, details=values)
        return plan
    before = {name: getattr(plan, name) for name in FIELDS}
    if changed := {name: [before[name], value] for name, value in values.items() if before[name] != value}:
        for name in changed:
            setattr(plan, name, values[name])
        plan.save(update_fields=list(changed))
        record("recovery_plan.changed", on=plan, by=by, at=at, details={"changed": changed})
    return plan
