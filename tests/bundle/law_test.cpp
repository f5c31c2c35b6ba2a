// SPDX-License-Identifier: BSL-1.0
// The law of a seal: change anything in a sealed bundle, and a finding names it; put it back, and none does.
#include <doctest/doctest.h>

#include <reseal/bundle.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "built_bundle.hpp"
#include "config.hpp"
#include "fs/folder.hpp"
#include "support/random.hpp"

namespace reseal::law_test {
using support::Folder;
namespace built = ::support;
namespace stdfs = std::filesystem;

namespace {

const doctest::skip needs_libplist(RESEAL_PLIST == 0 || RESEAL_LIBCRYPTO == 0);

bool names(const BundleVerdict& verdict, const std::string& path) {
    return std::any_of(verdict.findings.begin(), verdict.findings.end(),
                       [&](const BundleFinding& each) { return each.path == path && each.severity == Severity::error; });
}

/// Files and links below `root`, named from it, but those that no rule asks for.
std::vector<std::string> sealed_names(const std::string& root) {
    std::vector<std::string> all;
    for (const auto& entry : stdfs::recursive_directory_iterator(root)) {
        const std::string name = entry.path().string().substr(root.size() + 1);
        const std::string last = entry.path().filename();
        // What is in a framework's folder beside its versions is sealed in strict mode only, and then by what it may be.
        const bool beside =
            entry.is_symlink() && entry.path().string().find(".framework/") != name.npos && name.find("/A/") == name.npos;
        if ((entry.is_symlink() || entry.is_regular_file()) && !beside && last != "PkgInfo" && last != ".DS_Store")
            all.push_back(name);
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::string bytes_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void check_law(const built::BundleSpec& spec, std::uint64_t seed) {
    CAPTURE(spec.name);
    const Folder folder;
    const std::string root = built::write_bundle(folder.path(), spec).path;
    ::support::Random random(seed);
    REQUIRE(verify_bundle(root).findings.empty());
    const std::vector<std::string> all = sealed_names(root);
    REQUIRE(all.size() > 3);
    const std::string below = root + "/";
    for (const std::string& name : all) {
        CAPTURE(name);
        const std::string path = below + name;
        if (stdfs::is_symlink(path)) {
            const stdfs::path target = stdfs::read_symlink(path);
            stdfs::remove(path);
            CHECK(names(verify_bundle(root), name));
            stdfs::create_symlink(target.string() + "x", path);
            CHECK(names(verify_bundle(root), name));
            stdfs::remove(path);
            stdfs::create_symlink(target, path);
            continue;
        }
        const std::string bytes = bytes_of(path);
        // Of a program only what its signature covers, or the signature's own header.
        const bool program = bytes.size() > 4 && (bytes.substr(1, 3) == "\xfa\xed\xfe" || bytes.substr(0, 3) == "\xca\xfe\xba");
        for (int i = 0; i < 4 && !bytes.empty(); ++i) {
            std::string other = bytes;
            const std::size_t at =
                program ? other.size() / 2 - other.size() / 4 + random.below(400) : random.below(other.size());
            other[at] = static_cast<char>(other[at] ^ static_cast<char>(1 << random.below(8)));
            if (program && verify(MemorySource(other)) == verify(MemorySource(bytes))) continue;  // between slices
            put(path, other);
            CAPTURE(at);
            CHECK(names(verify_bundle(root), name));
        }
        put(path, bytes + "x");
        if (!program) CHECK(names(verify_bundle(root), name));
        put(path, bytes);
        if (!name.ends_with("Info.plist") && !name.ends_with("CodeResources")) {
            stdfs::rename(path, folder / "aside");
            const BundleVerdict verdict = verify_bundle(root);
            CHECK(verdict.bad);
            CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(),
                              [&](const BundleFinding& each) { return name.starts_with(each.path); }));
            stdfs::rename(folder / "aside", path);
        }
    }
    CHECK(verify_bundle(root).findings.empty());
}

}  // namespace

TEST_CASE("a change in a sealed bundle goes without a finding that names it" * needs_libplist) {
    check_law(built::whole_application(), 1);
    check_law(built::flat_application(), 2);
    check_law(built::framework(), 3);
}

TEST_CASE("a file more in any folder that is sealed goes without a finding" * needs_libplist) {
    const Folder folder;
    const std::string root = built::write_bundle(folder.path(), built::whole_application()).path;
    for (const char* place :
         {"Contents", "Contents/Resources", "Contents/Resources/sub", "Contents/MacOS", "Contents/Frameworks",
          "Contents/PlugIns/In.appex/sub", "Contents/Frameworks/Part.framework/Versions/A"}) {
        CAPTURE(place);
        const std::string name = std::string(place) + "/more.txt";
        std::string path = root;
        path.append("/").append(name);
        put(path, "x");
        CHECK(names(verify_bundle(root), name));
        stdfs::remove(path);
    }
    CHECK(verify_bundle(root).findings.empty());
}

}  // namespace reseal::law_test
