// SPDX-License-Identifier: BSL-1.0
#include "package/archive_reader.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "codec/compressed.hpp"
#include "support/tree.hpp"

namespace reseal::archive_reader_test {
using namespace package;
using codec::compressed;

namespace {

/// Bytes in pieces.
class Pieces final : public Stream {
public:
    Pieces(std::string bytes, std::size_t piece, Meter& meter) : bytes_(std::move(bytes)), piece_(piece), meter_(meter) {}
    std::string_view read() override {
        const std::string_view out = std::string_view(bytes_).substr(at_, piece_);
        at_ += out.size();
        meter_.packed(out.size());
        return out;
    }

private:
    std::string bytes_;
    std::size_t piece_, at_ = 0;
    Meter& meter_;
};

/// What a reader sees: a line an entry, at last what went wrong.
std::string seen(const std::string& bytes, Limits limits = {}, std::size_t piece = 4096) {
    Meter meter(limits);
    std::string out;
    try {
        Pieces pieces(bytes, piece, meter);
        Expanded expanded(pieces, meter, "a.tar");
        ArchiveReader reader(expanded, meter, "a.tar");
        Entry entry;
        while (reader.next(entry)) {
            out += entry.path + "|" + std::to_string(static_cast<int>(entry.type)) + "|" + entry.target + "|";
            std::uint64_t size = 0;
            for (std::string_view part = reader.read(); !part.empty(); part = reader.read()) {
                size += part.size();
                if (size < 100) out += part;
            }
            out += "|" + std::to_string(size) + "\n";
        }
    } catch (const Error& error) {
        CHECK(error.error() == ErrorCode::malformed);
        out += error.what();
    }
    return out;
}

using support::TarStyle;

std::string file(const std::string& path, const std::string& bytes) {
    return support::tar_header(TarStyle::ustar, path, '0', bytes.size()) + support::tar_padded(bytes);
}
std::string special(const std::string& path, char type, const std::string& link = {}) {
    return support::tar_header(TarStyle::ustar, path, type, 0, link);
}

const std::string end(1024, '\0');

}  // namespace

TEST_CASE("an entry is lost or changed") {
    const std::string tar =
        special("./lib/", '5') + file("./lib/x", "hello") + special("s", '2', "lib/x") + special("h", '1', "./lib/x") + end;
    const std::string expected = "lib|1|||0\nlib/x|0||hello|5\ns|2|lib/x||0\nh|3|lib/x||0\n";
    for (const std::size_t piece : {1u, 3u, 511u, 512u, 100000u}) CHECK(seen(tar, {}, piece) == expected);
    for (const codec::Compression compression :
         {codec::Compression::gzip, codec::Compression::bzip2, codec::Compression::xz, codec::Compression::zstd}) {
        const std::string packed = compressed(tar, {compression, codec::levels(compression).usual});
        CHECK(seen(packed) == expected);
        CHECK(seen(packed, {}, 1) == expected);
        for (std::size_t size = 12; size < packed.size(); ++size) {
            const std::string cut = seen(packed.substr(0, size));
            CHECK_MESSAGE(cut.find("is cut short") != cut.npos, cut);
        }
    }
}

TEST_CASE("an archive that is cut short passes for whole") {
    const std::string tar = file("a", std::string(600, 'a')) + file("b", std::string(512, '\0')) + end;
    CHECK(seen(tar) == "a|0|||600\nb|0|||512\n");
    for (std::size_t size = 0; size < tar.size() - 512; size += size % 512 == 511 ? 1 : 73) {
        const std::string cut = seen(tar.substr(0, size));
        CAPTURE(size);
        CHECK_MESSAGE(cut.find("a.tar: ") != cut.npos, cut);
    }
}

TEST_CASE("an entry that is neither file nor folder nor link is made") {
    for (const char type : {'3', '4', '6'})
        CHECK(seen(special("dev", type) + end) == "a.tar: dev: neither a file nor a folder nor a link is refused");
    CHECK(seen(special("s", '2') + end).find("a link to a name that is empty") != std::string::npos);
    CHECK(seen(special("h", '1', "../x") + end) == "a.tar: h: a hard link to a name with .. is refused");
    CHECK(seen(special("h", '1', "/x") + end) == "a.tar: h: a hard link to an absolute name is refused");
    CHECK(seen(file(".", "x") + end) == "a.tar: .: an entry that would replace the folder it is unpacked to is refused");
    CHECK(seen(file("../x", "x") + end) == "a.tar: ../x: a name with .. is refused");
    CHECK(seen("no archive at all").find("a.tar: ") == 0);
    CHECK(seen("").find("a.tar: ") == 0);
}

TEST_CASE("an archive fills the disk") {
    const std::string header = support::tar_header(TarStyle::gnu, "huge", '0', std::uint64_t{1} << 32);
    CHECK(seen(header, {.max_bytes = 4294967295}) ==
          "a.tar: huge: with this file it is more bytes than 4294967295 (--max-bytes)");
    CHECK(seen(header) == "huge|0||a.tar: huge: the tape archive cannot be read: Truncated tar archive");
    const std::string two = file("a", std::string(600, 'a')) + file("b", std::string(600, 'a')) + end;
    CHECK(seen(two, {.max_bytes = 1200}) == "a|0|||600\nb|0|||600\n");
    CHECK(seen(two, {.max_bytes = 1199}) == "a|0|||600\na.tar: b: with this file it is more bytes than 1199 (--max-bytes)");
    CHECK(seen(two, {.max_entries = 1}) == "a|0|||600\na.tar: b: there are more entries than 1 (--max-entries)");

    const std::string bomb =
        compressed(file("zeros", std::string(std::size_t{8} << 20, '\0')) + end, {codec::Compression::gzip, 9});
    CHECK(seen(bomb, {.max_ratio = 2000}) == "zeros|0|||8388608\n");
    CHECK(seen(bomb) == "zeros|0||a.tar: more bytes come of each byte of the archive than 1000 (--max-ratio)");
}

}  // namespace reseal::archive_reader_test
