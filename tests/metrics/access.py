"""Rows of metrics for the access table, made in the scope of their organization."""

from datetime import timedelta

from django.utils import timezone

from metrics.models import DashboardLink, DashboardView
from metrics.sharing.links import create_link


def a_dashboard_view(ground) -> DashboardView:
    """One of everybody, made by the analyst."""
    return DashboardView.objects.create(name="Support", query="measure=nps&period=year", author=ground.anton)


def a_dashboard_link(ground) -> tuple[DashboardLink, str]:
    """An open one and its token."""
    return create_link(
        name="Board",
        query="measure=nps",
        days=30,
        author=ground.anton,
        by=ground.anton,
        at=timezone.now() - timedelta(minutes=5),
    )
