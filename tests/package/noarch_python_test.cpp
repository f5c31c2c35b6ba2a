// SPDX-License-Identifier: BSL-1.0
#include "package/noarch_python.hpp"

#include <doctest/doctest.h>

#include <reseal/error.hpp>

namespace reseal::noarch_python_test {
using namespace package;

TEST_CASE("a noarch package's paths go where its Python looks") {
    const NoarchPython python("3.11");
    CHECK(python.place("site-packages/demo/__init__.py") == "lib/python3.11/site-packages/demo/__init__.py");
    CHECK(python.place("python-scripts/demo") == "bin/demo");
    CHECK(python.place("share/demo/x") == "share/demo/x");
    CHECK(python.place("site-packages") == "lib/python3.11/site-packages");
    CHECK(python.place("site-packages-x/y") == "site-packages-x/y");
    CHECK(NoarchPython("3.11.4").place("site-packages/x") == "lib/python3.11/site-packages/x");
    CHECK(NoarchPython("3.13t").place("site-packages/x") == "lib/python3.13t/site-packages/x");
    CHECK(NoarchPython("3.13", "lib/python3.13t/site-packages").place("site-packages/x") == "lib/python3.13t/site-packages/x");
}

TEST_CASE("what is no version of Python is refused") {
    for (const char* text :
         {"", "3", "3.", ".11", "3.x", "3.11-x", "../3.11", "3.11/../x", "311.4", "3.1111", "3.11 ", "3.11tt"})
        CHECK_THROWS_AS_MESSAGE(NoarchPython{text}, Error, text);
}

TEST_CASE("a command of a noarch package calls its function with the Python of its prefix") {
    const MadeFile file = NoarchPython("3.12.1").script({"demo-run", "demo.app", "Main.run"});
    CHECK(file.record.path == "bin/demo-run");
    CHECK(file.record.mode == FileMode::text);
    CHECK(file.mode == 0755);
    CHECK(file.contents.starts_with("#!" + file.record.placeholder + "/bin/python3.12\n"));
    CHECK(file.contents.find("\nfrom demo.app import Main\n") != std::string::npos);
    CHECK(file.contents.ends_with("\n    sys.exit(Main.run())\n"));
}

}  // namespace reseal::noarch_python_test
