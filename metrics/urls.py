"""The addresses of metrics, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
