#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""draw_trusted.py IMAGE OUT.svg: what has to be trusted for an image, as `holm inspect --tcb` counts it, beside what is
there for the same service elsewhere: squares, of which the area is the lines. HOLM is the command, holm beside IMAGE unless said."""
import math
import os
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

# Lines of .c, .h and .S as tools/contents.py counts them, without blank ones and comments, of Debian 12's source packages,
# taken on 2026-11-22: nginx 1.22.1, all of src; openssl 3.0.20, crypto, ssl, providers and include, without its programs
# and tests; linux 6.1.176, arch/x86, block, crypto, fs, include, init, io_uring, ipc, kernel, lib, mm, net, security and virt:
# without drivers, which are 16.8 million of its 24.0 million lines, and other machines.
PEERS = (('Linux 6.1, x86, without drivers', 3821571), ('OpenSSL 3.0', 353185), ('nginx 1.22', 142033))
AREA = 60  # lines a square pixel
EDGE, LINE, WIDTH = 20, 18, 760


def lines_of(image):
    holm = os.environ.get('HOLM', str(Path(image).parent / 'holm'))
    said = subprocess.run([holm, 'inspect', '--tcb', image], stdout=subprocess.PIPE, check=True).stdout
    return int(said.split()[-1])


def square(x, bottom, lines, colour):
    side = math.sqrt(lines / AREA)
    return side, f'<rect x="{x:.1f}" y="{bottom - side:.1f}" width="{side:.1f}" height="{side:.1f}" fill="{colour}"/>'


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    image, out = sys.argv[1:]
    all_of = [*((name, lines, '#b0b7c3') for name, lines in PEERS), (Path(image).name, lines_of(image), '#c2410c')]
    bottom = EDGE + math.sqrt(max(x for _, x, _ in all_of) / AREA)
    x, parts = EDGE, []
    for i, (name, lines, colour) in enumerate(all_of):
        side, drawn = square(x, bottom, lines, colour)
        words = escape(f'{name}: {lines:,} lines')
        height = bottom + LINE * (len(all_of) - i + 0.5)  # the last one first: no line crosses words
        parts += [drawn, f'<line x1="{x + side / 2:.1f}" y1="{bottom:.1f}" x2="{x + side / 2:.1f}" y2="{height - 5:.1f}" stroke="#888"/>',
                  f'<text x="{x + side / 2 + 5:.1f}" y="{height:.1f}">{words}</text>']
        x += side + 2 * EDGE
    foot = bottom + LINE * (len(all_of) + 2)
    parts.append(f'<text x="{EDGE}" y="{foot:.1f}" fill="#555">Areas are lines of C and assembly, without blank ones and comments. The image has '
                 'no TLS yet.</text>')
    parts.append(f'<text x="{EDGE}" y="{foot + LINE:.1f}" fill="#555">Beneath each is a host: its kernel, or a hypervisor, is trusted too.</text>')
    height = foot + 2 * LINE
    Path(out).write_text('<!-- SPDX-License-Identifier: ISC -->\n'
                         f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
                         f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif" font-size="13">\n'
                         '<rect width="100%" height="100%" fill="white"/>\n' + '\n'.join(parts) + '\n</svg>\n')


if __name__ == '__main__':
    main()
