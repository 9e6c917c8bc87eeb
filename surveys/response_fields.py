"""What a file of past answers tells, and what such columns are called in the files of the world."""

from customers.importing.fields import Field


def response_fields(low: int = 0, high: int = 10) -> tuple[Field, ...]:
    """The fields of one answer on a scale from `low` to `high`."""
    return (
        Field(
            "responded_at",
            "Answered at",
            "datetime",
            required=True,
            hint="A moment without a time zone is one of your organization's zone.",
            synonyms=(
                *("responded at", "response date", "answered", "date", "datetime", "timestamp", "submitted", "created"),
                *("completed at", "created at", "submitted at", "survey date", "Datum", "Zeitpunkt", "fecha", "data"),
                *("date de réponse", "التاريخ"),
            ),
        ),
        Field(
            "score",
            "Score",
            "score",
            required=True,
            minimum=low,
            maximum=high,
            synonyms=(
                *("nps", "nps score", "rating", "csat", "ces", "answer", "likelihood to recommend", "note", "value"),
                *("Bewertung", "Punkte", "puntuación", "punteggio", "nota", "التقييم"),
            ),
        ),
        Field(
            "verbatim",
            "Words",
            "text",
            max_length=5000,
            is_multiline=True,
            hint="What the customer wrote.",
            synonyms=(
                *("text", "comment", "comments", "feedback", "reason", "verbatim", "open answer", "why", "message"),
                *("Kommentar", "commentaire", "comentario", "commento", "opmerking", "التعليق"),
            ),
        ),
        Field(
            "touchpoint",
            "Touchpoint",
            "text",
            max_length=120,
            hint="Matched by name; unknown ones are added to the stage “Imported”.",
            synonyms=("touch point", "channel", "stage", "event", "occasion", "Kontaktpunkt", "point de contact"),
        ),
        Field(
            "external_id",
            "Customer: your own id",
            "text",
            max_length=120,
            synonyms=("customer id", "customer number", "client id", "account id", "user id", "Kundennummer"),
        ),
        Field(
            "email",
            "Customer: e-mail address",
            "email",
            synonyms=("email", "e-mail", "customer email", "respondent", "E-Mail-Adresse", "courriel", "correo"),
        ),
        Field("name", "Customer: name", "text", synonyms=("customer", "customer name", "full name", "Kunde", "client")),
        Field(
            "language", "Language", "text", max_length=12, synonyms=("lang", "locale", "Sprache", "langue", "idioma")
        ),
    )
