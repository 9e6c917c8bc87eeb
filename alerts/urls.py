"""The addresses of alerts, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
