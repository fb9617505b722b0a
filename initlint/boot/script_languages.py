"""How telling words look in Node, Ruby, PHP and Perl programs."""

from __future__ import annotations

import re

from initlint.records import NamedTuple


class Rules(NamedTuple):
    """Patterns of one language.

    `comments`: comments, and as group "keep" the strings in which comment signs mean nothing.
    `handlers`: group "signal"; `variable_handlers`: a handler whose signal is a variable.
    `shell_lines`: calls whose first argument is a shell line, or as group "line" the line itself.
    `requires`: group "path" for a relative file, "library" otherwise; `dynamic`: requires by a
    name that isn't written out. `joins`: signs that put strings together. `packages`: libraries
    are npm packages, else `harmless` and `child_libraries` hold what is known of them.
    """

    comments: re.Pattern[str]
    children: re.Pattern[str]
    shell_lines: re.Pattern[str]
    handlers: re.Pattern[str]
    variable_handlers: re.Pattern[str] | None
    reaps: re.Pattern[str] | None
    requires: re.Pattern[str]
    dynamic: re.Pattern[str] | None
    suffixes: tuple[str, ...]
    joins: str
    packages: bool = False
    harmless: frozenset[str] = frozenset()
    child_libraries: frozenset[str] = frozenset()


_STRINGS = r"(?P<keep>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`)"

_JS = Rules(
    re.compile(_STRINGS + r"|(?<![:\\])//[^\n]*|/\*.*?\*/", re.S),
    re.compile(r"\bchild_process\b|\bcluster\.fork\b|\bBun\.spawn|\bDeno\.(?:Command|run)\b"),
    re.compile(
        r"\b(?:exec|execSync|execPromise|execAsync)\s*\("
        r"|\bspawn(?:Sync)?\s*\(\s*['\"`](?:/bin/)?(?:sh|bash)['\"`]\s*,\s*\[\s*['\"`]-l?c['\"`]\s*,"
    ),
    re.compile(
        r"(?:process\s*\.\s*(?:on|once|addListener|prependListener)|Deno\s*\.\s*addSignalListener)"
        r"\s*\(\s*['\"`](?P<signal>SIG[A-Z0-9]+)"
    ),
    re.compile(r"process\s*\.\s*(?:on|once|addListener)\s*\(\s*[A-Za-z_$]"),
    None,
    re.compile(
        r"(?:\brequire\s*\(\s*|\bfrom\s*|\bimport\s*|\bimport\s*\(\s*)['\"`]"
        r"(?:(?P<path>\.{1,2}/[^'\"`$]*|\.{1,2})|(?P<library>[@\w][^'\"`\s]*))['\"`]"
    ),
    re.compile(r"\brequire\s*\(\s*(?!['\"`\s)])|\b(?:require|import)\s*\(\s*`[^`]*\$\{|\bimport\s*\(\s*(?!['\"`\s)])|\brequire\s*\(\s*['\"][^'\"]*['\"]\s*\+"),
    ("", ".js", ".mjs", ".cjs", ".json", ".ts", ".mts", ".cts", ".tsx", ".jsx", "/index.js", "/index.mjs", "/index.ts",
     "/package.json"),
    "+",
    packages=True,
)  # fmt: skip

_RUBY = Rules(
    re.compile(r"(?P<keep>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\\n])*`)"
        r"|^=begin.*?^=end|(?<![\w$&])#[^\n]*", re.S | re.M),
    re.compile(r"`[^`\n]+`|(?<![\w.:])system\s*[(\s]\s*['\"\w]|%x[({\[]|(?<![\w.:])fork\b|(?<![\w.:])spawn\s*[(\s]|Process\.spawn|Open3|IO\.popen|PTY\."),
    re.compile(r"(?<![\w.])(?:system|spawn|exec)\s*[(\s]\s*(?=['\"])|`(?P<line>[^`\n]+)`"),
    re.compile(r"\btrap\s*\(?\s*['\":](?:SIG)?(?P<signal>[A-Z]+)\b(?!['\"]?\s*,\s*['\"](?:IGNORE|SIG_IGN|DEFAULT|SIG_DFL|EXIT))"),
    re.compile(r"\btrap\s*\(?\s*[a-z]\w*\s*\)?\s*(?:do\b|\{|,)"),
    re.compile(r"\btrap\s*\(?\s*['\":](?:SIG)?(?:CHLD|CLD)['\"]?\s*,\s*['\"](?:SIG_)?IGN"),
    re.compile(r"require_relative\s*\(?\s*['\"](?P<path>[^'\"]+)['\"]|\brequire\s*\(?\s*['\"](?P<library>[^'\"]+)['\"]"),
    re.compile(r"\brequire(?:_relative)?\s*\(?\s*(?:[a-z_]\w*\b(?!\s*[:=])|File\.)|\bBundler\.require\b|\bload\s+"),
    (".rb", ""),
    "+",
    harmless=frozenset("socket json set time date uri net/http yaml logger securerandom digest erb optparse".split()),
    child_libraries=frozenset(["open3", "pty", "selenium-webdriver", "capybara", "watir"]),
)  # fmt: skip

