// SPDX-License-Identifier: BSL-1.0
#include "package/memory.hpp"

#include "package/refusal.hpp"
#include "package/tree_place.hpp"

namespace reseal::memory_test {
using namespace package;

namespace {

Memory full() {
    Memory memory;
    memory.platform = Platform::osx;
    memory.place = "/opt/\xff env";
    memory.prefixes = {{"/bld/_h_env_placehold", "/opt/env", "/opt/\xff env"}, {"@@OLD@@", "@@OLD@@", {}}};
    RememberedFile text{.path = "bin/tool", .mode = FileMode::text, .size = 99, .sha256 = std::string(32, '\1')};
    text.shebang = "#!/bld/_h_env_placehold/bin/python \\ \xff\r\n";
    text.fields = {{.offset = 60}, {.offset = 80, .pair = 1}};
    RememberedFile binary{.path = "lib/a\\\xff.so", .padding = Padding::nul, .size = 5000, .sha256 = std::string(32, '\2')};
    binary.pending_sha256 = std::string(32, '\xfe');
    binary.fields = {{.offset = 40, .command = true, .terminated = true, .end = 90},
                     {.offset = 100, .terminated = true, .end = 400},
                     {.offset = 200, .pair = 1, .terminated = true, .end = 400},
                     {.offset = 300, .terminated = true, .end = 400},
                     {.offset = 4900, .encoding = PrefixField::Encoding::utf32be, .end = 5000}};
    RememberedFile none{.path = "share/none", .mode = FileMode::binary, .size = 0, .sha256 = std::string(32, '\0')};
    memory.files = {text, binary, none};
    memory.links = {{"bin/link", "/bld/_h_env_placehold/bin/\xff"}};
    return memory;
}

const std::string least = R"({"version":1,"prefixes":[{"placeholder":"/p","at":"/q"}],"files":[],"links":[]})";

std::string refusal(const std::string& text) {
    return refusal_of([&] { read_memory(text, "f"); });
}
std::string with_file(const std::string& fields) {
    return R"({"version":1,"prefixes":[{"placeholder":"/p","at":"/q"}],"links":[],"files":[)"
           R"({"path":"a","mode":"binary","size":9,)"
           R"("sha256":"0000000000000000000000000000000000000000000000000000000000000000")" +
           fields + "}]}";
}

}  // namespace

TEST_CASE("what is remembered comes back, whatever bytes are in it") {
    const Memory memory = full();
    const std::string text = write_memory(memory, "f");
    CHECK(read_memory(text, "f") == memory);
    CHECK(write_memory(read_memory(text, "f"), "f") == text);
    CHECK(memory.pending());
    CHECK(read_memory(write_memory({}, "f"), "f") == Memory{});
    CHECK_FALSE(Memory{}.pending());
}

TEST_CASE("files are remembered by path, a line each") {
    Memory memory = full();
    const std::string text = write_memory(memory, "f");
    std::swap(memory.files[0], memory.files[2]);
    CHECK(write_memory(memory, "f") == text);
    CHECK(text.find("\n    {\"path\":\"share/none\",\"mode\":\"binary\",\"pad\":\"slash\",\"size\":0,\"sha256\":\"0000") !=
          text.npos);
    CHECK(text.find("[[100,300,400]]},{\"encoding\":\"utf-8\",\"command\":true,\"ranges\":[[40,90]]}") != text.npos);
}

TEST_CASE("every key of a memory is checked and named") {
    CHECK(refusal(least) == "taken");
    CHECK(refusal(with_file("")) == "taken");
    CHECK(refusal("[]") == "f: not an object");
    CHECK(refusal("{}") == "f: version: 1 is the only one there is");
    CHECK(refusal(R"({"version":2,"prefixes":[],"files":[],"links":[]})") == "f: version: 1 is the only one there is");
    CHECK(refusal(R"({"version":1,"files":[],"links":[]})") == "f: prefixes: a list is expected");
    CHECK(refusal(R"({"version":1,"prefixes":[],"files":{},"links":[]})") == "f: files: a list is expected");
    CHECK(refusal(R"({"version":1,"prefixes":[],"files":[],"links":[],"x":1})") == "f: there is no field 'x' here");
    CHECK(refusal(R"({"version":1,"platform":"win","prefixes":[],"files":[],"links":[]})") ==
          "f: platform: 'win' is none of linux, osx");
    CHECK(refusal(R"({"version":1,"prefixes":[{"at":"/q"}],"files":[],"links":[]})") ==
          "f: prefixes[0].placeholder: is missing");
    const std::string empty = "is empty, longer than 4096 bytes, or holds a NUL";
    CHECK(refusal(R"({"version":1,"prefixes":[{"placeholder":"","at":"/q"}],"files":[],"links":[]})") ==
          "f: prefixes[0].placeholder: " + empty);
    CHECK(refusal(R"({"version":1,"prefixes":[{"placeholder":"/p","at":"/\u0000"}],"files":[],"links":[]})") ==
          "f: prefixes[0].at: " + empty);
    CHECK(refusal(R"({"version":1,"prefixes":[{"placeholder":"/p","at":"/q","pending":")" + std::string(4097, '/') +
                  R"("}],"files":[],"links":[]})") == "f: prefixes[0].pending: " + empty);
    CHECK(refusal(R"({"version":1,"prefixes":[{"placeholder":"/p\\y","at":"/q"}],"files":[],"links":[]})") ==
          "f: prefixes[0].placeholder: a backslash that escapes nothing");
    CHECK(refusal(R"({"version":1,"prefixes":[],"files":[],"links":[{"path":"../a","target":"b"}]})") ==
          "f: links[0].path: the path '../a' leads out of the prefix");
    CHECK(refusal(R"({"version":1,"prefixes":[],"files":[],"links":[{"path":"a","target":""}]})").find("links[0].target") !=
          std::string::npos);
    CHECK(refusal(R"({"version":1,"prefixes":[],"files":[],"links":[{"path":"a","target":"b"},{"path":"a","target":"c"}]})") ==
          "f: the path 'a' is there twice");
}

