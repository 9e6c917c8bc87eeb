"""The holdout: a share of low-priority alerts that is left alone, so that follow-ups can be compared with none.

Drawn by a hash of rule and subject: as good as chance, the same however often the answer is looked at, and known
before anything is done. Kept on the alert.
"""

from hashlib import sha256

from alerts.models import AlertRule, Priority

DRAWN_OF = 10_000


def is_held_out(rule: AlertRule, subject: str) -> bool:
    """Whether this firing of the rule is left alone."""
    if not rule.holdout_percent or rule.priority != Priority.LOW or not rule.opens_follow_up:
        return False
    digest = sha256(f"{rule.pk}:{subject}".encode()).digest()
    return int.from_bytes(digest[:8]) % DRAWN_OF < rule.holdout_percent * DRAWN_OF // 100
