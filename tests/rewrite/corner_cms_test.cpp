// SPDX-License-Identifier: BSL-1.0
// CMS signatures under the three policies; the ad-hoc downgrade to the byte.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "support/blobs.hpp"
#include "support/fat_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_cms_test {
using namespace support;

namespace {

using Slots = std::vector<std::int64_t>;

const std::string certificates = "certificates, signed attributes and the digest: ";

Options cms(CmsPolicy policy) {
    Options options;
    options.cms = policy;
    return options;
}

// As codesign makes it with a Developer ID: requirements that name the signer, a team, entitlements, the hardened runtime.
ImageSpec developer_id() {
    ImageSpec spec = with_path_in_code(path_a);
    primary(spec).version = 0x20500;
    primary(spec).flags = flag_runtime;
    primary(spec).team = "TEAM123456";
    spec.signature.blobs = {requirements("anchor apple generic"), entitlements("<plist/>"), bound_cms(certificates)};
    return spec;
}

DirectorySpec alternate() {
    DirectorySpec directory;
    directory.slot = slot_alternate;
    directory.hash_type = 3;
    directory.version = 0x20200;
    directory.flags = flag_runtime;
    directory.team = "TEAM123456";
    return directory;
}

// What `--cms adhoc` has to make of `spec`, without the edits: written down field by field.
ImageSpec downgraded(ImageSpec spec) {
    for (DirectorySpec& directory : spec.signature.directories) {
        directory.flags |= flag_adhoc;
        if (directory.team && directory.version >= 0x20200) {
            directory.team_hole = directory.team->size() + 1;
            directory.team.reset();
        }
    }
    for (BlobSpec& blob : spec.signature.blobs) {
        const std::size_t room = blob.bytes.size() + (blob.append_digest ? 32 : 0);
        if (blob.slot == slot_requirements) blob = no_requirements();
        if (blob.slot == slot_cms) blob = empty_cms();
        blob.reserve = room;
    }
    return spec;
}

std::vector<Code> adhoc_notes() { return {Code::cms_downgraded, Code::adhoc_runtime, Code::adhoc_entitlements}; }

}  // namespace

TEST_CASE("a touched CMS-signed image is refused by default, whatever its flags say") {
    for (std::uint32_t flags : {0U, flag_adhoc, flag_runtime, flag_linker_signed | flag_adhoc}) {
        ImageSpec spec = developer_id();
        primary(spec).flags = flags;
        const Image image = build(spec);
        REQUIRE(check(image.bytes).images.at(0).cms_bound);
        const corner::Outcome out = corner::refuses(image.bytes, Code::cms_signed);
        CHECK(out.report.findings.at(0).what.find("TEAM123456") != std::string::npos);
    }
}

TEST_CASE("a CMS wrapper of 8 bytes is no CMS signature, also without the ad-hoc flag") {
    for (std::uint32_t flags : {0U, flag_adhoc}) {
        ImageSpec spec = with_path_in_code(path_a);
        primary(spec).flags = flags;
        spec.signature.blobs = {no_requirements(), empty_cms()};
        corner::reseals(spec);
    }
}

TEST_CASE("a CMS blob of 9 bytes is a CMS signature") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.signature.blobs = {unbound_cms("x")};
    corner::refuses(build(spec).bytes, Code::cms_signed);
}

TEST_CASE("adhoc: flags, team, requirements and CMS wrapper as an ad-hoc signer leaves them, every length as it was") {
    const ImageSpec spec = developer_id();
    const Image before = build(spec);
    const Image after = build(with_path(downgraded(spec), path_a, path_b));
    REQUIRE(before.bytes.size() == after.bytes.size());
    REQUIRE(check(after.bytes).good_and_signed());
    const corner::Outcome out = corner::gives(before.bytes, after.bytes, adhoc_notes(), cms(CmsPolicy::adhoc));
    CHECK(out.image().status == ImageStatus::downgraded);
    CHECK(out.image().codedirectories.at(0).slots_changed == Slots{-2, 0, 1, 2, 3, 4, 5});
    // Said again in bytes, apart from the builder.
    const auto at = [&](std::uint64_t where, std::size_t count) { return out.bytes.substr(where, count); };
    CHECK(at(before.directories[0].at + 12, 4) == be32(flag_runtime | 0x2));
    CHECK(at(before.directories[0].at + 48, 4) == be32(0));
    CHECK(at(before.directories[0].team, 11) == std::string(11, '\0'));
    CHECK(at(before.blobs.at(slot_requirements), 12) == be32(0xfade0c01) + be32(12) + be32(0));
    CHECK(at(before.blobs.at(slot_cms), 8) == be32(0xfade0b01) + be32(8));
    CHECK(at(before.blobs.at(slot_cms) + 8, certificates.size() + 32) == std::string(certificates.size() + 32, '\0'));
    CHECK(at(before.signature, 12 + 8 * 4) == before.bytes.substr(before.signature, 12 + 8 * 4));
}

