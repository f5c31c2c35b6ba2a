# SPDX-License-Identifier: BSL-1.0
"""What one would write without this library: every page of the signed programs at a path against its slot, by hashlib."""
import hashlib
import os
import struct
import sys


def wrong_pages(data):
    at, place = 32, None
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        kind, size = struct.unpack_from("<2I", data, at)
        if kind == 0x1d:
            place = struct.unpack_from("<I", data, at + 8)[0]
        at += size
    wrong = 0
    for i in range(struct.unpack_from(">I", data, place + 8)[0]):
        blob = place + struct.unpack_from(">I", data, place + 16 + 8 * i)[0]
        if data[blob:blob + 4] != b"\xfa\xde\x0c\x02":
            continue
        table, _, _, count, limit, size, _, _, page = struct.unpack_from(">5I4B", data, blob + 16)
        for k in range(count):
            begin = k << page
            digest = hashlib.sha256(data[begin:min(begin + (1 << page), limit)]).digest()
            wrong += digest != data[blob + table + k * size:blob + table + (k + 1) * size]
    return wrong


def files(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def read(path):
    with open(path, "rb") as file:
        return file.read()


sys.exit(any(wrong_pages(data) for data in map(read, files(sys.argv[1])) if data[:4] == b"\xcf\xfa\xed\xfe"))
