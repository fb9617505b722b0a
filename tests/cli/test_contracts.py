"""The JSON that programs rely on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SCRIPT, SHELL


def findings(run: Run, *arguments: str, **named: Any) -> list[dict[str, Any]]:
    result = run("check", "--output-format", "json", *arguments, **named)
    found = json.loads(result.out)
    assert isinstance(found, list)
    assert result.out.isascii()
    assert result.err == ""
    return found


class TestCheck:
    def test_nothing_is_an_empty_array(self, project: Project, run: Run) -> None:
        project(NGINX)
        assert findings(run) == []

    def test_an_object_a_finding(self, project: Project, run: Run) -> None:
        project({"docker/" + name: text for name, text in SCRIPT.items()})
        (found,) = findings(run)
        assert list(found) == [
            "code",
            "name",
            "severity",
            "message",
            "filename",
            "location",
            "end_location",
            "container",
            "url",
            "fix",
        ]
        assert found["code"] == "IL103"
        assert found["name"] == "shell-keeps-pid1"
        assert found["severity"] == "warning"
        assert found["filename"] == "docker/start.sh"
        assert found["location"] == {"row": 4, "column": 1}
        assert found["end_location"] == {"row": 4, "column": 5}
        assert found["container"] == "final stage"
        assert found["url"].endswith("/docs/rules/IL103.md")

    def test_a_fix(self, project: Project, run: Run) -> None:
        project(SCRIPT)
        (found,) = findings(run)
        fix = found["fix"]
        assert list(fix) == ["applicability", "message", "edits"]
        assert fix["applicability"] in ("safe", "unsafe")
        assert {
            "filename": "start.sh",
            "location": {"row": 4, "column": 1},
            "end_location": {"row": 4, "column": 1},
            "content": "exec ",
        } in fix["edits"]

    def test_findings_that_one_cure_settles_carry_the_same_fix(self, project: Project, run: Run) -> None:
        project(
            {
                "Dockerfile": 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n',
                "app.py": "import os\nos.system('sleep 9 &')\ninput()\n",
            }
        )
        found = findings(run)
        assert [one["code"] for one in found] == ["IL101", "IL102"]
        assert found[0]["fix"] is not None
        assert found[0]["fix"] == found[1]["fix"]

    def test_an_input_error_stands_at_the_start_of_its_file(self, project: Project, run: Run) -> None:
        project({})
        (found,) = findings(run, "missing")
        assert found["code"] == "IL001"
        assert found["severity"] == "error"
        assert found["filename"] == "missing"
        assert found["location"] == found["end_location"] == {"row": 1, "column": 1}
        assert found["container"] is None
        assert found["fix"] is None

    @pytest.mark.parametrize("start", ["\ufeff", "# ä€😀\n", "\ufeff# x\r\n"])
    def test_columns_count_characters_without_a_bom(self, start: str, project: Project, run: Run) -> None:
        lead = "" if start.endswith("\n") else "\n"
        project({"Dockerfile": f"{start}{lead}FROM debian:12\n  CMD echo ä😀; nginx -g 'daemon off;'\n"})
        found = findings(run, "--select", "IL103")
        assert [one["location"]["row"] for one in found] == [3]
        line = "  CMD echo ä😀; nginx -g 'daemon off;'"
        marked = line[found[0]["location"]["column"] - 1 : found[0]["end_location"]["column"] - 1]
        assert marked in line
        assert marked.endswith("'daemon off;'")

    def test_two_containers_with_the_same_finding(self, project: Project, run: Run) -> None:
        files = dict(SCRIPT)
        files["Dockerfile.two"] = files["Dockerfile"]
        project(files)
        assert len(findings(run, "--select", "IL103")) == 1

    def test_names_are_relative_to_the_current_folder(
        self, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project({"a/Dockerfile": SHELL["Dockerfile"]})
        assert findings(run, str(folder / "a" / "Dockerfile"))[0]["filename"] == "a/Dockerfile"
        monkeypatch.chdir(folder / "a")
        assert findings(run)[0]["filename"] == "Dockerfile"

    def test_bytes_that_are_not_utf8(self, project: Project, run: Run) -> None:
        project({"Dockerfile": b"FROM debian:12\nCMD nginx -g 'daemon off;' -c '\xff'\n"})
        assert findings(run)[0]["location"]["row"] == 2

    def test_output_file(self, project: Project, run: Run) -> None:
        folder = project(SHELL)
        result = run("check", "--output-format", "json", "--output-file", "report.json")
        assert (result.code, result.out) == (1, "")
        assert json.loads((folder / "report.json").read_text())[0]["code"] == "IL103"


def traces(run: Run, *arguments: str) -> dict[str, Any]:
    found = json.loads(run("trace", "--output-format", "json", *arguments).out)
    assert isinstance(found, dict)
    return found


class TestTrace:
    def test_the_whole(self, project: Project, run: Run) -> None:
        project({"db/" + name: text for name, text in SCRIPT.items()})
        found = traces(run)
        assert found["version"] == 1
        (target,) = found["targets"]
        assert list(target) == ["target", "kind", "context", "error", "containers"]
        assert (target["target"], target["kind"]) == ("db/Dockerfile", "dockerfile")
        assert (target["context"], target["error"]) == ("db", None)
        (container,) = target["containers"]
        assert list(container) == [
            "name",
            "line",
            "start",
            "start_from",
            "runtime_init",
            "stop_signal",
            "outcomes",
        ]
        assert container["name"] == "final stage"
        assert container["start"] == ["/start.sh", "nginx", "-g", "daemon off;"]
        assert container["start_from"] == "dockerfile"
        assert container["runtime_init"] is False
        assert container["stop_signal"] == "SIGTERM"
        (outcome,) = container["outcomes"]
        assert list(outcome) == [
            "when",
            "likely",
            "chain",
            "pid1",
            "kind",
            "reaps",
            "stops",
            "children",
            "sure",
            "why",
        ]
        assert outcome["when"] is None
        assert outcome["likely"] is True
        assert outcome["chain"] == [
            {
                "program": "start.sh",
                "argv": ["/start.sh", "nginx", "-g", "daemon off;"],
                "step": "start",
                "file": "db/Dockerfile",
                "line": 3,
                "interpreter": "sh",
            },
            {
                "program": "nginx",
                "argv": ["nginx", "-g", "daemon off;"],
                "step": "child",
                "file": "db/start.sh",
                "line": 4,
            },
        ]
        assert (outcome["pid1"], outcome["kind"]) == ("sh", "shell")
        assert (outcome["reaps"], outcome["stops"]) == ("while-waiting", "no")

    def test_exactly_one_outcome_is_likely(self, project: Project, run: Run) -> None:
        project(
            SCRIPT
            | {
                "start.sh*": '#!/bin/sh\nif [ -n "$DEBUG" ]; then exec bash; fi\nif [ -e /x/y ]; then "$@"; fi\nexec "$@"\n'
            }
        )
        (container,) = traces(run)["targets"][0]["containers"]
        assert [outcome["likely"] for outcome in container["outcomes"]].count(True) == 1
        assert all(isinstance(one["when"], str | None) for one in container["outcomes"])

    def test_containers_in_file_order_the_last_stage_last(self, project: Project, run: Run) -> None:
        project({"Dockerfile": "FROM nginx AS web\nCMD nginx\nFROM redis\nCMD redis-server\n"})
        found = traces(run)["targets"][0]["containers"]
        assert [(one["name"], one["line"]) for one in found] == [("web", 1), ("final stage", 3)]

    def test_none_knows_nothing_more(self, project: Project, run: Run) -> None:
        project({"Dockerfile": "FROM debian:12\n"})
        (outcome,) = traces(run)["targets"][0]["containers"][0]["outcomes"]
        assert outcome["pid1"] == "none"
        assert {outcome[key] for key in ("kind", "reaps", "stops", "children")} == {"unknown"}

    def test_an_error_leaves_the_others(self, project: Project, run: Run) -> None:
        project(NGINX | {"Dockerfile.broken": NO_FROM})
        result = run("trace", "--output-format", "json")
        assert result.code == 2
        good, bad = json.loads(result.out)["targets"]
        assert good["error"] is None
        assert bad["target"] == "Dockerfile.broken"
        assert bad["error"].startswith("Dockerfile.broken:1: ")
        assert bad["containers"] == []
        assert bad["context"] is None

    def test_the_context_is_the_current_folder(self, project: Project, run: Run) -> None:
        project(SCRIPT)
        assert traces(run)["targets"][0]["context"] == "."

    def test_an_unknown_context_is_null(self, project: Project, run: Run) -> None:
        project(SCRIPT | {"a/Dockerfile": "FROM debian\nCOPY x y /\n", ".git/HEAD": ""})
        assert traces(run, "a")["targets"][0]["context"] is None

    def test_opaque_words_are_shown_as_written(self, project: Project, run: Run) -> None:
        project({"Dockerfile": "FROM alpine:3.20\nCMD redis-server --port $PORT --save $(date)\n"})
        (outcome,) = traces(run)["targets"][0]["containers"][0]["outcomes"]
        assert all(isinstance(word, str) for link in outcome["chain"] for word in link["argv"])
