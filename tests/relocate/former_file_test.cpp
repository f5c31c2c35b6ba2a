// SPDX-License-Identifier: BSL-1.0
#include "relocate/former_file.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "relocate/encoding.hpp"

namespace reseal::former_file_test {
using relocate::FormerFile;

namespace {

const std::string built = "/build/" + std::string(60, 'p');

Prefixes to(const std::string& prefix, Padding padding = Padding::slash, Tail tail = Tail::left) {
    return Prefixes({{built, prefix}, {"/second/placeholder/of/all", "/s"}},
                    {.padding = padding, .tail = tail, .wide = true, .boundary = Boundary::none});
}

struct Moved {
    std::string bytes;
    FormerFile former;
};

Moved moved(const std::string& bytes, const Prefixes& prefixes, const FileOptions& options) {
    const MemorySource source(bytes);
    const FilePlan plan = plan_file(source, prefixes, options);
    REQUIRE(!plan.result.refused);
    StringSink out;
    relocate_file(source, plan, out);
    return {out.bytes, relocate::former_file(source, plan.result)};
}

std::string again(const Moved& file, const Prefixes& placed, const Prefixes& next, const FileOptions& options) {
    StringSink out;
    const auto result = relocate::move_again(MemorySource(file.bytes), file.former, placed, next, options, out);
    REQUIRE(result.has_value());
    CHECK(!result->refused);
    return out.bytes;
}

std::string wide(const std::string& text, relocate::Encoding encoding) { return *relocate::encode(text, encoding); }

std::vector<std::string> binaries() {
    const std::string nul(1, '\0'), four(4, '\0');
    std::string many;
    for (int i = 0; i < 300; ++i) many += built + "/x ";
    return {
        nul + built + "/lib" + nul + "rest",
        nul + built + "/a:" + built + "/b:" + built + nul + "Z" + built + nul,
        nul + built + nul + nul + built + "-x" + nul,
        nul + "/second/placeholder/of/all/" + built + "/x" + nul,
        nul + "x" + built + "/lib",  // no NUL behind
        wide("x" + built + "/a", relocate::Encoding::utf16le) + nul + nul + wide(built, relocate::Encoding::utf32le) + four,
        many + nul,
        wide(built + "/a:" + built, relocate::Encoding::utf16le) + four,
        wide(built + "/a:" + built, relocate::Encoding::utf32le) + four,
        nul + "nothing",
        nul + built,
    };
}

std::vector<std::string> texts() {
    return {
        "prefix=" + built + "\nlibdir=" + built + "/lib\n",
        "#!" + built + "/bin/python -E\nimport " + built + "\n",
        "#!" + built + "/bin/perl -w\n",
        "#! " + built + "/bin/sh",  // no newline
        "#!/bin/sh\n# " + built + "\n",
        built,
        "x" + built + built + "/second/placeholder/of/all",
        "nothing\n",
    };
}

}  // namespace

TEST_CASE("a file that is moved twice is not the one that is moved at once, or does not come back to what it was") {
    const std::string longer = "/somewhere/else/" + std::string(40, 'l');
    for (const FileMode mode : {FileMode::binary, FileMode::text})
        for (const std::string& bytes : mode == FileMode::binary ? binaries() : texts())
            for (const Padding padding : {Padding::slash, Padding::nul, Padding::spack})
                for (const Tail tail : {Tail::left, Tail::patched}) {
                    if (tail == Tail::patched && padding != Padding::nul) continue;
                    CAPTURE(bytes.substr(0, 200));
                    CAPTURE(static_cast<int>(padding));
                    const FileOptions options{.mode = mode};
                    const Prefixes first = to("/a", padding, tail), second = to(longer, padding, tail);
                    const Prefixes home({{built, built}, {"/second/placeholder/of/all", "/second/placeholder/of/all"}},
                                        first.options());
                    const Moved once = moved(bytes, first, options);
                    CHECK((again(once, first, second, options) == moved(bytes, second, options).bytes));
                    CHECK((again(once, first, home, options) == bytes));
                    CHECK((again(once, first, first, options) == once.bytes));
                    const Moved there{again(once, first, second, options), once.former};
                    CHECK((again(there, second, first, options) == once.bytes));
                }
}

TEST_CASE("a first line that became another line, or two, is taken for text") {
    const std::string with_space = "/with a space/" + std::string(200, 's');
    for (const ShebangStyle style : {ShebangStyle::automatic, ShebangStyle::env, ShebangStyle::exec, ShebangStyle::keep})
        for (const std::string& bytes : texts()) {
            CAPTURE(bytes);
            const FileOptions options{.mode = FileMode::text, .shebang = style};
            const Moved once = moved(bytes, to(with_space), options);
            CHECK(again(once, to(with_space), to("/b"), options) == moved(bytes, to("/b"), options).bytes);
            CHECK(again(once, to(with_space), to(built), options) == moved(bytes, to(built), options).bytes);
        }
}

TEST_CASE("a string that moved up by one byte in front of a slash is taken for one that was padded with it") {
    const std::string nul(1, '\0');
    const std::string bytes = "x" + built + "/lib:" + built + "//lib" + nul + "rest" + nul;
    for (const std::size_t shorter : {std::size_t{1}, std::size_t{2}}) {
        const Prefixes placed = to(built.substr(0, built.size() - shorter), Padding::nul);
        const Moved once = moved(bytes, placed, {.mode = FileMode::binary});
        CHECK((again(once, placed, to(built), {.mode = FileMode::binary}) == bytes));
        CHECK((again(once, placed, to("/b"), {.mode = FileMode::binary}) ==
               moved(bytes, to("/b"), {.mode = FileMode::binary}).bytes));
    }
}

TEST_CASE("positions that are not true of a file are believed") {
    const FileOptions binary{.mode = FileMode::binary}, text{.mode = FileMode::text};
    const Moved one = moved(binaries()[1], to("/a"), binary), other = moved(texts()[0], to("/a"), text);
    const auto believed = [](const std::string& bytes, const FormerFile& former, const std::string& prefix) {
        return relocate::edits_back(MemorySource(bytes), former, to(prefix)).has_value();
    };
    CHECK(believed(one.bytes, one.former, "/a"));
    CHECK(believed(other.bytes, other.former, "/a"));
    CHECK(!believed(one.bytes, one.former, "/b"));
    CHECK(!believed(other.bytes, other.former, "/b"));
    CHECK(!believed(other.bytes.substr(1), other.former, "/a"));
    CHECK(!believed(one.bytes.substr(0, 70), one.former, "/a"));
    CHECK(!believed("", one.former, "/a"));
    CHECK(!believed("", other.former, "/a"));
    for (const std::uint64_t far : {std::uint64_t{1} << 40, ~std::uint64_t{0}, ~std::uint64_t{0} - 66}) {
        for (const Moved* file : {&one, &other}) {
            FormerFile wrong = file->former;
            wrong.fields.back().offset = far;
            CHECK(!believed(file->bytes, wrong, "/a"));
            wrong = file->former;
            wrong.fields.front().pair = 7;
            CHECK(!believed(file->bytes, wrong, "/a"));
        }
        FormerFile wrong = one.former;
        wrong.fields.back().end = far;
        CHECK(!believed(one.bytes, wrong, "/a"));
    }
    FormerFile backwards = one.former;
    std::swap(backwards.fields.front(), backwards.fields.back());
    CHECK(!believed(one.bytes, backwards, "/a"));
}

TEST_CASE("a prefix that the last write ended before is left as it was") {
    std::string data;
    for (int i = 0; i < 300; ++i) data += built + "/x ";
    data += '\0';
    const auto streamed = [&](std::size_t cut) {
        StringSink out;
        FileRelocator relocator(to("/a"), out, {.mode = FileMode::binary});
        for (std::size_t at = 0; at < data.size(); at += cut) relocator.write(std::string_view(data).substr(at, cut));
        relocator.finish();
        return out.bytes;
    };
    const std::string expected = moved(data, to("/a"), {.mode = FileMode::binary}).bytes;
    for (const std::size_t cut : {std::size_t{1}, built.size(), built.size() + 3, std::size_t{5000}, data.size()})
        CHECK((streamed(cut) == expected));
}

}  // namespace reseal::former_file_test
