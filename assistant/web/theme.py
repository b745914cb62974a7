"""How the pages look: system fonts and two palettes, nothing fetched from elsewhere, none of the State's identity."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

__all__ = ["HEAD", "theme"]

FOLDER = Path(__file__).parent
# Given as they are: Gradio's ``css`` would confine each rule to its own container.
HEAD = "<style>{}</style><script>{}</script>".format(
    *((FOLDER / name).read_text("utf-8") for name in ("style.css", "page.js"))
)
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif")


# Of each, Gradio has a second one for the dark palette: the variables change, the names do not.
COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--muted)",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_title_text_color": "var(--ink)",
    "input_background_fill": "var(--card)",
    "input_background_fill_focus": "var(--card)",
    "input_border_color": "var(--edge)",
    "input_border_color_focus": "var(--accent)",
    "input_border_width": "1px",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_text_color": "var(--on-accent)",
    "button_secondary_background_fill": "var(--card)",
    "button_secondary_background_fill_hover": "var(--soft)",
    "button_secondary_border_color": "var(--edge)",
    "button_secondary_text_color": "var(--ink)",
    "button_border_width": "1px",
}


def theme() -> gr.themes.Base:
    """Gradio's barest theme, with the colours that ``style.css`` names."""
    plain = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace"), text_size="lg", radius_size="md")
    dark = {f"{name}_dark": value for name, value in COLOURS.items()}
    return plain.set(**COLOURS, **dark, block_title_text_weight="600")
