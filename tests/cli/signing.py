# SPDX-License-Identifier: BSL-1.0
"""Programs that no free tool signs so: linker-signed ones, their signatures built anew around a CMS blob or for a bundle."""
import hashlib
import struct

PAGE = 4096
LC_SEGMENT_64, LC_CODE_SIGNATURE = 0x19, 0x1D


def commands(data):
    """(command, offset) of each load command of a thin little-endian 64-bit program."""
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        command, size = struct.unpack_from("<II", data, at)
        yield command, at
        at += size


def with_large_pages(program):
    """A linker-signed program hashed in pages of 16 KiB; of the slots that are left over nobody reads the rest."""
    data = bytearray(program)
    load = next(at for command, at in commands(data) if command == LC_CODE_SIGNATURE)
    begin, = struct.unpack_from("<I", data, load + 8)
    directory = begin + struct.unpack_from(">I", data, begin + 16)[0]
    hashes, = struct.unpack_from(">I", data, directory + 16)
    slots = (begin + 4 * PAGE - 1) // (4 * PAGE)
    struct.pack_into(">I", data, directory + 28, slots)
    data[directory + 39] = 14
    for i in range(slots):
        page = data[i * 4 * PAGE:min((i + 1) * 4 * PAGE, begin)]
        data[directory + hashes + 32 * i:directory + hashes + 32 * (i + 1)] = hashlib.sha256(page).digest()
    return bytes(data)


def cms_signed(program):
    """The program with a SuperBlob of its CodeDirectory and a CMS blob that holds the CodeDirectory's digest."""
    data = bytearray(program)
    load = next(at for command, at in commands(data) if command == LC_CODE_SIGNATURE)
    begin, room = struct.unpack_from("<II", data, load + 8)
    old = bytes(data[begin:begin + room])
    _, _, count, slot, at = struct.unpack_from(">5I", old)
    assert (count, slot) == (1, 0), "a linker's signature holds a CodeDirectory and nothing else"
    size = struct.unpack_from(">I", old, at + 4)[0]
    directory = bytearray(old[at:at + size])
    struct.pack_into(">I", directory, 12, 0)  # neither ad-hoc nor linker-signed

    cms_size = 8 + 32 + 64
    total = 12 + 2 * 8 + size + cms_size
    room = (total + 15) // 16 * 16
    struct.pack_into("<I", data, load + 12, room)
    for command, at in commands(data):
        if command == LC_SEGMENT_64 and data[at + 8:at + 24].rstrip(b"\0") == b"__LINKEDIT":
            file_offset = struct.unpack_from("<Q", data, at + 40)[0]
            struct.pack_into("<Q", data, at + 48, begin + room - file_offset)

    hashes, = struct.unpack_from(">I", directory, 16)
    slots, limit = struct.unpack_from(">II", directory, 28)
    assert limit == begin
    for i in range(slots):
        page = data[i * PAGE:min((i + 1) * PAGE, limit)]
        directory[hashes + 32 * i:hashes + 32 * (i + 1)] = hashlib.sha256(page).digest()
    header = struct.pack(">3I", 0xFADE0CC0, total, 2)
    index = struct.pack(">4I", 0, 28, 0x10000, 28 + size)
    cms = struct.pack(">2I", 0xFADE0B01, cms_size) + hashlib.sha256(directory).digest() + b"\x30" * 64
    return bytes(data[:begin]) + (header + index + directory + cms).ljust(room, b"\0")


def bundle_signed(program, info_plist, resources):
    """The program with a CodeDirectory that seals these bytes of an Info.plist and a CodeResources."""
    data = bytearray(program)
    load = next(at for command, at in commands(data) if command == LC_CODE_SIGNATURE)
    begin, room = struct.unpack_from("<II", data, load + 8)
    old = bytes(data[begin:begin + room])
    at, = struct.unpack_from(">I", old, 16)
    size, = struct.unpack_from(">I", old, at + 4)
    directory = bytearray(old[at:at + size])
    hashes, = struct.unpack_from(">I", directory, 16)
    slots, = struct.unpack_from(">I", directory, 28)
    special = hashlib.sha256(resources).digest() + bytes(32) + hashlib.sha256(info_plist).digest()
    directory[hashes:hashes] = special
    size += len(special)
    struct.pack_into(">I", directory, 4, size)
    struct.pack_into(">I", directory, 12, 2)  # ad-hoc
    struct.pack_into(">I", directory, 16, hashes + len(special))
    struct.pack_into(">I", directory, 24, 3)
    room = (20 + size + 15) // 16 * 16
    struct.pack_into("<I", data, load + 12, room)
    for command, at in commands(data):
        if command == LC_SEGMENT_64 and data[at + 8:at + 24].rstrip(b"\0") == b"__LINKEDIT":
            file_offset = struct.unpack_from("<Q", data, at + 40)[0]
            struct.pack_into("<Q", data, at + 48, begin + room - file_offset)
    for i in range(slots):
        page = hashlib.sha256(data[i * PAGE:min((i + 1) * PAGE, begin)]).digest()
        directory[hashes + len(special) + 32 * i:hashes + len(special) + 32 * (i + 1)] = page
    header = struct.pack(">5I", 0xFADE0CC0, 20 + size, 1, 0, 20)
    return bytes(data[:begin]) + (header + directory).ljust(room, b"\0")
