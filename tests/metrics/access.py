"""Rows of metrics for the access table, made in the scope of their organization."""

from metrics.models import DashboardView


def a_dashboard_view(ground) -> DashboardView:
    """One of everybody, made by the analyst."""
    return DashboardView.objects.create(name="Support", query="measure=nps&period=year", author=ground.anton)
