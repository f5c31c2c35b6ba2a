// SPDX-License-Identifier: BSL-1.0
#include "package/environment.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "fs/folder.hpp"
#include "package/memory.hpp"
#include "package/refusal.hpp"

namespace reseal::environment_test {
using namespace package;

namespace {

std::string meta(const std::string& name, const std::string& subdir, const std::string& paths) {
    return R"({"name":")" + name + R"(","version":"1","build":"0","subdir":")" + subdir + R"(","paths_data":{"paths":[)" +
           paths + "]}}";
}
std::string path(const std::string& name, const std::string& placeholder) {
    return R"({"_path":")" + name + R"(","path_type":"hardlink","file_mode":"text","prefix_placeholder":")" + placeholder +
           R"("})";
}

MetadataFile file(const std::string& path, const std::string& text) {
    return {path, text.size(), [text] { return text; }};
}

const std::string records = "_prefix_records = [\n('bin/tool', '/bld/a', 'text'),\n('lib/x', '/bld/b', 'binary')\n]\n";

}  // namespace

TEST_CASE("records of conda-pack come first, conda-meta says what they lack") {
    const Environment found = read_environment(
        {file("conda-meta/b.json",
              meta("b", "linux-64", path("bin/python3.11", "/bld/py") + "," + path("bin/tool", "/bld/other"))),
         file("bin/conda-unpack", records), file("conda-meta/a.json", meta("a", "noarch", path("lib/y", "/bld/y")))},
        "env");
    REQUIRE(found.records.size() == 4);
    CHECK(found.records[0].path == "bin/python3.11");
    CHECK_FALSE(found.records[0].certain);
    CHECK(found.of("bin/tool").size() == 1);
    CHECK(found.of("bin/tool")[0].placeholder == "/bld/a");
    CHECK(found.of("bin/tool")[0].certain);
    CHECK(found.of("lib/x")[0].mode == FileMode::binary);
    CHECK(found.of("lib/y").size() == 1);
    CHECK(found.of("lib").empty());
    CHECK(found.of("zzz").empty());
    CHECK(found.platform == Platform::linux_);
    REQUIRE(found.packages.size() == 2);
    CHECK(found.packages[0].name == "a");
}

TEST_CASE("a file that two packages claim may hold either placeholder") {
    const Environment found = read_environment({file("conda-meta/b.json", meta("b", "osx-arm64", path("x", "/bld/2"))),
                                                file("conda-meta/a.json", meta("a", "osx-arm64", path("x", "/bld/1"))),
                                                file("conda-meta/c.json", meta("c", "osx-64", path("x", "/bld/1")))},
                                               "");
    REQUIRE(found.of("x").size() == 2);
    CHECK(found.of("x")[0].placeholder == "/bld/1");
    CHECK(found.of("x")[1].placeholder == "/bld/2");
    CHECK(found.platform == Platform::osx);
}

TEST_CASE("an environment of two platforms has none") {
    CHECK_FALSE(
        read_environment(
            {file("conda-meta/b.json", meta("b", "linux-64", "")), file("conda-meta/a.json", meta("a", "osx-64", ""))}, "")
            .platform);
}

TEST_CASE("what is wrong with metadata is said with the name of its file") {
    CHECK(refusal_of([] {
              read_environment({file("conda-meta/a.json", "{")}, "env.tar");
          }).starts_with("env.tar/conda-meta/a.json: not JSON"));
    CHECK(refusal_of([] {
              read_environment({file("bin/conda-unpack", "_prefix_records = [x]")}, "env/");
          }).starts_with("env/bin/conda-unpack: line 1, column 20: "));
    CHECK(refusal_of([] { read_environment({file("bin/conda-unpack", "#!/bin/sh\n")}, ""); }) == "taken");
}

TEST_CASE("metadata that nobody could hold is read") {
    const auto never = []() -> std::string { throw std::logic_error("read"); };
    const std::uint64_t part = max_metadata / 4;
    std::vector<MetadataFile> files;
    for (const char* name : {"a", "b", "c", "d"}) files.push_back({std::string("conda-meta/") + name + ".json", part, never});
    CHECK_THROWS_AS(read_environment(files, "env.tar"), std::logic_error);  // no more than allowed
    files.push_back({"conda-meta/e.json", 1, never});
    CHECK(refusal_of([&] { read_environment(files, "env.tar"); }) == "env.tar: more than 256 MiB of metadata");
    files.back().size = UINT64_MAX;
    CHECK(refusal_of([&] { read_environment(files, "env.tar"); }) == "env.tar: more than 256 MiB of metadata");
}

TEST_CASE("what nobody asks a record for is held of all packages") {
    const std::string big(1000, 'x');
    const std::string entry = path("lib/z", "/bld/z");
    const std::string more = entry.substr(0, entry.size() - 1) + R"(,"note":")" + big + R"(","offsets":[[[1]]]})";
    std::string text = meta("a", "linux-64", more);
    text.insert(1, R"("files":["lib/z"],"x":")" + big + R"(",)");
    const Environment found = read_environment({file("conda-meta/a.json", text)}, "");
    REQUIRE(found.packages.size() == 1);
    CHECK(found.packages[0].rest.is_null());
    CHECK(found.packages[0].files.empty());
    REQUIRE(found.packages[0].paths.size() == 1);
    CHECK(found.packages[0].paths[0].extra.is_null());
    REQUIRE(found.of("lib/z").size() == 1);
    CHECK_FALSE(found.of("lib/z")[0].offsets);
}

TEST_CASE("metadata is what is named so, and no memory is") {
    CHECK(is_environment_metadata("bin/conda-unpack"));
    CHECK(is_environment_metadata("conda-meta/x-1-0.json"));
    CHECK_FALSE(is_environment_metadata(memory_path));
    for (const char* other : {"conda-meta/history", "conda-meta/a/b.json", "x/conda-meta/a.json", "bin/python"})
        CHECK_FALSE_MESSAGE(is_environment_metadata(other), other);
}

TEST_CASE("an environment on disk is read as it lies there") {
    namespace stdfs = std::filesystem;
    const support::Folder temporary;
    const stdfs::path folder = temporary.path();
    CHECK(read_environment(folder.string()).records.empty());
    stdfs::create_directories(folder / "conda-meta/folder.json");
    stdfs::create_directories(folder / "bin");
    std::ofstream(folder / "bin/conda-unpack") << records;
    std::ofstream(folder / "conda-meta/a.json") << meta("a", "linux-64", path("z", "/bld/z"));
    std::ofstream(folder / "conda-meta/history") << "==> <==\n";
    const Environment found = read_environment(folder.string());
    CHECK(found.records.size() == 3);
    CHECK(found.packages.size() == 1);
    std::ofstream(folder / "conda-meta/a.json") << "[]";
    CHECK(refusal_of([&] { read_environment(folder.string()); }) == folder.string() + "/conda-meta/a.json: not an object");
}

}  // namespace reseal::environment_test
