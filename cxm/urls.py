"""Every address of the product. Each app lists its own; what stands beneath /o/<org>/ belongs to an organization."""

from django.urls import include, path

from cxm import views
from cxm.api_docs import api_docs

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("cxm.api_urls")),
    path("api/docs/", api_docs, name="api_docs"),
    path("", include("tenancy.urls")),
    path("", include("customers.urls")),
    path("", include("journeys.urls")),
    path("", include("surveys.urls")),
    path("", include("metrics.urls")),
    path("", include("alerts.urls")),
]
