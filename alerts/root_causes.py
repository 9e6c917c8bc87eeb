"""The list of root causes: two levels, each organization's own."""

from collections.abc import Iterable

from alerts.models import RootCause

# What an organization begins with: (key, name, [(key, name), ...]).
STARTING = (
    ("product", "Product or service", (("product.defect", "Defect"), ("product.missing", "Something is missing"))),
    ("delivery", "Delivery or installation", (("delivery.late", "Too late"), ("delivery.damaged", "Damaged"))),
    ("price", "Price or invoice", (("price.invoice", "Wrong invoice"), ("price.too_high", "Too expensive"))),
    ("staff", "Staff or communication", (("staff.unfriendly", "Unfriendly"), ("staff.uninformed", "Not informed"))),
    ("support", "Support", (("support.waiting", "Long wait"), ("support.unsolved", "Not solved"))),
    ("website", "Website or app", (("website.error", "Error"), ("website.confusing", "Hard to use"))),
    ("expectation", "Wrong expectation", ()),
    ("other", "Something else", ()),
)


def furnish_root_causes() -> None:
    """The starting list, for an organization that has none."""
    if RootCause.objects.exists():
        return
    for position, (key, name, children) in enumerate(STARTING):
        parent = RootCause.objects.create(key=key, name=name, position=position)
        for place, (child_key, child_name) in enumerate(children):
            RootCause.objects.create(key=child_key, name=child_name, parent=parent, position=place)


def root_causes() -> list[RootCause]:
    """What may be chosen now, parents before their children; the starting list where there was none. One query."""
    causes = list(RootCause.objects.filter(is_archived=False).select_related("parent"))
    if not causes and not RootCause.objects.exists():
        furnish_root_causes()
        return root_causes()
    return sorted(causes, key=_place)


def names_of_causes() -> dict[str, str]:
    """Name by key, archived ones too: "Delivery or installation: Too late". One query."""
    return {cause.key: full_name(cause) for cause in RootCause.objects.select_related("parent")}


def with_beneath(keys: Iterable[str]) -> set[str]:
    """These causes and everything beneath them, archived ones too. One query."""
    wanted = set(keys)
    return wanted | set(RootCause.objects.filter(parent__key__in=wanted).values_list("key", flat=True))


def _place(cause: RootCause) -> tuple:
    first = cause.parent or cause
    return (first.position, first.name, cause.parent_id is not None, cause.position, cause.name)


def full_name(cause: RootCause) -> str:
    """With its parent: "Delivery or installation: Too late"."""
    return f"{cause.parent.name}: {cause.name}" if cause.parent else cause.name
