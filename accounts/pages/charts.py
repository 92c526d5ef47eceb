"""Charts as SVG made here: they need no script, follow the theme and the reading direction, and carry their figures as a
table for those who do not see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720.0, 220.0, 44.0, 24.0, 10.0


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour of a chart stands for: `main`, `good`, `bad` or `rest`."""

    label: Text
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One stack: its label under the axis and a value for each series."""

    label: str
    values: tuple[float, ...]


def ceiling(most: float) -> float:
    """A round number not below `most`, for the top of an axis: 1, 2, 2.5 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= most)


def _ticks(top: float) -> list[dict[str, float | str]]:
    usable = HEIGHT - BOTTOM - TOP
    return [
        {"y": round(HEIGHT - BOTTOM - usable * part / 4, 1), "label": f"{top * part / 4:g}"}
        for part in range(5)
    ]


def _shown(position: int, count: int) -> bool:
    # At most eight labels under the axis.
    return position % ceil(count / 8) == 0


def bars(stacks: Sequence[Bar], series: Sequence[Series], *, title: Text) -> SafeString:
    """Stacked bars, one per `Bar`. Empty series draw an empty chart."""
    top = ceiling(max((sum(stack.values) for stack in stacks), default=0))
    usable, step = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT) / max(1, len(stacks))
    columns = []
    for position, stack in enumerate(stacks):
        y, parts = HEIGHT - BOTTOM, []
        for value, one in zip(stack.values, series, strict=True):
            height = usable * value / top
            y -= height
            parts.append({"y": round(y, 1), "height": round(height, 1), "tone": one.tone})
        columns.append(
            {
                "x": round(LEFT + step * position + step * 0.14, 1),
                "width": round(step * 0.72, 1),
                "middle": round(LEFT + step * (position + 0.5), 1),
                "label": stack.label if _shown(position, len(stacks)) else "",
                "parts": parts,
                "stack": stack,
            }
        )
    known = {
        "columns": columns,
        "ticks": _ticks(top),
        "series": series,
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return SafeString(render_to_string("dashboard/charts/bars.html", known))


def line(points: Sequence[tuple[str, float | None]], *, title: Text, unit: str = "") -> SafeString:
    """A line through the points; None breaks it."""
    top = ceiling(max((value for _, value in points if value is not None), default=0))
    usable, step = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT) / max(1, len(points))
    drawn, path, pen = [], [], "M"
    for position, (label, value) in enumerate(points):
        x = round(LEFT + step * (position + 0.5), 1)
        if value is None:
            pen = "M"
        else:
            path.append(f"{pen}{x} {round(HEIGHT - BOTTOM - usable * value / top, 1)}")
            pen = "L"
        drawn.append(
            {"x": x, "label": label if _shown(position, len(points)) else "", "full": label, "value": value}
        )
    known = {
        "points": drawn, "path": " ".join(path), "ticks": _ticks(top), "title": title, "unit": unit,
        "width": WIDTH, "height": HEIGHT,
    }  # fmt: skip
    return SafeString(render_to_string("dashboard/charts/line.html", known))
