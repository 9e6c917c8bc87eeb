"""A back-test that takes longer than one answer may: how far it has come, sealed, in the hands of who asked."""

from hashlib import sha256

from django.core import signing

from alerts.models import AlertRule
from alerts.rules.back_test import Progress

SALT = "alerts.rules.back_test"
SECONDS_KEPT = 3600


def token_of(rule: AlertRule, progress: Progress, *, organization_id: object) -> str:
    """Empty when it is done."""
    if progress.is_done:
        return ""
    kept = {"progress": progress.as_json(), "of": _digest(rule, organization_id)}
    return signing.dumps(kept, salt=SALT, compress=True)


def opened(token: str, rule: AlertRule, *, organization_id: object) -> Progress | None:
    """How far this very rule had come; None for what was tampered with, is old, or was asked by another rule."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=SECONDS_KEPT)
    except signing.BadSignature:
        return None
    return Progress(**kept["progress"]) if kept["of"] == _digest(rule, organization_id) else None


def _digest(rule: AlertRule, organization_id: object) -> str:
    return sha256(f"{organization_id} {rule.kind} {rule.conditions}".encode()).hexdigest()
