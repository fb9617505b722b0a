#!/usr/bin/env python3
"""pyinit 1 (initlint.pyinit): a PID 1 for containers that have python3 and no other init.

    ENTRYPOINT ["python3", "-I", "-S", "/pyinit.py", "--"]

It starts a program, passes signals on to it, reaps every child that the kernel hands over, and
ends with the program's exit status. One file, for Python 3.6 and later on Linux; it is copied
into images as it stands, and imports nothing but what is built into the interpreter.
"""

import errno
import sys

try:  # os and signal would cost 4 ms of 11 at every start, and 1 MB for as long as the container lives
    import _signal as signal  # type: ignore[import-not-found]
    import posix as os
except ImportError:
    import os  # type: ignore[no-redef]
    import signal

VERSION = "pyinit 1"
USAGE = """\
Usage: pyinit [-g] [-s] [--] PROGRAM [ARGUMENT...]
Starts PROGRAM, passes signals on to it, reaps orphans, and ends with PROGRAM's exit status.

  -g         pass signals on to PROGRAM's process group, not to PROGRAM alone
  -s         not to be PID 1 is intended: don't warn
  -h         show this
  --version  show the version

Exit status: PROGRAM's, 128+N if signal N ended it, 127 if it isn't there, 126 if it can't be
executed, 1 for a mistake in the options.
"""
STOPS = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
PR_SET_CHILD_SUBREAPER = 36


def say(text: str) -> None:
    try:
        os.write(2, "pyinit: {}\n".format(text).encode("utf-8", "backslashreplace"))
    except OSError:
        pass


def options(words: "list[str]") -> "tuple[str, list[str]]":
    """The option letters, and the words of the program; a word that isn't an option ends them."""
    letters = ""
    for at, word in enumerate(words):
        if word == "--":
            return letters, words[at + 1 :]
        if word in ("--help", "--version"):
            return letters + word[2], []
        if word[:1] != "-" or word == "-":
            return letters, words[at:]
        if word[1:].strip("gsh"):
            raise ValueError("there is no option {}; write -- before PROGRAM".format(word))
        letters += word[1:]
    return letters, []


def becomes_subreaper() -> bool:
    """Not every Python has ctypes, nor every kernel subreapers."""
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except Exception:
        return False


def warn_unless_pid1(letters: str) -> None:
    if os.getpid() == 1:
        return
    if not becomes_subreaper():
        say("it isn't PID 1, and can't become a subreaper: zombies won't be handed to it")
    elif "s" not in letters:
        say("it isn't PID 1: as a subreaper it reaps its own descendants, no others (-s hides this line)")


class Signals:
    """All signals are blocked and waited for, so that none comes at a wrong time; a program starts without that."""

    def __init__(self) -> None:
        # The C library keeps those between 31 and SIGRTMIN for itself.
        self.all = set(range(1, 32)).union(range(signal.SIGRTMIN, signal.SIGRTMAX + 1))
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, self.all)
        # Were SIGCHLD ignored, the kernel would reap, and nobody learned the program's status.
        self.sigchld = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def give_back(self) -> None:
        """What was inherited. Python ignores two signals before it can be seen whether they were ignored before."""
        signal.signal(signal.SIGCHLD, self.sigchld)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, self.mask)


def give_back_locale() -> None:
    """Python sets LC_CTYPE where it finds the C locale (PEP 538); the program is to get the old value, or none."""
    try:
        with open("/proc/self/environ", "rb") as stream:
            given = [entry[9:] for entry in stream.read().split(b"\0") if entry[:9] == b"LC_CTYPE="]
        if given:
            os.putenv(b"LC_CTYPE", given[0])
        else:
            os.unsetenv(b"LC_CTYPE")
    except OSError:
        pass


def encode(word: str) -> bytes:
    return word.encode(sys.getfilesystemencoding(), "surrogateescape")


def candidates(name: str) -> "list[bytes]":
    """The files that a program's name may mean."""
    encoded = encode(name)
    if b"/" in encoded or not encoded:
        return [encoded]
    environ = getattr(os, "environb", os.environ)
    return [(folder or b".") + b"/" + encoded for folder in environ.get(b"PATH", b"/bin:/usr/bin").split(b":")]


