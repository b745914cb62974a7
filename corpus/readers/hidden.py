"""What a page hides from its reader: by an attribute, a class or an inline style."""

from __future__ import annotations

import re

from bs4 import Tag

__all__ = ["hidden"]

# Text for screen readers alone is left out with the rest: a quote must be found by the eyes of whoever checks it, it is
# mostly the interface's words ("nouvelle fenêtre"), and a hidden instruction would only need this class.
CLASSES = {"fr-sr-only", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible"}

NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
# The size under which a letter is seen by nobody, and the place from which on nothing is within the window, by unit.
TINY = {"": 0.01, "px": 2, "pt": 2, "em": 0.15, "rem": 0.15, "%": 15}
FAR = {"px": -999, "pt": -700, "em": -60, "rem": -60, "ch": -120, "vw": -99, "vh": -99, "%": -99}
PLACES = ("left", "right", "top", "bottom", "text-indent", "margin", "margin-left", "margin-top")
CUT = re.compile(r"rect\(\s*(?:0|1px)\D|inset\(\s*(?:50|100)%|circle\(\s*0")
MOVED = re.compile(r"scale[xy]?\(\s*0*\.?0*\s*[,)]|translate\w*\([^)]*-\d{3,}")
HEXADECIMAL = re.compile(r"#([\da-f]{3,8})\b")
# Two colours this close, channel by channel, cannot be told apart.
CLOSE = 16
NAMED = {"white": (255, 255, 255), "black": (0, 0, 0)}


def hidden(node: Tag) -> bool:
    """True where a reader of the page does not see ``node``, by what is written on it (not by a style sheet)."""
    if (node.has_attr("hidden") and node["hidden"] != "until-found") or node.get("aria-hidden") == "true":
        return True
    if CLASSES.intersection(node.get_attribute_list("class")):
        return True
    style = declarations(node)
    return bool(style) and (not_drawn(style) or out_of_the_window(style) or of_the_colour_behind(node, style))


def declarations(node: Tag) -> dict[str, str]:
    """The inline style of ``node``, by property, in lower case; a ``<font>``'s colour is one."""
    text = re.sub(r"/\*.*?\*/", "", str(node.get("style") or "").lower(), flags=re.DOTALL)
    pairs = (declaration.partition(":")[::2] for declaration in text.split(";"))
    style = {name.strip(): value.replace("!important", "").strip() for name, value in pairs if value.strip()}
    if node.name == "font" and node.get("color"):
        style.setdefault("color", str(node["color"]).lower())
    return style


def numbers(value: str) -> list[tuple[float, str]]:
    """The numbers of a property's value, each with its unit."""
    return [(float(number), unit) for number, unit in NUMBER.findall(value)]


def not_drawn(style: dict[str, str]) -> bool:
    """True for what is switched off, transparent, or without any size."""
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return True
    if any(number < 0.05 for number, _ in numbers(style.get("opacity", ""))[:1]):
        return True
    if any(number < TINY.get(unit, 0.01) for number, unit in numbers(style.get("font-size", ""))[:1]):
        return True
    sizes = (style.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    clipped = style.get("overflow", "").split(" ")[0] in {"hidden", "clip"}
    return clipped and any(number < 2 and unit in {"", "px"} for size in sizes for number, unit in numbers(size)[:1])


def out_of_the_window(style: dict[str, str]) -> bool:
    """True for what is moved off the screen or cut away."""
    if CUT.search(style.get("clip", "") + style.get("clip-path", "")) or MOVED.search(style.get("transform", "")):
        return True
    return any(number <= FAR.get(unit, -999) for place in PLACES for number, unit in numbers(style.get(place, "")))


def of_the_colour_behind(node: Tag, style: dict[str, str]) -> bool:
    """True where the text has the colour of the nearest background that is written inline; a page is white."""
    if "color" not in style:
        return False
    if style["color"] == "transparent":
        return True
    backgrounds = (background_of(element) for element in (node, *node.parents))
    behind = next(filter(None, backgrounds), "white")
    ink, paper = colour(style["color"]), colour(behind)
    return bool(ink and paper) and all(abs(a - b) <= CLOSE for a, b in zip(ink or (), paper or (), strict=True))


def background_of(element: Tag) -> str:
    style = declarations(element)
    return style.get("background-color") or style.get("background") or str(element.get("bgcolor") or "").lower()


def colour(value: str) -> tuple[int, ...] | None:
    """(red, green, blue) of a CSS colour; None for what is not understood, such as a variable or an image."""
    if "url(" in value or "gradient(" in value:
        return None
    if (name := value.split(" ")[0]) in NAMED:
        return NAMED[name]
    if match := HEXADECIMAL.match(value):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))
    if value.startswith("rgb"):
        channels = [number * 2.55 if unit == "%" else number for number, unit in numbers(value)]
        return tuple(round(channel) for channel in channels[:3]) if len(channels) >= 3 else None
    return None
