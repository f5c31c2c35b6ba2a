// SPDX-License-Identifier: BSL-1.0
#include "package/paths_json.hpp"

#include "package/offsets.hpp"
#include "package/refusal.hpp"

namespace reseal::paths_json_test {
using namespace package;

namespace {

const std::string digest = "85c7d96dd53ca805f4e8caaef674643d06d32c3c6234116e1153dfb424be32e5";

// What conda-build writes, with two keys that nobody here knows and the positions of the draft.
const std::string written = R"({
  "paths": [
    {
      "_path": "bin/demo",
      "file_mode": "text",
      "path_type": "hardlink",
      "prefix_placeholder": "/bld/_h_env_placehold",
      "sha256": ")" + digest +
                            R"(",
      "shebang_length": 33,
      "size_in_bytes": 540,
      "offsets": [{"encoding": "utf-8", "ranges": [40, 90]}]
    },
    {"_path": "bin/demo-link", "path_type": "softlink", "prefix_placeholder": "/bld/_h_env_placehold", "file_mode": "binary"},
    {
      "_path": "lib/demo.so",
      "no_link": true,
      "inode_paths": ["lib/demo.so"],
      "file_mode": "binary",
      "path_type": "hardlink",
      "prefix_placeholder": "/bld/_h_env_placehold",
      "size_in_bytes": 400,
      "offsets": [{"encoding": "utf-16-le", "ranges": [[9, 120, 250]]}, {"encoding": "utf-8", "ranges": [[300, 400]]}]
    },
    {"_path": "share/empty", "path_type": "directory"},
    {"_path": "share/plain é.txt", "path_type": "hardlink", "size_in_bytes": 6}
  ],
  "paths_version": 1,
  "written_by": {"tool": [1, 2.5, null]}
})";

std::string refusal(const std::string& text) {
    return refusal_of([&] { read_paths_json(text, "f"); });
}
std::string refusal_of_entry(const std::string& entry) { return refusal("{\"paths_version\":1,\"paths\":[" + entry + "]}"); }

std::optional<std::vector<PrefixField>> offsets(const std::string& groups, FileMode mode,
                                                std::optional<std::uint64_t> size = {}) {
    return read_offsets(parse_json(groups, ""), mode, 1, size);
}

}  // namespace

TEST_CASE("paths.json is read with all it says") {
    const std::vector<PathEntry> paths = read_paths_json(written, "f");
    REQUIRE(paths.size() == 5);
    CHECK(paths[0].placeholder == "/bld/_h_env_placehold");
    CHECK(paths[0].mode == FileMode::text);
    CHECK(paths[0].sha256->substr(0, 2) == "\x85\xc7");
    CHECK(paths[0].size == 540);
    CHECK(paths[1].type == PathType::softlink);
    CHECK(paths[2].no_link);
    CHECK(paths[3].type == PathType::directory);
    CHECK(paths[4].path == "share/plain é.txt");
    CHECK_FALSE(paths[4].placeholder);
}

TEST_CASE("an entry of paths.json comes out as it went in, unknown keys too") {
    const std::vector<PathEntry> paths = read_paths_json(written, "f");
    const nlohmann::json all = nlohmann::json::parse(written)["paths"];
    REQUIRE(paths.size() == all.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        CHECK(nlohmann::json::parse(write_path_entry(paths[i]).dump()) == all[i]);
        CHECK(read_path_entry(write_path_entry(paths[i]), false, "f", "") == paths[i]);
    }
}

TEST_CASE("records are what holds a placeholder, a link among them") {
    const std::vector<Record> records = records_of(read_paths_json(written, "f"));
    REQUIRE(records.size() == 3);
    CHECK(records[0].mode == FileMode::text);
    CHECK(records[0].shebang_length == 33);
    REQUIRE(records[0].offsets);
    CHECK(*records[0].offsets == std::vector<PrefixField>{{.offset = 40}, {.offset = 90}});
    CHECK(records[1].softlink);
    REQUIRE(records[2].offsets);
    const PrefixField wide{.offset = 9, .encoding = PrefixField::Encoding::utf16le, .terminated = true, .end = 250};
    PrefixField second = wide;
    second.offset = 120;
    CHECK(*records[2].offsets == std::vector<PrefixField>{wide, second, {.offset = 300, .end = 400}});
}

