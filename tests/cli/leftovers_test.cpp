// SPDX-License-Identifier: BSL-1.0
#include "cli/leftovers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <reseal/error.hpp>
#include <string>

#include "codec/compressed.hpp"
#include "fs/folder.hpp"

namespace reseal::leftovers_test {
using cli::Leftover;
using cli::Leftovers;
using codec::compressed;
using relocate::Encoding;

namespace {

/// What Python's zipfile makes of a member m.txt with "see /old/place/x\n" in it.
const std::string zipped(
    "PK\003\004\024\000\000\000\000\000\000\000!\000:M\340\325\021\000\000\000\021\000\000\000\005\000"
    "\000\000m.txtsee /old/place/x\012PK\001\002"
    "\024\003\024\000\000\000\000\000\000\000!\000:M\340\325\021\000\000\000\021\000\000\000\005\000\000\000"
    "\000\000\000\000\000\000\000\000\200\001\000\000\000\000m.txtPK\005\006\000\000\000\000\001"
    "\000\001\0003\000\000\0004\000\000\000\000\000",
    125);

Leftovers search(const support::Folder& folder, std::vector<std::string> old, std::vector<std::string> now = {"/new"},
                 std::vector<std::string> except = {}) {
    return cli::find_leftovers({folder.path()}, {std::move(old), std::move(now), std::move(except)}, 2);
}

}  // namespace

TEST_CASE("an old prefix is found in every encoding, at its place") {
    support::Folder folder;
    std::size_t i = 0;
    for (const Encoding encoding : relocate::all_encodings)
        folder.write(std::to_string(i++), *relocate::encode("é", encoding) + *relocate::encode("/old/place/x", encoding));
    const Leftovers found = search(folder, {"/old/place"});
    CHECK(found.files == 5);
    CHECK(found.count == 5);
    REQUIRE(found.found.size() == 5);
    for (i = 0; i < 5; ++i)
        CHECK(found.found[i] ==
              Leftover{std::to_string(i), {}, false, i < 3 ? 2u : 4u, relocate::all_encodings[i], "/old/place"});
}

TEST_CASE("what is compressed is searched too, layers within layers, and the file around it only once") {
    support::Folder folder;
    folder.write("a.gz", compressed("in /old/place", codec::Compression::gzip));
    folder.write("b.xz", compressed(compressed("/old/place", codec::Compression::zstd), codec::Compression::xz));
    folder.write("c.zip", zipped);
    folder.write("d.tar.zst", compressed(zipped, codec::Compression::zstd));
    const Leftovers found = search(folder, {"/old/place"});
    const std::vector<Leftover> expected = {
        {"a.gz", {{"gzip", ""}}, false, 3, Encoding::utf8, "/old/place"},
        // Stored as it is: it stands in the file as well as in the member.
        {"c.zip", {}, false, 39, Encoding::utf8, "/old/place"},
        {"c.zip", {{"zip, stored", "m.txt"}}, false, 4, Encoding::utf8, "/old/place"},
        {"d.tar.zst", {{"zstd", ""}}, false, 39, Encoding::utf8, "/old/place"},
        {"d.tar.zst", {{"zstd", ""}, {"zip, stored", "m.txt"}}, false, 4, Encoding::utf8, "/old/place"}};
    std::vector<Leftover> sorted = found.found;
    // So little is not compressed at all: it stands in the file, and in its first layer, as it is.
    std::erase_if(sorted, [](const Leftover& each) { return each.path == "b.xz"; });
    const auto key = [](const Leftover& each) { return std::pair(each.path, each.layers.size()); };
    std::sort(sorted.begin(), sorted.end(), [&](const auto& one, const auto& other) { return key(one) < key(other); });
    CAPTURE(cli::leftovers_text(found));
    CHECK(sorted == expected);
    CHECK(found.unread.empty());
    CHECK(cli::leftovers_text(found).find("b.xz: xz: zstd: /old/place at 0\n") != std::string::npos);
    CHECK(cli::leftovers_text(found).find("c.zip: zip, stored: m.txt: /old/place at 4\n") != std::string::npos);
}

TEST_CASE("the new prefix is no leftover, although the old one stands in it") {
    support::Folder folder;
    folder.write("f", "/old /old/env/x /home/old/env /old/en");
    CHECK(search(folder, {"/old"}, {"/old/env", "/home/old/env"}).count == 2);
    CHECK(search(folder, {"/old"}, {"/old"}).count == 0);
    CHECK(search(folder, {"/old", "/old/env"}, {"/new"}).count == 4);
    CHECK(search(folder, {}, {"/new"}).files == 0);
}

TEST_CASE("links are searched, and not followed") {
    support::Folder folder;
    folder.write("f", "x");
    std::filesystem::create_symlink("/x/old/place", folder / "l");
    std::filesystem::create_directory_symlink(".", folder / "loop");
    const Leftovers found = search(folder, {"/old/place"});
    REQUIRE(found.found.size() == 1);
    CHECK(found.found[0] == Leftover{"l", {}, true, 2, Encoding::utf8, "/old/place"});
    CHECK(cli::leftovers_text(found) == "l: link target: /old/place at 2\n");
    CHECK(cli::leftovers_json(found).dump() ==
          R"([{"path":"l","offset":2,"prefix":"/old/place","encoding":"utf-8","inside":"link target"}])");
}

TEST_CASE("names that are left out are, others of the same beginning are not") {
    support::Folder folder;
    std::filesystem::create_directories(folder / "conda-meta");
    std::filesystem::create_directories(folder / "bin");
    for (const char* each : {"conda-meta/x.json", "bin/conda-unpack", "bin/conda-unpack2", "conda-metal"})
        folder.write(each, "/old");
    const Leftovers found = search(folder, {"/old"}, {"/new"}, {"conda-meta/", "bin/conda-unpack"});
    REQUIRE(found.found.size() == 2);
    CHECK(found.found[0].path == "bin/conda-unpack2");
    CHECK(found.found[1].path == "conda-metal");
}

TEST_CASE("of a file that is full of them not all are listed, and all counted") {
    support::Folder folder;
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += "/old ";
    folder.write("f", bytes);
    folder.write("g", "/old\n");
    const Leftovers found = search(folder, {"/old"});
    CHECK(found.count == 3001);
    CHECK(found.found.size() == Leftovers::max_listed + 1);
    CHECK(cli::leftovers_text(found).ends_with("… and 2000 more\n"));
}

TEST_CASE("what cannot be read is named, and a path with nothing at it is an error") {
    support::Folder folder;
    const std::string whole = compressed("/old" + std::string(5000, 'x') + "/old", codec::Compression::gzip);
    folder.write("cut.gz", whole.substr(0, whole.size() - 9));
    const Leftovers found = search(folder, {"/old"});
    CHECK(found.count >= 1);
    REQUIRE(found.unread.size() == 1);
    CHECK(found.unread[0].path == "cut.gz");
    CHECK_THROWS_AS(cli::find_leftovers({folder / "none"}, {{"/old"}, {}, {}}, 1), Error);
}

}  // namespace reseal::leftovers_test
