"""Every URL name, who may call it, and what comes back: the fourth tenancy guard, tested whole by test_access.py.

A line is `"name": Access(statuses={"GET": page("agent")}, parts={...}, data={...})`. A URL name missing here fails the
test; so does a method that answers otherwise than its line says, and a method that is not listed must answer 405.
Callers are anonymous, `stranger` (an admin of another organization) and the four roles of the organization itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from alerts.proof.initiatives.leaving import way_out
from surveys.brand import brand_css_name
from tenancy.api_keys import create_api_key
from tenancy.models import Export, MembershipInvite
from tests.alerts.access import (
    a_bulk_deed,
    a_calendar,
    a_channel,
    a_delivery_given_up,
    a_follow_up,
    a_held_mail,
    a_mail_given_up,
    a_membership,
    a_notification,
    a_pair,
    a_playbook,
    a_policy,
    a_reply_given_up,
    a_rule,
    a_saved_view,
    a_step,
    a_team,
    a_template,
    an_absence,
    an_attachment,
    an_evaluation_set_aside,
    an_owner_rule,
)
from tests.alerts.mending import a_message, a_root_cause, an_initiative
from tests.alerts.rules_of import DETRACTOR, all_of
from tests.customers.importing import an_import
from tests.metrics.access import a_dashboard_link, a_dashboard_view
from tests.metrics.aiming import a_target_id
from tests.surveys.asking import an_ask, an_unplanned_event, live_survey, send_rule
from tests.surveys.listening import a_live_survey, a_paused_survey, a_response, a_token

CALLERS = ("anonymous", "stranger", "viewer", "agent", "analyst", "admin")

Value = str | Callable[[Any], Any]


@dataclass(frozen=True)
class Key:
    """How one method of the API answers API keys: the scope it wants; the status with it; the status for a key of
    another organization (404 where the address names an object, the same as `ok` on collections)."""

    scope: str
    ok: int = 200
    stranger: int = 404


@dataclass(frozen=True)
class Access:
    """How one URL answers.

    `statuses` maps method -> statuses in the order of CALLERS; `keys` maps method -> Key, for the API, where people's
    sessions open nothing (401). `parts` fills the URL: `"chiara.id"` reads world.home.chiara.id, `"=text"` is the
    text itself, a function gets the Ground inside its scope (it may make the row); `org` is filled by itself. `data`
    is what POST, PUT and PATCH send, in the same three ways. Lines whose parts name an object are also called by the
    admin with the other organization's object: 404. A GET may write nothing unless `get_writes` says why.
    """

    statuses: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parts: dict[str, Value] = field(default_factory=dict)
    data: dict[str, Value] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    get_writes: str = ""
    why: str = ""


def page(lowest: str = "viewer", *, ok: int = 200, anonymous: int = 302) -> tuple[int, ...]:
    """Statuses of an organization's page: sign-in for anonymous, 404 for strangers, 403 below the lowest role."""
    roles = CALLERS[2:]
    return (anonymous, 404, *(ok if roles.index(role) >= roles.index(lowest) else 403 for role in roles))


def deed(lowest: str = "viewer") -> tuple[int, ...]:
    """Statuses of a POST that redirects when it is done."""
    return page(lowest, ok=302)


def of_the_agent(ok: int) -> tuple[int, ...]:
    """Statuses of a page about the agent themselves: theirs and the admin's, not the analyst's."""
    return (302, 404, 403, ok, 403, ok)


def public(ok: int = 200) -> tuple[int, ...]:
    """Statuses of a page that is the same for everybody."""
    return (ok,) * len(CALLERS)


def personal(ok: int = 200) -> tuple[int, ...]:
    """Statuses of a page about the person: sign-in for anonymous, the same for all who are signed in."""
    return (302,) + (ok,) * (len(CALLERS) - 1)


def entrance(ok: int = 200) -> tuple[int, ...]:
    """Statuses of a page for people who are not signed in yet: the others are sent on."""
    return (ok,) + (302,) * (len(CALLERS) - 1)


def form(statuses: tuple[int, ...], posted: tuple[int, ...] | None = None) -> dict[str, tuple[int, ...]]:
    """GET as given; an incomplete POST shows the form again unless `posted` says otherwise."""
    return {"GET": statuses, "POST": posted or statuses}


