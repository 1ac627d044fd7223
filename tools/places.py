#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""places.py PROGRAM ROWS PLACES: which function, file and line each address of a program is of.

ROWS gets, sorted by address, three numbers of 32 bits each, the least byte first: an address; where the
function that it is in begins; where in PLACES its text begins. A row holds up to the next one. PLACES gets
texts that a zero ends: empty, where no function is; else the function's name, and behind a space where in
the sources that is: "core/src/text.c:162 > holm_bytes_is core/src/text.c:116" is a call that was inlined.
So whoever reads it needs a search for a number, and nothing of DWARF.
"""
import re
import subprocess
import sys
from pathlib import Path


def said(*command, text=None):
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout


def functions_of(program):
    """(start, end, name), without what only kCFI calls so."""
    rows = re.findall(r'^ *\d+: ([0-9a-f]+) +(\w+) FUNC .* (\S+)$', said('llvm-readelf-19', '-sW', program), re.M)
    found = {(int(at, 16), int(at, 16) + int(size, 0), name) for at, size, name in rows
             if int(size, 0) and not name.startswith('__cfi_')}
    return sorted(found)


def chains_of(program, addresses):
    """For each address the calls that it is in, the outermost first, or nothing."""
    asked = ''.join(f'0x{x:x}\n' for x in addresses)
    answers = said('llvm-symbolizer-19', f'--obj={program}', '--relative-address', '--relativenames', text=asked)
    for answer in answers.split('\n\n'):
        lines = answer.split('\n')
        calls = []
        for name, place in zip(lines[::2], lines[1::2]):
            file, line, _ = place.rsplit(':', 2)
            file = file.removeprefix('./')
            calls.insert(0, (name, '' if file == '??' else file if line == '0' else f'{file}:{line}'))
        yield calls


def text_of(name, calls):
    if not calls or not calls[0][1]:
        return name
    return ' > '.join([f'{name} {calls[0][1]}', *(f'{x} {place}' for x, place in calls[1:])])


def main():
    program, rows_file, places_file = sys.argv[1:]
    functions = functions_of(program)
    lines = {int(x, 16) for x in re.findall(r'^0x([0-9a-f]+) ', said('llvm-dwarfdump-19', '--debug-line', program), re.M)}
    asked = sorted(lines | {start for start, _, _ in functions})
    chains = dict(zip(asked, chains_of(program, asked)))
    rows, places, last = bytearray(), {'': 0}, None
    room = bytearray(b'\0')

    def row(address, start, text):
        nonlocal last
        if (start, text) == last:
            return
        last = (start, text)
        if text not in places:
            places[text] = len(room)
            room.extend(text.encode() + b'\0')
        for number in (address, start, places[text]):
            rows.extend(number.to_bytes(4, 'little'))

    index = end = 0
    for start, stop, name in functions:
        if start < end:  # another name of the same
            continue
        if start > end:
            row(end, end, '')
        while index < len(asked) and asked[index] < start:
            index += 1
        while index < len(asked) and asked[index] < stop:
            row(asked[index], start, text_of(name, chains[asked[index]]))
            index += 1
        end = stop
    row(end, end, '')
    Path(rows_file).write_bytes(rows)
    Path(places_file).write_bytes(room)


main()
