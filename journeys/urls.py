"""The addresses of journeys, object by object."""

from django.urls import path

from journeys import views

urlpatterns = [
    path("o/<slug:org>/journeys/", views.journey_list, name="journey_list"),
    path("o/<slug:org>/journeys/<slug:kind>/<uuid:pk>/name/", views.journey_rename, name="journey_rename"),
    path("o/<slug:org>/journeys/<slug:kind>/<uuid:pk>/position/", views.journey_move, name="journey_move"),
    # A customer, with what happened to them
    path("o/<slug:org>/customers/<uuid:pk>/", views.customer_detail, name="customer_detail"),
]
