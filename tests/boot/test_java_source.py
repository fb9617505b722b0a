"""Java programs: what is said where they aren't read, and where a main class is seen to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.java_source import NOT_READ

from .test_trace import Case, settle

PRINTS = 'package demo;\npublic class Hello {\n  public static void main(String[] args) {\n    System.out.println("for");\n  }\n}\n'
SERVES = "public class Hello {\n  public static void main(String[] args) {\n    Server.run(args);\n  }\n}\n"
BUILT = "FROM eclipse-temurin:21 AS build\nWORKDIR /app\nCOPY Hello.java demo/\nRUN javac demo/*.java && "
COPIED = "\nFROM eclipse-temurin:21\nCOPY --from=build /app /app\nWORKDIR /app\n"


@pytest.mark.parametrize(
    ("jar", "start", "text", "sure"),
    [
        ("jar cfe main.jar demo.Hello demo/*.class", '"-jar", "main.jar"', PRINTS, False),
        ("jar --create --file main.jar --main-class demo.Hello -C demo .", '"-jar", "main.jar"', PRINTS, False),
        ("true", '"-cp", "/app", "demo.Hello"', PRINTS, False),
        ("true", '"-cp", "/app", "demo.Hello"', SERVES, True),
        ("jar cfe main.jar demo.Hello demo/*.class", '"-jar", "main.jar"', SERVES, True),
        ("jar cf main.jar demo/*.class", '"-jar", "main.jar"', PRINTS, True),
    ],
)
def test_a_main_class_that_only_prints_is_not_sure_to_run(
    jar: str, start: str, text: str, sure: bool, tmp_path: Path
) -> None:
    """Where its source is seen; any other Java program is said to be unread, which makes nothing less sure."""
    case = Case("", f'{BUILT}{jar}{COPIED}CMD ["java", {start}]\n', "", "", "", {"Hello.java": text})
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.stops, outcome.sure) == ("java", "yes", sure), outcome.why
    assert (f"java: {NOT_READ}" in outcome.why) is sure
