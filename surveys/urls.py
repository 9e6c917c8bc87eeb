"""The addresses of surveys, object by object."""

from django.urls import include, path

urlpatterns = [
    # Without an account: the survey itself
    path("", include("surveys.public_urls")),
]
