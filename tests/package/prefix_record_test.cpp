// SPDX-License-Identifier: BSL-1.0
#include "package/prefix_record.hpp"

#include "package/refusal.hpp"

namespace reseal::prefix_record_test {
using namespace package;

namespace {

// As rattler writes it, with a path of conda and keys that nobody here knows.
const std::string installed = R"({
  "arch": "x86_64", "build": "h0_0", "build_number": 0, "depends": [], "indexed_timestamp": 1795261594862,
  "license": "BSL-1.0", "md5": "06e00f65b5b0c49029b026636b9fff96", "name": "demo", "platform": "linux",
  "sha256": "17fc01af562dbce79f407b14bd03bd3cb18a4f4065d673a11ce2a8ed233596d6", "size": 1444, "subdir": "linux-64",
  "timestamp": 1700000000000, "version": "1.0", "fn": "demo-1.0-h0_0.conda",
  "url": "file:///chan/linux-64/demo-1.0-h0_0.conda", "channel": "file:///chan/",
  "extracted_package_dir": "/cache/demo-1.0-h0_0", "requested_specs": [], "auth": null,
  "files": ["bin/demo", "bin/demo-link", "lib/python3.11/__pycache__/x.pyc", "bin/run"],
  "paths_data": {
    "paths_version": 1,
    "paths": [
      {
        "_path": "bin/demo", "path_type": "hardlink",
        "sha256": "85c7d96dd53ca805f4e8caaef674643d06d32c3c6234116e1153dfb424be32e5",
        "sha256_in_prefix": "f7e31f9d59999ea4d9a7104a78113d635bf6eed5df2763e8e6dd5de7a707ea41",
        "size_in_bytes": 50, "file_mode": "text", "prefix_placeholder": "/bld/_h_env_placehold"
      },
      {"_path": "bin/demo-link", "path_type": "softlink", "size_in_bytes": 540, "inode_paths": []},
      {"_path": "lib/python3.11/__pycache__/x.pyc", "path_type": "pyc_file"},
      {"_path": "bin/run", "path_type": "unix_python_entry_point"},
      {"_path": "bin/later", "path_type": "a_type_to_come"}
    ]
  },
  "link": {"source": "/cache/demo-1.0-h0_0", "type": 1}
})";

std::string refusal(const std::string& text) {
    return refusal_of([&] { read_prefix_record(text, "f"); });
}

}  // namespace

TEST_CASE("a record of conda-meta is read with all its keys and written as it was") {
    const PrefixRecord record = read_prefix_record(installed, "f");
    CHECK(record.name == "demo");
    CHECK(record.subdir == "linux-64");
    CHECK(record.files.size() == 4);
    REQUIRE(record.paths.size() == 5);
    CHECK(record.paths[0].sha256_in_prefix->front() == '\xf7');
    CHECK(record.paths[2].type == PathType::pyc_file);
    CHECK(record.paths[4].type == PathType::other);
    const std::string text = write_prefix_record(record, "f");
    CHECK(nlohmann::json::parse(text) == nlohmann::json::parse(installed));
    CHECK(write_prefix_record(read_prefix_record(text, "f"), "f") == text);
}

TEST_CASE("a package is recorded as conda and rattler read it") {
    const IndexJson index = read_index_json(
        R"({"name":"demo","version":"1.0","build":"h0_0","build_number":2,"subdir":"linux-64","license":"X","timestamp":5})",
        "f");
    PackageOrigin origin{.archive = "demo-1.0-h0_0.conda", .url = file_url("/a b/demo-1.0-h0_0.conda")};
    origin.sha256 = std::string(32, '\x1f');
    origin.size = 77;
    origin.requested = "demo";
    PathEntry script{.path = "bin/demo", .placeholder = "/bld", .mode = FileMode::text, .size = 9};
    script.sha256_in_prefix = std::string(32, '\2');
    const PrefixRecord record = make_prefix_record(index, origin, {script, {.path = "var/empty", .type = PathType::directory}});
    CHECK(record.files == std::vector<std::string>{"bin/demo"});
    const std::string text = write_prefix_record(record, "f");
    const nlohmann::json json = nlohmann::json::parse(text);
    CHECK(json.at("build_number") == 2);
    CHECK(json.at("fn") == "demo-1.0-h0_0.conda");
    CHECK(json.at("url") == "file:///a%20b/demo-1.0-h0_0.conda");
    CHECK(json.at("depends") == nlohmann::json::array());
    CHECK(json.at("link") == nlohmann::json({{"source", ""}, {"type", 3}}));
    CHECK(json.at("requested_specs") == nlohmann::json::array({"demo"}));
    CHECK(json.at("paths_data").at("paths_version") == 1);
    std::string digest;
    for (int i = 0; i < 32; ++i) digest += "02";
    CHECK(json.at("paths_data").at("paths").at(0).at("sha256_in_prefix") == digest);
    CHECK(json.at("paths_data").at("paths").size() == 2);
    CHECK(json.at("license") == "X");
    CHECK(write_prefix_record(read_prefix_record(text, "f"), "f") == text);
    CHECK(prefix_record_path(index) == "conda-meta/demo-1.0-h0_0.json");
}

TEST_CASE("a record that lies is refused by name") {
    CHECK(refusal(R"({"version":"1"})") == "f: name: is missing");
    CHECK(refusal(R"({"name":"x","version":"1","files":["../y"]})") == "f: files: the path '../y' leads out of the prefix");
    CHECK(refusal(R"({"name":"x","version":"1","files":{}})") == "f: files: not a list of strings");
    CHECK(refusal(R"({"name":"x","version":"1","paths_data":{"paths":[{"_path":"/y","path_type":"hardlink"}]}})") ==
          "f: paths_data.paths[0]._path: the path '/y' is absolute");
    CHECK(refusal(R"({"name":"x","version":"1","paths_data":[]})") == "f: paths_data: not an object");
    CHECK(refusal(R"({"name":"x","version":"1","paths_data":{"paths":1}})") == "f: paths_data.paths: a list is expected");
    CHECK(refusal(R"({"name":"x","version":"1"})") == "taken");
    PrefixRecord record;
    record.files = {"a\xff"};
    CHECK(refusal_of([&] { write_prefix_record(record, "f"); }) == "f: a name in it is not UTF-8");
}

TEST_CASE("history says when and what, a line each") {
    CHECK(history_entry(1700000000, "reseal unpack a\nb", {"demo-1.0-h0_0", "x-1-0"}) ==
          "==> 2023-11-14 22:13:20 <==\n# cmd: reseal unpack a\\x0ab\n+demo-1.0-h0_0\n+x-1-0\n");
}

TEST_CASE("a URL holds any path") {
    CHECK(file_url("/a/b-1.0_x.conda") == "file:///a/b-1.0_x.conda");
    CHECK(file_url("/a%b/\xff é?#") == "file:///a%25b/%ff%20%c3%a9%3f%23");
}

}  // namespace reseal::prefix_record_test
