"""SARIF 2.1.0, against its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SCRIPT, SHELL
from initlint.registry import rules

SCHEMA = json.loads((Path(__file__).parent.parent / "fixtures" / "schemas" / "sarif-2.1.0.json").read_text())


def log(run: Run, *arguments: str) -> dict[str, Any]:
    found = json.loads(run("check", "--output-format", "sarif", *arguments).out)
    jsonschema.Draft4Validator(SCHEMA).validate(found)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "files",
    [
        NGINX,
        SHELL,
        SCRIPT,
        {"Dockerfile": NO_FROM},
        {},
        {"a b/Dockerfile": SHELL["Dockerfile"], "ä/Dockerfile": SHELL["Dockerfile"]},
        {"Dockerfile": b"FROM debian:12\nCMD nginx -g 'daemon off;' -c '\xff'\n"},
    ],
)
def test_it_is_valid(files: dict[str, str], project: Project, run: Run) -> None:
    project(files)
    log(run)


def test_all_rules_are_described(project: Project, run: Run) -> None:
    project(NGINX)
    driver = log(run)["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in rules()]
    assert all(rule["help"]["markdown"] and rule["helpUri"] for rule in driver["rules"])


def test_a_result_with_its_fix(project: Project, run: Run) -> None:
    project({"a b/" + name: text for name, text in SCRIPT.items()})
    (run_object,) = log(run)["runs"]
    (result,) = run_object["results"]
    assert run_object["columnKind"] == "unicodeCodePoints"
    assert run_object["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "IL103"
    assert result["level"] == "warning"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "a%20b/start.sh", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 5}
    changes = {
        change["artifactLocation"]["uri"]: change["replacements"] for change in result["fixes"][0]["artifactChanges"]
    }
    assert changes["a%20b/start.sh"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 1},
            "insertedContent": {"text": "exec "},
        }
    ]


def test_fingerprints_outlive_lines_added_above(project: Project, run: Run) -> None:
    project(SHELL)
    (before,) = log(run)["runs"][0]["results"]
    project({"Dockerfile": "# a comment\n\n" + SHELL["Dockerfile"]})
    (after,) = log(run)["runs"][0]["results"]
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"] != after["locations"]


def test_what_could_not_be_read_is_no_success(project: Project, run: Run) -> None:
    project({"Dockerfile": NO_FROM})
    (run_object,) = log(run)["runs"]
    assert run_object["invocations"][0]["executionSuccessful"] is False
    assert run_object["results"][0]["level"] == "error"
