// SPDX-License-Identifier: BSL-1.0
#include "relocate/file_kind.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/chunks.hpp"

namespace reseal::file_kind_test {
using relocate::FileKind;

namespace {

bool binary(std::string_view file, std::size_t chunk) {
    FileKind kind;
    support::apply(chunk, file, [&](std::string_view bytes) { kind.feed(bytes); });
    return kind.binary();
}

}  // namespace

TEST_CASE("a NUL makes a file binary wherever it stands") {
    std::string text(100'000, 'x');
    for (const std::size_t chunk : support::chunkings) CHECK_FALSE(binary(text, chunk));
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, text.size() - 1}) {
        std::string file = text;
        file[at] = '\0';
        for (const std::size_t chunk : support::coarse_chunkings) CHECK(binary(file, chunk));
    }
}

TEST_CASE("a magic makes a file binary although no NUL is in it, also when it comes byte by byte") {
    const std::string heads[] = {"\177ELF",          "!<arch>\n",        "!<thin>\n",        "PK\3\4",
                                 "PK\5\6",           "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe",
                                 "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "\xca\xfe\xba\xbf", "MZ\x90\1",
                                 "\xcb\x0d\r\n",     "\xa7\x0d\r\n"};
    for (const std::string& head : heads) {
        CAPTURE(head);
        for (const std::size_t chunk : support::chunkings) {
            CHECK(binary(head, chunk));
            CHECK(binary(head + "no such byte", chunk));
            CHECK_FALSE(binary(" " + head, chunk));
            CHECK_FALSE(binary(head.substr(0, 2), chunk));
        }
    }
}

TEST_CASE("text that begins like a magic stays text") {
    for (const std::string_view text :
         {"", "a", "MZ-700\n", "MZ", "PK 12\n", "ab\r\ncd\r\n", "S\xed\r\nno\r\n", "!<archive>\n", "#!/bin/sh\n"})
        for (const std::size_t chunk : support::chunkings) CHECK_FALSE(binary(text, chunk));
}

TEST_CASE("what is certain is certain at once, and stays so") {
    FileKind program;
    program.feed(
        "\x7f"
        "EL");
    CHECK_FALSE(program.binary());
    program.feed("F");
    CHECK(program.binary());
    program.feed(std::string(100, 'x'));
    CHECK(program.binary());

    FileKind script;
    script.feed("#");
    CHECK_FALSE(script.script());
    script.feed("!/bin/sh\n");
    CHECK(script.script());
    CHECK_FALSE(script.binary());
    script.feed(std::string_view("payload\0", 8));
    CHECK(script.binary());
    CHECK(script.nul() == 17);
    script.feed({"\0", 1});
    CHECK(script.nul() == 17);
}

}  // namespace reseal::file_kind_test
