"""The tasks of customers."""

from customers.importing.forgetting import forget_old_imports
from customers.importing.working import work_on_due_imports
from tenancy.background import sweep_task


@sweep_task(queue="exports")
def work_on_imports():
    return work_on_due_imports()


@sweep_task(queue="exports")
def forget_old_uploads():
    return forget_old_imports()
