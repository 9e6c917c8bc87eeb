"""The places of the product as the rail and the bottom bar list them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from tenancy.roles import Role


@dataclass(frozen=True)
class Place:
    """One entry: the URL name, its words, its icon, its letter after G, and who sees it."""

    name: str
    label: str
    icon: str
    key: str
    role: Role = Role.VIEWER


@dataclass(frozen=True)
class Link:
    """A place as one person sees it on one page."""

    label: str
    icon: str
    key: str
    href: str
    is_current: bool
    badge: int


PLACES = (
    Place("dashboard", gettext_noop("Dashboard"), "chart-line", "d"),
    Place("follow_up_queue", gettext_noop("Follow-ups"), "inbox", "f"),
    Place("response_list", gettext_noop("Responses"), "message-square-text", "r"),
    Place("survey_list", gettext_noop("Surveys"), "clipboard-list", "s"),
    Place("journey_list", gettext_noop("Journeys"), "route", "j"),
    Place("customer_list", gettext_noop("Customers"), "users", "c"),
    Place("loop", gettext_noop("Closing the loop"), "refresh-cw", "l", Role.ANALYST),
    Place("settings_home", gettext_noop("Settings"), "settings", "t", Role.ADMIN),
)


def links(request: HttpRequest, *, badges: dict[str, int]) -> list[Link]:
    """What this person may open, in the fixed order; at most one link is current.
    Empty outside an organization."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return []
    found = [
        (place, href)
        for place in PLACES
        if Role(membership.role).includes(place.role) and (href := address(place.name, membership.organization.slug))
    ]
    here = current(request.path, [href for _, href in found])
    return [
        Link(gettext(place.label), place.icon, place.key, href, href == here, badges.get(place.name) or 0)
        for place, href in found
    ]


@dataclass(frozen=True)
class SettingsLink:
    """One page of the settings, as the side navigation and the overview list it."""

    label: str
    icon: str
    text: str
    href: str
    is_current: bool
    key: str = ""
    badge: int = 0


SETTINGS_PLACES = (
    ("settings_organization", "Organization", "building-2", "Name, time zone, sender, brand, quiet hours"),
    ("settings_members", "Members", "users", "Who belongs here, their roles, invitations"),
    ("settings_causes", "Root causes", "list-tree", "What was at the bottom of it, in two levels"),
    ("settings_recovery", "Asking again", "heart-handshake", "Whether it helped: one question after a closed loop"),
    ("settings_channels", "Notification channels", "megaphone", "Slack, Teams, webhooks, mailboxes, and what was sent"),
    ("settings_sla", "Promised times", "timer", "How soon customers hear from us, and who hears when time runs out"),
    ("settings_calendars", "Calendars", "calendar", "When clocks run: hours, time zones, public holidays"),
    ("settings_owners", "Owners", "user-round", "Who gets a follow-up when it opens"),
    ("settings_teams", "Teams", "users", "Teams with their leads, and how much each person may have open"),
    ("alert_rules", "Alert rules", "bell-ring", "What opens follow-ups and tells people, tried on past answers"),
    ("settings_playbooks", "Playbooks", "list-checks", "What to do in which situation, and what comes of it"),
    ("settings_reply_templates", "Reply templates", "mail-plus", "Texts that a reply to a customer starts from"),
    ("settings_api_keys", "API keys", "key-round", "Access for machines"),
    ("settings_audit", "Audit log", "scroll-text", "Who did what, when and from where"),
    ("settings_exports", "Exports", "file-down", "Files that were asked for"),
)


def settings_links(request: HttpRequest) -> list[SettingsLink]:
    """The pages of the settings that this installation has; at most one is current."""
    slug = request.organization.slug  # type: ignore[attr-defined]
    found = [(place, href) for place in SETTINGS_PLACES if (href := address(place[0], slug))]
    return [
        SettingsLink(gettext(label), icon, gettext(text), href, request.path.startswith(href))
        for (_, label, icon, text), href in found
    ]


ACCOUNT_PLACES = (
    ("profile", gettext_noop("Profile"), "user-round"),
    ("account_email", gettext_noop("Email"), "mail"),
    ("account_change_password", gettext_noop("Password"), "key-round"),
    ("mfa_index", gettext_noop("Two-factor"), "shield-check"),
    ("usersessions_list", gettext_noop("Sessions"), "monitor-smartphone"),
)


def account_links(request: HttpRequest) -> list[Link]:
    """The pages about the person rather than an organization."""
    found = []
    for name, label, icon in ACCOUNT_PLACES:
        try:
            found.append((label, icon, reverse(name)))
        except NoReverseMatch:
            continue
    here = max((href for _, _, href in found if request.path.startswith(href)), key=len, default="")
    return [Link(gettext(label), icon, "", href, href == here, 0) for label, icon, href in found]


def address(name: str, slug: str) -> str:
    """The path of a place, or nothing when this installation does not have it."""
    try:
        return reverse(name, kwargs={"org": slug})
    except NoReverseMatch:
        return ""


def current(path: str, hrefs: list[str]) -> str:
    """The place a path belongs to: the longest that contains it. The dashboard contains everything by
    its path (`/o/acme/`), so it counts only when it is the page itself."""
    fitting = [href for href in hrefs if path == href or (path.startswith(href) and href.strip("/").count("/") > 1)]
    return max(fitting, key=len, default="")
