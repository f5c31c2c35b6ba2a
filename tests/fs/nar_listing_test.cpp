// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "support/chunks.hpp"
#include "support/trees.hpp"

namespace reseal::nar_listing_test {
using ::support::nar;
using ::support::Node;

namespace {

/// What a listing of `node` should say, without offsets; regular files as they come, too.
void expect(const Node& node, const std::string& path, std::vector<NarEntry>& out, std::vector<const Node*>& files) {
    NarEntry entry;
    entry.path = path.empty() ? "." : path;
    switch (node.kind) {
        case Node::Kind::directory:
            entry.kind = NarEntry::Kind::folder;
            out.push_back(entry);
            files.push_back(nullptr);
            for (const Node& child : node.children)
                expect(child, path.empty() ? child.name : path + "/" + child.name, out, files);
            return;
        case Node::Kind::symlink:
            entry.kind = NarEntry::Kind::symlink;
            entry.target = node.bytes;
            out.push_back(entry);
            files.push_back(nullptr);
            return;
        case Node::Kind::executable:
        case Node::Kind::regular:
            entry.executable = node.kind == Node::Kind::executable;
            entry.size = node.bytes.size();
            out.push_back(entry);
            files.push_back(&node);
    }
}

void check(const Node& tree, std::size_t chunk) {
    const std::string archive = nar(tree);
    NarListing listing;
    std::vector<NarEntry> got;
    for (std::string_view each : ::support::cut(archive, chunk)) {
        listing.write(each);
        for (NarEntry& entry : listing.take()) got.push_back(std::move(entry));
    }
    listing.finish();
    CHECK(listing.take().empty());
    std::vector<NarEntry> wanted;
    std::vector<const Node*> files;
    expect(tree, "", wanted, files);
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        CHECK(got[i].path == wanted[i].path);
        CHECK(got[i].kind == wanted[i].kind);
        CHECK(got[i].size == wanted[i].size);
        CHECK(got[i].executable == wanted[i].executable);
        CHECK(got[i].target == wanted[i].target);
        if (files[i] != nullptr) CHECK((archive.substr(got[i].offset, got[i].size) == files[i]->bytes));
        else CHECK(got[i].offset == 0);
    }
}

}  // namespace

TEST_CASE("a listing names every entry once, in the archive's order, with what the archive says of it") {
    for (std::size_t chunk : ::support::chunkings) {
        CAPTURE(chunk);
        check(::support::odd_tree(), chunk);
        check(::support::file("", "x", true), chunk);
        check(::support::link("", "/x"), chunk);
        check(::support::folder("", {}), chunk);
    }
}

TEST_CASE("folders that end together, empty ones included, are told apart") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        check(::support::random_tree(seed), ::support::chunkings[seed % ::support::chunkings.size()]);
    }
}

TEST_CASE("an archive cut short lists what was whole, then fails, and stays so") {
    const std::string archive = nar(::support::folder("", {::support::file("a", "xyz"), ::support::file("b", "")}));
    NarListing listing;
    listing.write(std::string_view(archive).substr(0, archive.find("xyz") + 2));
    CHECK_THROWS_AS(listing.finish(), Error);
    std::vector<NarEntry> entries = listing.take();
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].path == ".");
    CHECK_THROWS_AS(listing.write("x"), Error);
    NarListing none;
    CHECK_THROWS_AS(none.write("no archive at all"), Error);
}

}  // namespace reseal::nar_listing_test
