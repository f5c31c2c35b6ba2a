// SPDX-License-Identifier: BSL-1.0
#include "package/index_json.hpp"

#include "package/refusal.hpp"

namespace reseal::index_json_test {
using namespace package;

namespace {

IndexJson index(const std::string& more) {
    return read_index_json(R"({"name":"demo","version":"1.0","build":"h0_0")" + more + "}", "f");
}
std::string refusal(const std::string& more) {
    return refusal_of([&] { index(more); });
}
EntryPoint point(const std::string& text) { return parse_entry_point(text, "f"); }
std::string refusal_of_point(const std::string& text) {
    return refusal_of([&] { point(text); });
}

}  // namespace

TEST_CASE("index.json says what a package is") {
    const IndexJson found = index(R"(,"build_number":3,"subdir":"osx-arm64","depends":["python >=3.11","zlib"],"license":"X")");
    CHECK(found.dist() == "demo-1.0-h0_0");
    CHECK(found.build_number == 3);
    CHECK(found.subdir == "osx-arm64");
    CHECK(found.noarch == Noarch::none);
    CHECK(found.depends.size() == 2);
    CHECK(found.all.at("license") == "X");
    CHECK(index(R"(,"noarch":"python")").noarch == Noarch::python);
    CHECK(index(R"(,"noarch":"generic")").noarch == Noarch::generic);
    CHECK(index(R"(,"noarch":true)").noarch == Noarch::generic);
    CHECK(index(R"(,"noarch":false)").noarch == Noarch::none);
    CHECK(index(R"(,"noarch":null)").noarch == Noarch::none);
    CHECK(index(R"(,"python_site_packages_path":"lib/python3.13t/site-packages")").site_packages ==
          "lib/python3.13t/site-packages");
}

TEST_CASE("packages from before subdir say it another way") {
    CHECK(index(R"(,"platform":"linux","arch":"x86_64")").subdir == "linux-64");
    CHECK(index(R"(,"platform":"win","arch":"x86")").subdir == "win-32");
    CHECK(index(R"(,"platform":"linux","arch":"ppc64le")").subdir == "linux-ppc64le");
    CHECK(index(R"(,"platform":"linux","arch":null)").subdir == "noarch");
    CHECK(index(R"(,"platform":null,"arch":null,"noarch":"python")").subdir == "noarch");
    CHECK(index("").subdir == "");
}

TEST_CASE("a name that leads out of conda-meta is refused") {
    CHECK(refusal_of([] { read_index_json(R"({"name":"../x","version":"1","build":"0"})", "f"); }) ==
          "f: name: '../x' cannot be part of a file's name");
    CHECK(
        refusal_of([] { read_index_json(R"({"name":"x","version":"1/../2","build":"0"})", "f"); }).starts_with("f: version: "));
    CHECK(refusal_of([] { read_index_json(R"({"name":"x","version":"1","build":""})", "f"); }).starts_with("f: build: "));
    CHECK(refusal_of([] {
              read_index_json(R"({"name":"x\u0000","version":"1","build":"0"})", "f");
          }).starts_with("f: name: 'x\\x00'"));
    CHECK(refusal_of([] { read_index_json(R"({"name":"x","version":"1"})", "f"); }) == "f: build: is missing");
    CHECK(refusal(R"(,"noarch":"java")") == "f: noarch: 'java' is none of python, generic");
    CHECK(refusal(R"(,"build_number":"3")") == "f: build_number: not a number of bytes");
    CHECK(refusal(R"(,"python_site_packages_path":"../../x")").find("leads out of the prefix") != std::string::npos);
}

TEST_CASE("entry points are commands and functions and nothing else") {
    CHECK(point("jlpm = jupyterlab.jlpmapp:main") == EntryPoint{"jlpm", "jupyterlab.jlpmapp", "main"});
    CHECK(point("f2py3.11=numpy.f2py._x:Main.run") == EntryPoint{"f2py3.11", "numpy.f2py._x", "Main.run"});
    for (const char* text : {"",
                             "a",
                             "a = b",
                             "a:b",
                             "../../x = m:f",
                             "/etc/cron.d/x = m:f",
                             "C:evil = m:f",
                             "my cmd = m:f",
                             " = m:f",
                             "-x = m:f",
                             ".x = m:f",
                             "pip.evil = x:../../main",
                             "a = os;import x:f",
                             "a = m:f()",
                             "a = m:f;g",
                             "a = m.:f",
                             "a = .m:f",
                             "a = m..n:f",
                             "a = 1m:f",
                             "a = m:",
                             "a = :f",
                             "a\n= m:f",
                             "a = m:f\n"})
        CHECK_MESSAGE(refusal_of_point(text).find("is not COMMAND = MODULE:FUNCTION") != std::string::npos, text);
}

TEST_CASE("link.json names the commands of a noarch package") {
    const std::string text =
        R"({"noarch":{"entry_points":["a = m:f","b = m:g"],"type":"python"},"package_metadata_version":1})";
    CHECK(read_link_json(text, "f").size() == 2);
    CHECK(read_link_json(R"({"noarch":{"type":"python"},"package_metadata_version":1})", "f").empty());
    CHECK(read_link_json(R"({"package_metadata_version":1,"preferred_env":{"x":1}})", "f").empty());
    CHECK(refusal_of([] { read_link_json(R"({"package_metadata_version":2})", "f"); }) ==
          "f: package_metadata_version: 1 is the only one there is");
    CHECK(refusal_of([] { read_link_json(R"({"noarch":{"entry_points":"a"},"package_metadata_version":1})", "f"); }) ==
          "f: noarch.entry_points: not a list of strings");
    CHECK(refusal_of([] {
              read_link_json(R"({"noarch":{"entry_points":["a=m:f","a=m:g"]},"package_metadata_version":1})", "f");
          }) == "f: the command 'a' is there twice");
}

TEST_CASE("a .conda archive of another format is refused") {
    CHECK(refusal_of([] { check_conda_format(R"({"conda_pkg_format_version": 2})", "f"); }) == "taken");
    CHECK(refusal_of([] { check_conda_format(R"({"conda_pkg_format_version": 3})", "f"); }) ==
          "f: conda_pkg_format_version: 2 is the only one there is");
    CHECK(refusal_of([] { check_conda_format("{}", "f"); }).find("2 is the only one") != std::string::npos);
}

}  // namespace reseal::index_json_test
