"""House rules that no linter knows."""

import ast
import inspect
import re

import pytest

from app import create_app
from storefront.config import ROOT

CODE = ("app.py", "models", "storefront", "migrations")
NOT_OURS = {".git", ".venv", "instance", "node_modules", "__pycache__", ".hypothesis"}
HEAVIEST_BYTES = 1_000_000  # more is what a process leaves behind as it dies, not what we wrote
MAY_COMMIT = re.compile(
    r"storefront/(.+/)?(routes|commands)\.py|storefront/(cli|database|signin)\.py|storefront/jobs/worker\.py"
    r"|storefront/(seed|dev)/.+"
)
# Spelled apart, so that this file keeps its own rule.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("esm", "sh"),
    )
]


def files(*folders, suffix=""):
    """The project's own files below these folders, as paths from its root."""
    for folder in folders or (".",):
        start = ROOT / folder
        for path in [start] if start.is_file() else sorted(start.rglob(f"*{suffix}")):
            inside = path.relative_to(ROOT)
            mine = not NOT_OURS.intersection(inside.parts) and "_cache" not in str(inside)
            if path.is_file() and path.suffix.endswith(suffix) and mine:
                yield inside


def lines(path):
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def too_long(paths, most):
    return {str(path): len(lines(path)) for path in paths if len(lines(path)) > most}


def calls(path, name):
    """The lines on which a method of this name is called."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
    ]


def test_only_routes_and_commands_commit():
    found = {
        str(path): calls(path, "commit")
        for path in files("app.py", "models", "storefront", suffix=".py")
        if "stand_in" not in path.parts
    }

    assert sum(bool(commits) for commits in found.values()) >= 5
    wrong = {path: on for path, on in found.items() if on and not MAY_COMMIT.fullmatch(path)}
    assert wrong == {}


def test_models_services_and_queries_neither_commit_nor_roll_back():
    quiet = [
        path
        for path in files("models", "storefront", suffix=".py")
        if path.parts[0] == "models" or path.name in {"service.py", "queries.py", "index.py"}
    ]

    assert len(quiet) >= 25
    for path in quiet:
        assert calls(path, "commit") + calls(path, "rollback") == [], path


def test_python_modules_have_at_most_300_lines():
    modules = [path for path in files(*CODE, suffix=".py") if path.parent.name != "versions"]

    assert len(modules) > 80
    assert too_long(modules, 300) == {}


def test_a_file_of_tests_is_a_list_of_at_most_400_lines():
    assert too_long(files("tests", suffix=".py"), 400) == {}


def test_templates_have_at_most_100_lines():
    templates = [path for path in files("templates", "storefront") if "templates" in path.parts]

    assert len(templates) > 50
    assert too_long(templates, 100) == {}


def test_sheets_and_scripts_have_at_most_150_lines():
    found = [
        *files("static", "storefront", suffix=".css"),
        *files("static", "storefront", suffix=".js"),
    ]

    assert len(found) > 30
    assert too_long(found, 150) == {}


def test_every_setting_stands_in_the_table_of_settings():
    code = (ROOT / "storefront/config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""\bread\(\s*"([A-Z_]+)""", code))
    table = set(re.findall(r"^\| `([A-Z_]+)`", "\n".join(lines("docs/settings.md")), re.MULTILINE))

    assert {"DATABASE_URL", "SECRET_KEY", "FLASK_DEBUG"} <= read
    assert table == read


def test_the_environment_is_read_in_one_place():
    stand_in = "storefront/payments/stand_in"  # a process of its own
    own = {"storefront/config.py", f"{stand_in}/app.py", f"{stand_in}/wsgi.py"}
    readers = {
        str(path)
        for path in files("models", "storefront", suffix=".py")
        if re.search(r"os\.(environ\b(?!\s*\|)|getenv)", (ROOT / path).read_text(encoding="utf-8"))
    }

    assert readers == own


def test_every_component_begins_with_what_it_takes():
    components = [path for path in files("templates", suffix=".html") if "components" in path.parts]

    assert len(components) >= 15
    for path in components:
        text = "\n".join(lines(path))
        macros = re.findall(r"{% macro (\w+)\(", text)
        assert macros, path
        assert re.match(rf"{{# {macros[0]}\(.*?\).*?: ", text, re.DOTALL), path


def test_every_template_of_a_page_says_its_title_or_what_it_is():
    for path in files("templates", suffix=".html"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.startswith("{#") or "{% extends" in text, path


def test_no_file_names_a_package_registry():
    found = []
    for path in files():
        content = (ROOT / path).read_bytes().lower()
        found += [f"{path}: {host}" for host in REGISTRIES if host.encode() in content]

    assert found == []


def test_no_file_is_heavier_than_a_film():
    heavy = {
        str(path): (ROOT / path).stat().st_size for path in files() if path.parts[0] != "build"
    }

    assert {path: size for path, size in heavy.items() if size > HEAVIEST_BYTES} == {}


@pytest.fixture(scope="module")
def every_route(settings):
    app = create_app(settings)
    app.extensions["sessions"].engine.dispose()
    return [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]


def test_every_route_says_what_it_is_for(every_route):
    assert len(every_route) > 40
    silent = [rule.rule for rule, view in every_route if not (view.__doc__ or "").strip()]
    assert silent == []


def test_no_address_that_changes_anything_is_a_get(every_route):
    """What a GET may lead to is written down: the return from Stripe settles a payment."""
    found = {
        rule.rule
        for rule, view in every_route
        if "GET" in rule.methods and ".commit()" in inspect.getsource(view)
    }

    assert found == {"/checkout/return"}


def test_every_module_begins_with_what_is_in_it():
    for path in files("app.py", "models", "storefront", "migrations", suffix=".py"):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path


def test_every_joined_sheet_and_script_is_there_and_none_is_left_out():
    for kind in ("css", "js"):
        lists = [[*filter(None, lines(path))] for path in files(f"static/{kind}", suffix=".txt")]
        assert all(len(names) == len(set(names)) for names in lists)
        there = [
            path.relative_to(f"static/{kind}").as_posix()
            for path in files(f"static/{kind}", suffix=f".{kind}")
        ]
        # Two lists may share a file where no page loads both, as the player and the log do.
        assert sorted({name for names in lists for name in names}) == sorted(there)