TEST_CASE("adhoc: every CodeDirectory, at its own version") {
    ImageSpec spec = developer_id();
    spec.signature.directories.push_back(alternate());
    corner::gives(build(spec).bytes, build(with_path(downgraded(spec), path_a, path_b)).bytes, adhoc_notes(),
                  cms(CmsPolicy::adhoc));
    // Before version 0x20200 there is no team: bytes 48 to 51 are the identifier's.
    primary(spec).version = 0x20100;
    primary(spec).team.reset();
    corner::gives(build(spec).bytes, build(with_path(downgraded(spec), path_a, path_b)).bytes, adhoc_notes(),
                  cms(CmsPolicy::adhoc));
}

TEST_CASE("adhoc: blobs in reverse order, gaps and stale padding stay as they are") {
    ImageSpec spec = developer_id();
    spec.signature.reversed = true;
    spec.signature.gap = "gap";
    spec.signature.padding = "stale padding";
    corner::gives(build(spec).bytes, build(with_path(downgraded(spec), path_a, path_b)).bytes, adhoc_notes(),
                  cms(CmsPolicy::adhoc));
}

TEST_CASE("adhoc: the path in requirements and certificates goes with them") {
    ImageSpec spec = developer_id();
    spec.signature.blobs = {requirements("identifier " + path_a), bound_cms(certificates + path_a)};
    const corner::Outcome out = corner::gives(build(spec).bytes, build(with_path(downgraded(spec), path_a, path_b)).bytes,
                                              {Code::cms_downgraded, Code::adhoc_runtime}, cms(CmsPolicy::adhoc));
    CHECK(check(out.bytes).good_and_signed());
}

TEST_CASE("adhoc: entitlements and team that hold the path, in a signature without requirements") {
    ImageSpec spec = developer_id();
    primary(spec).flags = 0;
    primary(spec).team = "team of " + path_a;
    spec.signature.blobs = {entitlements("<plist>" + path_a + "</plist>"), bound_cms(certificates)};
    corner::gives(build(spec).bytes, build(with_path(downgraded(spec), path_a, path_b)).bytes,
                  {Code::identifier_edited, Code::cms_downgraded, Code::adhoc_entitlements}, cms(CmsPolicy::adhoc));
}

TEST_CASE("adhoc: slot -2 follows the empty set only if it was right") {
    const ImageSpec spec = developer_id();
    const Image before = build(spec);
    const std::string stale = "not the hash of the requirements";
    std::vector<Code> notes = adhoc_notes();
    notes.push_back(Code::stale_special);
    const std::string after = build(with_path(downgraded(spec), path_a, path_b)).bytes;
    corner::gives(poked(before.bytes, before.slot(-2), stale), poked(after, before.slot(-2), stale), notes,
                  cms(CmsPolicy::adhoc));
    // Zeros mean that there was none.
    const std::string none(32, '\0');
    corner::gives(poked(before.bytes, before.slot(-2), none), poked(after, before.slot(-2), none), adhoc_notes(),
                  cms(CmsPolicy::adhoc));
}

TEST_CASE("adhoc: a stale touched page is refused all the same") {
    const Image image = build(developer_id());
    corner::refuses(poked(image.bytes, image.slot(1), "stale"), Code::stale_page, cms(CmsPolicy::adhoc));
}

