#!/usr/bin/env python3
"""Writes the manual page, ness.1, from what the program says of itself.

    Scripts/manual.py PROGRAM DATE > ness.1
"""
import json
import re
import subprocess
import sys


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def prose(text):
    """Paragraphs are filled; lines that are set in by blanks stay as they are; a line in capitals is a heading."""
    out, kept = [], False
    for line in text.split("\n"):
        indented = line.startswith("  ")
        if indented != kept:
            out.append(".nf" if indented else ".fi")
            kept = indented
        if not line.strip():
            out.append(".PP")
        elif not indented and re.fullmatch(r"[A-Z][A-Z ,]+", line):
            out += [".PP", f"\\fB{escaped(line.capitalize())}\\fR", ".br"]
        else:
            out.append(escaped(line))
    return out + ([".fi"] if kept else [])


def option(argument):
    """How an option is written, its longest name last."""
    names = [("-" if n["kind"] == "short" else "--") + n["name"] for n in argument.get("names", [])]
    text = ", ".join(f"\\fB{escaped(n)}\\fR" for n in names)
    value = f"\\fI{escaped(argument['valueName'])}\\fR"
    return value if argument["kind"] == "positional" else text + ("" if argument["kind"] == "flag" else " " + value)


def synopsis(command):
    words = []
    for a in shown(command):
        if a["valueName"] in ("help", "version"):
            continue
        text = option(a).split(", ")[-1] + (" ..." if a["isRepeating"] else "")
        words.append(f"[{text}]" if a["isOptional"] else text)
    return " ".join(words)


def shown(command):
    return [a for a in command.get("arguments", []) if a["shouldDisplay"]]


def arguments(command):
    out = []
    for a in shown(command):
        notes = [f"values: {', '.join(a['allValues'])}"] if a.get("allValues") else []
        notes += [f"default: {a['defaultValue']}"] if a.get("defaultValue") else []
        text = " ".join(filter(None, [a.get("abstract", ""), f"({'; '.join(notes)})" if notes else ""]))
        out += [".TP", option(a), escaped(text)]
        out += prose(a["discussion"]) if a.get("discussion") else []
    return out


def sections(command, above):
    """A command and those below it."""
    if not command["shouldDisplay"]:
        return []
    name = f"{above} {command['commandName']}"
    below = command.get("subcommands", [])
    out = [f".SS {escaped(name)}", escaped(command.get("abstract", ""))]
    out += [] if below else [".PP", f"\\fB{escaped(name)}\\fR {synopsis(command)}", ".PP"]
    out += prose(command["discussion"]) if command.get("discussion") else []
    out += arguments({"arguments": [a for a in shown(command) if a["valueName"] not in ("help", "version")]})
    return out + [line for c in below if c["commandName"] != "help" for line in sections(c, name)]


program, date = sys.argv[1:3]
root = json.loads(subprocess.check_output([program, "--experimental-dump-help"]))["command"]
version = subprocess.check_output([program, "--version"], text=True).split()
version = next(word for word in version if re.match(r"\d+\.\d+", word)).strip(",;")
page = [f'.TH NESS 1 "{date}" "Ness {version}" "Ness"', ".nh", ".ad l", ".SH NAME", "ness \\- " + escaped(root["abstract"].rstrip("."))]
page += [".SH SYNOPSIS", "\\fBness\\fR \\fIcommand\\fR [\\fIarguments\\fR]", ".SH DESCRIPTION"]
page += prose(root["discussion"])
page += [".SH COMMANDS"]
for command in root["subcommands"]:
    page += sections(command, "ness")
page += [".SH FILES", ".TP", "\\fI.ness/results.sqlite\\fR", "The results that are kept, in the folder where ness is called."]
page += [".SH SEE ALSO", "\\fBgnuplot\\fR(1), which draws the figures of \\fBness plot\\fR."]
for line, following in zip(page, page[1:] + [""]):
    if line != ".PP" or following[:3] not in (".PP", ".TP", ".SH", ".SS", ".fi", ".nf"):  # a paragraph that has a text
        print(line)
