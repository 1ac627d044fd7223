#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench_nets.py [--json] [--rounds N] [--seconds N]: what each net of a release image costs.

The website is built without any net, with each one alone, and with all (build/nets/NAME). Printed are the
size of its code, and its requests per second of processor time, each over those of the build without.
The goals are for what stops mistakes of the program (traps, calls, start values); the guards of frames
stand beside them.
All servers are measured in turn, in a new order every round; the medians are compared.
"""
import argparse
import json
import statistics
import subprocess

import bench_website as website

ROOT = website.ROOT
NETS = ('arithmetic', 'calls', 'values', 'guards')
BUILDS = {'none': (), **{x: (x,) for x in NETS}, 'arithmetic, calls and values': NETS[:3], 'all': NETS}
MEASURED = 'arithmetic, calls and values'
RATE_LEAST, SIZE_MOST = 0.9, 1.2


def build(name, nets):
    """Builds the website with the nets; gives its program."""
    folder = ROOT / 'build/nets' / name.replace(', ', '-').replace(' ', '-')
    subprocess.run(['cmake', '-S', ROOT, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release',
                    f'-DCMAKE_TOOLCHAIN_FILE={ROOT}/cmake/machine.cmake', f'-DHOLM_NETS={";".join(nets)}'],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(['cmake', '--build', folder, '--target', 'website', '--', '--quiet', '-j2'], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / 'website'


def code_bytes(program):
    """The size of the section .text: the code that is ours, since libc is linked at the start."""
    said = subprocess.run(['llvm-size-19', '-A', program], capture_output=True, text=True, check=True).stdout
    return next(int(x.split()[1]) for x in said.splitlines() if x.startswith('.text '))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--json', action='store_true')
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--seconds', type=int, default=1)
    options = parser.parse_args()
    programs = {name: build(name, nets) for name, nets in BUILDS.items()}
    sizes = {name: code_bytes(program) for name, program in programs.items()}
    try:
        servers = [website.start_ours(None, 128, name, program) for name, program in programs.items()]
        results = website.compare(
            servers, lambda s: website.wrk(s, '/small.html', 64, options.seconds), options.rounds)
    finally:
        website.stop_all(list(website.Server.running))
    rates = {name: statistics.median(x['per_cpu_s'] for x in rows) for name, rows in results.items()}
    for name in BUILDS:
        row = {'bench': f'nets: {name}', 'per_cpu_s': rates[name], 'rate_ratio': rates[name] / rates['none'],
               'code_bytes': sizes[name], 'code_ratio': sizes[name] / sizes['none']}
        goal = f', goals {RATE_LEAST} and {SIZE_MOST}' if name == MEASURED else ''
        print(json.dumps(row) if options.json else
              f'nets, {name}: {rates[name]:.0f} requests per second of processor time, ratio '
              f'{row["rate_ratio"]:.3f}; code {sizes[name]} bytes, ratio {row["code_ratio"]:.3f}{goal}', flush=True)


if __name__ == '__main__':
    main()
