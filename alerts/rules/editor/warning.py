"""What a rule points at that is not what it was: archived, switched off, or gone."""

from alerts.models import AlertRule
from alerts.rules.references import WORDS, names_of, references_of
from alerts.rules.versions import definition_of


def warnings_of(rule: AlertRule) -> list[str]:
    """In words for people, each once; one query a table that the rule points at."""
    found = []
    if rule.playbook and not rule.playbook.is_active:
        found.append(
            f"The playbook “{rule.playbook}” is archived: what this rule opens goes by it all the same. Choose another."
        )
    if rule.owner_rule and not rule.owner_rule.is_active:
        found.append(f"The owner rule “{rule.owner_rule}” is switched off: the organization's own order decides.")
    definition = definition_of(rule)
    known = names_of([definition])
    # Each kind once. An owner rule, a policy and a playbook are never gone while a rule names them.
    gone = {WORDS[model]: None for _, model, each in references_of(definition) if each not in known}
    return found + [f"This rule names a {word} that is gone: save it without, or name another." for word in gone]
