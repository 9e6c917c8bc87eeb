"""Every test runs through bin/test, which has started PostgreSQL and Redis for it."""

import os

import pytest
from hypothesis import settings

if "CXM_TEST_DIRECTORY" not in os.environ:
    pytest.exit("Run the tests with bin/test: it starts PostgreSQL and Redis for them and takes pytest's arguments.", 4)

pytest_plugins = [
    "tests.services.database",
    "tests.services.mail",
    "tests.services.processes",
    "tests.services.browser",
]

# A busy machine is not a fault of the code under test.
settings.register_profile("cxm", deadline=None)
settings.load_profile("cxm")


@pytest.fixture
def world(db):
    """Two organizations with the same named people; see tests/world.py."""
    from tests.world import make_world

    return make_world()
