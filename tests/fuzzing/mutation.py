"""Mutations of whole files and messages: what a fuzzer without a coverage guide does to them."""

import random
from collections.abc import Iterator, Sequence
from time import monotonic

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Lengths, counts and sizes at which parsers go wrong."""


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """``data`` after one to eight mutations; ``others`` lend their parts."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not changed:
            return bytes(changed)
        # Headers stand in front: half of all mutations are in the first kilobyte.
        at = chance.randrange(min(len(changed), 1024) if chance.random() < 0.5 else len(changed))
        match chance.randrange(7):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at] = chance.randrange(256)
            case 2:
                size = chance.choice((1, 2, 4, 8))
                changed[at : at + size] = (chance.choice(EXTREMES) % 256**size).to_bytes(size, "big")
            case 3:
                del changed[at : at + chance.randint(1, 64)]
            case 4:
                changed[at:at] = chance.randbytes(chance.randint(1, 16))
            case 5:
                other = chance.choice(others)
                start = chance.randrange(max(1, len(other)))
                changed[at:at] = other[start : start + chance.randint(1, 512)]
            case _:
                del changed[max(16, at) :]
    return bytes(changed)


def examples(seeds: Sequence[bytes], *, seconds: float, seed: int) -> Iterator[bytes]:
    """The seeds as they are, then mutations of them for so many seconds."""
    chance = random.Random(seed)
    yield from seeds
    until = monotonic() + seconds
    while monotonic() < until:
        yield mutated(chance.choice(seeds), seeds, chance)
