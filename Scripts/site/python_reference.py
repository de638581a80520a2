"""The reference of the Python package, from its signatures and docstrings (whose examples are run by its own tests)."""

import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def text(doc):
    """A docstring as Markdown: examples in blocks, lists of arguments and errors as lists, roles as code."""
    made, example = [], False
    for part in re.split(r"\n\s*\n", inspect.cleandoc(doc or "").replace("|", "\\|")):
        part = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", part)
        part = re.sub(r"``([^`]+)``", r"`\1`", part)
        heading = re.match(r"(Args|Returns|Raises|Yields|Attributes):\n", part)
        if part.lstrip().startswith(">>>"):
            made.append("```pycon\n" + part.replace("\\|", "|") + "\n```")
        elif heading:
            items = inspect.cleandoc(part[heading.end() :])
            named = heading[1] in ("Args", "Raises", "Attributes")
            items = re.sub(r"\n {2,}", " ", items)
            lines = [re.sub(r"^(\*{0,2}\w+(?: \([^)]*\))?):", r"`\1`:", line) if named else line for line in items.split("\n")]
            words = {"Args": "Arguments"}.get(heading[1], heading[1])
            made.append(f"*{words}*\n\n" + "\n".join(f"- {line}" for line in lines) if named else f"*{words}*: " + " ".join(lines))
        else:
            made.append(part)
    return "\n\n".join(made) + "\n\n"


def signature(name, thing):
    try:
        taken = str(inspect.signature(thing))
    except (TypeError, ValueError):
        taken = "()"
    taken = re.sub(r"\(self(, )?", "(", taken.split(" -> ")[0])
    taken = re.sub(r""": ("[^"]*"|'[^']*')""", "", taken).replace(" = ", "=")      # annotations are texts
    return f"{name}{taken}"


def described(cls):
    page = ""
    own = [(n, m) for n, m in vars(cls).items() if not n.startswith("_")]
    plain = [(n, inspect.getdoc(m.fget)) for n, m in own if isinstance(m, property)]
    if plain:
        page += "| attribute | meaning |\n|---|---|\n"
        for name, doc in plain:
            page += f"| `{name}` | {text((doc or '').split(chr(10) + chr(10))[0]).strip().replace(chr(10), ' ')} |\n"
        page += "\n"
    for name, member in own:
        function = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
        if inspect.isfunction(function):
            page += f"#### `{signature(name, function)}` {{#{cls.__name__}.{name}}}\n\n" + text(inspect.getdoc(function))
    return page


def page():
    sys.path.insert(0, str(ROOT / "Python/src"))
    import ness

    things = [(name, getattr(ness, name)) for name in ness.__all__]
    errors = [(n, t) for n, t in things if inspect.isclass(t) and issubclass(t, BaseException)]
    classes = [(n, t) for n, t in things if inspect.isclass(t) and (n, t) not in errors]
    classes.sort(key=lambda c: ["Study", "Results", "Array", "Value"].index(c[0]) if c[0] in ("Study", "Results", "Array", "Value") else 9)
    functions = [(n, t) for n, t in things if inspect.isfunction(t)]
    made = "# Python\n\n" + text(ness.__doc__) + "## Functions\n\n"
    for name, function in functions:
        made += f"### `{signature('ness.' + name, function)}` {{#{name}}}\n\n" + text(inspect.getdoc(function))
    made += "## Classes\n\n"
    for name, cls in classes:
        made += f"### `ness.{name}` {{#{name}}}\n\n" + text(cls.__doc__) + described(cls)
    made += "## Exceptions\n\n| exception | when |\n|---|---|\n"
    for name, error in errors:
        made += f"| `ness.{name}` | {text((inspect.getdoc(error) or '').split(chr(10) + chr(10))[0]).strip().replace(chr(10), ' ')} |\n"
    return made
