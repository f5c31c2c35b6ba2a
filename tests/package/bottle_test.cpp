// SPDX-License-Identifier: BSL-1.0
// Which files of a bottle are treated how: by its lists, by another's, and without any.
#include "package/bottle.hpp"

#include <doctest/doctest.h>

#include <map>
#include <reseal/error.hpp>

#include "fs/folder.hpp"
#include "support/disk.hpp"
#include "support/tree.hpp"

namespace reseal::bottle_test {
using package::Bottle;
using package::BottleFile;
using ::support::file;
using ::support::Node;

namespace {

const std::string mark = "@@HOMEBREW_PREFIX@@";
const std::string elf = std::string("\x7f") + "ELF" + std::string(60, '\0');
const std::string mach = std::string("\xcf\xfa\xed\xfe") + std::string(60, '\0');

/// A bottle of every kind of file, on disk.
struct Packed {
    support::Folder folder;
    explicit Packed(const std::string& receipt, std::vector<Node> more = {}) {
        std::vector<Node> all = {
            file("data", std::string("\0", 1) + mark),
            file("far", std::string(300000, 'x') + mark),
            file("lib.dylib", mach),
            file("lib.so", elf + mark),
            ::support::link("link", mark + "/lib"),
            file("plain", "nothing of the kind"),
            file("script", "#!" + mark + "/bin/perl\n"),
            file("seam", std::string(262144 - 5, 'x') + mark),
            file("shar", "#!/bin/sh\n" + mark + std::string("\0", 1)),
        };
        if (!receipt.empty()) all.insert(all.begin(), file("INSTALL_RECEIPT.json", receipt));
        all.insert(all.end(), more.begin(), more.end());
        ::support::put_on_disk(folder / "b",
                               ::support::folder("b", {::support::folder("name", {::support::folder("1.0", all)})}));
    }
    std::vector<Bottle> read(const std::optional<package::Receipt>& tab = {}) const {
        return package::read_bottles(fs::list_entries({folder / "b"}).entries, tab);
    }
    /// What the only bottle does with each file: t, p, or P with strings.
    std::map<std::string, char> kinds(const std::optional<package::Receipt>& tab = {}) const {
        const std::vector<Bottle> bottles = read(tab);
        REQUIRE(bottles.size() == 1);
        CHECK(bottles[0].keg == "name/1.0");
        std::map<std::string, char> out;
        for (const BottleFile& each : bottles[0].files)
            out[each.entry.name.substr(9)] = each.kind == BottleFile::Kind::text ? 't' : each.strings ? 'P' : 'p';
        return out;
    }
};

using Kinds = std::map<std::string, char>;

}  // namespace

TEST_CASE("without lists, text with a mark is text, and every program may have linkage") {
    const Kinds found = {{"far", 't'}, {"lib.dylib", 'p'}, {"lib.so", 'p'}, {"script", 't'}, {"seam", 't'}};
    CHECK(Packed("").kinds() == found);
    CHECK(Packed("{}").kinds() == found);
    CHECK(Packed(R"({"changed_files":null})").kinds() == found);
}

TEST_CASE("an old receipt says which text files, and programs are found out") {
    CHECK(Packed(R"({"changed_files":["script","lib.so","data"]})").kinds() ==
          Kinds{{"data", 't'}, {"lib.dylib", 'p'}, {"lib.so", 'p'}, {"script", 't'}});
}

TEST_CASE("a new receipt says it all, and of the binary files only binary ones get other strings") {
    CHECK(Packed(R"({"changed_files":["script"],"linkage_files":["lib.dylib"],
        "binary_relocation_files":["lib.so","data","shar","plain"],"built_prefix":"/opt/homebrew"})")
              .kinds() == Kinds{{"data", 'P'}, {"lib.dylib", 'p'}, {"lib.so", 'P'}, {"script", 't'}});
    CHECK(Packed(R"({"changed_files":[],"linkage_files":[]})").kinds().empty());
}

TEST_CASE("a tab counts instead of the receipt, and is about one bottle") {
    package::Receipt tab;
    tab.changed_files = {"far"};
    tab.linkage_files = std::vector<std::string>{};
    CHECK(Packed(R"({"changed_files":["script"]})").kinds(tab) == Kinds{{"far", 't'}});
    Packed two("");
    ::support::put_on_disk(two.folder / "b/other", ::support::folder("other", {::support::folder("2", {file("f", mark)})}));
    CHECK(two.read().size() == 2);
    CHECK_THROWS_AS(two.read(tab), Error);
}

TEST_CASE("what a receipt names and the bottle has not is told") {
    const Packed packed(R"({"changed_files":["script","gone","b"],"linkage_files":["gone","lib.so/x","link"]})");
    CHECK(packed.read()[0].missing == std::vector<std::string>{"name/1.0/b", "name/1.0/gone", "name/1.0/lib.so/x"});
}

TEST_CASE("files outside NAME/VERSION are no bottle's") {
    Packed packed("");
    ::support::put_on_disk(packed.folder / "b/name/stray", file("stray", ""));
    CHECK_THROWS_WITH_AS(packed.read(), doctest::Contains("name/stray"), Error);
}

}  // namespace reseal::bottle_test
