# SPDX-License-Identifier: BSL-1.0
"""Which bytes of a Mach-O file are hashes of its pages, and which of them are wrong: read by Python, by nothing of ours."""
import hashlib, struct

THIN = {b"\xcf\xfa\xed\xfe": ("<", 32), b"\xce\xfa\xed\xfe": ("<", 28), b"\xfe\xed\xfa\xcf": (">", 32), b"\xfe\xed\xfa\xce": (">", 28)}
FAT = {b"\xca\xfe\xba\xbe": ">5I", b"\xca\xfe\xba\xbf": ">2I2Q2I"}
HASHES = {1: "sha1", 2: "sha256", 3: "sha256", 4: "sha384"}
# Load commands that hold paths: those of libraries, their own name, the linker, rpaths, and what a library is part of.
WITH_STRINGS = {0xc, 0xd, 0xe, 0xf, 0x12, 0x13, 0x14, 0x15, 0x20, 0x27, 0x80000018, 0x8000001c, 0x8000001f, 0x80000023}


def slices(data):
    """(offset, bytes) of each image in the file; none in other files."""
    if data[:4] in THIN:
        return [(0, data)]
    if data[:4] not in FAT or not 0 < struct.unpack_from(">I", data, 4)[0] < 40:
        return []
    form, found = FAT[data[:4]], []
    for i in range(struct.unpack_from(">I", data, 4)[0]):
        offset, size = struct.unpack_from(form, data, 8 + i * struct.calcsize(form))[2:4]
        found.append((offset, data[offset:offset + size]))
    return found


def commands(image):
    """(kind, offset, size) of each load command."""
    order, at = THIN[image[:4]]
    for _ in range(struct.unpack_from(order + "I", image, 16)[0]):
        kind, size = struct.unpack_from(order + "2I", image, at)
        yield kind, at, size
        at += size


def command_strings(data):
    """(begin, end) of the room that the string of a load command has, for each that holds a path."""
    for start, image in slices(data):
        for kind, at, size in commands(image):
            if kind in WITH_STRINGS:
                begin = struct.unpack_from(THIN[image[:4]][0] + "I", image, at + 8)[0]
                yield start + at + begin, start + at + size


def slots(data):
    """(offset in the file, the hash that stands there, the hash that has to) of each page of each CodeDirectory."""
    for start, image in slices(data):
        for kind, at, _ in commands(image):
            if kind != 0x1d:
                continue
            place = struct.unpack_from(THIN[image[:4]][0] + "I", image, at + 8)[0]
            for i in range(struct.unpack_from(">I", image, place + 8)[0]):
                blob = place + struct.unpack_from(">I", image, place + 16 + 8 * i)[0]
                if image[blob:blob + 4] != b"\xfa\xde\x0c\x02":
                    continue
                table, _, _, count, limit, size, form, _, page = struct.unpack_from(">5I4B", image, blob + 16)
                for k in range(count):
                    slot, begin = blob + table + k * size, k << page
                    digest = hashlib.new(HASHES[form], image[begin:min(begin + (1 << page), limit)]).digest()[:size]
                    yield start + slot, image[slot:slot + size], digest


def stale(data):
    """How many slots are not the hash of their page."""
    return sum(is_ != has_to for _, is_, has_to in slots(data))


def without_slots(data):
    """The file with zeros for the hashes of its pages."""
    masked = bytearray(data)
    for at, is_, _ in slots(data):
        masked[at:at + len(is_)] = bytes(len(is_))
    return bytes(masked)
