"""What a benchmark found: rows of a figure, the limit it is held against, their ratio, and the goal."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("what", "measured", "limit", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` is measured / limit; `goal` the least ratio, or the greatest if `at_most`; None for a row without
    a goal. `limit_name` says what the limit is, in a few words."""

    what: str
    measured: float
    unit: str
    limit: float
    limit_name: str
    goal: float | None = None
    at_most: bool = False

    @property
    def ratio(self) -> float:
        """How the figure stands to its limit."""
        return self.measured / self.limit if self.limit else float("nan")

    @property
    def verdict(self) -> str:
        """`met`, `short`, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        met = self.ratio <= self.goal if self.at_most else self.ratio >= self.goal
        return "met" if met else "short"

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        goal = "" if self.goal is None else f"{'≤' if self.at_most else '≥'} {self.goal:g}"
        return (
            self.what,
            f"{_figure(self.measured)} {self.unit}",
            f"{_figure(self.limit)} {self.unit}: {self.limit_name}",
            f"{self.ratio:.2f}",
            goal,
            self.verdict,
        )


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def median(values: Iterable[float]) -> float:
    """The median; 0 for none."""
    found = list(values)
    return statistics.median(found) if found else 0.0


def machine() -> str:
    """The processor, its cores, the system and Python."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def drawn(rows: Sequence[Row]) -> str:
    """The rows as a table of plain text."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
