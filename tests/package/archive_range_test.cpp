// SPDX-License-Identifier: BSL-1.0
// Contents that stand in an archive as they are: where they stand has to be what reading hands out.
#include <doctest/doctest.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include "fs/folder.hpp"
#include "package/archive_reader.hpp"
#include "support/tree.hpp"

namespace reseal::archive_range_test {
using namespace package;
using support::Folder;
using ::support::TarStyle;

namespace {

std::string pattern(std::size_t size, unsigned seed) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
    return out;
}

std::string file(const std::string& path, const std::string& bytes) {
    return ::support::tar_header(TarStyle::ustar, path, '0', bytes.size()) + ::support::tar_padded(bytes);
}

/// An extended header of the entry that comes next.
std::string extended(const std::string& record) {
    return ::support::tar_header(TarStyle::ustar, "PaxHeaders/x", 'x', record.size()) + ::support::tar_padded(record);
}

const std::string end(1024, '\0');

struct Seen {
    std::string entries, failure;
    int ranges = 0;
};

/// What is in the archive at `path`: by ranges where there are any, or read from first to last.
Seen seen(const std::string& path, bool by_ranges) {
    Seen out;
    Meter meter({});
    try {
        Input input(path, meter, [] { return false; });
        input.head();
        Expanded expanded(input, meter, "a.tar");
        ArchiveReader reader(expanded, meter, "a.tar", by_ranges ? &input : nullptr);
        Entry entry;
        while (reader.next(entry)) {
            std::string bytes;
            if (const auto range = by_ranges && entry.type == EntryType::file ? reader.range() : std::nullopt) {
                ++out.ranges;
                bytes.resize(static_cast<std::size_t>(range->size));
                CHECK(::pread(range->file->get(), bytes.data(), bytes.size(), static_cast<off_t>(range->offset)) ==
                      static_cast<ssize_t>(bytes.size()));
            } else {
                for (std::string_view part = reader.read(); !part.empty(); part = reader.read()) bytes += part;
            }
            out.entries += entry.path + "|" + bytes + "\n";
        }
    } catch (const Error& error) {
        out.failure = error.what();
    }
    return out;
}

}  // namespace

TEST_CASE("a range begins or ends beside the contents") {
    const Folder folder;
    std::string tar;
    unsigned seed = 0;
    for (const std::size_t size : {1u, 32767u, 32768u, 32769u, 65024u, 65536u, 100'000u, 262'144u, 262'145u, 0u, 700'001u}) {
        const std::string name = "f" + std::to_string(seed);
        if (seed % 2 == 1) tar += extended("16 path=" + std::string(7, static_cast<char>('a' + seed)) + "\n");
        tar += file(name, pattern(size, seed++)) + ::support::tar_header(TarStyle::ustar, "d" + name, '5', 0, "");
    }
    const std::string path = folder.write("a.tar", tar + end);
    const Seen whole = seen(path, false), ranges = seen(path, true);
    CHECK(whole.failure.empty());
    CHECK(ranges.failure.empty());
    CHECK(ranges.entries == whole.entries);
    CHECK(ranges.ranges >= 6);
}

TEST_CASE("an archive that is cut short is taken for whole") {
    const Folder folder;
    const std::string tar = file("a", pattern(50'000, 1)) + file("b", pattern(300'000, 2)) + file("c", pattern(10, 3)) + end;
    for (std::size_t size = 512; size < tar.size() - end.size() + 512; size += 4096 - 512) {
        const std::string path = folder.write("a.tar", tar.substr(0, size));
        const Seen whole = seen(path, false), ranges = seen(path, true);
        CHECK_FALSE(whole.failure.empty());
        CHECK(ranges.failure == whole.failure);
    }
}

TEST_CASE("a size that is a lie hands out the next entry's bytes") {
    const Folder folder;
    const std::string path = folder.write("a.tar", extended("26 SCHILY.realsize=200000\n") + file("a", pattern(100'000, 1)) +
                                                       file("b", pattern(300'000, 2)) + end);
    const Seen ranges = seen(path, true);
    CHECK(ranges.failure.find("it has another size than it says") != std::string::npos);
}

}  // namespace reseal::archive_range_test
