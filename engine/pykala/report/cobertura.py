"""Coverage of examples as Cobertura XML, which GitLab, Jenkins and Azure read.

A line is one that a rule, an exception, a version or a condition begins on; a condition has two branches, true and false.
In: a `Coverage`. Out: the text of the file. It names no time, so that the same policies give the same file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pykala.quality.coverage import Coverage, Point


def cobertura_xml(found: Coverage) -> str:
    """Return the coverage as Cobertura's XML (the DTD `coverage-04`)."""
    lines = _by_line(found.points)
    root = Element("coverage", _rates(lines.values()))
    root.attrib |= {"version": "pykala", "timestamp": "0", "complexity": "0"}
    SubElement(SubElement(root, "sources"), "source").text = "."
    packages = SubElement(root, "packages")
    folders: dict[str, dict[str, list[tuple[int, list[Point]]]]] = {}
    for (file, number), points in lines.items():
        folder = PurePath(file).parent.as_posix()
        folders.setdefault(folder, {}).setdefault(file, []).append((number, points))
    for folder, files in sorted(folders.items()):
        own = [points for numbered in files.values() for _, points in numbered]
        package = SubElement(packages, "package", {"name": folder, **_own(own), "complexity": "0"})
        classes = SubElement(package, "classes")
        for file, numbered in sorted(files.items()):
            rates = _own([points for _, points in numbered])
            names = {"name": PurePath(file).stem, "filename": file, "complexity": "0"}
            item = SubElement(classes, "class", {**names, **rates})
            SubElement(item, "methods")
            listed = SubElement(item, "lines")
            for number, points in sorted(numbered, key=lambda pair: pair[0]):
                SubElement(listed, "line", _line(number, points))
    indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    doctype = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'
    return head + doctype + tostring(root, encoding="unicode") + "\n"


def _by_line(points: Iterable[Point]) -> dict[tuple[str, int], list[Point]]:
    lines: dict[tuple[str, int], list[Point]] = {}
    for point in points:
        lines.setdefault((point.file, point.line), []).append(point)
    return lines


def _rates(lines: Iterable[list[Point]]) -> dict[str, str]:
    numbered = list(lines)
    hit = sum(any(point.seen for point in points) for points in numbered)
    branches = [point for points in numbered for point in points if point.kind == "condition"]
    wanted = sum(len(point.wanted) for point in branches)
    seen = wanted - sum(len(point.missing) for point in branches)
    return {
        "line-rate": _rate(hit, len(numbered)),
        "branch-rate": _rate(seen, wanted),
        "lines-covered": str(hit),
        "lines-valid": str(len(numbered)),
        "branches-covered": str(seen),
        "branches-valid": str(wanted),
    }


def _own(lines: Iterable[list[Point]]) -> dict[str, str]:
    """Return the two rates that a package and a class have; the counts are the whole file's."""
    return {name: rate for name, rate in _rates(lines).items() if name.endswith("-rate")}


def _rate(reached: int, total: int) -> str:
    return f"{reached / total:.4f}" if total else "1"


def _line(number: int, points: list[Point]) -> dict[str, str]:
    branches = [point for point in points if point.kind == "condition"]
    line = {"number": str(number), "hits": str(int(any(point.seen for point in points))), "branch": "false"}
    if branches:
        wanted = sum(len(point.wanted) for point in branches)
        seen = wanted - sum(len(point.missing) for point in branches)
        line |= {"branch": "true", "condition-coverage": f"{100 * seen // wanted}% ({seen}/{wanted})"}
    return line
