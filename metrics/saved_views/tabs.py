"""Saved views as the dashboard shows them: the pinned ones above its filters, and what is missing from one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from metrics.dashboard.choices import Choices
from metrics.dashboard.ground import Ground
from metrics.dashboard.kept import kept_choices
from metrics.models import DashboardView

MISSING_WORDS = {
    "survey": "the survey it was about is no longer there",
    "touchpoint": "its touchpoint is no longer there",
    "channel": "its channel is no longer there",
    "measure": "no survey asks for its measure any more",
    "period": "its period can no longer be shown",
}


@dataclass(frozen=True)
class Tab:
    """One pinned view; where something is missing from it, it leads to the page that says so."""

    name: str
    url: str
    is_current: bool
    is_everybodys: bool


@dataclass(frozen=True)
class SavedViews:
    """`has_any`: there is something to manage. `is_saved`: what is shown is one of them already."""

    tabs: list[Tab]
    has_any: bool
    is_saved: bool


def saved_views_beside(choices: Choices, views: Sequence[DashboardView], *, shown: DashboardView | None) -> SavedViews:
    """`shown` is the view that was opened by its own address, if it was."""
    urls = {view.pk: url_of(view, choices.ground) for view in views}
    here = url_of(shown, choices.ground) if shown else choices.url
    return SavedViews(
        tabs=[
            Tab(view.name, urls[view.pk], urls[view.pk] == here, view.user_id is None)
            for view in views
            if view.is_pinned
        ],
        has_any=bool(views),
        is_saved=here in urls.values(),
    )


def url_of(view: DashboardView, ground: Ground) -> str:
    """Of the dashboard with its choices; its own address where one of them is gone."""
    kept = kept_choices(view.query, ground)
    if kept.is_whole:
        return kept.choices.url
    return reverse("dashboard_view", kwargs={"org": ground.slug, "pk": view.pk})


def missing_words(view: DashboardView, missing: Sequence[str]) -> str:
    """What the page says where a view opens without a choice that is gone."""
    reasons = " and ".join(MISSING_WORDS[each] for each in missing)
    return f"“{view.name}” is shown with the rest of its choices, because {reasons}."
