// SPDX-License-Identifier: BSL-1.0
// From an offset or an address of a log to the slice, page, section and string of a file.
#include <reseal/place.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/testdata.hpp"

namespace reseal::place_test {
using support::build;
using support::ImageSpec;
using support::primary;

namespace {

const std::string planted = std::string("/nix/store/planted/bin/sh") + '\0';

ImageSpec program(unsigned page_shift = 12) {
    ImageSpec spec;
    spec.code_size = 40'000;
    spec.plants = {{20'480 + 100, std::string(1, '\0') + planted}};
    primary(spec).page_shift = page_shift;
    return spec;
}

LogEvent rejected(std::uint64_t offset) {
    LogEvent event;
    event.kind = LogKind::rejected_page;
    event.offset = offset;
    return event;
}

std::vector<std::int64_t> slots(const std::vector<Place>& all) {
    std::vector<std::int64_t> out;
    for (const Place& place : all) out.push_back(place.slot.value_or(-1));
    return out;
}

using Slots = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a byte's place: page, slot, segment, section, string") {
    const std::string file = build(program()).bytes;
    const std::optional<Place> place = place_at(MemorySource(file), 20'480 + 105);
    REQUIRE(place);
    CHECK(place->arch == "arm64");
    CHECK(place->slice_offset == 0);
    CHECK(place->offset_in_slice == 20'585);
    CHECK(place->page_size == 4096);
    CHECK(place->slot == 5);
    CHECK(place->valid == true);
    CHECK(place->segment == "__TEXT");
    CHECK(place->text == "/nix/store/planted/bin/sh");
    CHECK(place->text_offset == 20'480 + 101);
}

TEST_CASE("a page that is not what its slot says is told from one that is") {
    const std::string file = support::poked(build(program()).bytes, 20'480 + 2000, "?");
    const MemorySource source(file);
    CHECK(place_at(source, 20'480)->valid == false);
    CHECK(place_at(source, 24'575)->valid == false);
    CHECK(place_at(source, 20'479)->valid == true);
    CHECK(place_at(source, 24'576)->valid == true);
}

TEST_CASE("the last page is hashed to the code limit") {
    const std::string file = build(program()).bytes;
    const std::optional<Place> last = place_at(MemorySource(file), 39'999);
    CHECK(last->slot == 9);
    CHECK(last->valid == true);
    const std::optional<Place> signature = place_at(MemorySource(file), 40'000);
    CHECK_FALSE(signature->slot);
    CHECK_FALSE(signature->valid);
    CHECK(signature->page_size == 4096);
}

TEST_CASE("a page of the kernel's has four of the CodeDirectory's on arm64, one where those are as large, one on Intel") {
    const std::string small = build(program()).bytes;
    CHECK(slots(places(MemorySource(small), rejected(16'384))) == Slots{4, 5, 6, 7});
    CHECK(slots(places(MemorySource(small), rejected(32'768))) == Slots{8, 9});
    const std::string large = build(program(14)).bytes;
    CHECK(slots(places(MemorySource(large), rejected(16'384))) == Slots{1});
    ImageSpec intel = program();
    intel.cputype = support::cpu_x86_64, intel.cpusubtype = 3;
    const std::string other = build(intel).bytes;
    CHECK(slots(places(MemorySource(other), rejected(16'384))) == Slots{4});
}

TEST_CASE("the rest of the kernel's page behind the code has no pages of the CodeDirectory") {
    ImageSpec spec = program();
    spec.signature.padding = std::string(9000, 'p');
    const std::string file = build(spec).bytes;
    CHECK(slots(places(MemorySource(file), rejected(32'768))) == Slots{8, 9});
    CHECK(slots(places(MemorySource(file), rejected(49'152))) == Slots{-1});
}

TEST_CASE("which of the four pages it was: the one that is stale now") {
    const std::string file = support::poked(build(program()).bytes, 20'480 + 2000, "?");
    const std::vector<Place> all = places(MemorySource(file), rejected(16'384));
    REQUIRE(all.size() == 4);
    CHECK(all[0].valid == true);
    CHECK(all[1].valid == false);
    CHECK(all[1].text == "/nix/store/planted/bin/sh");
    CHECK(all[2].valid == true);
}

TEST_CASE("of a kernel's page that begins within a string the path is told, not that string") {
    const std::string file = support::poked(build(program()).bytes, 20'480, std::string("usage: tool\0", 12));
    CHECK(place_at(MemorySource(file), 20'480)->text == "usage: tool");
    CHECK(places(MemorySource(file), rejected(16'384)).at(1).text == "/nix/store/planted/bin/sh");
}

TEST_CASE("a log's offset counts from the file, a slot from the slice") {
    ImageSpec intel = program();
    intel.cputype = support::cpu_x86_64, intel.cpusubtype = 3;
    const support::Fat file = support::fat({build(intel), build(program())});
    const MemorySource source(file.bytes);
    const std::uint64_t slice = file.offsets.at(1);
    const std::optional<Place> place = place_at(source, slice + 20'480);
    REQUIRE(place);
    CHECK(place->arch == "arm64");
    CHECK(place->slice_offset == slice);
    CHECK(place->offset_in_slice == 20'480);
    CHECK(place->slot == 5);
    CHECK(place->valid == true);
    CHECK(place_at(source, file.offsets.at(0))->arch == "x86_64");
    CHECK_FALSE(place_at(source, 100));  // in the table of slices
    CHECK(slots(places(source, rejected(slice + 16'384))) == Slots{4, 5, 6, 7});
}

TEST_CASE("a page of the kernel's begins where it does in the file, not in a slice that lies askew") {
    support::FatSpec spec;
    spec.slices = {build(program())};
    spec.align = 12;
    const support::Fat file = build(spec);
    REQUIRE(file.offsets.at(0) == 4096);
    const MemorySource source(file.bytes);
    CHECK(slots(places(source, rejected(16'384))) == Slots{3, 4, 5, 6});
    CHECK(slots(places(source, rejected(4096))) == Slots{0, 1, 2});
}

TEST_CASE("an address of a crash report is one of the slice for its processor, slid") {
    const std::string thin = support::testdata("a/exe.arm64"), fat = support::testdata("a/fat");
    LogEvent event;
    event.kind = LogKind::crash;
    event.arch = "arm64";
    event.image_base = 0x104a00000;
    event.address = 0x104a00000;
    const std::vector<Place> in_thin = places(MemorySource(thin), event);
    REQUIRE(!in_thin.empty());
    CHECK(in_thin.front().slot == 0);
    CHECK(in_thin.front().segment == "__TEXT");
    const std::vector<Place> in_fat = places(MemorySource(fat), event);
    REQUIRE(!in_fat.empty());
    CHECK(in_fat.front().arch == "arm64");
    CHECK(in_fat.front().slice_offset == 32'768);
    event.arch = "ppc";
    CHECK(places(MemorySource(fat), event).empty());
    event.arch = "arm64";
    event.address = 0x104a00000 + (std::uint64_t{1} << 40);
    CHECK(places(MemorySource(thin), event).empty());
    event.address = 1;  // below its image
    CHECK(places(MemorySource(thin), event).empty());
}

TEST_CASE("a report's word for arm64 also means arm64e, where there is no arm64") {
    ImageSpec intel = program(), newer = program();
    intel.cputype = support::cpu_x86_64, intel.cpusubtype = 3;
    newer.cpusubtype = 2;
    LogEvent event;
    event.arch = "arm64";
    event.image_base = 0x104a00000;
    event.address = 0x104a00000;
    const auto arch_in = [&](const support::Fat& file) {
        const std::vector<Place> all = places(MemorySource(file.bytes), event);
        return all.empty() ? std::string("none") : all.front().arch;
    };
    CHECK(arch_in(support::fat({build(intel), build(newer)})) == "arm64e");
    CHECK(arch_in(support::fat({build(newer), build(program())})) == "arm64");
    event.arch.clear();
    CHECK(arch_in(support::fat({build(intel), build(newer)})) == "none");
}

TEST_CASE("the pages are those of the CodeDirectory with the strongest hash, as the kernel chooses") {
    ImageSpec spec = program();
    primary(spec).hash_type = 1;
    support::DirectorySpec alternate;
    alternate.slot = 0x1000;
    alternate.page_shift = 14;
    spec.signature.directories.push_back(alternate);
    const std::string file = build(spec).bytes;
    const std::optional<Place> place = place_at(MemorySource(file), 20'480);
    CHECK(place->page_size == 16'384);
    CHECK(place->slot == 1);
    CHECK(place->valid == true);
}

TEST_CASE("no signature, or one that does not hold together: the place without a page") {
    ImageSpec none = program();
    none.has_signature = false;
    const std::string file = build(none).bytes;
    const std::vector<Place> all = places(MemorySource(file), rejected(16'384));
    REQUIRE(all.size() == 1);
    CHECK(all[0].page_size == 0);
    CHECK_FALSE(all[0].slot);
    CHECK(all[0].segment == "__TEXT");
    const support::Image good = build(program());
    const std::optional<Place> place = place_at(MemorySource(support::poked(good.bytes, good.signature, "????")), 20'480);
    REQUIRE(place);
    CHECK(place->page_size == 0);
    const std::string odd = build(program(13)).bytes;
    CHECK(place_at(MemorySource(odd), 20'480)->page_size == 0);
}

TEST_CASE("an offset outside of the file or outside of every image has no place") {
    const std::string file = build(program()).bytes;
    CHECK_FALSE(place_at(MemorySource(file), file.size()));
    CHECK_FALSE(place_at(MemorySource(file), UINT64_MAX));
    CHECK(places(MemorySource(file), rejected(UINT64_MAX - 4095)).empty());
    CHECK_FALSE(place_at(MemorySource("some text that is no program"), 0));
    CHECK_FALSE(place_at(MemorySource(""), 0));
    CHECK(places(MemorySource(file), LogEvent{}).empty());
}

TEST_CASE("every prefix of a program has places or none, without a crash") {
    const std::string file = build(program()).bytes;
    for (std::size_t size = 0; size < file.size(); size += size < 1200 ? 1 : 577)
        for (std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{size} - (size > 0 ? 1 : 0)}) {
            const std::string part = file.substr(0, size);
            const std::optional<Place> place = place_at(MemorySource(part), offset);
            if (place) CHECK(place->offset == offset);
        }
}

}  // namespace reseal::place_test
