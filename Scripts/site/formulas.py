"""Formulas: fenced blocks `math` and, in a line, $`...`$ (both as GitHub reads them) become MathML, which browsers draw by themselves."""

import re

from latex2mathml.converter import convert

BLOCK = re.compile(r"^( *)```math\n(.*?)^ *```$", re.M | re.S)
INLINE = re.compile(r"\$`([^`]+)`\$")


def set_aside(markdown, page):
    """Formulas as place holders, that nothing in them is taken for Markdown."""
    page.formulas = []

    def hold(tex, display):
        drawn = convert(tex.strip(), display=display)
        if "\\" in drawn:
            raise SystemExit(f"{page.file.src_uri}: a formula with a command that is not known: {tex}")
        page.formulas.append(drawn)
        return f"FORMULA{len(page.formulas) - 1}END"

    markdown = BLOCK.sub(lambda m: f"{m[1]}\n{m[1]}{hold(m[2], 'block')}\n", markdown)
    return INLINE.sub(lambda m: hold(m[1], "inline"), markdown)


def put_back(html, page):
    return re.sub(r"FORMULA(\d+)END", lambda m: page.formulas[int(m[1])], html)
