// SPDX-License-Identifier: BSL-1.0
// Bundles that are right, and one thing at a time that is wrong with one.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <reseal/error.hpp>

#include <filesystem>

#include "config.hpp"
#include "made_bundle.hpp"

namespace reseal::defect_test {
using Made = support::MadeBundle;
using support::told;
namespace built = ::support;
namespace stdfs = std::filesystem;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0 || RESEAL_LIBCRYPTO == 0);

}  // namespace

TEST_CASE("a bundle of any shape that is right has findings" * needs_libplist) {
    for (const built::BundleSpec& spec :
         {built::BundleSpec(), built::whole_application(), built::flat_application(), built::framework()}) {
        CAPTURE(spec.name);
        const Made made(spec);
        const BundleVerdict verdict = made.verify(true);
        CHECK(told(verdict) == "");
        CHECK_FALSE(verdict.bad);
        CHECK(verdict.sealed);
        CHECK(verdict.place.identifier == "org.example." + spec.program);
        CHECK(verdict.place.executable == made / built::program_of(spec));
        std::size_t files = spec.files.size() + (spec.shape == built::BundleSpec::Shape::versioned ? 1 : 0);
        for (const auto& [where, inner] : spec.bundles)
            files += inner.files.size() + (inner.shape == built::BundleSpec::Shape::versioned ? 1 : 0);
        CHECK(verdict.files == files);
        CHECK(verdict.code.size() == 1 + spec.bundles.size() + spec.programs.size());
        for (const BundleCodeVerdict& code : verdict.code)
            for (const ImageVerdict& image : code.images) {
                CHECK(image.verdict == Verdict::valid);
                for (const CodeDirectoryVerdict& directory : image.codedirectories) CHECK(directory.unchecked.empty());
            }
    }
}

TEST_CASE("an Info.plist that is not the sealed one passes" * needs_libplist) {
    const Made made(built::whole_application());
    made.write("Contents/Info.plist", made.read("Contents/Info.plist") + " ");
    const BundleVerdict verdict = made.verify();
    CHECK(told(verdict) == "info-plist-stale Contents/Info.plist");
    CHECK(verdict.bad);
    CHECK(verdict.findings[0].layer == Layer::codesign);
    CHECK(verdict.findings[0].what ==
          "not what special slot -1 of Contents/MacOS/Tool seals: x86_64 sha1, x86_64 sha256, arm64 sha1, arm64 sha256");
    stdfs::remove(made / "Contents/Info.plist");
    CHECK(made.findings() == "info-plist-missing Contents");
}

TEST_CASE("a changed Info.plist passes where the program holds the sealed one" * needs_libplist) {
    built::BundleSpec spec;
    spec.section = true;
    const Made made(spec);
    CHECK(made.findings() == "");
    made.write("Contents/Info.plist", made.read("Contents/Info.plist") + " ");
    CHECK(made.findings() == "info-plist-stale Contents/Info.plist");
}

TEST_CASE("a CodeResources that is not the sealed one passes" * needs_libplist) {
    const Made made;
    const std::string list = made.read("Contents/_CodeSignature/CodeResources");
    made.write("Contents/_CodeSignature/CodeResources", list + "\n");
    CHECK(made.findings() == "resources-stale Contents/_CodeSignature/CodeResources");
    made.write("Contents/_CodeSignature/CodeResources", "no list");
    CHECK(made.findings() ==
          "resources-stale Contents/_CodeSignature/CodeResources, "
          "resources-malformed Contents/_CodeSignature/CodeResources");
    for (const char* list_of_another_kind :
         {"<plist><array/></plist>", "<plist><dict><key>files2</key><dict/></dict></plist>",
          "<plist><dict><key>rules2</key><dict/><key>files2</key><array/></dict></plist>", "<plist><dict/></plist>", ""}) {
        made.write("Contents/_CodeSignature/CodeResources", list_of_another_kind);
        CHECK(made.findings().find("resources-malformed Contents/_CodeSignature/CodeResources") != std::string::npos);
    }
    stdfs::remove(made / "Contents/_CodeSignature/CodeResources");
    CHECK(made.findings() == "resources-missing Contents");
}

TEST_CASE("a changed, missing, additional or replaced file passes" * needs_libplist) {
    const Made made(built::whole_application());
    made.write("Contents/Resources/a.txt", "some texT");
    CHECK(made.findings() == "file-changed Contents/Resources/a.txt");
    CHECK(made.verify().findings[0].what == "it has another sha1, sha256 than was sealed");
    stdfs::remove(made / "Contents/Resources/a.txt");
    CHECK(made.findings() == "file-missing Contents/Resources/a.txt");
    stdfs::create_directory(made / "Contents/Resources/a.txt");
    CHECK(made.findings() == "file-missing Contents/Resources/a.txt");
    stdfs::remove(made / "Contents/Resources/a.txt");
    made.write("Contents/elsewhere", "some text");
    stdfs::create_symlink("../elsewhere", made / "Contents/Resources/a.txt");
    CHECK(made.findings() == "file-replaced Contents/Resources/a.txt, file-extra Contents/elsewhere");
    stdfs::remove(made / "Contents/elsewhere");
    stdfs::remove(made / "Contents/Resources/a.txt");
    made.write("Contents/Resources/a.txt", "some text");
    CHECK(made.findings() == "");
    made.write("Contents/Resources/.DS_Store", "not sealed by the rules");
    CHECK(made.findings() == "");
}

