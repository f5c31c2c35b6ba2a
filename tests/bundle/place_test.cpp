// SPDX-License-Identifier: BSL-1.0
// Which bundle a path belongs to, and what lies where in it.
#include <doctest/doctest.h>

#include <reseal/bundle.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

#include "built_bundle.hpp"
#include "config.hpp"
#include "fs/folder.hpp"
#include "made_bundle.hpp"

namespace reseal::place_test {
using support::Folder;
namespace built = ::support;
namespace stdfs = std::filesystem;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0);
using Shape = BundlePlace::Shape;

}  // namespace

TEST_CASE("a path belongs to another bundle than the innermost" * needs_libplist) {
    const Folder folder;
    built::write_bundle(folder.path(), built::whole_application());
    const std::string app = folder / "Tool.app", part = app + "/Contents/Frameworks/Part.framework";
    for (const std::string& path :
         {app, app + "/", app + "/Contents", app + "/Contents/MacOS", app + "/Contents/MacOS/Tool",
          app + "/Contents/Resources/a.txt", app + "/Contents/Frameworks", app + "/Contents/nothing"}) {
        CAPTURE(path);
        const std::optional<BundlePlace> place = bundle_of(path);
        REQUIRE(place);
        CHECK(place->shape == Shape::deep);
        CHECK(place->folder == app);
        CHECK(place->base == app + "/Contents");
        CHECK(place->executable == app + "/Contents/MacOS/Tool");
        CHECK(place->info_plist == app + "/Contents/Info.plist");
        CHECK(place->code_resources == app + "/Contents/_CodeSignature/CodeResources");
        CHECK(place->identifier == "org.example.Tool");
        CHECK(place->profile.empty());
        CHECK(place->fault.empty());
    }
    for (const std::string& path :
         {part, part + "/Part", part + "/Versions", part + "/Versions/A", part + "/Versions/Current/Part",
          part + "/Versions/A/Resources/Info.plist", part + "/Versions/Current"}) {
        CAPTURE(path);
        const std::optional<BundlePlace> place = bundle_of(path);
        REQUIRE(place);
        CHECK(place->shape == Shape::versioned);
        CHECK(place->folder == part);
        CHECK(place->base == part + "/Versions/A");
        CHECK(place->executable == part + "/Versions/A/Part");
    }
    const std::optional<BundlePlace> flat = bundle_of(app + "/Contents/PlugIns/In.appex/sub/b.bin");
    REQUIRE(flat);
    CHECK(flat->shape == Shape::flat);
    CHECK(flat->base == flat->folder);
    CHECK(flat->executable == app + "/Contents/PlugIns/In.appex/In");
    CHECK_FALSE(bundle_of(folder.path()));
    CHECK_FALSE(bundle_of("/"));
    CHECK_FALSE(bundle_of(""));
}

TEST_CASE("an embedded profile is overlooked" * needs_libplist) {
    for (const auto& [spec, name] : {std::pair(built::BundleSpec(), "Contents/embedded.provisionprofile"),
                                     std::pair(built::flat_application(), "embedded.mobileprovision")}) {
        const Folder folder;
        const std::string path = built::write_bundle(folder.path(), spec).path;
        folder.write(spec.name + "/" + name, "x");
        REQUIRE(bundle_of(path));
        CHECK(bundle_of(path)->profile == path + "/" + name);
    }
}

TEST_CASE("an Info.plist leads out of its bundle" * needs_libplist) {
    const Folder folder;
    stdfs::create_directories(folder / "Tool.app/Contents/MacOS");
    const auto place_with = [&](const std::string& executable) {
        folder.write("Tool.app/Contents/Info.plist",
                     "<plist><dict><key>CFBundleExecutable</key><string>" + executable + "</string></dict></plist>");
        const std::optional<BundlePlace> place = bundle_of(folder / "Tool.app");
        REQUIRE(place);
        return *place;
    };
    for (const char* executable : {"../../../etc/passwd", "..", ".", "a/b"}) {
        CAPTURE(executable);
        CHECK(place_with(executable).executable.empty());
        CHECK(place_with(executable).fault.find("CFBundleExecutable") != std::string::npos);
    }
    CHECK(place_with("Other").executable == folder / "Tool.app/Contents/MacOS/Other");
    CHECK(place_with("").executable.empty());
    folder.write("Tool.app/Contents/MacOS/Tool", "x");
    CHECK(place_with("").executable == folder / "Tool.app/Contents/MacOS/Tool");
    folder.write("Tool.app/Contents/Info.plist", "no list");
    CHECK(bundle_of(folder / "Tool.app")->fault.find("Info.plist") != std::string::npos);
}

TEST_CASE("a folder that is no bundle passes for one") {
    const Folder folder;
    folder.write("Info.plist", "<plist><dict/></plist>");
    CHECK_FALSE(bundle_of(folder.path()));  // it has no extension
    stdfs::create_directories(folder / "empty.app/Contents");
    CHECK_FALSE(bundle_of(folder / "empty.app"));
    stdfs::create_directories(folder / "odd.framework/Versions");
    CHECK_FALSE(bundle_of(folder / "odd.framework"));
    stdfs::create_symlink("../../..", folder / "odd.framework/Versions/Current");
    CHECK_FALSE(bundle_of(folder / "odd.framework"));
}

TEST_CASE("a framework's current version is overlooked where the link is not written as Xcode does" * needs_libplist) {
    const support::MadeBundle made(built::framework());
    for (const char* target : {"A/", "./A", "./A//"}) {
        CAPTURE(target);
        stdfs::remove(made / "Versions/Current");
        stdfs::create_symlink(target, made / "Versions/Current");
        const std::optional<BundlePlace> place = bundle_of(made.path);
        REQUIRE(place);
        CHECK(place->shape == BundlePlace::Shape::versioned);
        CHECK(place->base == made / "Versions/A");
    }
}

TEST_CASE("bundles in a folder are overlooked, or told of twice" * needs_libplist) {
    const Folder folder;
    built::write_bundle(folder.path(), built::whole_application());
    built::write_bundle(folder / "deeper/still", built::framework());
    stdfs::create_directories(folder / "Data.bundle");
    folder.write("Data.bundle/Info.plist", "<plist><dict/></plist>");
    built::write_bundle(folder / "Data.bundle/sub", built::flat_application());
    stdfs::create_directory_symlink(folder / "deeper", folder / "link");
    const std::vector<std::string> expected = {folder / "Data.bundle/sub/Tool.app", folder / "Tool.app",
                                               folder / "deeper/still/Part.framework"};
    CHECK(bundles_in(folder.path()) == expected);
    CHECK(bundles_in(folder.path() + "//") == expected);
    CHECK(bundles_in(folder / "Tool.app") == std::vector<std::string>{folder / "Tool.app"});
    CHECK(bundles_in(folder / "link").size() == 1);
    CHECK(bundles_in(folder / "nothing").empty());
}

TEST_CASE("a code of a finding has no name, or that of another") {
    std::set<std::string_view> names;
    for (const BundleCode code : all_bundle_codes()) names.insert(name(code));
    CHECK(names.size() == all_bundle_codes().size());
    CHECK(names.size() == static_cast<std::size_t>(BundleCode::beyond_bounds) + 1);
    CHECK(name(BundleCode::info_plist_stale) == "info-plist-stale");
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(all_bundle_codes()[i] == static_cast<BundleCode>(i));
}

}  // namespace reseal::place_test
