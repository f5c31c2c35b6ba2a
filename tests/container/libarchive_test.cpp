// SPDX-License-Identifier: BSL-1.0
// Tape archives as libarchive reads them: whatever both take must hold the same entries.
#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "container/tar.hpp"
#include "support/random.hpp"
#include "support/tree.hpp"

namespace reseal::libarchive_test {
using support::Node;
using support::Random;
using support::TarStyle;

namespace {

struct Entry {
    std::string path, target, contents;
    bool operator==(const Entry&) const = default;
};

struct Read {
    std::vector<Entry> entries;
    bool whole = false;
    bool sparse = false;  // one of them: libarchive fills the holes
};

std::string text(const char* bytes) { return bytes == nullptr ? std::string() : bytes; }

/// Without the slash that only some writers put behind a folder's name.
std::string trimmed(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

Read theirs(const std::string& stream) {
    Read result;
    const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), stream.data(), stream.size()) != ARCHIVE_OK) return result;
    for (;;) {
        archive_entry* header = nullptr;
        const int status = archive_read_next_header(reader.get(), &header);
        if (status == ARCHIVE_EOF) break;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return result;
        Entry entry{trimmed(text(archive_entry_pathname(header))), {}, {}};
        if (archive_entry_filetype(header) == AE_IFLNK) entry.target = text(archive_entry_symlink(header));
        char buffer[4096];
        for (la_ssize_t count; (count = archive_read_data(reader.get(), buffer, sizeof buffer)) != 0;) {
            if (count < 0) return result;
            entry.contents.append(buffer, static_cast<std::size_t>(count));
        }
        result.entries.push_back(entry);
    }
    result.whole = true;
    return result;
}

Read ours(const std::string& stream) {
    Read result;
    container::Tar parser;
    container::Run run;
    const auto drain = [&] {
        while (parser.next(run)) {
            if (run.kind == container::RunKind::contents) result.entries.back().contents += run.bytes;
            if (run.kind != container::RunKind::header) continue;
            Entry entry{trimmed(parser.path()), {}, {}};
            if (const auto targets = parser.targets(); !targets.empty())
                entry.target = run.bytes.substr(targets[0].offset, targets[0].size);
            result.sparse = result.sparse || !parser.uneditable().empty();
            result.entries.push_back(entry);
        }
    };
    parser.feed(stream);
    drain();
    parser.end();
    drain();
    result.whole = !parser.malformed();
    return result;
}

Node random_node(Random& random, const std::string& name, int depth) {
    const auto bytes = [&](std::size_t most) {
        std::string out(random.below(most), '\0');
        for (char& byte : out) byte = static_cast<char>(random.next());
        return out;
    };
    switch (random.below(depth > 3 ? 2 : 3)) {
        case 0: return support::file(name, bytes(3000), random.below(2) == 0);
        case 1: return support::link(name, std::string(1 + random.below(160), static_cast<char>('a' + random.below(26))));
        default: {
            std::vector<Node> children;
            for (std::uint64_t i = random.below(6); i > 0; --i)
                children.push_back(
                    random_node(random, std::string(1 + random.below(30), static_cast<char>('a' + i)), depth + 1));
            return support::folder(name, std::move(children));
        }
    }
}

/// In these formats a target of any length has room; the others cut it.
std::string random_archive(std::uint64_t seed) {
    Random random(seed);
    const TarStyle style = random.below(2) == 0 ? TarStyle::pax : TarStyle::gnu;
    return support::tar(random_node(random, "top", 0), style);
}

}  // namespace

TEST_CASE("a tape archive is read otherwise than by libarchive") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        const std::string stream = random_archive(seed);
        const Read us = ours(stream), them = theirs(stream);
        REQUIRE(us.whole);
        REQUIRE(them.whole);
        CHECK((us.entries == them.entries));
    }
}

// Where one of the two stops, libarchive is the laxer one: it takes an archive without its end for a whole one, looks past what
// is no header, ignores extended headers that do not hold together, and reads a number up to the first byte that is no digit.
TEST_CASE("a damaged tape archive that is taken is read otherwise than by libarchive") {
    std::size_t both = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        CAPTURE(seed);
        std::string stream = random_archive(seed % 97 + 1);
        Random random(seed * 7919);
        // In a header, with its checksum put right: else nobody gets beyond it.
        const std::size_t blocks = stream.size() / 512, block = random.below(blocks) * 512;
        const bool header = container::TarHeader(std::string_view(stream).substr(block, 512)).checksum_right() &&
                            !container::TarHeader(std::string_view(stream).substr(block, 512)).zeros();
        const std::size_t at = block + random.below(512);
        stream[at] = static_cast<char>(random.next());
        if (header && at - block < 257) container::write_tar_checksum(stream.data() + block);
        const Read us = ours(stream), them = theirs(stream);
        if (!us.whole || !them.whole || us.sparse) continue;
        ++both;
        CHECK((us.entries == them.entries));
    }
    CHECK(both > 300);
}

}  // namespace reseal::libarchive_test
