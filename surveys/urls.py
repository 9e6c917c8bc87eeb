"""The addresses of surveys, object by object."""

from django.urls import include, path

from surveys import builder_views, ledger_views, preview_views, response_views, send_rule_views, views

urlpatterns = [
    path("o/<slug:org>/surveys/", views.survey_list, name="survey_list"),
    path("o/<slug:org>/surveys/new/", views.survey_new, name="survey_new"),
    # One survey: writing it
    path("o/<slug:org>/surveys/<uuid:pk>/edit/", builder_views.survey_edit, name="survey_edit"),
    path("o/<slug:org>/surveys/<uuid:pk>/preview/", preview_views.survey_preview, name="survey_preview"),
    path("o/<slug:org>/surveys/<uuid:pk>/preview/mail/", preview_views.survey_mail_preview, name="survey_mail_preview"),
    path("o/<slug:org>/surveys/<uuid:pk>/test-mail/", builder_views.survey_test_mail, name="survey_test_mail"),
    path("o/<slug:org>/surveys/<uuid:pk>/publication/", builder_views.survey_publish, name="survey_publish"),
    path("o/<slug:org>/surveys/<uuid:pk>/discard/", builder_views.survey_draft_discard, name="survey_draft_discard"),
    # One survey: opening and closing it
    path("o/<slug:org>/surveys/<uuid:pk>/versions/", views.survey_versions, name="survey_versions"),
    path("o/<slug:org>/surveys/<uuid:pk>/pause/", views.survey_pause, name="survey_pause"),
    path("o/<slug:org>/surveys/<uuid:pk>/resumption/", views.survey_resume, name="survey_resume"),
    path("o/<slug:org>/surveys/<uuid:pk>/closure/", views.survey_close, name="survey_close"),
    # One survey: whom it asks and when
    path("o/<slug:org>/surveys/<uuid:pk>/send/", send_rule_views.survey_send, name="survey_send"),
    path("o/<slug:org>/surveys/send/<uuid:pk>/", send_rule_views.send_rule, name="send_rule"),
    path("o/<slug:org>/surveys/send/<uuid:pk>/switch/", send_rule_views.send_rule_switch, name="send_rule_switch"),
    # Who was asked, and why not
    path("o/<slug:org>/surveys/invitations/", ledger_views.invitation_list, name="invitation_list"),
    path("o/<slug:org>/surveys/invitations/new/", ledger_views.invitation_new, name="invitation_new"),
    path(
        "o/<slug:org>/surveys/invitations/<uuid:pk>/delivery/",
        ledger_views.invitation_delivery,
        name="invitation_delivery",
    ),
    path(
        "o/<slug:org>/surveys/invitations/<uuid:pk>/repetition/",
        ledger_views.invitation_repetition,
        name="invitation_repetition",
    ),
    path(
        "o/<slug:org>/surveys/invitations/<uuid:pk>/withdrawal/",
        ledger_views.invitation_withdrawal,
        name="invitation_withdrawal",
    ),
    path(
        "o/<slug:org>/surveys/unplanned/<uuid:pk>/replay/",
        ledger_views.unplanned_event_replay,
        name="unplanned_event_replay",
    ),
    # What came back
    path("o/<slug:org>/responses/", response_views.response_list, name="response_list"),
    path("o/<slug:org>/responses/<uuid:pk>/", response_views.response_detail, name="response_detail"),
    # Without an account: the survey itself
    path("", include("surveys.public_urls")),
]
