"""What is filled in about owners: owner rules of each kind, teams, limits of one person, absences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from alerts.forms import possible_owners
from alerts.models import Absence, Calendar, OwnerRule, Team, TeamMember
from alerts.owners.absences import OVER
from journeys.models import Touchpoint
from tenancy.forms import Line
from tenancy.models import User
from tenancy.wall_time import moment_of

Kind = OwnerRule.Kind


def choice_of(people: Sequence[User], empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((str(user.pk), str(user)) for user in people)]


class NamedForm(forms.Form):
    """Something with a name that is given once."""

    name = Line(label="Name", max_length=80)
    model: type

    def __init__(self, data=None, *, row, **options):
        self.row = row
        super().__init__(data, **options)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.model.objects.filter(name__iexact=name).exclude(pk=self.row.pk).exists():
            raise forms.ValidationError("This name is taken.")
        return name


class TeamForm(NamedForm):
    lead = forms.ChoiceField(label="Lead", required=False, help_text="Hears of promised times that run out.")
    members = forms.MultipleChoiceField(
        label="Members", required=False, widget=forms.CheckboxSelectMultiple, help_text="Who shares its follow-ups."
    )
    model = Team

    def __init__(self, data=None, *, row: Team):
        here = TeamMember.objects.filter(team=row).values_list("user_id", flat=True) if not row._state.adding else []
        initial = {"name": row.name, "lead": str(row.lead_id or ""), "members": list(map(str, here))}
        super().__init__(data, row=row, initial=initial)
        self.people = {str(user.pk): user for user in possible_owners()}
        self.fields["lead"].choices = choice_of(list(self.people.values()), "Nobody")  # type: ignore[attr-defined]
        self.fields["members"].choices = choice_of(list(self.people.values()), "")[1:]  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        members = [self.people[pk] for pk in found["members"]]
        return {"name": found["name"], "lead": self.people.get(found["lead"]), "members": members}


class OwnerRuleForm(NamedForm):
    """The fields of one kind of owner rule."""

    model = OwnerRule

    def __init__(self, data=None, *, row: OwnerRule):
        super().__init__(data, row=row, initial={"name": row.name, "attribute": row.attribute})
        self.people = {str(user.pk): user for user in possible_owners()}
        self.teams = {str(team.pk): team for team in Team.objects.all()}
        _FIELDS[Kind(row.kind)](self)

    def add_person(self) -> None:
        self.fields["person"] = forms.ChoiceField(
            label="Person",
            choices=choice_of(list(self.people.values()), "Choose"),
            initial=str(self.row.person_id or ""),
        )

    def add_attribute(self) -> None:
        hint = (
            "The name of a customer's attribute, as it is imported: account_manager, say. It holds an e-mail address."
        )
        self.fields["attribute"] = Line(label="Attribute of the customer", max_length=60, help_text=hint)

    def add_regions(self) -> None:
        hint = "The name of a customer's attribute, as it is imported: region or country, say."
        self.fields["attribute"] = Line(label="Attribute of the customer", max_length=60, help_text=hint)
        for pk, team in self.teams.items():
            values = [value for value, team_id in self.row.teams.items() if team_id == pk]
            self.fields[f"team_{pk}"] = Line(
                label=f"Values for {team}",
                required=False,
                max_length=400,
                initial=", ".join(values),
                help_text="Separated by commas; capital and small letters are the same.",
            )

    def add_touchpoints(self) -> None:
        choices = [("", "No team"), *((pk, team.name) for pk, team in self.teams.items())]
        for place in Touchpoint.objects.select_related("stage__journey").order_by(
            "stage__journey__name", "stage__position", "position"
        ):
            self.fields[f"place_{place.pk}"] = forms.ChoiceField(
                label=f"{place.stage.journey}: {place.name}",
                choices=choices,
                required=False,
                initial=self.row.teams.get(str(place.pk), ""),
            )

    def add_team(self) -> None:
        choices = [("", "Choose"), *((pk, team.name) for pk, team in self.teams.items())]
        self.fields["team"] = forms.ChoiceField(label="Team", choices=choices, initial=str(self.row.team_id or ""))

    def add_team_or_all(self) -> None:
        choices = [("", "Everybody who works follow-ups"), *((pk, team.name) for pk, team in self.teams.items())]
        self.fields["team"] = forms.ChoiceField(
            label="Of which team", choices=choices, required=False, initial=str(self.row.team_id or "")
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        seen: dict[str, str] = {}
        for name, text in list(found.items()):
            if not name.startswith("team_"):
                continue
            for value in _values(text):
                if value.casefold() in seen:
                    self.add_error(name, f"“{value}” is given to two teams.")
                seen[value.casefold()] = name
        is_mapping = self.row.kind in (Kind.BY_REGION, Kind.BY_TOUCHPOINT)
        if is_mapping and not self.errors and not self._named(found):
            self.add_error(None, "Name at least one team. Teams are made on the page of teams.")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the rule as filled in."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "person": self.people.get(found.get("person", "")),
            "team": self.teams.get(found.get("team", "")),
            "attribute": found.get("attribute", ""),
            "teams": self._named(found),
        }

    def _named(self, found: dict[str, Any]) -> dict[str, str]:
        by_value = {
            value: name.removeprefix("team_")
            for name, text in found.items()
            if name.startswith("team_")
            for value in _values(text)
        }
        by_place = {
            name.removeprefix("place_"): team_id
            for name, team_id in found.items()
            if name.startswith("place_") and team_id
        }
        return by_value | by_place


_FIELDS = {
    Kind.PERSON: OwnerRuleForm.add_person,
    Kind.ATTRIBUTE: OwnerRuleForm.add_attribute,
    Kind.BY_REGION: OwnerRuleForm.add_regions,
    Kind.BY_TOUCHPOINT: OwnerRuleForm.add_touchpoints,
    Kind.ROUND_ROBIN: OwnerRuleForm.add_team,
    Kind.LEAST_LOAD: OwnerRuleForm.add_team_or_all,
}


class LimitsForm(forms.Form):
    """How much one person may have open, and in which calendar they work."""

    most_open = forms.IntegerField(
        label="At most open", required=False, min_value=0, max_value=9999, help_text="Empty: no limit. 0: gets none."
    )
    calendar = forms.ChoiceField(label="Works in", required=False)

    def __init__(self, data=None, *, settings):
        super().__init__(data, initial={"most_open": settings.most_open, "calendar": str(settings.calendar_id or "")})
        self.calendars = {str(each.pk): each for each in Calendar.objects.order_by("name")}
        choices = [("", "The organization's hours"), *((pk, each.name) for pk, each in self.calendars.items())]
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {"most_open": found["most_open"], "calendar": self.calendars.get(found["calendar"])}


class AbsenceForm(forms.Form):
    """From when to when somebody is away, in the organization's zone, and who stands in."""

    person = forms.ChoiceField(label="Who is away")
    starts_at = forms.DateTimeField(
        label="From", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="Until", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    delegate = forms.ChoiceField(
        label="Who stands in", required=False, help_text="Gets the follow-ups that open meanwhile."
    )
    note = Line(label="Note", required=False, max_length=200, help_text="Colleagues can read it.")

    def __init__(self, data=None, *, absence: Absence, people: Sequence[User], zone: ZoneInfo):
        self.zone = zone
        initial: dict[str, Any] = {
            "person": str(absence.user_id or ""),
            "delegate": str(absence.delegate_id or ""),
            "note": absence.note,
        }
        for name in ("starts_at", "ends_at"):
            if moment := getattr(absence, name):
                initial[name] = moment.astimezone(zone).replace(tzinfo=None)
        super().__init__(data, initial=initial)
        others = possible_owners()
        self.people: dict[str, User] = {str(user.pk): user for user in [*others, *people]}
        self.fields["person"].choices = choice_of(people, "Choose")[len(people) == 1 :]  # type: ignore[attr-defined]
        self.fields["delegate"].choices = choice_of(others, "Nobody")  # type: ignore[attr-defined]

    def clean_starts_at(self) -> datetime:
        return self._moment("starts_at")

    def clean_ends_at(self) -> datetime:
        return self._moment("ends_at")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "starts_at" in found and "ends_at" in found and found["ends_at"] <= found["starts_at"]:
            self.add_error("ends_at", "The absence must end after it starts.")
        elif "ends_at" in found and found["ends_at"] <= timezone.now():
            self.add_error("ends_at", OVER)
        if found.get("delegate") and found.get("delegate") == found.get("person"):
            self.add_error("delegate", "Choose somebody else to stand in.")
        return found

    @property
    def user_id(self) -> UUID:
        return self.people[self.cleaned_data["person"]].pk

    @property
    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        times = {"starts_at": found["starts_at"], "ends_at": found["ends_at"]}
        return {**times, "delegate": self.people.get(found["delegate"]), "note": found["note"]}

    def _moment(self, name: str) -> datetime:
        """The input says what a clock on the wall shows in the organization's zone."""
        return moment_of(self.cleaned_data[name].replace(tzinfo=None), self.zone)


def _values(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
