"""The addresses of tenancy, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
