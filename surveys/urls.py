"""The addresses of surveys, object by object."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
