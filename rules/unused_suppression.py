"""A comment suppresses a rule that has nothing to say there.

## What it does

Reports a `# initlint: ignore=…` comment that suppresses no finding, names no rule, or can't be
understood. Rules that aren't selected in this run are left alone, and so is a file with a
container that stayed undecided. In a script it is reported only when a folder that holds the
script is checked: another Dockerfile may need the comment.

## Why it matters

A suppression that is left behind hides the next real problem at that place, and a misspelt one
doesn't do what its author thinks.

## Example

```dockerfile
FROM nginx:1.27
# initlint: ignore=IL101 -- nginx reaps
CMD ["nginx", "-g", "daemon off;"]
```

## Use instead

```dockerfile
FROM nginx:1.27
CMD ["nginx", "-g", "daemon off;"]
```

## Fix safety

Safe: only the comment, or the code in it that does nothing, is taken out.

## References

- [Suppressing a finding](../configuration.md#suppressing-a-finding)
"""

from __future__ import annotations

from initlint.rule import Example, Rule

RULE = Rule(
    code="IL003",
    name="unused-suppression",
    severity="warning",
    summary="A comment that suppresses nothing",
    check=None,  # the linter reports it
    settled_by=("suppression",),
    examples=(
        Example(
            "nginx reaps",
            {"Dockerfile": 'FROM nginx:1.27\n# initlint: ignore=IL101\nCMD ["nginx", "-g", "daemon off;"]\n'},
            rows=(2,),
            fixed={"Dockerfile": 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off;"]\n'},
        ),
        Example(
            "One of two codes does nothing",
            {"Dockerfile": "FROM debian:12\n# initlint: ignore=IL103,IL301 -- on purpose\nCMD sleep infinity\n"},
            rows=(2,),
            fixed={"Dockerfile": "FROM debian:12\n# initlint: ignore=IL103 -- on purpose\nCMD sleep infinity\n"},
        ),
        Example(
            "It suppresses something",
            {"Dockerfile": "FROM debian:12\n# initlint: ignore=IL103 -- on purpose\nCMD sleep infinity\n"},
        ),
    ),
)
