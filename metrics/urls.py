"""The addresses of metrics, object by object."""

from django.urls import path

from metrics import views

urlpatterns = [
    path("o/<slug:org>/", views.dashboard, name="dashboard"),
    path("o/<slug:org>/dashboard/", views.dashboard_long, name="dashboard_long"),
    path("o/<slug:org>/dashboard/<slug:table>.csv", views.dashboard_csv, name="dashboard_csv"),
]