def execute(words: "list[str]") -> "tuple[int, str]":
    """Like execvp(3), a script without #! goes to sh. Only a failure returns: the exit status, and why."""
    status, why = 127, "not found"
    for path in candidates(words[0]) if words[0] else ():
        try:
            try:
                os.execv(path, words)
            except OSError as error:
                if error.errno != errno.ENOEXEC:
                    raise
                os.execv("/bin/sh", [b"/bin/sh", path, *(encode(word) for word in words[1:])])
        except (FileNotFoundError, NotADirectoryError):
            if exists(path):
                return 127, "its #! line or its ELF header names an interpreter that isn't there"
        except PermissionError as error:
            status, why = 126, str(error.strerror)
        except OSError as error:
            return 126, str(error.strerror)
    return status, why


def exists(path: bytes) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True


class Terminal:
    """The terminal on standard input, if pyinit is in its foreground: the program gets that place."""

    def __init__(self) -> None:
        self.taken = self.is_ours()

    def is_ours(self) -> bool:
        try:
            return os.tcgetpgrp(0) == os.getpgrp()
        except OSError:
            return False

    def give(self, group: int) -> None:
        if self.taken:
            try:
                os.tcsetpgrp(0, group)
            except OSError:
                pass


class Init:
    def __init__(self, to_group: bool) -> None:
        self.to_group = to_group
        self.signals = Signals()
        self.terminal = Terminal()
        self.child = 0
        self.suspended = False

    def start(self, words: "list[str]") -> None:
        self.child = os.fork()
        if self.child:
            # Both do it: before the first signal is passed on, and before the program runs.
            try:
                os.setpgid(self.child, self.child)
            except OSError:
                pass
            return
        status = 126
        try:
            os.setpgid(0, 0)
            self.terminal.give(os.getpid())
            give_back_locale()
            self.signals.give_back()
            status, why = execute(words)
            say("{}: {}".format(words[0], why))
        finally:
            os._exit(status)

    def run(self) -> int:
        """The program's exit status, as soon as there is one."""
        own = os.getpid()
        # As PID 1 it has no shell above it that job control could go to.
        flags = os.WNOHANG if own == 1 else os.WNOHANG | os.WUNTRACED
        while True:
            received = signal.sigwaitinfo(self.signals.all)
            if received.si_signo == signal.SIGCHLD:
                status = self.reap(flags)
                if status is not None:
                    self.terminal.give(os.getpgrp())
                    return status
            elif received.si_signo != signal.SIGPIPE or received.si_pid != own:  # of a warning that nobody reads
                self.forward(received.si_signo)

    def reap(self, flags: int) -> "int | None":
        """Waits for all that have ended; the status of the program if it is among them."""
        found = None
        while True:
            try:
                pid, status = os.waitpid(-1, flags)
            except ChildProcessError:
                return found
            if not pid:
                return found
            if os.WIFSTOPPED(status):
                if pid == self.child and os.WSTOPSIG(status) in STOPS:
                    self.suspend()
            elif pid == self.child:
                found = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def forward(self, number: int) -> None:
        group = self.to_group
        if number == signal.SIGCONT and self.suspended:
            # The shell that pyinit was started from continues it: the terminal stopped the whole group.
            self.suspended = False
            group = True
            if self.terminal.is_ours():
                self.terminal.give(self.child)
        try:
            os.kill(-self.child if group else self.child, number)
        except ProcessLookupError:
            pass
        except OSError as error:
            say("signal {} can't be passed on: {}".format(number, error.strerror))

    def suspend(self) -> None:
        """Ctrl-Z stopped the program: the shell that waits for pyinit takes over. Without one, the kernel
        leaves pyinit running, since its process group is orphaned."""
        self.suspended = True
        only = {signal.SIGTSTP}
        signal.pthread_sigmask(signal.SIG_UNBLOCK, only)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.pthread_sigmask(signal.SIG_BLOCK, only)


def main(words: "list[str]") -> int:
    if not hasattr(signal, "sigwaitinfo"):
        say("this Python can't wait for signals")
        return 1
    try:
        letters, program = options(words)
    except ValueError as error:
        say(str(error))
        return 1
    if "h" in letters or "v" in letters:
        os.write(1, (USAGE if "h" in letters else VERSION + "\n").encode())
        return 0
    if not program:
        os.write(2, USAGE.encode())
        return 1
    init = Init("g" in letters)
    warn_unless_pid1(letters)
    try:
        init.start(program)
    except OSError as error:
        say("can't fork: {}".format(error.strerror))
        return 1
    return init.run()


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # there is nothing to tidy up
