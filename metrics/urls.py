"""The addresses of metrics, object by object."""

from django.urls import include, path

from metrics import views
from metrics.saved_views import views as saved
from metrics.sharing import views as sharing
from metrics.targets import views as targets

urlpatterns = [
    path("o/<slug:org>/", views.dashboard, name="dashboard"),
    path("o/<slug:org>/dashboard/", views.dashboard_long, name="dashboard_long"),
    path("o/<slug:org>/dashboard/<slug:table>.csv", views.dashboard_csv, name="dashboard_csv"),
    # Kept by name
    path("o/<slug:org>/dashboard/views/", saved.dashboard_views, name="dashboard_views"),
    path("o/<slug:org>/dashboard/views/<uuid:pk>/", views.dashboard_view, name="dashboard_view"),
    path("o/<slug:org>/dashboard/views/<uuid:pk>/name/", saved.dashboard_view_name, name="dashboard_view_name"),
    path("o/<slug:org>/dashboard/views/<uuid:pk>/pin/", saved.dashboard_view_pin, name="dashboard_view_pin"),
    path("o/<slug:org>/dashboard/views/<uuid:pk>/first/", saved.dashboard_view_first, name="dashboard_view_first"),
    path(
        "o/<slug:org>/dashboard/views/<uuid:pk>/position/",
        saved.dashboard_view_position,
        name="dashboard_view_position",
    ),
    path(
        "o/<slug:org>/dashboard/views/<uuid:pk>/deletion/",
        saved.dashboard_view_deletion,
        name="dashboard_view_deletion",
    ),
    # Shown by a link
    path("o/<slug:org>/dashboard/links/", sharing.dashboard_links, name="dashboard_links"),
    path(
        "o/<slug:org>/dashboard/links/<uuid:pk>/revocation/",
        sharing.dashboard_link_revocation,
        name="dashboard_link_revocation",
    ),
    # Where scores should be
    path("o/<slug:org>/targets/", targets.target_list, name="target_list"),
    path("o/<slug:org>/targets/new/", targets.target_new, name="target_new"),
    path("o/<slug:org>/targets/<uuid:pk>/", targets.target_edit, name="target_edit"),
    path("o/<slug:org>/targets/<uuid:pk>/archival/", targets.target_archival, name="target_archival"),
    # Without an account: what links show
    path("", include("metrics.public_urls")),
]
