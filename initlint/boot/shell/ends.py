"""The ways through a script, told in as few outcomes as they take."""

from __future__ import annotations

from collections.abc import Hashable

from initlint.boot.model import Argv, Opaque, ShellEnd

MAX_OUTCOMES = 64
_MANY = 10


class End:
    """The end of one way, with what it takes to compare it with others."""

    __slots__ = ("end", "failed", "guessed", "hard")

    def __init__(self, end: ShellEnd, *, hard: bool, failed: bool) -> None:
        self.end = end
        self.hard = hard
        self.failed = failed
        # Whether conditions were assumed that nothing decides: they may be dropped where ways meet.
        self.guessed = bool(end.when)


def _argv_key(argv: Argv) -> Hashable:
    return tuple((str(word), isinstance(word, Opaque)) for word in argv)


def key_of(end: ShellEnd) -> Hashable:
    stays = end.stays
    return (
        end.kind,
        _argv_key(end.argv),
        None if stays is None else (stays.how, stays.obstacle, stays.exec_at, stays.command),
        tuple((_argv_key(job.argv), job.disowned, job.loops) for job in end.jobs),
        end.traps,
        end.implicit,
        end.status if end.kind == "ends" else None,
        end.redirects_to,
    )


def merge(kept: End, other: End) -> None:
    one, two = kept.end, other.end
    common = tuple(condition for condition in one.when if condition in two.when)
    if not one.likely and not common:
        common = min(filter(None, (one.when, two.when)), key=len, default=())
    kept.end = one._replace(when=common, sure=one.sure and two.sure)
    kept.hard = kept.hard and other.hard
    kept.failed = kept.failed and other.failed


def _blur(ends: list[End]) -> list[End]:
    """Unlikely outcomes that start the same program with other arguments are told as one."""
    found: dict[Hashable, End] = {}
    for each in ends:
        end = each.end
        first = end.argv[0] if end.argv else ""
        key = (end.kind, str(first), end.stays is None or end.stays.how, len(end.jobs), end.traps, end.likely)
        kept = found.get(key)
        if kept is None:
            found[key] = each
            continue
        argv = kept.end.argv
        same = 0
        for left, right in zip(argv, end.argv, strict=False):
            if left != right:
                break
            same += 1
        if argv != end.argv:
            argv = (*argv[:same], Opaque("…", many=True))
        merge(kept, each)
        kept.end = kept.end._replace(argv=argv)
    return list(found.values())


def summarise(ends: list[End], *, last: bool = False) -> tuple[ShellEnd, ...]:
    """Equal ends as one, the likely one first and exactly one of it.

    `last`: no other run will tell more of the script.
    """
    ordered = sorted(ends, key=lambda each: not each.end.likely)
    found: dict[Hashable, End] = {}
    for each in ordered:
        key = key_of(each.end)
        if key in found:
            merge(found[key], each)
        else:
            found[key] = each
    merged = list(found.values())
    # That a helper could fail isn't worth an outcome of its own.
    merged = [each for each in merged if not _is_mere_failure(each)] or merged[:1]
    if len(merged) > _MANY:
        merged = _blur(merged)
    if len(merged) > MAX_OUTCOMES:
        rest = merged[MAX_OUTCOMES - 1].end
        merged = merged[: MAX_OUTCOMES - 1]
        why = "more ways through the script than are told"
        merged.append(End(rest._replace(kind="undecided", argv=(), stays=None, why=why), hard=True, failed=False))
    merged = _rather_running(merged, last)
    undecided = any(each.hard and not each.end.likely for each in merged)
    result = []
    for index, each in enumerate(merged):
        end = each.end._replace(likely=index == 0)
        if index == 0:
            end = end._replace(when=_contested(end, merged), sure=end.sure and not undecided)
        elif not end.when:
            end = end._replace(when=("if some conditions come out otherwise",))
        result.append(end)
    return tuple(result)


def _rather_running(ends: list[End], last: bool) -> list[End]:
    """Where only guesses lead to an error, the way on which something runs is the likelier one."""
    first = ends[0].end
    if first.kind != "ends" or not ends[0].guessed or first.status == 0:
        return ends
    for index, each in enumerate(ends):
        known = each.end.argv and not isinstance(each.end.argv[0], Opaque)
        if each.end.kind == "stays" or (each.end.kind == "exec" and (known or last)):
            each.hard = True
            ends[0].hard = True
            return [each, *ends[:index], *ends[index + 1 :]]
    return ends


def _contested(end: ShellEnd, all_ends: list[End]) -> tuple[str, ...]:
    """The likely way's conditions that matter: another outcome is told where it is otherwise."""
    others = {condition for each in all_ends for condition in each.end.when if each.end is not end}
    kept = []
    for condition in end.when:
        bare = condition.removeprefix("if not ") if condition.startswith("if not ") else f"not {condition[3:]}"
        if f"if {bare}" in others:
            kept.append(condition)
    return tuple(kept)


def _is_mere_failure(each: End) -> bool:
    end = each.end
    return not end.likely and each.failed and end.kind == "ends" and end.status != 0


def meant_to_run(ends: tuple[ShellEnd, ...]) -> tuple[ShellEnd, ...]:
    """The same outcomes with another likely one, where a plain run merely refuses to start.

    A script that ends with an error because a variable that it needs isn't set tells little of
    the container that somebody runs with it set: then that way is the likely one.
    """
    if not ends or ends[0].kind != "ends" or not ends[0].status:
        return ends
    for index, end in enumerate(ends[1:], 1):
        if end.kind in ("exec", "stays"):
            chosen = end._replace(likely=True)
            others = (*ends[:index], *ends[index + 1 :])
            return (chosen, *(other._replace(likely=False) for other in others))
    return ends
