"""docker-compose.yml and Dockerfile: hardened, complete, and without a secret of their own."""

import re

import pytest
import yaml

from cxm.embedded.keeping import PROJECT

COMPOSE = (PROJECT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()


def test_everything_the_product_needs_is_there():
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_write_nowhere_and_gain_nothing(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "cap_add" not in service


@pytest.mark.parametrize("name", ["postgres", "redis", "worker", "beat"])
def test_a_container_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_image_says_whether_the_site_is_well_and_runs_without_root():
    assert "HEALTHCHECK" in DOCKERFILE
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("COPY --from=build") < DOCKERFILE.index("USER ")


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_only_the_migration_learns_the_privileged_passwords(name):
    text = str(SERVICES[name])
    assert "OWNER" not in text and "ADMIN" not in text and "POSTGRES_PASSWORD" not in text
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_secret_comes_from_the_environment_and_its_absence_stops_the_start():
    for name, rest in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)([^}]*)\}", COMPOSE):
        assert rest.startswith(":?"), f"{name} has a default"


def test_everything_without_a_default_is_in_the_example():
    example = set(re.findall(r"^(\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+):\?", COMPOSE)) <= example


def test_database_and_redis_are_published_nowhere():
    assert "ports" not in SERVICES["postgres"] and "ports" not in SERVICES["redis"]
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["data"]
    assert yaml.safe_load(COMPOSE)["networks"]["data"] == {"internal": True}


def test_the_image_gets_no_secrets_histories_or_tests():
    kept = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (PROJECT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert not {"!.env", "!.git", "!var", "!tests"} & set(kept)
