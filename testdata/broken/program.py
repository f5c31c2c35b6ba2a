# SPDX-License-Identifier: BSL-1.0
"""A small program for macOS, unsigned: what a linker makes of a main() that returns 0, in 16.1 KiB."""
import struct

ARM64, I386 = (0x0100000C, 0), (7, 3)
LC_SEGMENT_64, LC_CODE_SIGNATURE = 0x19, 0x1D
PAGE = 0x1000
TEXT_SIZE = 0x4000
BASE = 0x100000000
MH_EXECUTE, MH_DYLIB = 2, 6
MH_NOUNDEFS, MH_DYLDLINK, MH_TWOLEVEL, MH_PIE = 0x1, 0x4, 0x80, 0x200000

# mov w0, #0; ret
CODE = bytes.fromhex("00008052c0035fd6")
STORE_PATH = b"/nix/store/r8qsxm85rlxzdac7988psm7gimg4dl3q-hello-2.12"
STRINGS = [b"usage: tool [FILE]", STORE_PATH + b"/share/locale", b"tool 1.0", b"cannot open"]


def padded(data, to):
    return data + b"\0" * (-len(data) % to)


def _segment(name, address, size, offset, file_size, protection, sections=()):
    body = struct.pack("<16s4Q4I", name, address, size, offset, file_size, protection, protection, len(sections), 0)
    for section, at, length, flags in sections:
        body += struct.pack("<16s16sQQ8I", section, name, BASE + at, length, at, 2, 0, 0, flags, 0, 0, 0)
    return struct.pack("<2I", LC_SEGMENT_64, 8 + len(body)) + body


def _library(command, name):
    fields = struct.pack("<3I", 2, 0x10000, 0x10000)
    size = (24 + len(name) + 1 + 7) // 8 * 8
    return (struct.pack("<3I", command, size, 24) + fields + name).ljust(size, b"\0")


def _linker(name):
    size = (12 + len(name) + 1 + 7) // 8 * 8
    return (struct.pack("<3I", 0xE, size, 12) + name).ljust(size, b"\0")


def program(machine=ARM64, kind=MH_EXECUTE, pie=True, info_plist=b"", libraries=(), strings=STRINGS, late_segment=False):
    """Header, one page of code, one of strings, one of Info.plist, and what stands in __LINKEDIT before the signature.

    The signature's place is there and empty: signature.signed() fills it in. `late_segment`: another one, to be executed,
    which begins behind all that is signed.
    """
    text = b"\0".join(strings) + b"\0"
    sections = [(b"__text", 0x1000, len(CODE), 0x80000400), (b"__cstring", 0x2000, len(text), 2)]
    if info_plist:
        sections.append((b"__info_plist", 0x3000, len(info_plist), 0))
    # No fixups at all: a header, and three segments without any.
    fixups = struct.pack("<7I", 0, 32, 48, 48, 0, 1, 0).ljust(32, b"\0") + struct.pack("<4I", 3, 0, 0, 0)
    names = b"\0_main\0"
    symbols = struct.pack("<IBBHQ", 1, 0x0F, 1, 0, BASE + 0x1000)
    at_symbols = TEXT_SIZE + len(fixups)
    at_names = at_symbols + len(symbols)
    linkedit = padded(fixups + symbols + names, 16)

    commands = []
    if kind == MH_EXECUTE:
        commands.append(_segment(b"__PAGEZERO", 0, BASE, 0, 0, 0))
    commands.append(_segment(b"__TEXT", BASE, TEXT_SIZE, 0, TEXT_SIZE, 5, sections))
    commands.append(_segment(b"__LINKEDIT", BASE + TEXT_SIZE, 0x4000, TEXT_SIZE, len(linkedit), 1))
    if kind == MH_DYLIB:
        commands.append(_library(0xD, b"@rpath/libhelper.dylib"))
    commands.append(struct.pack("<4I", 0x80000034, 16, TEXT_SIZE, len(fixups)))  # LC_DYLD_CHAINED_FIXUPS
    commands.append(struct.pack("<6I", 2, 24, at_symbols, 1, at_names, len(names)))  # LC_SYMTAB
    commands.append(struct.pack("<2I6I", 0xB, 80, 0, 0, 0, 1, 1, 0).ljust(80, b"\0"))  # LC_DYSYMTAB
    if kind == MH_EXECUTE:
        commands.append(_linker(b"/usr/lib/dyld"))
    commands.append(struct.pack("<6I", 0x32, 24, 1, 0x000B0000, 0x000B0000, 0))  # LC_BUILD_VERSION: macOS 11
    if kind == MH_EXECUTE:
        commands.append(struct.pack("<2I2Q", 0x80000028, 24, 0x1000, 0))  # LC_MAIN
    for library in (b"/usr/lib/libSystem.B.dylib", *libraries):
        commands.append(_library(0xC, library))
    if late_segment:
        commands.append(_segment(b"__LATE", BASE + 0x8000, 0x4000, 0x8000, 0x10, 5))
    commands.append(struct.pack("<4I", LC_CODE_SIGNATURE, 16, TEXT_SIZE + len(linkedit), 0))
    body = b"".join(commands)
    flags = MH_NOUNDEFS | MH_DYLDLINK | MH_TWOLEVEL | (MH_PIE if pie and kind == MH_EXECUTE else 0)
    header = struct.pack("<8I", 0xFEEDFACF, *machine, kind, len(commands), len(body), flags, 0)

    image = bytearray(TEXT_SIZE)
    for at, part in ((0, header + body), (0x1000, CODE), (0x2000, text), (0x3000, info_plist)):
        image[at:at + len(part)] = part
    assert len(header) + len(body) <= 0x1000 and len(image) == TEXT_SIZE
    return bytes(image) + linkedit


def commands_of(data):
    """(command, offset) of each load command of a thin little-endian 64-bit program."""
    at = 32
    for _ in range(struct.unpack_from("<I", data, 16)[0]):
        command, size = struct.unpack_from("<2I", data, at)
        yield command, at
        at += size


def set_signature_range(data, size):
    """Makes room for a signature of `size` bytes at the end: the load command and __LINKEDIT say so."""
    data = bytearray(data)
    for command, at in commands_of(data):
        if command == LC_CODE_SIGNATURE:
            struct.pack_into("<I", data, at + 12, size)
        if command == LC_SEGMENT_64 and data[at + 8:at + 24].rstrip(b"\0") == b"__LINKEDIT":
            begin, = struct.unpack_from("<Q", data, at + 40)
            struct.pack_into("<Q", data, at + 48, len(data) + size - begin)
    return bytes(data)


def without_signature(data):
    """The same program without LC_CODE_SIGNATURE, which is the last load command."""
    data = bytearray(data)
    at = next(at for command, at in commands_of(data) if command == LC_CODE_SIGNATURE)
    count, size = struct.unpack_from("<2I", data, 16)
    struct.pack_into("<2I", data, 16, count - 1, size - 16)
    data[at:at + 16] = bytes(16)
    return bytes(data)
