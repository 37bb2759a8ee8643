"""What a run is told by: figures, violations, and what it proves."""

from __future__ import annotations

from collections.abc import Iterator

from .campaign import Outcome


def bound(trials: int) -> float:
    """The chance of a fault per trial that trials without one leave open, at 95 %.

    About three by the number of trials.
    """
    return 1.0 - 0.05 ** (1.0 / trials) if trials else 1.0


def lines(it: Outcome) -> Iterator[str]:
    """The report."""
    if it.kills:
        yield f"{it.engine}: {it.kills} kills under load, {it.looks} looks, {it.seconds:.0f} s"
    else:
        yield f"{it.engine}: {it.seconds:.0f} s"
    yield from (f"  {text}" for text in it.lines)
    if it.restarts:
        times = sorted(it.restarts)
        median, most = times[len(times) // 2], times[-1]
        yield f"  starts after a kill: {median:.2f} s (median), {most:.2f} s at most"
    for title, figures in (("work", it.counts), ("books", it.books), ("faults", it.faults)):
        if figures:
            told = ", ".join(f"{name} {count}" for name, count in sorted(figures.items()))
            yield f"  {title}: {told}"
    for text in it.broken:
        yield f"  the judge broke: {text}"
    for number, text in it.violations:
        yield f"  VIOLATED {number}: {text}"
    if it.kills and not it.violations and not it.broken:
        share = 100 * bound(it.kills)
        yield f"  no violation: less than {share:.2f} % of kills break an invariant (95 %)"