TEST_CASE("adhoc: an image that is not CMS-signed is resealed like any other") {
    const Twins files = twins(with_path_in_code(path_a), path_a, path_b);
    CHECK(corner::gives(files.a, files.b, {}, cms(CmsPolicy::adhoc)).image().status == ImageStatus::resealed);
}

TEST_CASE("keep: the slots are right again, the CMS blob is left unbound, with a note") {
    const ImageSpec spec = developer_id();
    const Image before = build(spec);
    std::string after = build(with_path(spec, path_a, path_b)).bytes;
    const std::uint64_t blob = before.blobs.at(slot_cms);
    poke(after, blob, std::string_view(before.bytes).substr(blob, 8 + certificates.size() + 32));
    const corner::Outcome out = corner::gives(before.bytes, after, {Code::cms_unbound}, cms(CmsPolicy::keep));
    CHECK(out.image().status == ImageStatus::unbound);
    CHECK(check(out.bytes).good_and_signed());
    CHECK(check(out.bytes).images.at(0).cms);
    CHECK_FALSE(check(out.bytes).images.at(0).cms_bound);
}

TEST_CASE("an edit in the CMS blob is refused, but for adhoc, which throws it away") {
    ImageSpec spec = developer_id();
    spec.rpath.clear();
    spec.plants.clear();
    spec.signature.blobs.back() = bound_cms(certificates + path_a);
    const Image image = build(spec);
    corner::refuses(image.bytes, Code::cms_signed);
    corner::refuses(image.bytes, Code::cms_edited, cms(CmsPolicy::keep));
    corner::gives(image.bytes, build(downgraded(spec)).bytes, adhoc_notes(), cms(CmsPolicy::adhoc));
}

TEST_CASE("an edit that CMS does not seal leaves a CMS signature as it is, under every policy") {
    ImageSpec spec = developer_id();
    spec.rpath.clear();
    spec.plants.clear();
    spec.signature.padding = "stale " + path_a;
    spec.signature.gap = "gap " + path_a;
    spec.trailer = "payload " + path_a;
    const Image image = build(spec);
    for (CmsPolicy policy : {CmsPolicy::refuse, CmsPolicy::adhoc, CmsPolicy::keep}) {
        const corner::Outcome out =
            corner::gives(image.bytes, corner::naive(image.bytes), {Code::behind_signature}, cms(policy));
        CHECK(out.image().status == ImageStatus::untouched);
        CHECK(check(out.bytes).images.at(0).cms_bound);
    }
}

TEST_CASE("in a universal file only touched images are downgraded, with a note that both kinds stand side by side") {
    ImageSpec touched = developer_id(), untouched = developer_id();
    untouched.cputype = cpu_x86_64;
    untouched.rpath.clear();
    untouched.plants.clear();
    const Fat before = fat({build(untouched), build(touched)});
    const Fat after = fat({build(untouched), build(with_path(downgraded(touched), path_a, path_b))});
    std::vector<Code> notes = adhoc_notes();
    notes.push_back(Code::adhoc_mixed);
    const corner::Outcome out = corner::gives(before.bytes, after.bytes, notes, cms(CmsPolicy::adhoc));
    CHECK(out.image(0).status == ImageStatus::untouched);
    CHECK(out.image(1).status == ImageStatus::downgraded);
    // Both touched: nothing to note.
    ImageSpec other = developer_id();
    other.cputype = cpu_x86_64;
    const corner::Outcome both = corner::rewrite(fat({build(other), build(touched)}).bytes, cms(CmsPolicy::adhoc));
    CHECK_FALSE(both.noted(Code::adhoc_mixed));
}

TEST_CASE("every refused image of a universal file is named") {
    ImageSpec intel = developer_id();
    intel.cputype = cpu_x86_64;
    const corner::Outcome out = corner::refuses(fat({build(intel), build(developer_id())}).bytes, Code::cms_signed);
    CHECK(out.errors == std::vector<Code>{Code::cms_signed, Code::cms_signed});
    CHECK(out.image(0).status == ImageStatus::refused);
    CHECK(out.image(1).status == ImageStatus::refused);
    CHECK(out.image(1).codedirectories.empty());
}

}  // namespace reseal::corner_cms_test
