"""Which test runs in which process: any in any, but the tests of some files one after the other in one.

Of our own, since pytest-xdist 3.8 does not find its groups (`xdist_group`) under pytest 9.2, and says nothing.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

# They share something that takes long to start, or look at the same thing while it changes.
TOGETHER = frozenset({"tests/embedded/test_up.py"})


class Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Scheduling(config, log)
