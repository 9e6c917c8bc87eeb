"""Importing past answers: with their original dates, at their touchpoints, and any number of times with one result.

An answer is known by its moment, score, words, touchpoint and customer. Two customers may have said the same in the
same minute: the second such row of a file is a second answer, and stays the second when the file comes again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Max

from customers.customers import Identity, WrongIdentity, find_or_create_customers
from customers.importing.fields import Field
from customers.importing.registry import ImportKind, ImportOptionsForm, Outcome, ParsedRow, Verdict
from customers.models import Customer, ImportJob
from journeys.models import Journey, Stage, Touchpoint
from surveys.models import Channel, Response, Survey
from surveys.responding import Given, record_responses
from surveys.response_fields import response_fields
from surveys.scoring import scale_of
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, live_version, publish
from tenancy.audit import Actor, record

# Chosen where the answers belong to no survey of ours yet.
NEW_SURVEY = {f"new:{key}": f"A new survey: {TEMPLATES[key].name}" for key in ("relationship_nps",)}
IMPORTED_NAME = "Imported answers"
IMPORTED_STAGE = "Imported"


class ResponseImportOptions(ImportOptionsForm):
    """Which survey the answers belong to, and whether they open follow-ups."""

    survey = forms.ChoiceField(label="Survey", help_text="Its scale decides which scores are valid.")
    raise_alerts = forms.BooleanField(
        label="Open follow-ups for bad answers",
        required=False,
        help_text="Usually not: these customers answered long ago.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(versions__published_at__isnull=False).distinct().order_by("name")
        choices = [(str(survey.pk), f"{survey.name} ({survey.get_measure_display()})") for survey in surveys]
        self.fields["survey"].choices = [*choices, *NEW_SURVEY.items()]  # type: ignore[attr-defined]

    def as_options(self) -> dict[str, Any]:
        return options_for(self.cleaned_data["survey"], raise_alerts=self.cleaned_data["raise_alerts"])


def options_for(survey: str, *, raise_alerts: bool = False) -> dict[str, Any]:
    """What a job keeps: the survey's id or one of NEW_SURVEY, and its scale, as rows are parsed outside any scope."""
    if survey in NEW_SURVEY:
        scale = scale_of(TEMPLATES[survey.removeprefix("new:")].measure)
    else:
        known = Survey.objects.get(pk=survey)
        scale = scale_of(known.measure, known.points)
    return {"survey": survey, "low": scale.low, "high": scale.high, "raise_alerts": raise_alerts}


