"""Snippets of the pages are run while the site is made, in the order of the page, in a folder of their own.

A block `sh` is run by bash, a block `python` by one Python for the whole page; one that fails ends the build. A block `yaml` with a title is
a file; a whole experiment file without one, and a piece of one, are checked by `ness theory`. Marks in the source:

    <!-- not run: REASON -->      before a block: it is shown only
    <!-- output -->              after a block: what it printed stands there; `<!-- output 1-12 -->` for some of its lines
    <!-- picture: FILE | WORDS -->     a picture that a block made
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".build/site/snippets"
MARK = re.compile(
    r"^(?P<indent> *)(?:"
    r"<!-- not run: (?P<reason>.+?) -->"
    r"|<!-- output(?: (?P<first>\d+)-(?P<last>\d+))? -->"
    r"|<!-- picture: (?P<picture>\S+) \| (?P<words>.+?) -->"
    r"|```(?P<language>\w+)(?: [^\n]*?title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<code>.*?)^(?P=indent)```$)",
    re.M | re.S,
)

# One Python for a page: a block a line, as JSON; what it printed comes back as a line.
INTERPRETER = """
import contextlib, io, json, sys, traceback
wire, names = sys.stdout, {"__name__": "__main__"}
for line in sys.stdin:
    printed, fault = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(json.loads(line), "snippet", "exec"), names)
        except BaseException:
            fault = traceback.format_exc()
    print(json.dumps([printed.getvalue(), fault]), file=wire, flush=True)
"""


class Page:
    def __init__(self, name):
        self.name = name
        self.printed = ""
        self.skip = False
        self.interpreter = None
        self.folder = Path(tempfile.mkdtemp(prefix="ness-page-"))
        program = self.folder / ".bin"
        program.mkdir()
        (program / "ness").symlink_to(os.environ["NESS"])
        (self.folder / "Examples").symlink_to(ROOT / "Examples")
        self.environment = os.environ | {
            "PATH": f"{program}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "NESS_PROGRAM": os.environ["NESS"],
            "PYTHONPATH": str(ROOT / "Python/src"),
            "MPLBACKEND": "Agg",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def fail(self, code, words):
        raise SystemExit(f"{self.name}: this snippet fails:\n\n{code}\n{words}")

    def shell(self, code):
        done = subprocess.run(["bash", "-euc", code], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300)
        if done.returncode:
            self.fail(code, done.stdout[-2000:] + done.stderr[-2000:])
        return done.stdout

    def python(self, code):
        if not self.interpreter:
            self.interpreter = subprocess.Popen(
                [sys.executable, "-c", INTERPRETER], cwd=self.folder, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.interpreter.stdin.write(json.dumps(code) + "\n")
        self.interpreter.stdin.flush()
        printed, fault = json.loads(self.interpreter.stdout.readline() or '["", "Python ended"]')
        if fault:
            self.fail(code, fault)
        return printed

    def experiment(self, code, title):
        if title:
            (self.folder / title).write_text(code)
            return ""
        tree = yaml.safe_load(code)
        if not isinstance(tree, dict) or not set(tree) <= {"title", "medium", "baths", "quantities", "run", "sweep", "device", "drive", "transient", "compare"}:
            self.fail(code, "neither a file with a title nor a part of an experiment file")
        whole = tree if "medium" in tree and "baths" in tree else yaml.safe_load((ROOT / "Examples/hot-particles.yaml").read_text()) | tree
        (self.folder / ".part.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True))
        return self.shell("ness theory .part.yaml --quiet")

    def replaced(self, match):
        indent = match["indent"]
        lines = lambda text: "".join(indent + line + "\n" if line else "\n" for line in text.splitlines())
        if match["reason"]:
            self.skip = True
            return ""
        if match["picture"]:
            data = (self.folder / match["picture"]).read_bytes()
            name = f"{hashlib.sha256(data).hexdigest()[:12]}.{match['picture'].rsplit('.')[-1]}"
            (PLACE / name).write_bytes(data)
            self.pictures.append(name)
            return f"{indent}![{match['words']}](PICTURES/{name})"
        if not match["language"]:
            printed = self.printed.replace(f"{self.folder}/", "").splitlines()
            if match["first"]:
                printed = printed[int(match["first"]) - 1 : int(match["last"])]
            if not printed:
                self.fail("", "there is no output to show")
            return f"{indent}```{{.text .output}}\n" + lines("\n".join(printed)) + f"{indent}```"
        if self.skip:
            self.skip = False
            return match[0]
        code = "".join(line.removeprefix(indent) for line in match["code"].splitlines(keepends=True))
        way = {"sh": self.shell, "python": self.python}.get(match["language"])
        if way:
            self.printed = way(code)
            self.count += 1
        elif match["language"] == "yaml":
            self.printed = self.experiment(code, match["title"])
            self.count += 1
        return match[0]

    def run(self, markdown):
        """The page with what its snippets printed and drew, how many ran, and the names of the pictures."""
        PLACE.mkdir(parents=True, exist_ok=True)
        self.pictures, self.count = [], 0
        try:
            markdown = MARK.sub(self.replaced, markdown)
        finally:
            if self.interpreter:
                self.interpreter.communicate()
            subprocess.run(["rm", "-rf", str(self.folder)])
        if self.skip:
            self.fail("", "a mark `not run` stands before no block")
        return [markdown, self.count, self.pictures]


def run(name, markdown):
    """As Page.run; a page that did not change, with the same program, examples and Python package, is not run again."""
    if not MARK.search(markdown):
        return [markdown, 0, []]
    program = os.stat(os.environ["NESS"])
    sources = [p.read_bytes() for folder in ("Examples", "Python/src") for p in sorted((ROOT / folder).rglob("*.*")) if p.is_file()]
    key = hashlib.sha256(b"".join([name.encode(), markdown.encode(), f"{program.st_mtime_ns} {program.st_size}".encode(), Path(__file__).read_bytes(), *sources])).hexdigest()
    kept = PLACE / f"{key}.json"
    if not kept.exists():
        made = Page(name).run(markdown)
        kept.write_text(json.dumps(made))
    return json.loads(kept.read_text())
