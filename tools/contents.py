#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""contents.py FILE BUILD: what an image is made of, from the linker's map FILE.map, into FILE.

A line of it is "KIND NAME FILE_BYTES MEMORY_BYTES LINES". Of kind image are the libraries, the image's own
sources ("image") and what the linker made ("linker"): the bytes that are loaded from the file, those that
are only memory, and the lines of the sources that were linked, with the library's headers, blank lines and
comments not counted. Of kind monitor is what becomes the image's process, of kind parent what stays outside;
they have lines only. Where sources are not at hand, as in an installed Holm, lines are 0.
"""
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MONITOR = {'monitor': ('loader', 'filter', 'guest', 'block', 'recording', 'trace', 'page', 'exec'), 'parent': ('host',)}
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
# VMA, LMA, size, alignment, and an input section: FILE:(SECTION) or ARCHIVE(MEMBER):(SECTION)
ROW = re.compile(r'^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ ( *)(\S.*)$')


def lines_of(files):
    total = 0
    for file in files:
        text = COMMENT.sub(lambda x: x[0] if x[0][0] == '"' else ' ', file.read_text())
        total += sum(1 for x in text.splitlines() if x.strip())
    return total


def sources_of(build):
    """The source of each object, by its place in the build folder."""
    commands = build / 'compile_commands.json'
    rows = json.loads(commands.read_text()) if commands.exists() else []
    found = ((re.search(r' -o (\S+)', x['command']), Path(x['file'])) for x in rows)
    return {output[1]: file for output, file in found if output}


def source_at(sources, place, member):
    """The source of an object of an archive: CMake keeps it in a folder of the archive's name."""
    folder = f"{place.parent}/CMakeFiles/{place.stem.removeprefix('lib')}.dir/".removeprefix('./')
    found = [y for x, y in sources.items() if x.startswith(folder) and x.endswith('/' + member)]
    return found[0] if found else None


def headers_of(folder, seen):
    found = [x for x in sorted((ROOT / folder / 'include').rglob('*.h')) if x not in seen]
    seen.update(found)
    return found


def image_rows(text, build):
    sizes, files, seen = defaultdict(lambda: [0, 0]), defaultdict(set), set()
    sources, folders, output, loaded = sources_of(build), {}, '', False
    for line in text.splitlines():
        row = ROW.match(line)
        part = row and re.match(r'(.*?)(?:\((\S+)\))?:\((.*)\)$', row[4])
        if part is None:
            if row is not None and row[3] == '':  # symbols stand further in
                output, loaded = row[4], int(row[1], 16) > 0
            continue
        if not loaded:
            continue
        place = Path(part[1])
        place = place.relative_to(build) if place.is_relative_to(build) else place
        name = 'linker' if part[1].startswith('<') else place.stem.removeprefix('libholm_') if part[2] else 'image'
        sizes[name][output.startswith('.bss')] += int(row[2], 16)
        source = source_at(sources, place, part[2]) if part[2] else sources.get(str(place))
        if source is not None and source.exists() and not source.is_relative_to(build):
            files[name].add(source)
        if part[2]:
            folders[name] = place.parent
    for name in sorted(sizes, key=lambda x: -sizes[x][0]):
        headers = headers_of(folders[name], seen) if name in folders else []
        yield f'image {name} {sizes[name][0]} {sizes[name][1]} {lines_of([*files[name], *headers])}'


def monitor_rows():
    for kind, folders in MONITOR.items():
        for folder in [ROOT / 'monitor' / x for x in folders] + ([ROOT / 'cli'] if kind == 'parent' else []):
            files = [x for x in folder.rglob('*.[chS]') if not {'test', 'fuzz', 'proof'} & set(x.parts)]
            yield f'{kind} {folder.name} 0 0 {lines_of(files)}'


def main():
    file, build = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    rows = [*image_rows(Path(f'{file}.map').read_text(), build), *monitor_rows()]
    file.write_text(''.join(f'{x}\n' for x in rows))


main()