_PHP = Rules(
    re.compile(_STRINGS + r"|/\*.*?\*/|(?<!:)//[^\n]*|#(?!\[)[^\n]*", re.S),
    re.compile(r"\b(?:shell_exec|proc_open|popen|passthru|pcntl_fork)\s*\(|(?<![>\w:$])(?:exec|system)\s*\(|=\s*`[^`\n]+`"),
    re.compile(r"\b(?:shell_exec|proc_open|popen|passthru)\s*\(|(?<![>\w:$])(?:exec|system)\s*\(|=\s*`(?P<line>[^`\n]+)`"),
    re.compile(r"pcntl_signal\s*\(\s*(?P<signal>SIG[A-Z0-9]+)\s*,(?!\s*SIG_)"),
    re.compile(r"pcntl_signal\s*\(\s*\$"),
    re.compile(r"pcntl_signal\s*\(\s*SIGCHLD\s*,\s*SIG_IGN"),
    re.compile(r"(?:require|include)(?:_once)?\s*\(?\s*(?:(?:__DIR__|dirname\(__FILE__\))\s*\.\s*)?"
        r"['\"]/?(?P<path>[^'\"$]+)['\"]"
        r"|^\s*use\s+(?P<library>[A-Z]\w*)", re.M),
    re.compile(r"\b(?:require|include)(?:_once)?\s*\(?\s*\$"),
    ("",),
    ".",
)  # fmt: skip

_PERL = Rules(
    re.compile(r"(?P<keep>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\\n])*`)"
        r"|^=\w+.*?^=cut|(?<![\w$&\\])#[^\n]*", re.S | re.M),
    re.compile(r"`[^`\n]+`|\bqx\b|\bsystem\s*\(|\bsystem\s+['\"$]|(?<![\w:>])fork\b|\bopen3\b|\bopen2\b|['\"]-\||\|-['\"]|\bopen\s*\([^;\n]*\|"),
    re.compile(r"\b(?:system|exec)\s*\(?\s*(?=['\"])|`(?P<line>[^`\n]+)`"),
    re.compile(r"\$SIG\{\s*['\"]?(?P<signal>[A-Z0-9]+)['\"]?\s*\}\s*=(?!\s*['\"](?:DEFAULT|IGNORE))"),
    re.compile(r"\$SIG\{\s*\$|@SIG\{|\bsigaction\b|\bsigtrap\b"),
    re.compile(r"\$SIG\{\s*['\"]?CH?LD['\"]?\s*\}\s*=\s*['\"]IGNORE"),
    re.compile(r"^\s*(?:require|do)\s+['\"](?P<path>[^'\"$]+)['\"]|^\s*use\s+(?P<library>[A-Za-z][\w:]*)", re.M),
    re.compile(r"^\s*(?:require|do)\s+\$", re.M),
    ("",),
    ".",
    harmless=frozenset(
        "strict warnings utf8 vars lib constant feature integer bytes POSIX IO::Socket IO::Handle IO::File IO::Select "
        "Socket Getopt::Long Getopt::Std Data::Dumper Time::HiRes Time::Local List::Util Scalar::Util Cwd Carp Encode "
        "File::Basename File::Spec File::Path JSON::PP MIME::Base64 Digest::MD5 Fcntl Errno Storable".split()
    ),
    child_libraries=frozenset(["IPC::Open3", "IPC::Open2", "IPC::Run", "Proc::Daemon"]),
)  # fmt: skip

LANGUAGES = {"node": _JS, "bun": _JS, "deno": _JS, "ruby": _RUBY, "php": _PHP, "perl": _PERL}
