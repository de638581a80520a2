"""Pages of the reference that are made from the program: commands, quantities and methods, the HTTP interface."""

import itertools
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def ask(*words):
    return json.loads(subprocess.run([os.environ["NESS"], *words], check=True, capture_output=True, text=True).stdout)


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def row(*cells):
    return "| " + " | ".join(cell(c) for c in cells) + " |\n"


def table(*heads):
    return row(*heads) + "|" + "---|" * len(heads) + "\n"


# Commands


def spelled(argument):
    if argument["kind"] == "positional":
        return f"`<{argument['valueName']}>`"
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument["names"]]
    value = f" <{argument['valueName']}>" if argument["kind"] == "option" else ""
    return ", ".join(f"`{name}{value}`" for name in names)


def meaning(argument):
    text = argument.get("abstract", "")
    if argument.get("allValues"):
        text += " Values: " + ", ".join(f"`{value}`" for value in argument["allValues"]) + "."
    if argument.get("defaultValue"):
        text += f" Default: `{argument['defaultValue']}`."
    if argument.get("isRepeating") and "may be repeated" not in text:
        text += " May be repeated."
    return text


def discussion(text):
    """The help of a command: paragraphs as they are; under a heading in capitals, and where they are indented, lines as they are."""
    made = []
    for part in text.strip().split("\n\n"):
        lines = part.split("\n")
        if lines[0].isupper():
            head = lines[0] if len(lines[0]) < 4 else lines[0].capitalize()      # API
            made.append(f"**{head}**\n\n```text\n" + "\n".join(l.removeprefix("  ") for l in lines[1:]) + "\n```")
            continue
        for is_indented, run in itertools.groupby(lines, key=lambda line: line.startswith("  ")):
            text = "\n".join(l.removeprefix("  ") for l in run)
            made.append(f"```text\n{text}\n```" if is_indented else text)
    return "\n\n".join(made)


def commands():
    top = ask("--experimental-dump-help")["command"]
    page = "# Commands\n\nEvery command with all it takes; `ness help COMMAND` prints the same.\n\n" + table("command", "what it does")
    known = [c for c in top["subcommands"] if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    for command in known:
        name = command["commandName"]
        page += row(f"[`ness {name}`](#ness-{name})", command["abstract"])
    page += "\n" + discussion(top["discussion"]) + "\n"

    def with_those_below(command, above="", level="##"):
        name = above + command["commandName"]
        yield command, name, level
        for below in command.get("subcommands", []):
            if below["commandName"] != "help" and below.get("shouldDisplay", True):
                yield from with_those_below(below, name + " ", level + "#")

    for command, name, level in (entry for top in known for entry in with_those_below(top)):
        page += f"\n{level} `ness {name}`\n\n{command['abstract']}\n\n"
        if command.get("discussion"):
            page += discussion(command["discussion"]) + "\n\n"
        shown = [a for a in command.get("arguments", []) if a["shouldDisplay"] and a["valueName"] not in ("help", "version")]
        if shown:
            page += table("argument", "meaning") + "".join(row(spelled(a), meaning(a)) for a in shown)
    return page


# Quantities and methods


def quantities():
    kinds = ask("kinds", "--format", "json")
    words = {q["name"]: q for q in kinds["quantities"]}
    page = (
        "# Quantities and methods\n\nWhat can be asked of which medium, and which method answers. `ness kinds` prints the same.\n\n"
        "How to ask: [`quantities`](../ExperimentFile.md#quantities) in the experiment file. What has a star costs more work and is computed "
        "when it is asked for.\n"
    )
    for medium in kinds["media"]:
        page += f"\n## {medium['title']}\n\n`kind: {medium['key']}`: {medium['meaning']}. Baths: " + ", ".join(f"`{b}`" for b in medium["baths"]) + ".\n\n"
        methods = [a["method"] for a in medium["answers"]]
        page += table("quantity", "what it is", "dimension", *(f"`{m}`" for m in methods))
        for name, quantity in words.items():
            marks = ["yes" if name in a["quantities"] else "yes\\*" if name in a["costly"] else "" for a in medium["answers"]]
            if any(marks):
                page += row(f"`{name}`", quantity["meaning"], quantity["dimension"].replace("^2", "²"), *marks).replace("\\\\*", "\\*")
    page += "\n## Methods\n\n" + table("method", "in figures", "what it computes")
    for method in sorted(kinds["methods"], key=lambda m: m["rank"]):
        page += row(f"`{method['name']}`", method["legend"], method["words"])
    return page


# HTTP


def http():
    description = json.loads((ROOT / "Sources/NessExplorer/Page/openapi.json").read_text())
    page = f"# HTTP interface\n\n{description['info']['description']}\n\nThe whole description in OpenAPI 3.1 is served at `/api/openapi.json`; "
    page += "limits and who is let in are described in [Explorer](../Explorer.md).\n\n" + table("call", "what it answers")
    calls = [(p, m, d) for p, ways in description["paths"].items() for m, d in ways.items() if m in ("get", "post", "put", "delete")]
    for path, method, call in calls:
        page += row(f"[`{method.upper()} {path}`](#{call['operationId'].lower()})", call["summary"])
    for path, method, call in calls:
        page += f"\n## {method.upper()} {path} {{#{call['operationId'].lower()}}}\n\n{call['summary']}. {call.get('description', '')}\n\n"
        parameters = description["paths"][path].get("parameters", []) + call.get("parameters", [])
        body = call.get("requestBody")
        if parameters or body:
            page += table("parameter", "in", "meaning")
            for parameter in parameters:
                page += row(f"`{parameter['name']}`", parameter["in"], parameter.get("description", ""))
            if body:
                page += row("body", ", ".join(body["content"]), body.get("description", ""))
            page += "\n"
        page += table("status", "answer")
        for status, answer in call["responses"].items():
            if status.startswith("2"):
                page += row(status, f"{answer['description']} ({', '.join(answer['content'])})" if answer.get("content") else answer["description"])
    return page
