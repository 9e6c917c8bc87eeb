"""The addresses of people without an account. They are answered before sessions and sign-in (cxm/public_pages.py)."""

from django.urls import path

from surveys import respondent_views, unsubscribe_views

urlpatterns = [
    path("r/<str:token>/", respondent_views.respond, name="respond"),
    path("r/<str:token>/done/", respondent_views.respond_done, name="respond_done"),
    path("r/<str:token>/contact/", respondent_views.respond_contact, name="respond_contact"),
    path("u/<str:token>/", unsubscribe_views.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/return/", unsubscribe_views.resubscribe, name="resubscribe"),
    path("brand/<str:name>.css", respondent_views.brand_css, name="brand_css"),
]
