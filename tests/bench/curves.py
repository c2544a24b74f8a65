# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Draws what grows with what, by gnuplot, as SVG."""
import dataclasses
import shutil
import subprocess

import servers

PANEL_WIDTH, HEIGHT = 420, 300
COLORS = ["#1f6feb", "#bf5b04", "#1a7f37"]


@dataclasses.dataclass
class Panel:
    """One picture beside the others: for each line its name and points of x, median, lower and upper."""

    title: str
    lines: list
    is_log: bool = False
    top: float | None = None


def is_possible():
    return shutil.which("gnuplot") is not None


def panel_script(number, panel):
    text = ""
    for line, (_, points) in enumerate(panel.lines):
        rows = "".join(f"{x} {median} {lower} {upper}\n" for x, median, lower, upper in points)
        text += f"$data{number}_{line} << END\n{rows}END\n"
    low, high = ("*", "*") if panel.is_log else ("0", panel.top or "*")
    text += f'set title "{panel.title}"\n{"set" if panel.is_log else "unset"} logscale y\nset yrange [{low}:{high}]\n'
    drawn = ", ".join(
        f"$data{number}_{line} using 1:2:3:4 with yerrorlines linewidth 1.5 pointtype 7 pointsize 0.4 "
        f"linecolor rgb '{COLORS[line]}' title \"{name}\""
        for line, (name, _) in enumerate(panel.lines))
    return text + f"plot {drawn}\n"


def draw(path, x_label, panels):
    """The panels in a row, over a logarithmic axis."""
    script = (f"set terminal svg size {PANEL_WIDTH * len(panels)},{HEIGHT} font 'sans-serif,11' background '#ffffff'\n"
              f"set output '{path}'\n"
              "set logscale x\nset format x '%.0s%c'\nset grid linecolor rgb '#dddddd'\nset key bottom left\n"
              f"set xlabel '{x_label}'\nset offsets graph 0.05, graph 0.05, graph 0.1, 0\n"
              f"set multiplot layout 1,{len(panels)}\n"
              + "".join(panel_script(number, panel) for number, panel in enumerate(panels)) + "unset multiplot\n")
    done = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise servers.Failure(f"gnuplot failed: {done.stderr}")
