"""Both ways of installing take the same packages, each named by its hash."""

import hashlib
import re
import tomllib

from cxm.embedded.keeping import PROJECT

UV_LOCK = PROJECT / "uv.lock"
REQUIREMENTS = PROJECT / "requirements.lock"


def locked_by_uv() -> dict[str, set[str]]:
    packages = tomllib.loads(UV_LOCK.read_text())["package"]
    return {
        f"{package['name']}=={package['version']}": {
            file["hash"] for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        }
        for package in packages
        if "virtual" not in package["source"]
    }


def locked_for_pip() -> dict[str, set[str]]:
    text = REQUIREMENTS.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.split(maxsplit=1)[0]: set(re.findall(r"--hash=(\S+)", line)) for line in lines}


def test_requirements_lock_was_made_from_this_uv_lock():
    made_from = REQUIREMENTS.read_text().splitlines()[0].rpartition(" ")[2]
    assert made_from == hashlib.sha256(UV_LOCK.read_bytes()).hexdigest(), "run bin/lock and commit both files"


def test_pip_and_uv_install_the_same_versions_with_the_same_hashes():
    assert locked_for_pip() == locked_by_uv()


def test_every_package_is_pinned_by_at_least_one_hash():
    assert [name for name, hashes in locked_for_pip().items() if not hashes] == []


def test_uv_lock_was_made_from_this_pyproject():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    packages = tomllib.loads(UV_LOCK.read_text())["package"]
    own = next(package for package in packages if "virtual" in package["source"])
    locked = {requirement["name"] for requirement in own["metadata"]["requires-dist"]}
    wanted = {re.split(r"[\[<>=]", text)[0] for text in project["project"]["dependencies"]}
    assert locked == wanted, "run bin/lock and commit the result"
