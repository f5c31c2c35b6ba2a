// SPDX-License-Identifier: BSL-1.0
#include "package/names.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

#include "package/external_links.hpp"

namespace reseal::names_test {
using namespace package;

namespace {

Entry entry(std::string path, EntryType type, std::string target = {}) {
    Entry out;
    out.path = std::move(path);
    out.type = type;
    out.target = std::move(target);
    return out;
}

struct Added {
    Names names;
    Added() { names.begin("a.tar"); }

    /// What is said of an entry.
    std::string add(std::string path, EntryType type = EntryType::file, std::string target = {}) {
        try {
            const auto collision = names.add(entry(std::move(path), type, std::move(target)));
            return collision ? collision->path + " is " + collision->other : "";
        } catch (const Error& error) {
            CHECK(error.error() == ErrorCode::malformed);
            return error.what();
        }
    }
};

}  // namespace

TEST_CASE("the second of two files with one name takes the place of the first") {
    Added a;
    CHECK(a.add("lib/x") == "");
    CHECK(a.add("lib/x") == "a.tar: lib/x: there already, from a.tar");
    CHECK(a.add("lib", EntryType::folder) == "");
    CHECK(a.add("lib", EntryType::folder) == "");
    CHECK(a.add("lib") == "a.tar: lib: there already, from a.tar");
    CHECK(a.add("lib/x", EntryType::folder) == "a.tar: lib/x: there already, from a.tar");
    a.names.begin("b.tar");
    CHECK(a.add("lib/x", EntryType::symlink, "y") == "b.tar: lib/x: there already, from a.tar");
    CHECK(a.add("lib/y") == "");
    CHECK(a.add("lib", EntryType::folder) == "");
    CHECK(a.names.find("lib/y") == EntryType::file);
    CHECK(a.names.find("lib") == EntryType::folder);
    CHECK_FALSE(a.names.find("lib/z").has_value());
    CHECK_FALSE(a.names.find("lib/y/z").has_value());
}

TEST_CASE("a file is written through a link") {
    Added a;
    CHECK(a.add("out", EntryType::symlink, "/tmp") == "");
    CHECK(a.add("out/x") == "a.tar: out/x: a name below a link is refused: a.tar: out");
    CHECK(a.add("out/sub/x") == "a.tar: out/sub/x: a name below a link is refused: a.tar: out");
    CHECK(a.add("out/sub", EntryType::folder) == "a.tar: out/sub: a name below a link is refused: a.tar: out");
    CHECK(a.add("f") == "");
    CHECK(a.add("f/x") == "a.tar: f/x: a name below a file is refused: a.tar: f");
    CHECK(a.add("g", EntryType::hardlink, "f") == "");
    CHECK(a.add("g/x") == "a.tar: g/x: a name below a file is refused: a.tar: g");
}

TEST_CASE("a hard link reaches what the archive did not bring") {
    Added a;
    CHECK(a.add("f") == "");
    CHECK(a.add("s", EntryType::symlink, "f") == "");
    CHECK(a.add("d", EntryType::folder) == "");
    CHECK(a.add("h", EntryType::hardlink, "f") == "");
    CHECK(a.add("h2", EntryType::hardlink, "h") == "");
    CHECK(a.add("h3", EntryType::hardlink, "nothing") ==
          "a.tar: h3: a hard link to what was not there before is refused: nothing");
    CHECK(a.add("h4", EntryType::hardlink, "s") == "a.tar: h4: a hard link to a link is refused: s");
    CHECK(a.add("h5", EntryType::hardlink, "d") == "a.tar: h5: a hard link to a folder is refused: d");
    CHECK(a.add("h6", EntryType::hardlink, "h6") == "a.tar: h6: a hard link to what was not there before is refused: h6");
    a.names.begin("b.tar");
    CHECK(a.add("h7", EntryType::hardlink, "f") == "b.tar: h7: a hard link to a file of another archive is refused: f");
}

TEST_CASE("names that differ in case only are not noticed") {
    Added a;
    CHECK(a.add("share/README") == "");
    CHECK(a.add("share/readme") == "share/readme is share/README");
    CHECK(a.add("Share/x") == "Share is share");
    CHECK(a.add("share/X") == "share/X is Share/x");
    CHECK(a.add("share/\xC3\x84") == "");
    CHECK(a.add("share/\xC3\xA4") == "share/\xC3\xA4 is share/\xC3\x84");
    CHECK(a.add("share/z", EntryType::folder) == "");
    CHECK(a.add("share/z/READMEs") == "");
}

TEST_CASE("what lay below a folder that is gone is still there, or cannot come again") {
    Added a;
    for (const char* path : {"info/a", "info/sub/b", "lib/x", "info/c", "info2/d"}) CHECK(a.add(path) == "");
    CHECK(a.add("info/h", EntryType::hardlink, "info/a") == "");
    a.names.forget("nowhere");
    a.names.forget("");
    CHECK(a.names.files().size() == 5);
    a.names.forget("info");
    CHECK(a.names.files() == std::vector<std::string>{"lib/x", "info2/d"});
    CHECK(a.names.in("") == std::vector<std::string>{"lib", "info2"});
    CHECK(a.names.in("info").empty());
    for (const char* path : {"info", "info/a", "info/sub", "info/sub/b", "info/h"}) CHECK_FALSE(a.names.find(path).has_value());
    a.names.forget("info");
    CHECK(a.names.find("lib/x") == EntryType::file);
    // What comes under that name afterwards is another folder.
    for (const char* path : {"info/z", "info/a"}) CHECK(a.add(path) == "");
    CHECK(a.names.files() == std::vector<std::string>{"lib/x", "info2/d", "info/z", "info/a"});
}

TEST_CASE("folders that no entry is about are as many as an archive likes") {
    Names names(5);
    names.begin("a.tar");
    names.add(entry("a/b/c/d", EntryType::file));
    names.add(entry("a/b/x", EntryType::file));
    CHECK_THROWS_WITH_AS(names.add(entry("a/y", EntryType::file)), "a.tar: more names, with the folders they are in, than 5",
                         Error);
}

TEST_CASE("a link that leads out is taken for one that stays") {
    const Links links = {{"in", "lib/x"},
                         {"lib/up", ".."},
                         {"lib/out", "../.."},
                         {"abs", "/etc/passwd"},
                         {"home", "/env/lib"},
                         {"home2", "/env"},
                         {"near", "/environment"},
                         {"a", "b"},
                         {"b", "a"},
                         {"hop", "here/../x"},
                         {"here", "."},
                         {"deep/s", "../../x"},
                         {"chain", "lib/out/y"},
                         {"dots", "lib/../../x"},
                         {"fine", "lib/../y/./z"},
                         {"back", "lib/up/bin"}};
    const auto outside = [&](const std::string& path) { return leads_outside(links, path, "/env"); };
    for (const char* path : {"in", "lib/up", "home", "home2", "a", "b", "fine", "back", "here"})
        CHECK_MESSAGE(!outside(path), path);
    for (const char* path : {"lib/out", "abs", "near", "deep/s", "chain", "dots", "hop"}) CHECK_MESSAGE(outside(path), path);
}

}  // namespace reseal::names_test
