#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peers_fortuna.py PROGRAM [EMULATOR]: asks PROGRAM (answer.c) for what Fortuna draws, and compares with the book's pseudocode
(chapter 9), written here again with Python's SHA-256 and single blocks of AES that the published vectors have tested.
How many there are is part of the test."""
import hashlib
import random
import sys

from vectors import asked, chacha_block

MS = 1000000


def shad(message):
    return hashlib.sha256(hashlib.sha256(bytes(64) + message).digest()).digest()


class Fortuna:
    def __init__(self, program):
        self.program = program
        self.key, self.counter, self.seeds = bytes(32), 0, 0
        self.pools, self.reseeds, self.last, self.now, self.nexts = [b''] * 32, 0, None, 0, {}

    def reseed(self, seed):
        self.key, self.counter, self.seeds = shad(self.key + seed), self.counter + 1, self.seeds + 1

    def add(self, now, source, event):
        pool = self.nexts.get(source, 0)
        self.pools[pool] += bytes([source, len(event)]) + event
        self.nexts[source], self.now = (pool + 1) % 32, max(now, self.now)

    def blocks(self, length):
        count = -(-length // 16)
        counters = b''.join((self.counter + i).to_bytes(16, 'little') for i in range(count))
        self.counter += count
        return self.program.ask('aes', self.key, counters)[:length] if count else b''

    def gathered(self):
        if len(self.pools[0]) >= 64 and (self.last is None or self.now - self.last >= 100 * MS):
            self.reseeds, self.last, seed = self.reseeds + 1, self.now, b''
            for i in range(32):
                if self.reseeds % 2**i == 0:
                    seed, self.pools[i] = seed + shad(self.pools[i]), b''
            self.reseed(seed)

    def draw(self, length):
        self.gathered()
        if self.counter == 0:
            return 'refused'
        out = self.blocks(length)
        self.key = self.blocks(32)
        return out


class Fast:
    """What holm/generator.h says, over a Fortuna."""

    def __init__(self, fortuna):
        self.fortuna, self.seeds, self.key, self.pool = fortuna, 0, bytes(32), b''

    def refill(self):
        out = b''.join(chacha_block(self.key, i, bytes(12)) for i in range(4))
        self.key, self.pool = out[:32], out[32:]

    def draw(self, length):
        self.fortuna.gathered()
        if self.seeds != self.fortuna.seeds:
            self.key = hashlib.sha256(self.key + self.fortuna.draw(32)).digest()
            self.seeds = self.fortuna.seeds
            self.refill()
        out = b''
        while len(out) < length:
            if not self.pool:
                self.refill()
            part = self.pool[:length - len(out)]
            out, self.pool = out + part, self.pool[len(part):]
        return out


def run(program, dice, steps, with_seed):
    """A life of steps: events of three sources at times that sometimes stand still, draws of all lengths, seeds."""
    fortuna = Fortuna(program)
    fast, now, seeds = Fast(fortuna), 0, 0
    program.ask('fortuna-new')
    program.check(fortuna.draw(16), 'fortuna-draw', 16) # nothing is known yet
    if with_seed:
        seed = dice.randbytes(32)
        fortuna.reseed(seed)
        program.check('done', 'fortuna-seed', seed)
    for _ in range(steps):
        now += dice.choice((0, 1, 7 * MS, 99 * MS, 100 * MS - 1, 100 * MS, 300 * MS))
        kind = dice.randrange(20)
        if kind < 14:
            source, event = dice.choice((0, 1, 255)), dice.randbytes(dice.choice((1, 31, 32, 32)))
            fortuna.add(now, source, event)
            program.check('done', 'fortuna-add', now, source, event)
        elif kind < 17:
            length = dice.choice((0, 1, 15, 16, 17, 127, 128, 129, 1000))
            program.check(fortuna.draw(length), 'fortuna-draw', length)
        elif kind < 19 and fortuna.counter:
            length = dice.choice((1, 8, 31, 32, 33, 224, 225, 500))
            program.check(fast.draw(length), 'fortuna-fast', length)
        elif seeds < 2 and with_seed: # a clone wakes
            seeds, seed = seeds + 1, dice.randbytes(48)
            fortuna.reseed(seed)
            program.check('done', 'fortuna-seed', seed)
        program.settle()
    return fortuna.reseeds


def lives(program):
    dice = random.Random(8)
    reseeds = [run(program, dice, 400, i % 2 == 0) for i in range(8)]
    reseeds.append(run(program, dice, 20000, True))
    print(f'most reseeds of a life: {max(reseeds)}')
    assert max(reseeds) > 128 # pools 0 to 7 were used


def bounds(program):
    """Many blocks at once, and what comes after them."""
    fortuna = Fortuna(program)
    program.ask('fortuna-new')
    fortuna.reseed(b'1')
    program.check('done', 'fortuna-seed', b'1')
    program.check(fortuna.draw(16 * 1024), 'fortuna-draw', 16 * 1024)
    program.check(fortuna.draw(32), 'fortuna-draw', 32)


PARTS = [(lives, 22006), (bounds, 3)]


sys.exit(asked(PARTS, [*reversed(sys.argv[1:])]))
