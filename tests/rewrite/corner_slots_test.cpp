// SPDX-License-Identifier: BSL-1.0
// Which slots change: stale ones, special ones, and where an edit lies in the code.
#include <doctest/doctest.h>

#include "corner.hpp"
#include "support/blobs.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/plain_sha.hpp"
#include "support/shapes.hpp"

namespace reseal::corner_slots_test {
using namespace support;

namespace {

using Slots = std::vector<std::int64_t>;

Options stale_reseal() {
    Options options;
    options.stale = StalePolicy::reseal;
    return options;
}

Slots changed(const corner::Outcome& out, std::size_t directory = 0) {
    return out.image().codedirectories.at(directory).slots_changed;
}

// The second one is an alternate of another hash.
ImageSpec two_directories() {
    ImageSpec spec;
    DirectorySpec alternate;
    alternate.slot = slot_alternate;
    alternate.hash_type = 3;
    spec.signature.directories.push_back(alternate);
    return spec;
}

// Every slot of the first CodeDirectory is zero.
std::string with_zero_slots(const Image& image) {
    return poked(image.bytes, image.slot(0), std::string(image.directories[0].slots * 32, '\0'));
}

}  // namespace

TEST_CASE("a touched page that was stale before is refused, and resealed only when asked for") {
    ImageSpec spec;
    spec.plants = {{4096 + 100, path_a}, {3 * 4096, path_a}};
    Image image = build(spec);
    const std::string broken = poked(image.bytes, 4096 + 1000, "broken before");
    const corner::Outcome refused = corner::refuses(broken, Code::stale_page);
    CHECK(refused.image().codedirectories.empty());  // none was resealed

    const std::string substituted = corner::naive(broken);
    std::string expected = poked(build(with_path(spec, path_a, path_b)).bytes, 4096 + 1000, "broken before");
    poke(expected, image.slot(1), plain_sha256(std::string_view(substituted).substr(4096, 4096)));
    const corner::Outcome out = corner::gives(broken, expected, {Code::stale_page}, stale_reseal());
    CHECK(changed(out) == Slots{1, 3});
    CHECK(check(out.bytes).good_and_signed());
}

TEST_CASE("a stale page that no edit touches is left stale under either policy") {
    ImageSpec spec;
    spec.plants = {{4096 + 100, path_a}};
    const std::string broken = poked(build(spec).bytes, 2 * 4096, "broken before");
    const std::string expected = poked(build(with_path(spec, path_a, path_b)).bytes, 2 * 4096, "broken before");
    CHECK(changed(corner::gives(broken, expected)) == Slots{1});
    CHECK(changed(corner::gives(broken, expected, {}, stale_reseal())) == Slots{1});
    CHECK(check(expected).images.at(0).directories.at(0).bad == Slots{2});
}

TEST_CASE("a page stale in the alternate CodeDirectory alone is refused") {
    ImageSpec spec = two_directories();
    spec.plants = {{4096 + 100, path_a}};
    const Image image = build(spec);
    const std::string broken = poked(image.bytes, image.directories[1].code_slots + 20, "stale");
    corner::refuses(broken, Code::stale_page);
    corner::gives(broken, build(with_path(spec, path_a, path_b)).bytes, {Code::stale_page}, stale_reseal());
}

TEST_CASE("a last page hashed with zeros behind it is stale, not another convention") {
    ImageSpec spec;
    spec.plants = {{5 * 4096 + 100, path_a}};
    const Image image = build(spec);
    const std::string padded =
        image.bytes.substr(5 * 4096, image.signature - 5 * 4096) + std::string(6 * 4096 - image.signature, '\0');
    const std::string broken = poked(image.bytes, image.slot(5), plain_sha256(padded));
    corner::refuses(broken, Code::stale_page);
    corner::gives(broken, build(with_path(spec, path_a, path_b)).bytes, {Code::stale_page}, stale_reseal());
}

TEST_CASE("slots of zeros are stale; resealing them heals the touched pages only") {
    ImageSpec spec;
    spec.plants = {{4096 + 100, path_a}};
    const Image image = build(spec);
    corner::refuses(with_zero_slots(image), Code::stale_page);
    const corner::Outcome out = corner::rewrite(with_zero_slots(image), stale_reseal());
    CHECK_FALSE(out.refused);
    CHECK(changed(out) == Slots{1});
    CHECK(check(out.bytes).images.at(0).directories.at(0).bad == Slots{0, 2, 3, 4, 5});
}

TEST_CASE("a rule that changes nothing touches nothing, in a stale image too") {
    ImageSpec spec;
    spec.plants = {{4096 + 100, path_a}};
    const Image image = build(spec);
    for (const std::string& input : {image.bytes, with_zero_slots(image)}) {
        const corner::Outcome out = corner::rewrite(input, {}, {{path_a, path_a}});
        CHECK_FALSE(out.refused);
        CHECK(out.bytes == input);
        CHECK(out.report.hits == std::vector<std::uint64_t>{1});
        CHECK(out.image().status == ImageStatus::untouched);
        CHECK(out.report.findings.empty());
    }
}

TEST_CASE("edits at page and signature boundaries touch the pages whose bytes they change, no others") {
    const std::size_t length = path_a.size();
    const auto touches = [&](const std::vector<Plant>& plants, const Slots& slots) {
        ImageSpec spec;
        spec.plants = plants;
        CHECK(changed(corner::reseals(spec)) == slots);
    };
    touches({{4096, path_a}}, {1});
    touches({{2 * 4096 - length, path_a}}, {1});
    touches({{2 * 4096 - length / 2, path_a}}, {1, 2});
    touches({{2 * 4096 - 1, path_a}}, {2});  // its first byte, a slash, stays
    touches({{2 * 4096 - 1 - length, path_a + "," + path_a}}, {1, 2});
    touches({{4 * 4096 - 20, path_a}}, {3, 4});        // across 16 KiB windows
    touches({{4096, path_a + path_a + path_a}}, {1});  // edge to edge
    touches({{ImageSpec{}.code_size - length, path_a}}, {5});
}

TEST_CASE("a rule longer than a page touches every page it lies in") {
    ImageSpec spec;
    spec.code_size = 10 * 4096 + 5;
    const Image image = build(spec);
    const std::string from = image.bytes.substr(3 * 4096 + 7, 4 * 4096 + 100);
    std::string to = from;
    for (char& c : to) c = static_cast<char>(c ^ 1);
    const corner::Outcome out = corner::rewrite(image.bytes, {}, {{from, to}});
    CHECK(check(out.bytes).good_and_signed());
    CHECK(out.bytes.substr(3 * 4096 + 7, from.size()) == to);
    CHECK(changed(out) == Slots{3, 4, 5, 6, 7});
}

TEST_CASE("needles that overlap themselves: the leftmost is taken, the page's slot follows") {
    ImageSpec spec;
    spec.plants = {{2 * 4096 - 11, "aaaaaaaaaaaaaaaaaaaaaaaaa"}};
    const Image image = build(spec);
    const corner::Outcome out = corner::rewrite(image.bytes, {}, {{"aaaaaaaaaa", "bbbbbbbbbb"}});
    CHECK(out.report.hits == std::vector<std::uint64_t>{2});
    CHECK(out.bytes.substr(2 * 4096 - 11, 25) == "bbbbbbbbbbbbbbbbbbbbaaaaa");
    CHECK(check(out.bytes).good_and_signed());
    CHECK(changed(out) == Slots{1, 2});
}

TEST_CASE("an edit across the code's end and into a blob's string touches both") {
    ImageSpec spec;
    spec.signature.bare = true;
    const Image image = build(spec);
    // In a bare CodeDirectory the header comes first: such an edit is refused.
    corner::refuses(image.bytes, Code::structure_edited, {}, corner::hit(image.bytes, image.signature - 10, 20));
}

TEST_CASE("each sealed blob's edit changes its special slot in every CodeDirectory, and no code slot") {
    const std::vector<std::pair<std::int64_t, BlobSpec>> blobs = {
        {-2, requirements(path_a)},  {-5, entitlements(path_a)},    {-7, der_entitlements(path_a)}, {-8, constraint(8, path_a)},
        {-9, constraint(9, path_a)}, {-10, constraint(10, path_a)}, {-11, constraint(11, path_a)}};
    for (const auto& [slot, blob] : blobs) {
        CAPTURE(slot);
        ImageSpec spec = two_directories();
        spec.signature.blobs = {blob, empty_cms()};
        const corner::Outcome out = corner::reseals(spec);
        CHECK(changed(out, 0) == Slots{slot});
        CHECK(changed(out, 1) == Slots{slot});
    }
}

TEST_CASE("a blob in slot 3, 4 or 6 is sealed like the others") {
    for (std::uint32_t slot : {3U, 4U, 6U}) {
        ImageSpec spec;
        spec.signature.blobs = {{slot, blob(0xfade0b02, path_a)}};
        CHECK(changed(corner::reseals(spec)) == Slots{-static_cast<std::int64_t>(slot)});
    }
}

TEST_CASE("the hash of a blob in a slot that has no name yet goes stale silently") {
    for (std::uint32_t slot : {12U, 13U, 0xffU, 0xfffU}) {
        CAPTURE(slot);
        ImageSpec spec = two_directories();
        spec.signature.blobs = {{slot, blob(0xfade0b02, path_a)}};
        const corner::Outcome out = corner::reseals(spec);
        CHECK(changed(out, 0) == Slots{-static_cast<std::int64_t>(slot)});
        CHECK(changed(out, 1) == Slots{-static_cast<std::int64_t>(slot)});
    }
}

TEST_CASE("a touched blob whose special slot was stale is refused, and resealed only when asked for") {
    ImageSpec spec;
    spec.signature.blobs = {entitlements(path_a)};
    const Image image = build(spec);
    const std::string broken = poked(image.bytes, image.slot(-5), "stale");
    corner::refuses(broken, Code::stale_special);
    corner::gives(broken, build(with_path(spec, path_a, path_b)).bytes, {Code::stale_special}, stale_reseal());
}

TEST_CASE("a touched blob that no special slot seals is noted, nothing is sealed") {
    ImageSpec spec;
    spec.signature.blobs = {entitlements(path_a)};
    primary(spec).special_slots = 2;
    const Image image = build(spec);
    const corner::Outcome out = corner::gives(image.bytes, corner::naive(image.bytes), {Code::special_absent});
    CHECK(changed(out).empty());
    primary(spec).special_slots.reset();
    const Image zeroed = build(spec);
    const std::string absent = poked(zeroed.bytes, zeroed.slot(-5), std::string(32, '\0'));
    corner::gives(absent, corner::naive(absent), {Code::special_absent});
}

TEST_CASE("XML entitlements edited and DER ones not: both hashes right, and a note that they differ") {
    ImageSpec spec;
    spec.signature.blobs = {entitlements("xml " + path_a), der_entitlements("der")};
    CHECK(changed(corner::reseals(spec, {Code::entitlements_differ})) == Slots{-5});
    spec.signature.blobs = {entitlements("xml"), der_entitlements("der " + path_a)};
    CHECK(changed(corner::reseals(spec, {Code::entitlements_differ})) == Slots{-7});
    spec.signature.blobs = {entitlements("xml " + path_a), der_entitlements("der " + path_a)};
    CHECK(changed(corner::reseals(spec)) == Slots{-7, -5});
}

TEST_CASE("an edit in the identifier or the team is carried out with a note: nothing seals the CodeDirectory itself") {
    for (bool in_team : {false, true}) {
        ImageSpec spec;
        if (in_team) primary(spec).team = path_a;
        else primary(spec).identifier = path_a;
        const corner::Outcome out = corner::reseals(spec, {Code::identifier_edited});
        CHECK(changed(out).empty());
        const CodeDirectoryReport& directory = out.image().codedirectories[0];
        CHECK(directory.cdhash_before != directory.cdhash_after);
    }
}

TEST_CASE("an edit that takes the NUL behind the identifier with it is refused") {
    ImageSpec spec;
    primary(spec).identifier = "an identifier of its own";
    const Image image = build(spec);
    const std::vector<Rule> rules = {{std::string("identifier of its own\0", 22), std::string("identifier of its own.", 22)}};
    corner::refuses(image.bytes, Code::structure_edited, {}, rules);
}

TEST_CASE("__info_plist sealed by slot -1: both the page and the section follow, in every CodeDirectory") {
    ImageSpec spec = two_directories();
    spec.info_plist = "<plist>" + path_a + "</plist>";
    const corner::Outcome out = corner::reseals(spec);
    CHECK(changed(out, 0) == Slots{-1, 0});
    CHECK(changed(out, 1) == Slots{-1, 0});
}

TEST_CASE("__info_plist longer than a window is hashed as it flows") {
    ImageSpec spec;
    spec.code_size = 100'000;
    spec.info_plist = noise(30'000, 9) + path_a + noise(30'000, 10) + path_a;
    CHECK(changed(corner::reseals(spec)).front() == -1);
}

TEST_CASE("__info_plist without slot -1 changes its page alone") {
    ImageSpec spec;
    spec.info_plist = "<plist>" + path_a + "</plist>";
    primary(spec).special_slots = 0;
    CHECK(changed(corner::reseals(spec)) == Slots{0});
    primary(spec).special_slots.reset();
    primary(spec).seals = {};
    const Image image = build(spec);
    const std::string absent = poked(image.bytes, image.slot(-1), std::string(32, '\0'));
    const std::string expected = poked(build(with_path(spec, path_a, path_b)).bytes, image.slot(-1), std::string(32, '\0'));
    CHECK(changed(corner::gives(absent, expected)) == Slots{0});
}

TEST_CASE("slot -1 that seals a file outside is left, with a note") {
    ImageSpec spec;
    spec.info_plist = "<plist>" + path_a + "</plist>";
    primary(spec).seals = {{1, "Contents/Info.plist"}};
    const Twins files = twins(spec, path_a, path_b);
    const corner::Outcome out = corner::gives(files.a, files.b, {Code::info_plist_outside});
    CHECK(changed(out) == Slots{0});
}

TEST_CASE("slot -1 seals the section, and an edit in the blob of slot 1 is refused as stale, or takes the slot") {
    ImageSpec spec;
    spec.info_plist = "<plist/>";
    spec.signature.blobs = {{1, blob(0xfade0b02, path_a)}};
    primary(spec).seals = {{1, spec.info_plist}};
    Twins files = twins(spec, path_a, path_b);
    CHECK(changed(corner::gives(files.a, files.b, {Code::special_absent})).empty());
    spec.info_plist = "<plist>" + path_a + "</plist>";
    primary(spec).seals = {{1, spec.info_plist}};
    files = twins(spec, path_a, path_b);
    CHECK(changed(corner::gives(files.a, files.b, {Code::special_absent})) == Slots{-1, 0});
}

TEST_CASE("slot -1 seals the blob of slot 1, and an edit in the section is refused as stale, or takes the slot") {
    ImageSpec spec;
    spec.info_plist = "<plist>" + path_a + "</plist>";
    spec.signature.blobs = {{1, blob(0xfade0b02, "of its own")}};
    CHECK(changed(corner::reseals(spec, {Code::info_plist_outside})) == Slots{0});
    spec.info_plist = "<plist/>";
    spec.signature.blobs = {{1, blob(0xfade0b02, path_a)}};
    CHECK(changed(corner::reseals(spec)) == Slots{-1});
    // Neither: a file outside.
    primary(spec).seals = {{1, "Contents/Info.plist"}};
    const Twins files = twins(spec, path_a, path_b);
    const corner::Outcome out = corner::gives(files.a, files.b, {Code::info_plist_outside});
    CHECK(changed(out).empty());
    CHECK(out.report.findings.at(0).what.starts_with("an edit lies in the blob of slot 1, "));
    primary(spec).special_slots = 0;
    const Image absent = build(spec);
    corner::gives(absent.bytes, corner::naive(absent.bytes), {Code::special_absent});
}

TEST_CASE("an __info_plist without an edit leaves slot -1 alone, whatever it seals") {
    ImageSpec spec = with_path_in_code(path_a);
    spec.rpath.clear();
    spec.info_plist = "<plist/>";
    corner::reseals(spec);
    primary(spec).seals = {{1, "Contents/Info.plist"}};
    const Twins files = twins(spec, path_a, path_b);
    corner::gives(files.a, files.b);
}

}  // namespace reseal::corner_slots_test
