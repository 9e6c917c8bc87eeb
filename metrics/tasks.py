"""The tasks of metrics."""

from metrics import rollup
from tenancy.background import sweep_task


@sweep_task(queue="default")
def refresh_dirty_days():
    return rollup.refresh_due()
