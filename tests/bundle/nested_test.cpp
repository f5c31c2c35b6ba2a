// SPDX-License-Identifier: BSL-1.0
// Programs and bundles within a bundle: what it asks of them, and what they are.
#include <doctest/doctest.h>

#include <filesystem>

#include "config.hpp"
#include "made_bundle.hpp"
#include "support/image_builder.hpp"

namespace reseal::nested_test {
using Made = support::MadeBundle;
using support::told;
namespace built = ::support;
namespace stdfs = std::filesystem;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0 || RESEAL_LIBCRYPTO == 0);

}  // namespace

TEST_CASE("nested code that was changed after the bundle was signed passes" * needs_libplist) {
    const Made made(built::whole_application());
    built::BundleSpec other = built::framework();
    other.files["Resources/part.txt"] = "of another part";
    stdfs::remove_all(made / "Contents/Frameworks/Part.framework");
    built::write_bundle(made / "Contents/Frameworks", other);
    CHECK(made.findings() ==
          "nested-changed Contents/Frameworks/Part.framework, "
          "requirement-unmet Contents/Frameworks/Part.framework");
    CHECK(made.verify().bad);
}

TEST_CASE("nested code of the same identity fails although the bundle asks for no more" * needs_libplist) {
    built::BundleSpec spec;
    spec.bundles["Frameworks"] = built::framework();
    spec.bundles["Frameworks"].requirement = "identifier \"org.example.Part\"";
    const Made made(spec);
    CHECK(made.findings() == "");
    built::BundleSpec other = built::framework();
    other.files["Resources/part.txt"] = "of another part";
    stdfs::remove_all(made / "Contents/Frameworks/Part.framework");
    built::write_bundle(made / "Contents/Frameworks", other);
    CHECK(made.findings() == "nested-changed Contents/Frameworks/Part.framework (note)");
    CHECK_FALSE(made.verify().bad);
}

TEST_CASE("strict: a version of a framework that is not its current one may be anything" * needs_libplist) {
    built::BundleSpec spec;
    spec.bundles["Frameworks"] = built::framework();
    spec.bundles["Frameworks"].requirement = "identifier \"org.example.Part\"";
    const Made made(spec);
    const std::string part = "Contents/Frameworks/Part.framework/Versions/";
    stdfs::copy(made / (part + "A"), made / (part + "B"), stdfs::copy_options::recursive);
    CHECK(made.findings(true) == "");
    made.write(part + "B/Resources/part.txt", "of another part");
    CHECK(made.findings() == "");  // codesign asks for it in strict mode only
    CHECK(made.findings(true) == "file-changed " + part + "B/Resources/part.txt");
    CHECK(made.verify(true).layer() == Layer::strict);
    stdfs::remove_all(made / (part + "B"));
    stdfs::create_directories(made / (part + "C"));
    CHECK(made.findings(true) == "unsigned-code " + part + "C");

    spec.bundles["Frameworks"].requirement = "";  // its cdhash
    const Made bound(spec);
    stdfs::copy(bound / (part + "A"), bound / (part + "B"), stdfs::copy_options::recursive);
    CHECK(bound.findings(true) == "");
    built::BundleSpec other = built::framework();
    other.name = "Other.framework";
    other.files["Resources/part.txt"] = "of another part";
    stdfs::remove_all(bound / (part + "B"));
    const std::string elsewhere = built::write_bundle(bound.folder.path(), other).path;
    stdfs::copy(elsewhere + "/Versions/A", bound / (part + "B"), stdfs::copy_options::recursive);
    CHECK(bound.findings() == "");
    CHECK(bound.findings(true) == "requirement-unmet " + part + "B");
}

TEST_CASE("a requirement of certificates counts as met by an ad-hoc program" * needs_libplist) {
    built::BundleSpec spec;
    spec.bundles["Frameworks"] = built::framework();
    spec.bundles["Frameworks"].requirement = "identifier \"org.example.Part\" and anchor apple generic";
    CHECK(Made(spec).findings() == "requirement-unmet Contents/Frameworks/Part.framework");
    spec.bundles["Frameworks"].requirement = "identifier x and";
    CHECK(Made(spec).findings() == "requirement-malformed Contents/Frameworks/Part.framework");
}

TEST_CASE("what takes certificates is decided, or not named" * needs_libplist) {
    built::BundleSpec spec;
    spec.bundles["Frameworks"] = built::framework();
    spec.bundles["Frameworks"].flags = 0;
    spec.bundles["Frameworks"].certified = true;
    spec.bundles["Frameworks"].requirement = "identifier \"org.example.Part\" and anchor apple generic";
    const BundleVerdict verdict = Made(spec).verify();
    CHECK(told(verdict) == "requirement-unchecked Contents/Frameworks/Part.framework (note)");
    CHECK(verdict.findings[0].what == "arm64: this takes its certificates: anchor apple generic");
    CHECK_FALSE(verdict.bad);
    spec.bundles["Frameworks"].requirement = "identifier \"org.example.Other\" and anchor apple generic";
    CHECK(Made(spec).findings() == "requirement-unmet Contents/Frameworks/Part.framework");
}