TEST_CASE("a file that the rules call optional is missed" * needs_libplist) {
    built::BundleSpec spec;
    spec.more_entries = "<key>Resources/de.lproj/x</key><dict><key>hash2</key><data>" + built::base64(std::string(32, 'x')) +
                        "</data><key>optional</key><true/></dict>";
    const Made made(spec);
    CHECK(made.findings() == "");
    stdfs::create_directories(made / "Contents/Resources/de.lproj");
    made.write("Contents/Resources/de.lproj/x", "y");
    CHECK(made.findings() == "file-changed Contents/Resources/de.lproj/x");
}

TEST_CASE("a symbolic link that points elsewhere passes" * needs_libplist) {
    const Made made;
    stdfs::remove(made / "Contents/Resources/link");
    stdfs::create_symlink("b.txt", made / "Contents/Resources/link");
    CHECK(made.findings() == "link-changed Contents/Resources/link");
    stdfs::remove(made / "Contents/Resources/link");
    made.write("Contents/Resources/link", "some text");
    CHECK(made.findings() == "file-replaced Contents/Resources/link");
}

TEST_CASE("a sealed link out of the bundle passes in strict mode, or fails without it" * needs_libplist) {
    for (const char* target : {"../../../outside", "/etc/passwd"}) {
        built::BundleSpec spec;
        spec.links["Resources/out"] = target;
        const Made made(spec);
        CHECK(made.findings() == "");
        const BundleVerdict strict = made.verify(true);
        CHECK(told(strict) == "link-outside Contents/Resources/out");
        CHECK(strict.findings[0].layer == Layer::strict);
    }
    built::BundleSpec spec;
    spec.links = {{"Resources/in", "../../Contents/./Resources/a.txt"}, {"Resources/system", "/System/Library/x"}};
    CHECK(Made(spec).findings(true) == "");
}

TEST_CASE("a bundle without its program passes" * needs_libplist) {
    const Made made;
    stdfs::remove(made / "Contents/MacOS/Tool");
    CHECK(made.findings() == "executable-missing Contents/MacOS/Tool");
    made.write("Contents/MacOS/Tool", "#!/bin/sh\n");
    CHECK(made.findings() == "code-unchecked Contents/MacOS/Tool (note)");
}

TEST_CASE("what lies beside the sealed folder passes in strict mode, or fails without it" * needs_libplist) {
    const Made application, part(built::framework());
    application.write("notes.txt", "x");
    part.write("notes.txt", "x");
    CHECK(application.findings() == "");
    CHECK(application.findings(true) == "unsealed-root notes.txt");
    CHECK(part.findings(true) == "unsealed-root notes.txt");
}

TEST_CASE("an entry that seals nothing passes for a seal" * needs_libplist) {
    for (const char* entry :
         {"<true/>", "<dict><key>hash2</key><data>AAAA</data></dict>", "<dict><key>optional</key><false/></dict>",
          "<data>AAAA</data>", "<dict><key>cdhash</key><data>AAAA</data></dict>"}) {
        CAPTURE(entry);
        built::BundleSpec spec;
        spec.loose["Resources/odd"] = "x";
        spec.more_entries = std::string("<key>Resources/odd</key>") + entry;
        CHECK(Made(spec).findings() == "entry-malformed Contents/Resources/odd");
    }
}

TEST_CASE("a list that names something outside leads there" * needs_libplist) {
    built::BundleSpec spec;
    spec.more_entries = "<key>../../outside</key><dict><key>hash2</key><data>" + built::base64(std::string(32, 'x')) +
                        "</data></dict><key>/etc/passwd</key><dict><key>symlink</key><string>x</string></dict>";
    const Made made(spec);
    made.folder.write("outside", "x");
    CHECK(made.findings() == "file-missing Contents/../../outside, file-missing Contents//etc/passwd");
}

TEST_CASE("rules that cannot be followed are followed" * needs_libplist) {
    built::BundleSpec spec;
    spec.rules = "<key>^Resources/.{3}</key><true/>";
    const Made made(spec);
    made.write("Contents/Resources/more", "?");
    CHECK(made.findings() == "rules-unsupported Contents/_CodeSignature/CodeResources");
    CHECK(made.verify().bad);
    made.write("Contents/Resources/a.txt", "?");
    CHECK(made.findings() == "file-changed Contents/Resources/a.txt, rules-unsupported Contents/_CodeSignature/CodeResources");
}

TEST_CASE("a folder without rights ends the work" * needs_libplist * doctest::skip(::geteuid() == 0)) {
    const Made made;
    ::chmod((made / "Contents/Resources/sub").c_str(), 0);
    made.write("Contents/Resources/a.txt", "?");
    const std::string findings = made.findings();
    ::chmod((made / "Contents/Resources/sub").c_str(), 0755);
    CHECK(findings == "file-changed Contents/Resources/a.txt, unreadable Contents/Resources/sub");
}

TEST_CASE("a pipe in a bundle is waited for" * needs_libplist) {
    const Made made;
    REQUIRE(::mkfifo((made / "Contents/Resources/pipe").c_str(), 0644) == 0);
    CHECK(made.findings() == "file-extra Contents/Resources/pipe (note)");
    stdfs::remove(made / "Contents/Resources/a.txt");
    REQUIRE(::mkfifo((made / "Contents/Resources/a.txt").c_str(), 0644) == 0);
    CHECK(made.findings() == "file-replaced Contents/Resources/a.txt, file-extra Contents/Resources/pipe (note)");
}

TEST_CASE("what is no bundle is verified as one" * needs_libplist) {
    const support::Folder folder;
    CHECK_THROWS_AS(verify_bundle(folder.path()), Error);
    CHECK_THROWS_AS(verify_bundle(folder / "nothing"), Error);
    folder.write("file", "x");
    CHECK_THROWS_AS(verify_bundle(folder / "file"), Error);
}

}  // namespace reseal::defect_test
