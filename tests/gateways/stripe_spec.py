"""Holds objects, events, errors and requests against Stripe's own published schema.

Source: ``spec3.json`` of Stripe API 2026-08-26.dahlia, carried whole by the package named in
``requirements/spec.txt``: read as a file and never imported. Without it the tests fail.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import files
from typing import Any

import jsonschema_rs

Json = dict[str, Any]

PACKAGE = "seahaven-stripe-world"
SHA256 = "f0e0fc8fffbffda45bf5f3df59846443c1d47a3cfcbfae232eedf4743124ebee"
VERSION = "2026-08-26.dahlia"

# What Stripe's own command line asks for, though no published spec has it.
UNPUBLISHED = re.compile(r"/v1/payment_pages/\w+(/confirm)?")
# Nullable, yet only there when it was asked for by ``expand[]``.
ONLY_WHEN_EXPANDED = {"charge": {"refunds"}}


def assert_is_stripe_object(thing: Json) -> None:
    """Fail unless the object, a list of objects or an error could have come from Stripe."""
    if "error" in thing:
        _assert_valid(_validator("error"), thing, "error")
    elif thing["object"] == "list":
        _assert_is_a_list(thing)
    else:
        name = f"deleted_{thing['object']}" if thing.get("deleted") else thing["object"]
        _assert_valid(_validator(name), thing, name)
    if thing.get("object") == "event":
        assert_is_stripe_object(thing["data"]["object"])
        assert thing["type"] in event_types(), thing["type"]


def _assert_is_a_list(thing: Json) -> None:
    assert set(thing) == {"object", "url", "has_more", "data"}
    assert isinstance(thing["has_more"], bool)
    assert thing["url"].startswith("/v1/")
    for each in thing["data"]:
        assert_is_stripe_object(each)


def assert_is_stripe_request(method: str, path: str, form: Mapping[str, str]) -> None:
    """Fail unless Stripe knows this address and would take these form parameters."""
    if UNPUBLISHED.fullmatch(path):
        return
    template, operation = _operation(method, path)
    values = _typed(decoded(form), _form_schema(method.lower(), template))
    assert operation, path
    _assert_valid(_form_validator(method.lower(), template), values, f"{method} {path}")


def assert_observed(kind: str, payload: Json) -> None:
    """Hold what the stand-in's observer was told against the schema."""
    if kind == "request":
        assert_is_stripe_request(payload["method"], payload["path"], payload["form"])
    else:
        assert_is_stripe_object(payload if kind == "event" else payload["body"])


def _assert_valid(validator: jsonschema_rs.Validator, value: Json, what: str) -> None:
    problems = [
        f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in validator.iter_errors(value)
    ]
    assert not problems, f"not as Stripe has it, {what}:\n" + "\n".join(problems)


@cache
def spec() -> Json:
    """Return Stripe's spec, or fail when it is not the pinned file."""
    (path,) = [each for each in files(PACKAGE) or () if each.name == "spec3.json"]
    content = path.read_binary()
    assert hashlib.sha256(content).hexdigest() == SHA256
    whole: Json = json.loads(content)
    assert whole["info"]["version"] == VERSION
    return whole


@cache
def event_types() -> frozenset[str]:
    """Return every event type an endpoint can be told to receive."""
    body = spec()["paths"]["/v1/webhook_endpoints"]["post"]["requestBody"]
    schema = body["content"]["application/x-www-form-urlencoded"]["schema"]
    return frozenset(schema["properties"]["enabled_events"]["items"]["enum"])


@cache
def _definitions() -> Json:
    """Return Stripe's schemas as JSON Schema: ``nullable`` said properly, objects closed."""
    schemas = spec()["components"]["schemas"]
    for name, schema in schemas.items():
        if "x-resourceId" in schema and "properties" in schema:
            # Stripe gives a resource all its nullable fields, null or not.
            nullable = {key for key, one in schema["properties"].items() if one.get("nullable")}
            always = nullable - ONLY_WHEN_EXPANDED.get(name, set())
            schema["required"] = sorted({*schema.get("required", ()), *always})
    return {name: _strict(schema) for name, schema in schemas.items()}


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        key: {name: _strict(one) for name, one in value.items()}
        if key == "properties"
        else _strict(value)
        for key, value in schema.items()
        if key not in {"nullable", "description", "title"} and not key.startswith("x-")
    }
    if made.get("properties") and "additionalProperties" not in made:
        made["additionalProperties"] = False
    if "$ref" in made:
        made["$ref"] = made["$ref"].replace("#/components/schemas/", "#/$defs/")
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    assert name in _definitions(), f"Stripe has no object {name}"
    needed = _reachable(name)
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": {each: _definitions()[each] for each in needed}}
    )


def _reachable(name: str) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += re.findall(r'"#/\$defs/([^"]+)"', json.dumps(_definitions()[each]))
    return found


def _operation(method: str, path: str) -> tuple[str, Json]:
    """Return the spec's own template of this address, and what it says of the method."""
    for template, methods in spec()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in methods:
            return template, methods[method.lower()]
    message = f"Stripe has no {method} {path}"
    raise AssertionError(message)


def _form_schema(method: str, template: str) -> Json:
    operation = spec()["paths"][template][method]
    if method == "get":
        asked = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
        schema = {"type": "object", "properties": {one["name"]: one["schema"] for one in asked}}
    else:
        content = operation["requestBody"]["content"]
        schema = content["application/x-www-form-urlencoded"]["schema"]
    strict: Json = _strict(schema)
    strict["additionalProperties"] = False
    return strict


@cache
def _form_validator(method: str, template: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(_form_schema(method, template))


def decoded(form: Mapping[str, str]) -> Json:
    """Turn ``a[b][0]`` names into objects and arrays; ``a[]`` is the array's next place."""
    tree: Json = {}
    for name, value in form.items():
        first, *steps = re.findall(r"^[^\[]+|(?<=\[)[^\]]*(?=\])", name)
        branch, last = tree, first
        for step in steps:
            branch = branch.setdefault(last, {})
            last = step or str(len(branch))
        branch[last] = value
    whole: Json = _with_arrays(tree)
    return whole


def _with_arrays(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    made = {key: _with_arrays(one) for key, one in value.items()}
    if made and all(key.isdecimal() for key in made):
        assert [int(key) for key in made] == list(range(len(made))), "array indices have gaps"
        return list(made.values())
    return made


def _typed(value: Any, schema: Json) -> Any:
    """Give form strings the type the schema has for them, where they look like it."""
    for choice in schema.get("anyOf", ()):
        if choice.get("type") == {dict: "object", list: "array"}.get(type(value), "string"):
            return _typed(value, choice)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {key: _typed(one, known.get(key, {})) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(each, schema.get("items", {})) for each in value]
    shape, convert = SCALARS.get(schema.get("type", ""), ("", str))
    return convert(value) if re.fullmatch(shape, value) else value


SCALARS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "integer": (r"-?\d+", int),
    "number": (r"\d+(\.\d+)?", float),
    "boolean": (r"true|false", "true".__eq__),
}