TEST_CASE("a program without a signature carries a seal" * needs_libplist) {
    built::BundleSpec spec;
    spec.is_signed = false;
    spec.processors = {built::cpu_x86_64};
    CHECK(Made(spec).findings() == "unsigned-code Contents/MacOS/Tool");
    spec.sealed = false;
    CHECK(Made(spec).findings() == "");
    spec = {};
    built::ImageSpec library;
    library.cputype = built::cpu_x86_64;
    library.has_signature = false;
    spec.more_entries = "<key>Frameworks/lib.dylib</key><dict><key>requirement</key><string>always</string></dict>";
    const Made made(spec);
    stdfs::create_directories(made / "Contents/Frameworks");
    made.write("Contents/Frameworks/lib.dylib", built::build(library).bytes);
    CHECK(made.findings() == "unsigned-code Contents/Frameworks/lib.dylib");
}

TEST_CASE("what is wrong within nested code goes unnoticed" * needs_libplist) {
    const Made made(built::whole_application());
    const std::string part = "Contents/Frameworks/Part.framework/Versions/A/Resources/part.txt";
    made.write(part, "?");
    CHECK(made.findings() == "file-changed " + part);
    made.write(part, "of a part");
    const std::string library = "Contents/Frameworks/lib.dylib";
    std::string bytes = made.read(library);
    bytes[800] = static_cast<char>(bytes[800] ^ 1);
    made.write(library, bytes);
    const BundleVerdict verdict = made.verify();
    CHECK(told(verdict) == "code-bad " + library);
    CHECK(verdict.findings[0].layer == Layer::kernel);
    CHECK(told(verify_bundle(made.path, {.level = Level::kernel})) == "code-bad " + library);
    stdfs::remove(made / library);
    CHECK(made.findings() == "file-missing " + library);
    made.write(library, "#!/bin/sh\n");
    CHECK(made.findings() == "code-unchecked " + library + " (note)");
}

TEST_CASE("code that no seal names passes" * needs_libplist) {
    const Made made;
    stdfs::create_directories(made / "Contents/Frameworks/Extra.framework");
    CHECK(made.findings() == "file-extra Contents/Frameworks/Extra.framework");
    built::write_bundle(made / "Contents/Resources", built::framework());
    CHECK(made.findings().find("file-extra Contents/Resources/Part.framework/Versions/A/Part,") != std::string::npos);
}

TEST_CASE("a program signed without its bundle passes for a signed bundle" * needs_libplist) {
    built::BundleSpec spec;
    spec.sealed = false;
    CHECK(Made(spec).findings() == "info-plist-unbound Contents/Info.plist (note), unsealed Contents/MacOS/Tool");
    spec.flags |= built::flag_linker_signed;
    const Made linked(spec);
    CHECK(linked.findings() == "info-plist-unbound Contents/Info.plist (note), unsealed Contents/MacOS/Tool (note)");
    CHECK_FALSE(linked.verify().bad);
    stdfs::create_directories(linked / "Contents/_CodeSignature");
    linked.write("Contents/_CodeSignature/CodeResources", Made().read("Contents/_CodeSignature/CodeResources"));
    CHECK(linked.findings() ==
          "info-plist-unbound Contents/Info.plist (note), resources-unbound "
          "Contents/_CodeSignature/CodeResources");
}

TEST_CASE("an old list without links and nested code is taken for none" * needs_libplist) {
    built::BundleSpec spec;
    spec.version = 1;
    spec.hash_types = {1};
    const Made made(spec);
    CHECK(made.findings() == "");
    made.write("Contents/Resources/a.txt", "?");
    CHECK(made.findings() == "file-changed Contents/Resources/a.txt");
    made.write("Contents/Resources/a.txt", "some text");
    made.write("Contents/Resources/c.txt", "?");
    made.write("Contents/beside", "?");
    CHECK(made.findings() == "file-extra Contents/Resources/c.txt");
}

TEST_CASE("bundles within bundles without end are followed without end" * needs_libplist) {
    built::BundleSpec spec = built::framework();
    for (int i = 0; i < 20; ++i) {
        built::BundleSpec outer = built::framework();
        outer.bundles["Frameworks"] = spec;
        spec = outer;
    }
    const Made made(spec);
    const std::string findings = made.findings();
    CHECK(findings.find("beyond-bounds") != std::string::npos);
    CHECK(findings.find("file-") == std::string::npos);
    CHECK(made.verify().code.size() == 17);
}

}  // namespace reseal::nested_test
