"""What mkdocs does while it makes the site: pages made from the program are added, snippets are run, formulas are set."""

import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mkdocs.structure.files import File

import formulas
import gallery
import python_reference
import reference
import snippets

ROOT = Path(__file__).resolve().parents[2]
# Files outside of Documentation that are pages of the site, and where.
ELSEWHERE = {
    "CONTRIBUTING.md": "Project/CONTRIBUTING.md",
    "CHANGELOG.md": "Project/CHANGELOG.md",
    "Benchmarks/README.md": "Project/Benchmarks.md",
    "README.md": "index.md",
}
# Their commands are those of a builder: make, benchmarks, other programs.
UNTRIED = {"CONTRIBUTING.md", "CHANGELOG.md", "Benchmarks/README.md"}


def on_files(files, config):
    made = {
        "Reference/commands.md": reference.commands(),
        "Reference/quantities.md": reference.quantities(),
        "Reference/http.md": reference.http(),
        "Reference/python.md": python_reference.page(),
    } | gallery.made()
    for source, place in ELSEWHERE.items():
        if files.get_file_from_path(place) is None:
            made[place] = (ROOT / source).read_text()
    for asset in sorted((ROOT / "Scripts/site/assets").iterdir()):
        made[f"assets/{asset.name}"] = asset.read_text()
    for place, content in made.items():
        files.append(File.generated(config, place, content=content))
    return files


def on_page_markdown(markdown, page, config, files):
    source = {place: name for name, place in ELSEWHERE.items()}.get(page.file.src_uri)
    here = ROOT / source if source and not (ROOT / "Documentation" / page.file.src_uri).exists() \
        else ROOT / "Documentation" / page.file.src_uri
    if page.file.generated_by and source is None:
        return formulas.set_aside(markdown, page)
    markdown = relocate(markdown, here, page)
    if source not in UNTRIED:
        markdown, count, pictures = snippets.run(page.file.src_uri, markdown)
        up = "../" * page.file.src_uri.count("/")
        markdown = markdown.replace("(PICTURES/", f"({up}pictures/")
        for name in pictures:
            if files.get_file_from_path(f"pictures/{name}") is None:
                files.append(File.generated(config, f"pictures/{name}", content=(snippets.PLACE / name).read_bytes()))
    return formulas.set_aside(markdown, page)


def on_page_content(html, page, config, files):
    return formulas.put_back(html, page)


def relocate(markdown, here, page):
    """Links between files of the tree become links between pages of the site; other files of the tree are named, not linked."""

    def link(match):
        text, address = match.groups()
        path, _, anchor = address.partition("#")
        if re.match(r"[a-z]+:", address) or not path:
            return match[0]
        target = (here.parent / path).resolve()
        if not target.is_relative_to(ROOT) or not target.exists():
            return match[0]                      # mkdocs says what is wrong with it
        name = str(target.relative_to(ROOT))
        if name.startswith("Documentation/"):
            place = name.removeprefix("Documentation/")
        elif name in ELSEWHERE:
            place = ELSEWHERE[name]
        else:
            return f"`{name}`" if text.startswith("[") and not text.startswith("![") else match[0]
        up = "../" * page.file.src_uri.count("/")
        return f"{text}({up}{place}{'#' + anchor if anchor else ''})"

    fence = re.compile(r"(^ *```.*?^ *```$)", re.M | re.S)
    parts = fence.split(markdown)
    return "".join(part if i % 2 else re.sub(r"(!?\[[^\]]*\])\(([^)\s]+)\)", link, part) for i, part in enumerate(parts))
