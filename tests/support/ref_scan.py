# SPDX-License-Identifier: BSL-1.0
"""Which references Nix finds in a stream: its search restated, with nothing of ours in it."""
DIGITS = b"0123456789abcdfghijklmnpqrsvwxyz"
SIZE = 32


def ref_scan(data, hashes):
    """The members of `hashes` that stand anywhere in `data`: in a window of 32 bytes the last one that is no digit is looked for
    from the right, and the next window begins behind it; without one the window is looked up and moves on by one."""
    left, found, at = set(hashes), set(), 0
    while at + SIZE <= len(data):
        for j in range(SIZE - 1, -1, -1):
            if data[at + j] not in DIGITS:
                at += j + 1
                break
        else:
            window = data[at:at + SIZE]
            if window in left:
                left.discard(window)
                found.add(window)
            at += 1
    return found
