"""The addresses of journeys, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
