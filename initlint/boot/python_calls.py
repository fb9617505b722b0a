"""Calls in a Python program that do something small and return: they neither wait nor leave a thread behind."""

from __future__ import annotations

import ast

_BUILTINS = frozenset(
    "print len str int float bool bytes list dict set tuple frozenset range enumerate zip sorted min max sum abs round "
    "any all isinstance issubclass getattr setattr hasattr repr format chr ord hex type id property staticmethod "
    "classmethod super object open vars Exception ValueError RuntimeError KeyError EnvironmentError".split()
)
_FUNCTIONS = frozenset(
    "os.getenv os.environ.get os.environ.setdefault os.environ.copy os.makedirs os.mkdir os.getcwd os.chdir os.getpid "
    "os.listdir os.urandom sys.stdout.write sys.stderr.write sys.stdout.flush sys.stderr.flush sys.path.append "
    "sys.path.insert json.loads json.dumps time.time time.strftime uuid.uuid4 re.compile datetime.datetime.now "
    "datetime.datetime.utcnow datetime.timedelta datetime.date.today datetime.now datetime.utcnow pathlib.Path "
    "secrets.token_hex secrets.token_urlsafe dotenv.load_dotenv collections.defaultdict collections.OrderedDict "
    "collections.deque warnings.filterwarnings random.seed random.randint random.choice random.random "
    "threading.Lock threading.RLock threading.Event".split()
)
_MODULES = ("os.path.", "logging.", "platform.", "typing.", "math.", "string.")
# Classes of frameworks, and what such objects are told: nothing of it serves anybody.
_FRAMEWORKS = frozenset(
    "flask flask_cors flask_sqlalchemy flask_migrate flask_restful flask_login flask_wtf flask_bcrypt "
    "flask_marshmallow flask_jwt_extended flask_mail flask_limiter flask_caching fastapi starlette quart sanic".split()
)
_TOLD = frozenset(
    "register_blueprint include_router add_url_rule add_middleware add_resource init_app add_exception_handler "
    "from_object from_mapping from_envvar mount".split()
)
# Methods of texts, lists and dictionaries, and of loggers.
_METHODS = frozenset(
    "format join split rsplit strip lstrip rstrip lower upper title replace startswith endswith encode decode "
    "append extend items keys values setdefault zfill ljust rjust isoformat strftime hexdigest "
    "setLevel addHandler setFormatter".split()
)


def is_brief(name: str | None, call: ast.Call) -> bool:
    """`name`: the dotted name that is called, None where it isn't a plain one."""
    if name is not None:
        root, _, rest = name.partition(".")
        if not rest and name in _BUILTINS:
            return True
        if name in _FUNCTIONS or name.startswith(_MODULES):
            return not name.startswith(("logging.config.listen", "logging.handlers.QueueListener"))
        if root in _FRAMEWORKS and rest and rest.rpartition(".")[2][:1].isupper():
            return True
    last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return last in _TOLD or last in _METHODS