# --- rows that lines speak of


def membership_of(person: str) -> Callable[[Any], Any]:
    return lambda ground: ground.organization.memberships.get(user=getattr(ground, person)).pk


def an_invite(ground: Any) -> Any:
    return MembershipInvite.objects.create(
        email="nora@elsewhere.example", role="viewer", expires_at=timezone.now() + timedelta(days=1)
    ).pk


def an_api_key(ground: Any) -> Any:
    return create_api_key(name="Shop", scopes=["scores:read"], by=ground.ana)[0].pk


def a_finished_export(ground: Any) -> Any:
    return Export.objects.create(kind="audit", file_name="audit.csv", state="finished").pk


def an_ask_id(ground):
    return an_ask(ground).pk


def an_unplanned_event_id(ground):
    return an_unplanned_event(ground).pk


def a_send_rule(ground):
    return send_rule(ground, live_survey(ground)).pk


TABLE: dict[str, Access] = {
    # --- the doorstep
    "home": Access({"GET": personal(302)}),
    "health": Access({"GET": public()}),
    # --- signing in and up (allauth)
    "account_login": Access(form(entrance())),
    "account_signup": Access(form(entrance())),
    "account_logout": Access(form(personal(), public(302))),
    "account_inactive": Access(form(public(), public(405))),
    "account_email_verification_sent": Access(form(public(), public(405))),
    "account_confirm_email": Access(form(public(), public(404)), parts={"key": "=nothing"}),
    "account_confirm_login_code": Access(form(public(302))),
    "account_reset_password": Access(form(public())),
    "account_reset_password_done": Access({"GET": public()}),
    "account_reset_password_from_key": Access(form(public()), parts={"uidb36": "=a", "key": "=b"}),
    "account_reset_password_from_key_done": Access({"GET": public()}),
    # --- the person's own sign-in
    "account_email": Access(form(personal(), public(302))),
    "account_change_password": Access(form(personal())),
    "account_set_password": Access(form(personal(302))),
    "account_reauthenticate": Access(form(personal())),
    "mfa_index": Access(form(personal(), personal(405))),
    "mfa_authenticate": Access(form(public(302))),
    "mfa_reauthenticate": Access(form(personal(302))),
    "mfa_activate_totp": Access(form(personal())),
    "mfa_deactivate_totp": Access(form(personal(404))),
    "mfa_view_recovery_codes": Access(form(personal(404), personal(405))),
    "mfa_generate_recovery_codes": Access(form(personal())),
    "mfa_download_recovery_codes": Access(form(personal(404))),
    "mfa_list_webauthn": Access(form(personal(), personal(405))),
    "mfa_add_webauthn": Access(form(personal())),
    "mfa_reauthenticate_webauthn": Access(form(personal(302))),
    "mfa_remove_webauthn": Access(form(personal(404)), parts={"pk": "=1"}),
    "mfa_edit_webauthn": Access(form(personal(404)), parts={"pk": "=1"}),
    "mfa_login_webauthn": Access(form(public(302))),
    "usersessions_list": Access(form(personal(), public(302))),
    # --- the person
    "profile": Access(form(personal(), personal(422))),
    "organization_new": Access(form(personal(), personal(422))),
    "membership_invite_accept": Access(form(public(404)), parts={"token": "=nothing"}),
    # --- settings of the organization
    "settings_home": Access({"GET": page("admin")}),
    "settings_organization": Access(form(page("admin"), page("admin", ok=422))),
    "settings_members": Access({"GET": page("admin")}),
    "membership_role": Access({"POST": deed("admin")}, parts={"pk": membership_of("victor")}, data={"role": "=agent"}),
    "membership_removal": Access({"POST": deed("admin")}, parts={"pk": membership_of("greta")}),
    "membership_invite": Access({"POST": deed("admin")}, data={"email": "=new@northwind.example", "role": "=viewer"}),
    "membership_invite_resend": Access({"POST": deed("admin")}, parts={"pk": an_invite}),
    "membership_invite_revocation": Access({"POST": deed("admin")}, parts={"pk": an_invite}),
    "settings_api_keys": Access(form(page("admin"), page("admin", ok=422))),
    "api_key_revocation": Access({"POST": deed("admin")}, parts={"pk": an_api_key}),
    "settings_audit": Access({"GET": page("admin")}),
    "audit_export": Access({"POST": deed("admin")}),
    "settings_exports": Access({"GET": page("analyst")}),
    "export_file": Access({"GET": page("admin")}, parts={"pk": a_finished_export}),
    # --- customers
    "customer_list": Access({"GET": page()}),
    "customer_new": Access({"GET": page("agent"), "POST": page("agent", ok=422)}),
    "customer_detail": Access({"GET": page()}, parts={"pk": "chiara.id"}),
    "customer_edit": Access({"GET": page("agent"), "POST": page("agent", ok=422)}, parts={"pk": "chiara.id"}),
    "customer_erasure": Access({"POST": deed("admin")}, parts={"pk": "chiara.id"}),
    "customer_suppression": Access({"POST": deed("agent")}, parts={"pk": "chiara.id"}),
    # --- journeys
    "journey_list": Access({"GET": page()}),
    "journey_rename": Access(
        {"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"kind": "=stage", "pk": "stage.id"}
    ),
    "journey_move": Access({"POST": deed("analyst")}, parts={"kind": "=touchpoint", "pk": "delivery.id"}),
    # --- surveys
    "survey_list": Access({"GET": page()}),
    "survey_new": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "survey_edit": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": a_live_survey}),
    "survey_preview": Access({"GET": page(), "POST": page(ok=422)}, parts={"pk": a_live_survey}),
    "survey_mail_preview": Access({"GET": page()}, parts={"pk": a_live_survey}),
    "survey_test_mail": Access({"POST": deed("analyst")}, parts={"pk": a_live_survey}),
    "survey_publish": Access({"POST": deed("analyst")}, parts={"pk": a_live_survey}),
    "survey_draft_discard": Access({"POST": deed("analyst")}, parts={"pk": a_live_survey}),
    "survey_versions": Access({"GET": page()}, parts={"pk": a_live_survey}),
    "survey_pause": Access({"POST": deed("analyst")}, parts={"pk": a_live_survey}),
    "survey_resume": Access({"POST": deed("analyst")}, parts={"pk": a_paused_survey}),
    "survey_close": Access({"POST": deed("analyst")}, parts={"pk": a_live_survey}),
    "response_list": Access({"GET": page()}),
    "response_detail": Access({"GET": page()}, parts={"pk": lambda ground: a_response(ground).pk}),
    # --- answering, by customers who have no account
    "respond": Access({"GET": public(), "POST": public(422)}, parts={"token": a_token}),
    "respond_done": Access({"GET": public(302)}, parts={"token": a_token}, why="nothing answered yet: to the survey"),
    "respond_contact": Access({"POST": public(303)}, parts={"token": a_token}),
    "brand_css": Access({"GET": public()}, parts={"name": lambda ground: brand_css_name("#274690")}),
    # --- importing files
    "import_list": Access({"GET": page("analyst")}),
    "import_new": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "import_job": Access({"GET": page("analyst")}, parts={"pk": lambda ground: an_import(ground, state="checked").pk}),
    "import_mapping": Access(
        {"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": lambda ground: an_import(ground).pk}
    ),
    "import_reading": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: an_import(ground).pk}),
    "import_run": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: an_import(ground, state="checked").pk}),
    "import_refusals": Access({"GET": page("analyst")}, parts={"pk": lambda ground: an_import(ground).pk}),
    "import_removal": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: an_import(ground).pk}),
    # --- asking: send rules, the ledger, and what staff may change about one ask
    "survey_send": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": a_live_survey}),
    "send_rule": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": a_send_rule}),
    "send_rule_switch": Access({"POST": deed("analyst")}, parts={"pk": a_send_rule}),
    "invitation_list": Access({"GET": page()}),
    "invitation_new": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "invitation_delivery": Access({"POST": deed("analyst")}, parts={"pk": an_ask_id}),
    "invitation_repetition": Access({"POST": deed("analyst")}, parts={"pk": an_ask_id}),
    "invitation_withdrawal": Access({"POST": deed("analyst")}, parts={"pk": an_ask_id}),
    "unplanned_event_replay": Access({"POST": deed("analyst")}, parts={"pk": an_unplanned_event_id}),
    # --- leaving, by customers who have no account
    "unsubscribe": Access(form(public()), parts={"token": a_token}),
    "resubscribe": Access({"POST": public(303)}, parts={"token": a_token}),
    "leave": Access(form(public()), parts={"token": lambda ground: way_out(ground.chiara).split("/")[-2]}),
    "leave_return": Access(
        {"POST": public(303)}, parts={"token": lambda ground: way_out(ground.chiara).split("/")[-2]}
    ),
    # --- the dashboard
    "dashboard": Access({"GET": page()}),
    "dashboard_long": Access({"GET": deed()}),
    "dashboard_csv": Access({"GET": page()}, parts={"table": "=touchpoints"}),
    "dashboard_views": Access({"GET": page(), "POST": page(ok=422)}),
    "dashboard_view": Access({"GET": deed()}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}),
    "dashboard_view_name": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}, data={"name": "=Calls"}
    ),
    "dashboard_view_pin": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}, data={"pinned": "=no"}
    ),
    "dashboard_view_first": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}),
    "dashboard_view_position": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}, data={"direction": "=up"}
    ),
    "dashboard_view_deletion": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_dashboard_view(ground).pk}
    ),
    "target_list": Access({"GET": page()}),
    "target_new": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "target_edit": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": a_target_id}),
    "target_archival": Access({"POST": deed("analyst")}, parts={"pk": a_target_id}),
    "dashboard_links": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "dashboard_link_revocation": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_dashboard_link(ground)[0].pk}
    ),
    # --- dashboards by a link, for people without an account
    "shared_dashboard": Access(
        {"GET": public()},
        parts={"token": lambda ground: a_dashboard_link(ground)[1]},
        get_writes="when it was last opened, at most once a minute",
    ),
    "tv": Access(
        {"GET": public()},
        parts={"token": lambda ground: a_dashboard_link(ground)[1]},
        get_writes="when it was last opened, at most once a minute",
    ),
    # --- follow-ups
    "follow_up_queue": Access({"GET": page()}),
    "follow_up_detail": Access({"GET": page()}, parts={"number": lambda ground: a_follow_up(ground).number}),
    "follow_up_acknowledgement": Access(
        {"POST": deed("agent")}, parts={"number": lambda ground: a_follow_up(ground).number}, data={"version": "=1"}
    ),
    "follow_up_contact": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "way": "=phone"},
    ),
    "follow_up_resolution": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "outcome": "=recovered", "root_cause": "=price", "text": "=Mended"},
    ),
    "follow_up_closure": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground, state="resolved").number},
        data={"version": "=3", "closing": "=told", "text": "=They know"},
    ),
    "follow_up_reopening": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground, state="resolved").number},
        data={"version": "=3"},
    ),
    "follow_up_owner": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "owner": "greta.id"},
    ),
    "follow_up_notes": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "text": "=Called"},
    ),
    "follow_up_replies": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "subject": "=Sorry", "text": "=Sorry"},
    ),
    "bulk_deeds": Access({"POST": deed("agent")}, data={"row": "=1:1"}),
    # A deed is its author's: who did not choose the rows finds none.
    "bulk_deed": Access({"GET": (302, 404, 404, 404, 404, 200)}, parts={"pk": lambda ground: a_bulk_deed(ground).pk}),
    "bulk_deed_plan": Access(
        {"POST": (302, 404, 404, 404, 404, 302)},
        parts={"pk": lambda ground: a_bulk_deed(ground).pk, "key": "=priority"},
        data={"priority-priority": "=high"},
    ),
    "bulk_deed_start": Access(
        {"POST": (302, 404, 404, 404, 404, 302)}, parts={"pk": lambda ground: a_bulk_deed(ground).pk}
    ),
    "bulk_deed_undoing": Access(
        {"POST": (302, 404, 404, 404, 404, 302)}, parts={"pk": lambda ground: a_bulk_deed(ground).pk}
    ),
    "follow_up_watching": Access(
        {"POST": deed("viewer")}, parts={"number": lambda ground: a_follow_up(ground).number}, data={"version": "=1"}
    ),
    "follow_up_unwatching": Access(
        {"POST": deed("viewer")}, parts={"number": lambda ground: a_follow_up(ground).number}, data={"version": "=1"}
    ),
    "follow_up_priority": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "priority": "=urgent"},
    ),
    "follow_up_tags": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "tags": "=vip"},
    ),
    "follow_up_merging": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_pair(ground)[0].number},
        data={"version": "=1", "duplicate": lambda ground: a_pair(ground)[1].number, "duplicate_version": "=1"},
    ),
    "follow_up_presence": Access(
        {"POST": page()}, parts={"number": lambda ground: a_follow_up(ground).number}, data={"version": "=1"}
    ),
    "saved_views": Access({"GET": page(), "POST": page(ok=422)}),
    "saved_view_name": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_saved_view(ground).pk}, data={"name": "=Urgent ones"}
    ),
    "saved_view_deletion": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: a_saved_view(ground).pk}),
    "saved_view_position": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: a_saved_view(ground).pk}, data={"direction": "=up"}
    ),
    "follow_up_waiting": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground, state="contacted").number},
        data={"version": "=2"},
    ),
    "follow_up_snooze": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "choice": "=tomorrow"},
    ),
    "follow_up_resumption": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground, state="waiting").number},
        data={"version": "=3"},
    ),
    "follow_up_playbook": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number},
        data={"version": "=1", "playbook": a_playbook},
    ),
    "follow_up_step": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number, "pk": a_step},
        data={"version": "=1", "is_done": "=on"},
    ),
    "settings_playbooks": Access({"GET": page("admin")}),
    "playbook_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "playbook_edit": Access({"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": a_playbook}),
    "playbook_archival": Access({"POST": deed("admin")}, parts={"pk": a_playbook}),
    "settings_reply_templates": Access({"GET": page("admin")}),
    "reply_template_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "reply_template_edit": Access({"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": a_template}),
    "reply_template_removal": Access({"POST": deed("admin")}, parts={"pk": a_template}),
    "attachment": Access(
        {"GET": page()}, parts={"number": lambda ground: a_follow_up(ground).number, "pk": an_attachment}
    ),
    "inbound_mail_taking": Access({"POST": deed("agent")}, parts={"pk": lambda ground: a_held_mail(ground).pk}),
    "inbound_mail_removal": Access({"POST": deed("agent")}, parts={"pk": lambda ground: a_held_mail(ground).pk}),
    "inbound_mail": Access({"POST": public(404)}, parts={"provider": "=postmark"}, why="none is configured"),
    "set_aside": Access({"GET": page("analyst")}),
    "evaluation_replay": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: an_evaluation_set_aside(ground).pk}
    ),
    "mail_replays": Access({"POST": deed("analyst")}),
    "follow_up_resending": Access(
        {"POST": deed("agent")},
        parts={"number": lambda ground: a_follow_up(ground).number, "pk": a_reply_given_up},
        data={"version": "=2"},
    ),
    "mail_replay": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: a_mail_given_up(ground).pk}),
    "notification_list": Access({"GET": page()}),
    "notification_bell": Access({"GET": page()}),
    "notification_reading": Access({"POST": deed()}),
    "notification_choices": Access({"GET": page(), "POST": page(ok=422)}),
    "notification_opening": Access(
        {"POST": (302, 404, 404, 404, 404, 302)}, parts={"pk": lambda ground: a_notification(ground).pk}
    ),
    "loop": Access({"GET": page("analyst")}),
    "loop_effect": Access({"GET": page("analyst")}),
    "loop_team": Access({"GET": page("agent")}),
    "loop_person": Access(
        {"GET": (302, 404, 403, 403, 200, 200)},
        parts={"pk": "anton.id"},
        why="Coaching is between a person, their lead and admins.",
    ),
    "initiative_list": Access({"GET": page("analyst")}),
    "initiative_new": Access({"GET": page("analyst"), "POST": page("analyst", ok=422)}),
    "initiative_detail": Access({"GET": page("analyst")}, parts={"pk": lambda ground: an_initiative(ground).pk}),
    "initiative_edit": Access(
        {"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": lambda ground: an_initiative(ground).pk}
    ),
    "initiative_follow_ups": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: an_initiative(ground).pk}, data={"numbers": "="}
    ),
    "initiative_unlink": Access(
        {"POST": deed("analyst")}, parts={"pk": lambda ground: an_initiative(ground).pk, "number": lambda ground: 1}
    ),
    "message_new": Access(
        {"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": lambda ground: an_initiative(ground).pk}
    ),
    "message_detail": Access({"GET": page("analyst")}, parts={"pk": lambda ground: a_message(ground).pk}),
    "message_edit": Access(
        {"GET": page("analyst"), "POST": page("analyst", ok=422)}, parts={"pk": lambda ground: a_message(ground).pk}
    ),
    "message_sending": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: a_message(ground).pk}),
    "message_removal": Access({"POST": deed("analyst")}, parts={"pk": lambda ground: a_message(ground).pk}),
    "message_recipients": Access({"GET": page("analyst")}, parts={"pk": lambda ground: a_message(ground).pk}),
    "settings_causes": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "cause_rename": Access({"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": a_root_cause}),
    "cause_move": Access({"POST": deed("admin")}, parts={"pk": a_root_cause}),
    "cause_archive": Access({"POST": deed("admin")}, parts={"pk": a_root_cause}),
    "settings_recovery": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "settings_channels": Access({"GET": page("admin")}),
    "channel_new": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"kind": lambda ground: "webhook"}
    ),
    "channel_edit": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": lambda ground: a_channel(ground).pk}
    ),
    "channel_secret": Access({"POST": page("admin")}, parts={"pk": lambda ground: a_channel(ground).pk}),
    "channel_switch": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_channel(ground).pk}),
    "channel_deletion": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_channel(ground).pk}),
    "channel_test": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_channel(ground).pk}),
    "settings_deliveries": Access({"GET": page("admin")}),
    "delivery_replays": Access({"POST": deed("admin")}),
    "delivery_replay": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_delivery_given_up(ground).pk}),
    "policy_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "policy": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)},
        parts={"pk": lambda ground: a_policy(ground).pk},
    ),
    "policy_removal": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_policy(ground).pk}),
    "settings_calendars": Access({"GET": page("admin")}),
    "calendar_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "calendar": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": lambda ground: a_calendar(ground).pk}
    ),
    "calendar_removal": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_calendar(ground).pk}),
    "settings_owners": Access({"GET": page("admin")}),
    "owner_rule_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"kind": "=person"}),
    "owner_rule": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": lambda ground: an_owner_rule(ground).pk}
    ),
    "owner_rule_place": Access(
        {"POST": deed("admin")}, parts={"pk": lambda ground: an_owner_rule(ground).pk}, data={"to": "=up"}
    ),
    "owner_rule_removal": Access({"POST": deed("admin")}, parts={"pk": lambda ground: an_owner_rule(ground).pk}),
    "owner_rule_switch": Access({"POST": deed("admin")}, parts={"pk": lambda ground: an_owner_rule(ground).pk}),
    "settings_teams": Access({"GET": page("admin")}),
    "team_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "team": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": lambda ground: a_team(ground).pk}
    ),
    "team_removal": Access({"POST": deed("admin")}, parts={"pk": lambda ground: a_team(ground).pk}),
    "staff_limits": Access(
        {"GET": page("admin"), "POST": page("admin", ok=422)},
        parts={"pk": lambda ground: a_membership(ground).pk},
        data={"most_open": "=many"},
    ),
    "absence_list": Access({"GET": page()}),
    "absence_new": Access({"GET": page("agent"), "POST": page("agent", ok=422)}),
    # Agents and analysts say when they are away themselves; here it is a colleague.
    "absence": Access(
        {"GET": of_the_agent(200), "POST": of_the_agent(422)}, parts={"pk": lambda ground: an_absence(ground).pk}
    ),
    "absence_end": Access({"POST": of_the_agent(302)}, parts={"pk": lambda ground: an_absence(ground).pk}),
    "absence_handover": Access({"POST": of_the_agent(302)}, parts={"pk": lambda ground: an_absence(ground).pk}),
    "alert_rules": Access({"GET": page("admin")}),
    "alert_rule_new": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    "alert_rule": Access({"GET": page("admin"), "POST": page("admin", ok=422)}, parts={"pk": a_rule}),
    "alert_rule_switch": Access({"POST": deed("admin")}, parts={"pk": a_rule}),
    "alert_rule_archival": Access({"POST": deed("admin")}, parts={"pk": a_rule}),
    "alert_rule_versions": Access({"GET": page("admin")}, parts={"pk": a_rule}),
    "alert_rule_restoration": Access({"POST": deed("admin")}, parts={"pk": a_rule, "number": "=1"}),
    "settings_sla": Access({"GET": page("admin"), "POST": page("admin", ok=422)}),
    # --- the API: its description, and what keys open
    "api_docs": Access({"GET": public()}),
    "api_schema": Access({"GET": public()}),
    "api_organization": Access(keys={"GET": Key("organization:read", stranger=200)}),
    "api_customers": Access(
        keys={"GET": Key("customers:read", stranger=200), "POST": Key("customers:write", ok=201, stranger=201)},
        data={"name": "=Nina"},
    ),
    "api_customer": Access(
        keys={"GET": Key("customers:read"), "PATCH": Key("customers:write")},
        parts={"pk": "chiara.id"},
        data={"name": "=Nina"},
    ),
    "api_events": Access(
        keys={"POST": Key("events:write", ok=201, stranger=201)},
        data={
            "customer": lambda ground: {"external_id": "C-1"},
            "milestone": "=order.delivered",
            "occurred_at": "=2026-01-01T09:00:00Z",
        },
    ),
    "api_events_batch": Access(
        keys={"POST": Key("events:write", stranger=200)}, data={"events": lambda ground: [{"milestone": "nothing"}]}
    ),
    "api_surveys": Access(keys={"GET": Key("surveys:read", stranger=200)}),
    "api_survey": Access(keys={"GET": Key("surveys:read")}, parts={"pk": a_live_survey}),
    "api_invitations": Access(
        keys={"GET": Key("invitations:read", stranger=200), "POST": Key("invitations:write", ok=201, stranger=400)},
        data={
            "survey": lambda ground: str(a_live_survey(ground)),
            "customer": lambda ground: {"external_id": "C-1"},
        },
    ),
    "api_invitation": Access(keys={"GET": Key("invitations:read")}, parts={"pk": lambda ground: an_ask(ground).pk}),
    "api_responses": Access(
        keys={"GET": Key("responses:read", stranger=200), "POST": Key("responses:write", ok=201, stranger=400)},
        data={"survey": lambda ground: str(a_live_survey(ground)), "score": lambda ground: 9},
    ),
    "api_responses_batch": Access(
        keys={"POST": Key("responses:write", stranger=200)}, data={"responses": lambda ground: [{"score": 9}]}
    ),
    "api_response": Access(keys={"GET": Key("responses:read")}, parts={"pk": lambda ground: a_response(ground).pk}),
    "api_scores": Access(keys={"GET": Key("scores:read", stranger=200)}),
    "api_targets": Access(keys={"GET": Key("scores:read", stranger=200)}),
    "api_target": Access(keys={"GET": Key("scores:read")}, parts={"pk": a_target_id}),
    "api_measures": Access(keys={"GET": Key("scores:read", stranger=200)}),
    "api_recoveries": Access(keys={"GET": Key("follow_ups:read", stranger=200)}),
    "api_initiatives": Access(keys={"GET": Key("follow_ups:read", stranger=200)}),
    "api_initiative": Access(
        keys={"GET": Key("follow_ups:read")}, parts={"pk": lambda ground: an_initiative(ground).pk}
    ),
    "api_alert_rules": Access(
        keys={"GET": Key("rules:read", stranger=200), "POST": Key("rules:write", ok=201, stranger=201)},
        data={"name": "=From afar", "conditions": lambda ground: all_of(DETRACTOR)},
    ),
    "api_alert_rules_back_test": Access(
        keys={"POST": Key("rules:read", stranger=200)}, data={"conditions": lambda ground: all_of(DETRACTOR)}
    ),
    "api_alert_rule": Access(keys={"GET": Key("rules:read"), "PATCH": Key("rules:write")}, parts={"pk": a_rule}),
    "api_alert_rule_switch": Access(
        keys={"POST": Key("rules:write")}, parts={"pk": a_rule}, data={"is_active": lambda ground: False}
    ),
    "api_alert_rule_archival": Access(
        keys={"POST": Key("rules:write")}, parts={"pk": a_rule}, data={"is_archived": lambda ground: True}
    ),
    "api_follow_ups": Access(keys={"GET": Key("follow_ups:read", stranger=200)}),
    "api_follow_up": Access(keys={"GET": Key("follow_ups:read")}, parts={"pk": lambda ground: a_follow_up(ground).pk}),
    "api_follow_up_mails": Access(
        keys={"GET": Key("follow_ups:read")}, parts={"pk": lambda ground: a_follow_up(ground).pk}
    ),
    "api_follow_up_playbook": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "playbook": lambda ground: str(a_playbook(ground))},
    ),
    "api_follow_up_steps": Access(
        keys={"GET": Key("follow_ups:read")}, parts={"pk": lambda ground: a_follow_up(ground).pk}
    ),
    "api_follow_up_step": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk, "step": a_step},
        data={"version": lambda ground: 1, "is_done": lambda ground: True},
    ),
    "api_playbooks": Access(keys={"GET": Key("follow_ups:read", stranger=200)}),
    "api_reply_templates": Access(keys={"GET": Key("follow_ups:read", stranger=200)}),
    "api_follow_up_entries": Access(
        keys={"GET": Key("follow_ups:read")}, parts={"pk": lambda ground: a_follow_up(ground).pk}
    ),
    "api_follow_up_acknowledgement": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1},
    ),
    "api_follow_up_contact": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "way": "=phone"},
    ),
    "api_follow_up_resolution": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "outcome": "=recovered", "root_cause": "=price", "text": "=Mended"},
    ),
    "api_follow_up_closure": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground, state="resolved").pk},
        data={"version": lambda ground: 3, "text": "=They know"},
    ),
    "api_follow_up_reopening": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground, state="resolved").pk},
        data={"version": lambda ground: 3},
    ),
    "api_follow_up_owner": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "owner": "greta.email"},
    ),
    "api_follow_up_priority": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "priority": "=urgent"},
    ),
    "api_follow_up_tags": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "add": lambda ground: ["vip"]},
    ),
    "api_follow_up_merging": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_pair(ground)[0].pk},
        data={
            "version": lambda ground: 1,
            "duplicate": lambda ground: str(a_pair(ground)[1].pk),
            "duplicate_version": lambda ground: 1,
        },
    ),
    "api_follow_up_watchers": Access(
        keys={"GET": Key("follow_ups:read"), "POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"person": "greta.email"},
    ),
    "api_follow_up_waiting": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground, state="contacted").pk},
        data={"version": lambda ground: 2},
    ),
    "api_follow_up_snooze": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"version": lambda ground: 1, "until": "=2100-01-01T09:00:00Z"},
    ),
    "api_follow_up_resumption": Access(
        keys={"POST": Key("follow_ups:write")},
        parts={"pk": lambda ground: a_follow_up(ground, state="waiting").pk},
        data={"version": lambda ground: 3},
    ),
    "api_follow_up_notes": Access(
        keys={"POST": Key("follow_ups:write", ok=201)},
        parts={"pk": lambda ground: a_follow_up(ground).pk},
        data={"text": "=Called"},
    ),
    "api_channels": Access(keys={"GET": Key("channels:read", stranger=200)}),
    "api_channel": Access(keys={"GET": Key("channels:read")}, parts={"pk": lambda ground: a_channel(ground).pk}),
    "api_deliveries": Access(keys={"GET": Key("channels:read", stranger=200)}),
    "api_delivery": Access(
        keys={"GET": Key("channels:read")}, parts={"pk": lambda ground: a_delivery_given_up(ground).pk}
    ),
    "api_delivery_replay": Access(
        keys={"POST": Key("channels:write")}, parts={"pk": lambda ground: a_delivery_given_up(ground).pk}
    ),
}