TEST_CASE("positions that do not hold together are none, and not a reason to refuse") {
    CHECK(offsets(R"([{"encoding":"utf-8","ranges":[1,2]}])", FileMode::text)->size() == 2);
    CHECK(offsets("[]", FileMode::text)->empty());
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[2,1]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1,1]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1]},{"encoding":"utf-16-le","ranges":[1]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-7","ranges":[1]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[-1]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1.5]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[[1,2]]}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[7]}])", FileMode::text, 7));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":{}}])", FileMode::text));
    CHECK_FALSE(offsets(R"([[1]])", FileMode::text));
    CHECK_FALSE(offsets(R"({})", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1]}])", FileMode::unknown));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1],"prefix":1}])", FileMode::text));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1],"command":1}])", FileMode::text));
    CHECK(offsets(R"([{"encoding":"utf-8","ranges":[[1,2,9],[10,11]]}])", FileMode::binary)->size() == 3);
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[[1]]}])", FileMode::binary));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[1]}])", FileMode::binary));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[[9,9]]}])", FileMode::binary));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[[1,5],[4,9]]}])", FileMode::binary, 8));
    CHECK_FALSE(offsets(R"([{"encoding":"utf-8","ranges":[[5,9],[4,9]]}])", FileMode::binary));
}

TEST_CASE("positions are written in the groups they were read from") {
    const std::string groups =
        R"([{"encoding":"utf-8","ranges":[[1,20,30],[40,50]]},{"encoding":"utf-32-be","command":true,"ranges":[[60,70]]},)"
        R"({"encoding":"utf-8","prefix":1,"ranges":[[25,30]]}])";
    const std::optional<std::vector<PrefixField>> fields = read_offsets(parse_json(groups, ""), FileMode::binary, 2, {});
    REQUIRE(fields);
    CHECK(fields->size() == 5);
    CHECK(write_offsets(*fields, FileMode::binary) == parse_json(groups, ""));
    const Json text = parse_json(R"([{"encoding":"utf-8","ranges":[3,9]},{"encoding":"utf-16-be","ranges":[5]}])", "");
    CHECK(write_offsets(*read_offsets(text, FileMode::text, 1, {}), FileMode::text) == text);
}

TEST_CASE("a lying paths.json is refused by name") {
    CHECK(refusal_of_entry(R"({"_path":"../x","path_type":"hardlink"})") ==
          "f: paths[0]._path: the path '../x' leads out of the prefix");
    CHECK(refusal_of_entry(R"({"_path":"a\u0000","path_type":"hardlink"})") ==
          "f: paths[0]._path: the path 'a\\x00' holds a NUL");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink"},{"_path":"./a","path_type":"directory"})") ==
          "f: the path 'a' is there twice");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"device"})") ==
          "f: paths[0].path_type: 'device' is none of hardlink, softlink, directory");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"pyc_file"})").find("is none of") != std::string::npos);
    CHECK(refusal_of_entry(R"({"_path":"a"})") == "f: paths[0].path_type: is missing");
    CHECK(refusal_of_entry(R"({"path_type":"hardlink"})") == "f: paths[0]._path: is missing");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","file_mode":"exe"})") ==
          "f: paths[0].file_mode: 'exe' is none of text, binary");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","prefix_placeholder":""})") ==
          "f: 'a': the placeholder '' is not an absolute path");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","prefix_placeholder":"C:/b"})").find("Windows") !=
          std::string::npos);
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","prefix_placeholder":7})") ==
          "f: paths[0].prefix_placeholder: not a string");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","sha256":"zz"})").find("not a SHA-256") != std::string::npos);
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","size_in_bytes":-1})") ==
          "f: paths[0].size_in_bytes: not a number of bytes");
    CHECK(refusal_of_entry(R"({"_path":"a","path_type":"hardlink","size_in_bytes":1e300})").find("not a number") !=
          std::string::npos);
    CHECK(refusal_of_entry("7") == "f: paths[0]: not an object");
    CHECK(refusal(R"({"paths_version":2,"paths":[]})") == "f: paths_version: 1 is the only one there is");
    CHECK(refusal(R"({"paths":[]})") == "f: paths_version: 1 is the only one there is");
    CHECK(refusal(R"({"paths_version":1,"paths":{}})") == "f: paths: a list is expected");
    CHECK(refusal("[]") == "f: not an object");
}

}  // namespace reseal::paths_json_test
