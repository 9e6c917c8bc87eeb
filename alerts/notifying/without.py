"""Mail about several customers that waits, written again without one of them. Pure."""

from typing import Any

Context = dict[str, Any]


def without(context: Context, customer: str) -> Context | None:
    """The facts of a mail without what speaks of this customer; None when nothing else is left to say.

    Lists hold what is told one by one, each with its `customer_ids`; what has none is about nobody.
    """
    left = [each for each in context.get("customer_ids", []) if each != customer]
    if not left:
        return None
    changed: Context = {**context, "customer_ids": left}
    for name in ("listed", "lines"):
        if name in context:
            changed[name] = _others(context[name], customer)
    if "listed" in context and "count" in context:
        changed["count"] = context["count"] - (len(context["listed"]) - len(changed["listed"]))
    if "groups" in context:
        groups = [_group(group, customer) for group in context["groups"]]
        changed["groups"] = [group for group in groups if group["listed"] or group["rest"]]
        changed["count"] = sum(group["count"] for group in changed["groups"])
        titles = [each["title"] for group in changed["groups"] for each in group["listed"]]
        changed["title"] = titles[0] if titles else ""
    return changed


def _group(group: Context, customer: str) -> Context:
    listed = _others(group["listed"], customer)
    return {**group, "listed": listed, "count": group["count"] - (len(group["listed"]) - len(listed))}


def _others(told: list[Any], customer: str) -> list[Any]:
    """What was written before each of them named its customers is left out: nobody could say whom it is about."""
    return [each for each in told if isinstance(each, dict) and customer not in each.get("customer_ids", [customer])]