TEST_CASE("prefixes of other trees go along, or those within the tree do not") {
    Memory memory;
    memory.place = "/opt/env";
    memory.prefixes = {{"/p", "/opt/env", {}},
                       {"/q/", "/opt/env/q/", {}},
                       {"/r", "/opt/env2", {}},
                       {"@@X@@", "@@X@@", {}},
                       {"/s", "/x", "/opt/env/s"}};
    using Targets = std::vector<std::string>;
    CHECK(targets_at(memory, "/new", "f") == Targets{"/new", "/new/q", "/opt/env2", "@@X@@", "/new/s"});
    CHECK(targets_at(memory, "/opt/env", "f") == Targets{"/opt/env", "/opt/env/q", "/opt/env2", "@@X@@", "/opt/env/s"});
    CHECK(possible_places(memory) == Targets{"/opt/env"});
    memory.place = "/elsewhere";
    CHECK(possible_places(memory).empty());
    CHECK(targets_at(memory, "/new", "f") == Targets{"/opt/env", "/opt/env/q", "/opt/env2", "@@X@@", "/opt/env/s"});
}

TEST_CASE("a memory of old is not read as it was, or read where it says two things") {
    Memory memory;
    CHECK(possible_places(memory).empty());
    CHECK(targets_at(memory, "/new", "f").empty());
    memory.prefixes = {{"/p", "/opt/env", {}}, {"/q", "/x", "/opt/env/"}};
    CHECK(targets_at(memory, "/new", "f") == std::vector<std::string>{"/new", "/new"});
    memory.prefixes.push_back({"/r", "/usr/dep", {}});
    CHECK(
        refusal_of([&] { targets_at(memory, "/new", "f"); }) ==
        "f: it does not say which is the place of the tree, /opt/env or /usr/dep: reseal relocate --from OLD --to NEW, of the "
        "unpacked tree, says where each goes");
}

TEST_CASE("a file whose digest is not known before a run is done is not remembered, or with no digest at all") {
    Memory memory = full();
    memory.files.front().sha256.clear();
    memory.files.front().pending_sha256 = std::string(32, '\7');
    CHECK(read_memory(write_memory(memory, "f"), "f") == memory);
    const std::string none = R"({"version":1,"prefixes":[],"links":[],"files":[{"path":"a","mode":"binary","size":9}]})";
    CHECK(refusal(none) == "f: files[0].sha256: is missing");
}

TEST_CASE("what a memory says of a file is checked and named") {
    CHECK(refusal(with_file(R"(,"pad":"x")")) == "f: files[0].pad: 'x' is none of slash, nul, spack, refuse");
    CHECK(refusal(with_file(R"(,"shebang":"#!/p")")) == "f: files[0].shebang: is none");
    CHECK(refusal(with_file(R"(,"offsets":[{"encoding":"utf-8","ranges":[[1,9]]}])")) == "taken");
    CHECK(refusal(with_file(R"(,"offsets":[{"encoding":"utf-8","ranges":[[1,10]]}])")) ==
          "f: files[0].offsets: do not hold together");
    CHECK(refusal(with_file(R"(,"offsets":[{"encoding":"utf-8","prefix":1,"ranges":[[1,9]]}])")) ==
          "f: files[0].offsets: do not hold together");
    CHECK(refusal(with_file(R"(,"pending_sha256":"00")")).find("files[0].pending_sha256: not a SHA-256") != std::string::npos);
    CHECK(refusal(with_file(R"(,"x":[])")) == "f: files[0]: there is no field 'x' here");
    std::string text = with_file("");
    text.replace(text.find("binary"), 6, "unknown");
    CHECK(refusal(text) == "f: files[0].mode: 'unknown' is none of text, binary");
    text = with_file("");
    text.replace(text.find("\"size\":9"), 8, "\"size\":\"9\"");
    CHECK(refusal(text) == "f: files[0].size: not a number of bytes");
}

}  // namespace reseal::memory_test
