// SPDX-License-Identifier: BSL-1.0
#include "package/installed_digests.hpp"

#include <doctest/doctest.h>

#include "bytes/hex.hpp"
#include "package/refusal.hpp"

namespace reseal::installed_digests_test {
using namespace package;

namespace {

const std::string built = "built /placeholder/placeholder", installed = "installed /opt/env", now = "now /home/me/longer/env";

std::string hex(const std::string& contents) { return to_hex(contents_of(contents).sha256); }
std::string told(const std::string& key, const std::string& contents) {
    return std::string(", \"").append(key).append("\": \"").append(hex(contents)).append("\"");
}
std::string sized(const std::string& contents) { return ", \"size_in_bytes\": " + std::to_string(contents.size()); }

/// A record of one path, laid out as nobody would.
std::string record(const std::string& kind, const std::string& more, const std::string& path = "bin/tool") {
    return "{ \"version\":\"1\",\t\"paths_data\" : {\"paths\":[\n{\"_path\": \"" + path + "\" , \"path_type\": \"" + kind +
           "\"" + more + ",\"odd\":[\"]\",{}] }\n ],\"paths_version\":1}, \"name\":\"a\\u00e9\"  }\n";
}

MovedPaths moved(const std::vector<std::string>& before, std::vector<std::string> prefixes = {},
                 const std::string& path = "bin/tool") {
    MovedContents file;
    for (const std::string& each : before) file.before.push_back(contents_of(each));
    file.after = contents_of(now);
    file.prefixes = std::move(prefixes);
    return {{path, file}};
}

std::string followed(const std::string& text, const MovedPaths& paths) { return follow_moves(text, "f", paths); }

}  // namespace

TEST_CASE("a digest of a file that moved stays, or another byte of the record changes") {
    const std::string sha = told("sha256", built);
    CHECK(followed(record("hardlink", sha + told("sha256_in_prefix", installed)), moved({installed})) ==
          record("hardlink", sha + told("sha256_in_prefix", now)));
    CHECK(followed(record("hardlink", told("sha256_in_prefix", installed) + sha), moved({"else", installed})) ==
          record("hardlink", told("sha256_in_prefix", now) + sha));
    // As conda-pack packs it: as it was built, and its record tells of it elsewhere.
    CHECK(followed(record("hardlink", sha + told("sha256_in_prefix", installed)), moved({built})) ==
          record("hardlink", sha + told("sha256_in_prefix", now)));
}

TEST_CASE("a digest that was not true becomes true") {
    const std::string text = record("hardlink", told("sha256", built) + told("sha256_in_prefix", installed));
    CHECK(followed(text, moved({"altered"})) == text);
    CHECK(followed(text, moved({installed}, {}, "bin/other")) == text);
    CHECK(followed(text, {}) == text);
    const std::string unsaid = record("hardlink", told("sha256", built));
    CHECK(followed(unsaid, moved({built})) == unsaid);
    const std::string folder = record("directory", told("sha256_in_prefix", installed));
    CHECK(followed(folder, moved({installed})) == folder);
}

TEST_CASE("the size of the installed file stays, or that of the package's goes") {
    const std::string sha = told("sha256", built), before = told("sha256_in_prefix", installed),
                      after = told("sha256_in_prefix", now);
    // rattler's
    CHECK(followed(record("hardlink", sha + before + sized(installed)), moved({installed})) ==
          record("hardlink", sha + after + sized(now)));
    // conda's
    CHECK(followed(record("hardlink", sized(built) + sha + before), moved({installed})) ==
          record("hardlink", sized(built) + sha + after));
    CHECK(followed(record("hardlink", sha + before + sized(built)), moved({built})) ==
          record("hardlink", sha + after + sized(built)));
}

TEST_CASE("what an installer made itself keeps the digest that it had elsewhere") {
    CHECK(followed(record("unix_python_entry_point", told("sha256", installed) + sized(installed)), moved({installed})) ==
          record("unix_python_entry_point", told("sha256", now) + sized(now)));
    const std::string other = record("unix_python_entry_point", told("sha256", installed));
    CHECK(followed(other, moved({built})) == other);
    const std::string none = record("pyc_file", "");
    CHECK(followed(none, moved({installed})) == none);
}

TEST_CASE("a link is told with the digest of a file that it led to before") {
    const std::string file = told("sha256", built) + told("sha256_in_prefix", installed);
    const auto both = [&](const std::string& of_file, const std::string& of_link) {
        return record("hardlink", of_file + "}, {\"_path\":\"lib/link\",\"path_type\":\"softlink\"" + of_link);
    };
    CHECK(followed(both(file, file), moved({installed})) ==
          both(told("sha256", built) + told("sha256_in_prefix", now), told("sha256", built) + told("sha256_in_prefix", now)));
    // Of a target that is told as such.
    CHECK(followed(record("softlink", told("sha256_in_prefix", installed), "lib/link"), moved({installed}, {}, "lib/link")) ==
          record("softlink", told("sha256_in_prefix", now), "lib/link"));
    // Of a target nobody told of.
    const std::string text = record("softlink", file, "lib/link");
    CHECK(followed(text, moved({built}, {}, "lib/link")) == text);
}

TEST_CASE("an old package, without digests of its files, is never followed, or whatever is in them") {
    const auto text = [](const std::string& contents) {
        return record("hardlink", ", \"prefix_placeholder\": \"/placeholder\", \"file_mode\": \"text\"" +
                                      told("sha256_in_prefix", contents));
    };
    CHECK(followed(text(installed), moved({"unknown"}, {"/placeholder"})) == text(now));
    CHECK(followed(text(installed), moved({"unknown"}, {"/elsewhere"})) == text(installed));
    CHECK(followed(text(installed), moved({installed})) == text(now));
}

TEST_CASE("a record without paths is changed, or one that is malformed is taken") {
    for (const std::string text : {R"({"name":"a","version":"1"})", R"({"name":"a","version":"1","paths_data":{"paths":[]}})"})
        CHECK(followed(text, moved({installed})) == text);
    CHECK(refusal_of([&] { followed("{\"name\":\"a\"", moved({installed})); }).starts_with("f: "));
    CHECK(refusal_of([&] {
              followed(record("hardlink", ", \"sha256_in_prefix\": \"12\""), moved({installed}));
          }).starts_with("f: paths_data.paths[0].sha256_in_prefix: "));
}

}  // namespace reseal::installed_digests_test