class ResponseImport(ImportKind):
    """One row is one answer."""

    slug = "responses"
    label = "Past answers"
    lead = "One row for each answer, with its date and score; touchpoints that do not exist yet are added."
    icon = "message-square-text"
    fields = response_fields()
    result_url_name = "response_list"
    options_form = ResponseImportOptions

    def fields_for(self, options: Mapping[str, Any]) -> tuple[Field, ...]:
        return response_fields(options["low"], options["high"])

    def repeat_key(self, row: ParsedRow) -> str:
        return _digest(row)

    def apply(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        survey = _survey(job.options, by=by, at=at)
        keys = {row.number: f"import:{survey.pk.hex}:{_digest(row)}:{row.occurrence}" for row in rows}
        known = set(Response.objects.filter(submission_key__in=keys.values()).values_list("submission_key", flat=True))
        new = [row for row in rows if keys[row.number] not in known]
        outcomes: dict[int, Outcome] = {row.number: Verdict.UNCHANGED for row in rows}
        outcomes |= _refuse_future(new, at)
        customers = _customers([row for row in new if outcomes[row.number] is Verdict.UNCHANGED], outcomes, by)
        taken = [row for row in new if outcomes[row.number] is Verdict.UNCHANGED]
        touchpoints = _touchpoints(taken, survey, by)
        given = [_given(row, keys[row.number], customers.get(row.number), touchpoints) for row in taken]
        if given:
            version = live_version(survey)
            assert version is not None  # noqa: S101  (only published surveys are offered)
            stored = record_responses(
                given,
                survey=survey,
                version=version,
                by=by,
                at=at,
                raise_alerts=bool(job.options.get("raise_alerts")),
                is_audited=False,
            )
            for row, (_, is_new) in zip(taken, stored, strict=True):
                outcomes[row.number] = Verdict.NEW if is_new else Verdict.UNCHANGED
        return [outcomes[row.number] for row in rows]


def _given(row: ParsedRow, key: str, customer: Customer | None, touchpoints: Mapping[str, Touchpoint]) -> Given:
    values: Mapping[str, Any] = row.values
    return Given(
        score=values["score"],
        responded_at=values["responded_at"],
        submission_key=key,
        channel=Channel.IMPORT,
        customer=customer,
        touchpoint=touchpoints.get(_folded(values["touchpoint"])),
        verbatim=values["verbatim"] or "",
        language=(values["language"] or (customer.language if customer else ""))[:12],
    )


def _digest(row: ParsedRow) -> str:
    """What an answer is known by, in 32 characters; the survey is not part of it."""
    values: Mapping[str, Any] = row.values
    moment = values["responded_at"]
    parts = (
        moment.isoformat() if moment else "",
        str(values["score"]),
        " ".join((values["verbatim"] or "").split()),
        _folded(values["touchpoint"]),
        values["external_id"] or "",
        values["email"] or "",
    )
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _refuse_future(rows: Sequence[ParsedRow], at: datetime) -> dict[int, Outcome]:
    # A day of grace: files know their time zone badly.
    latest = at + timedelta(days=1)
    message = "This answer would have been given in the future; are day and month exchanged?"
    return {
        row.number: row.broken("responded_at", "in_the_future", message)
        for row in rows
        if row.values["responded_at"] > latest  # type: ignore[operator]
    }


def _customers(rows: Sequence[ParsedRow], outcomes: dict[int, Outcome], by: Actor) -> dict[int, Customer]:
    """The customers of the rows that name one, by row; writes refusals into `outcomes`."""
    named = [row for row in rows if row.values["external_id"] or row.values["email"]]
    identities = [
        Identity(
            external_id=str(row.values["external_id"] or ""),
            email=str(row.values["email"] or ""),
            name=str(row.values["name"] or ""),
        )
        for row in named
    ]
    found: dict[int, Customer] = {}
    for row, customer in zip(named, find_or_create_customers(identities, by=by) if named else [], strict=True):
        if isinstance(customer, WrongIdentity):
            outcomes[row.number] = row.broken(customer.field, customer.code, customer.message)
        else:
            found[row.number] = customer
    return found


def _touchpoints(rows: Sequence[ParsedRow], survey: Survey, by: Actor) -> dict[str, Touchpoint]:
    """By folded name; the survey's own under "". Unknown names are added to the stage "Imported"."""
    names = {
        _folded(row.values["touchpoint"]): str(row.values["touchpoint"]).strip()
        for row in rows
        if row.values["touchpoint"]
    }
    found = {_folded(touchpoint.name): touchpoint for touchpoint in Touchpoint.objects.all()}
    missing = [name for folded, name in names.items() if folded not in found]
    if missing:
        stage = _stage(by)
        for position, name in enumerate(missing, start=stage.touchpoints.count()):
            touchpoint = Touchpoint.objects.create(stage=stage, name=name[:120], position=position)
            record("touchpoint.created", on=touchpoint, by=by, details={"by": "import"})
            found[_folded(name)] = touchpoint
    if survey.touchpoint:
        found[""] = survey.touchpoint
    return found


def _stage(by: Actor) -> Stage:
    stage = Stage.objects.filter(name=IMPORTED_STAGE).first()
    if stage is None:
        journey = Journey.objects.first() or Journey.objects.create(name="Customer journey")
        last = journey.stages.aggregate(last=Max("position"))["last"]
        stage = Stage.objects.create(journey=journey, name=IMPORTED_STAGE, position=0 if last is None else last + 1)
        record("stage.created", on=stage, by=by, details={"by": "import"})
    return stage


def _survey(options: Mapping[str, Any], *, by: Actor, at: datetime) -> Survey:
    if _is_known(options):
        return Survey.objects.select_related("touchpoint", "organization").get(pk=options["survey"])
    known = Survey.objects.filter(name=IMPORTED_NAME).select_related("touchpoint", "organization").first()
    if known:
        return known
    template = TEMPLATES[options["survey"].removeprefix("new:")]
    survey = create_survey(template=template, name=IMPORTED_NAME, by=by)
    publish(survey, by=by, at=at)
    return survey


def _is_known(options: Mapping[str, Any]) -> bool:
    return options.get("survey", "") not in NEW_SURVEY


def _folded(text: Any) -> str:
    return " ".join(str(text or "").split()).casefold()[:120]
