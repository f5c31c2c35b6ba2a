// SPDX-License-Identifier: BSL-1.0
// Read-only data that holds the store path where a rewriter can go wrong: inside a page, across the boundary of two pages, and
// (in a symbol's name, so in the string table) in the last partial page before the signature. Pages between hold none of it.
// LONG: five pages more, one boundary of 16 KiB among them. The section begins at offset 4096 of its file.

    .section __TEXT,__const
    .p2align 12
    .globl _message_file
_message_file:
    .asciz "@STORE_PATH@/share/locale/hello.mo"

    // 18 bytes before the boundary: the hash part begins in one page and ends in the next.
    .zero 4096 - 18 - (. - _message_file), 0x11
    .asciz "@STORE_PATH@/libexec/straddles-4-KiB"

    .zero 8192 - (. - _message_file), 0x22
    .zero 1024, 0x33
.if LONG
    .zero 12288 - 30 - (. - _message_file), 0x44
    .asciz "@STORE_PATH@/libexec/straddles-16-KiB"
    .zero 28672 - (. - _message_file), 0x55
.endif

// A local symbol: its name goes into the string table and into no sorted structure.
"_built for @STORE_PATH@":
    .long 0
