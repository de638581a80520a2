"""Checks a built site: nothing is fetched from elsewhere, every link inside it leads somewhere, every picture is there, and no
list or table was taken for a paragraph (a list needs an empty line before it, a table none within it).

    check.py SITE
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.names, self.links, self.fetched, self.paragraphs = set(), [], [], []
        self.paragraph = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.names |= {values[key] for key in ("id", "name") if values.get(key)}
        if tag == "p":
            self.paragraph = ""
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "link" and values.get("href") and values.get("rel") not in ("canonical", "prev", "next"):
            self.fetched.append(values["href"])
        if FETCHED.get(tag) and values.get(FETCHED[tag]):
            self.fetched.append(values[FETCHED[tag]])

    def handle_data(self, data):
        if self.paragraph is not None:
            self.paragraph += data

    def handle_endtag(self, tag):
        if tag == "p" and self.paragraph is not None:
            self.paragraphs.append(self.paragraph)
            self.paragraph = None

    def unread(self):
        """Lines of paragraphs that were written as rows of a table or items of a list."""
        return [line for text in self.paragraphs for line in text.splitlines() if re.match(r"\|.*\|\s*$|[-*] ", line)]


def main(site):
    pages = {path: Page(path.read_text()) for path in site.rglob("*.html")}
    faults = []
    for path, page in pages.items():
        here = path.relative_to(site)
        faults += [f"{here}: no list or table, but a paragraph: {line}" for line in page.unread()]
        for address in page.links + page.fetched:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in page.fetched and parts.scheme != "data":
                    faults.append(f"{here}: fetches {address}")
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                faults.append(f"{here}: {address} is not there")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].names | {"__top"}:
                faults.append(f"{here}: {address} has no such place")
    for path in site.rglob("*.css"):
        faults += [f"{path.relative_to(site)}: fetches {m}" for m in re.findall(r"(?:url\(|@import )['\"]?(https?:[^'\")]+)", path.read_text())]
    for fault in faults:
        print(fault, file=sys.stderr)
    if len(pages) < 20 or not (site / "search/search_index.js").exists():
        sys.exit(f"{site} is not the whole site")
    if faults:
        sys.exit(f"{len(faults)} faults of the site")
    print(f"{len(pages)} pages: every link leads somewhere, nothing is fetched from elsewhere")


main(Path(sys.argv[1]).resolve())
