"""Which files of a folder are taken for Dockerfiles, and what a script as target stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SCRIPT, SHELL
from initlint.configuration import Configurations
from initlint.discovery import dockerfiles, is_dockerfile_name


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "Dockerfile.dev",
        "Dockerfile.alpine-3.20",
        "api.Dockerfile",
        "api.dockerfile",
        "Containerfile",
        "Containerfile.dev",
        "Containerfile-dev",
    ],
)
def test_is_a_dockerfile(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile.dockerignore",
        "api.Dockerfile.dockerignore",
        ".dockerignore",
        "Dockerfile.j2",
        "Dockerfile.tmpl",
        "Dockerfile.template",
        "Dockerfile.erb",
        "Dockerfile.mustache",
        "Dockerfile.in",
        "Dockerfile.md",
        "dockerfile.go",
        "Dockerfile.json",
        "Dockerfile~",
        "Dockerfiles",
        "MyDockerfile",
        "docker-compose.yml",
    ],
)
def test_is_no_dockerfile(name: str) -> None:
    assert not is_dockerfile_name(name)


def found(folder: Path) -> list[str]:
    return [str(Path(path).relative_to(folder)) for path in dockerfiles(str(folder), Configurations())]


def test_a_folder_is_searched_top_down(project: Project) -> None:
    folder = project(
        dict.fromkeys(["z/Dockerfile", "Dockerfile.b", "Dockerfile", "a/b/Dockerfile", "a/Dockerfile"], "")
    )
    assert found(folder) == ["Dockerfile", "Dockerfile.b", "a/Dockerfile", "a/b/Dockerfile", "z/Dockerfile"]


def test_gitignore_is_honoured(project: Project) -> None:
    folder = project(
        {
            ".gitignore": "build/\n*.old.Dockerfile\n!kept.old.Dockerfile\n",
            "sub/.gitignore": "/Dockerfile\n",
            ".git/Dockerfile": "",
            "Dockerfile": "",
            "build/Dockerfile": "",
            "a.old.Dockerfile": "",
            "kept.old.Dockerfile": "",
            "sub/Dockerfile": "",
            "sub/deep/Dockerfile": "",
        }
    )
    assert found(folder) == ["Dockerfile", "kept.old.Dockerfile", "sub/deep/Dockerfile"]


def test_gitignore_above_the_folder_is_honoured(project: Project) -> None:
    folder = project(
        {".git/HEAD": "", ".gitignore": "Dockerfile.local\n", "a/Dockerfile": "", "a/Dockerfile.local": ""}
    )
    assert found(folder / "a") == ["Dockerfile"]


def test_an_ignored_folder_that_is_named_is_searched(project: Project) -> None:
    folder = project({".git/HEAD": "", ".gitignore": "build/\n", "build/Dockerfile": ""})
    assert found(folder / "build") == ["Dockerfile"]


def test_symlinks_lead_into_no_circle(project: Project) -> None:
    folder = project({"a/Dockerfile": ""})
    (folder / "a" / "loop").symlink_to("..")
    (folder / "Dockerfile").symlink_to("a/Dockerfile")  # the same file once
    (folder / "Dockerfile.gone").symlink_to("nowhere")
    assert found(folder) == ["a/Dockerfile"]


def test_a_symlink_to_another_name_is_found(project: Project) -> None:
    folder = project({"image": ""})
    (folder / "Dockerfile").symlink_to("image")
    assert found(folder) == ["Dockerfile"]


def test_a_named_file_is_always_checked(project: Project, run: Run) -> None:
    project(
        {
            ".gitignore": "*\n",
            "initlint.toml": 'exclude = ["*"]\n',
            "Dockerfile": SHELL["Dockerfile"],
            "image.txt": SHELL["Dockerfile"],
        }
    )
    assert run("check").code == 2  # nothing is left of the folder
    assert run("check", "Dockerfile").code == 1
    assert run("check", "image.txt").code == 1


def test_exclude(project: Project, run: Run) -> None:
    project({"a/Dockerfile": SHELL["Dockerfile"], "vendor/b/Dockerfile": SHELL["Dockerfile"]})
    for exclude in ("vendor", "vendor/", "/vendor", "vendor/b", "**/b/"):
        result = run("check", "--output-format", "concise", "--exclude", exclude)
        assert result.out.count("\n") == 1, exclude
        assert result.out.startswith("a/Dockerfile:2:")


def test_an_excluded_folder_that_is_named_is_searched(project: Project, run: Run) -> None:
    project({"initlint.toml": 'exclude = ["examples"]\n', "examples/web/Dockerfile": SHELL["Dockerfile"]})
    assert run("check", "examples/web").code == 1


def test_a_file_is_checked_once(project: Project, run: Run) -> None:
    project(SHELL)
    assert run("check", "--output-format", "concise", ".", "Dockerfile", "./Dockerfile").out.count("\n") == 1


class TestScripts:
    """A script as target selects the Dockerfiles whose start reads it."""

    def test_it_selects_its_dockerfile(self, project: Project, run: Run) -> None:
        project({".git/HEAD": "", "Dockerfile.other": SHELL["Dockerfile"]} | SCRIPT)
        result = run("check", "--output-format", "concise", "start.sh")
        assert result.code == 1
        assert "start.sh:4:1: IL103" in result.out
        assert "Dockerfile.other" not in result.out

    def test_from_any_folder_of_the_repository(
        self, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = project({".git/HEAD": "", "docker/x": ""} | SCRIPT)
        monkeypatch.chdir(folder / "docker")
        assert run("check", "../start.sh").code == 1

    def test_nothing_runs_it(self, project: Project, run: Run) -> None:
        project({".git/HEAD": "", "tool.sh": "#!/bin/sh\n", "setup.py": "", "run": "#!/bin/sh\n"} | SHELL)
        for name in ("tool.sh", "setup.py", "run"):
            result = run("check", name)
            assert (result.code, result.out) == (0, f"Nothing to check: no Dockerfile's boot path reads {name}.\n")

    def test_there_is_no_dockerfile(self, project: Project, run: Run) -> None:
        project({".git/HEAD": "", "tool.sh": "#!/bin/sh\n"})
        assert run("check", "tool.sh").code == 0
        assert run("fix", "tool.sh").code == 0
        assert run("trace", "tool.sh").code == 0

    def test_a_broken_dockerfile_elsewhere_is_not_asked_for(self, project: Project, run: Run) -> None:
        project({".git/HEAD": "", "old/Dockerfile": NO_FROM} | SCRIPT)
        assert run("check", "start.sh").code == 1

    def test_together_with_its_dockerfile(self, project: Project, run: Run) -> None:
        project({".git/HEAD": ""} | SCRIPT)
        assert run("check", "--output-format", "concise", "start.sh", "Dockerfile").out.count("\n") == 1

    def test_a_sourced_script(self, project: Project, run: Run) -> None:
        project(
            {
                ".git/HEAD": "",
                "Dockerfile": 'FROM debian:12\nCOPY start.sh lib.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["redis-server"]\n',
                "start.sh*": '#!/bin/sh\n. /lib.sh\n"$@"\n',
                "lib.sh": "X=1\n",
            }
        )
        assert run("check", "lib.sh").code == 1

    def test_a_python_program(self, project: Project, run: Run) -> None:
        project(
            {
                ".git/HEAD": "",
                "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app.py .\nCMD ["python", "app.py"]\n',
                "app.py": "import subprocess\nsubprocess.Popen(['sleep', '9'])\ninput()\n",
                "tests.py": "",
            }
        )
        assert run("check", "app.py").code == 1
        assert run("check", "tests.py").code == 0


def test_standard_input(project: Project, run: Run) -> None:
    project(NGINX)
    result = run("check", "--output-format", "concise", "-", stdin=SHELL["Dockerfile"].encode())
    assert result.code == 1
    assert result.out.startswith("-:2:1: IL103")


def test_standard_input_has_the_context_of_its_name(project: Project, run: Run) -> None:
    files = {f"docker/{name}": text for name, text in SCRIPT.items()}
    project(files)
    result = run(
        "check", "--output-format", "concise", "--stdin-filename", "docker/Dockerfile", "-",
        stdin=files["docker/Dockerfile"].encode(),
    )  # fmt: skip
    assert result.code == 1
    assert result.out.startswith("docker/start.sh:4:1: IL103")


def test_binary_standard_input(project: Project, run: Run) -> None:
    project({})
    assert run("check", "-", stdin=b"\0").code == 2


def test_standard_input_lies_where_its_name_says(project: Project, run: Run) -> None:
    project({})
    result = run(
        "check",
        "-",
        "--stdin-filename",
        "../web/Dockerfile",
        "--output-format",
        "concise",
        stdin=SHELL["Dockerfile"].encode(),
    )
    assert result.out.startswith("../web/Dockerfile:2:1: IL103 ")


def test_standard_input_stands_for_the_file_of_its_name(project: Project, run: Run) -> None:
    """An editor's text goes before what was last saved."""
    project(NGINX)
    result = run(
        "check",
        "-",
        ".",
        "--stdin-filename",
        "Dockerfile",
        "--output-format",
        "concise",
        stdin=SHELL["Dockerfile"].encode(),
    )
    assert (result.code, result.out.count("\n")) == (1, 1)


def test_a_template_that_a_search_comes_by_is_left_alone(project: Project, run: Run) -> None:
    """It isn't a Dockerfile yet; one that is named is an error all the same."""
    project({**NGINX, "template/Dockerfile": "FROM {{ base }}\n{{ if x }}\nRUN a\n{{ end }}\n"})
    assert run("check", ".").code == 0
    assert run("check", "template/Dockerfile").code == 2
