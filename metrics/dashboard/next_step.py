"""The one thing to do when nobody has answered yet."""

from dataclasses import dataclass

from django.urls import reverse

from metrics.dashboard.ground import Ground
from tenancy.roles import Role


@dataclass(frozen=True)
class NextStep:
    """`url` is empty for those who can only wait."""

    text: str
    label: str = ""
    url: str = ""


def next_step_of(ground: Ground, role: Role) -> NextStep:
    """Make a survey; with a survey, bring in what was answered before."""
    if not role.includes(Role.ANALYST):
        return NextStep("As soon as the first customer answers, the scores stand here.")
    if not ground.surveys:
        return NextStep(
            "Make a survey and put it live: the scores stand here as soon as the first customer answers.",
            "Make a survey",
            reverse("survey_new", kwargs={"org": ground.slug}),
        )
    return NextStep(
        "A survey is live: its scores will stand here as answers come in. Past answers can be imported from a file.",
        "Import past answers",
        reverse("import_new", kwargs={"org": ground.slug}),
    )
