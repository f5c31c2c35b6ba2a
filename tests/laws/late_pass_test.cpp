// SPDX-License-Identifier: BSL-1.0
// Law 8, memory, where an archive is put back into the tree it was read from.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <reseal/error.hpp>
#include <reseal/registration.hpp>

#include "fs/folder.hpp"
#include "fs/tree_patch.hpp"
#include "laws/memory.hpp"
#include "support/blobs.hpp"
#include "support/disk.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/tree.hpp"

namespace reseal::late_pass_test {
namespace {

constexpr std::size_t kib = 1024, mib = 1024 * kib;
const std::string one = "dc04vv14dak1c1r48qa0m23vr9jy8sm0", two = "zc842j0rz61mjsp3h3wp5ly71ak6qgdn";

}  // namespace

TEST_CASE("what comes behind an image that a late pass refuses is kept") {
    const support::Folder folder;
    std::filesystem::create_directory(folder / "store");
    support::ImageSpec image;
    image.plants = {{5000, two}};
    image.signature.blobs = {support::no_requirements(), support::bound_cms("certificates")};
    support::put_on_disk(folder / "lib", support::file("", two));
    support::put_on_disk(folder / "out", support::folder("", {support::file("a", support::build(image).bytes),
                                                              support::file("b", std::string(16 * mib, 'b'))}));
    reseal::store::RegistrationSpec spec;
    spec.real_store = folder / "store";
    spec.jobs = 1;
    for (const auto& [id, hash_part] : {std::pair{"out", one}, std::pair{"lib", two}}) {
        reseal::store::OutputSpec& output = spec.outputs.emplace_back();
        output.id = id;
        output.scratch = {hash_part, "foo"};
        output.tree = folder / id;
    }
    reseal::store::Registration done;
    const laws::MemoryGauge gauge;
    CHECK_THROWS_AS(register_outputs(spec, done), reseal::Error);
    CHECK(gauge.peak() < 4 * mib);
    REQUIRE(done.findings.size() == 1);
    CHECK(done.findings[0].code == reseal::Code::cms_signed);
    CHECK(done.findings[0].entry == folder / "out/a");
}

TEST_CASE("the places of files that lie behind are kept") {
    const support::Folder folder;
    std::vector<support::Node> files;
    for (int i = 10'000; i < 20'000; ++i) files.push_back(support::file("file-" + std::to_string(i), "x"));
    files.push_back(support::file("last", one));
    const std::string archive = support::nar(support::folder("", std::move(files)));
    folder.write("last", one);
    std::string changed = archive;
    changed.replace(changed.find(one), one.size(), two);
    const laws::MemoryGauge gauge;
    reseal::fs::TreePatch patch(folder.path());
    for (std::size_t at = 0; at < archive.size(); at += 64 * kib) {
        patch.before(std::string_view(archive).substr(at, 64 * kib));
        patch.after(std::string_view(changed).substr(at, 64 * kib));
    }
    patch.finish();
    CHECK(gauge.peak() < 512 * kib);
    CHECK(folder.read("last") == two);
}

}  // namespace reseal::late_pass_test
