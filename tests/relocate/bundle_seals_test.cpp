// SPDX-License-Identifier: BSL-1.0
#include "relocate/bundle_seals.hpp"

#include <doctest/doctest.h>

#include "fs/folder.hpp"

namespace reseal::bundle_seals_test {
using support::Folder;

TEST_CASE("a changed file that a bundle lists goes unnoticed, or one that it does not list is taken for one") {
    const Folder folder;
    const std::string contents = folder / "A.app/Contents";
    for (const char* sub : {"/_CodeSignature", "/Resources", "/Frameworks/F.framework/_CodeSignature", "/MacOS"})
        std::filesystem::create_directories(contents + sub);
    folder.write("A.app/Contents/_CodeSignature/CodeResources",
                 "<plist><dict><key>files2</key><dict><key>Resources/a&amp;b.txt</key><dict/>"
                 "<key>Frameworks/F.framework</key><dict><key>cdhash</key></dict></dict></dict></plist>");
    folder.write("A.app/Contents/Frameworks/F.framework/_CodeSignature/CodeResources", "<key>x</key>");
    relocate::BundleSeals seals;
    const std::string outer = contents + "/_CodeSignature/CodeResources";
    CHECK(seals.listed_in(contents + "/Resources/a&b.txt") == outer);
    CHECK(!seals.listed_in(contents + "/Resources/a"));
    CHECK(!seals.listed_in(contents + "/MacOS/main"));
    CHECK(!seals.listed_in(folder / "plain"));
    CHECK(seals.listed_in(contents + "/Frameworks/F.framework/x") ==
          contents + "/Frameworks/F.framework/_CodeSignature/CodeResources");
    CHECK(seals.listed_in(contents + "/Frameworks/F.framework/lib/y") == outer);
}

}  // namespace reseal::bundle_seals_test
