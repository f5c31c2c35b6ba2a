// SPDX-License-Identifier: BSL-1.0
// Chunking, length, minimal, seal, over contents, prefixes, paddings and images by chance.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "moved.hpp"
#include "plainly_moved.hpp"
#include "relocate/encoding.hpp"
#include "support/chunks.hpp"
#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/octets.hpp"
#include "support/oracle.hpp"
#include "support/random.hpp"
#include "support/random_image.hpp"

namespace reseal::laws_test {
using namespace support;
using namespace std::string_literals;

namespace {

template <class T, std::size_t size>
const T& one_of(Random& random, const T (&values)[size]) {
    return values[random.below(size)];
}

const PrefixOptions paddings[] = {
    {},
    {.padding = Padding::nul},
    {.padding = Padding::nul, .tail = Tail::patched},
    {.padding = Padding::nul, .tail = Tail::slash},
    {.padding = Padding::spack},
    {.padding = Padding::refuse},
};

std::vector<PrefixPair> random_pairs(Random& random) {
    static const std::string froms[] = {"/a/bb", "/a/bb/cc", "/bb/a", "/a", "/aaaaaaaaaaaaaaaa/b", "/a/a"};
    static const std::string tos[] = {"/x", "/xy", "/xy/z", "/", "/a/a", "/longer/than/all"};
    std::vector<PrefixPair> pairs;
    for (std::size_t i = 1 + random.below(3); i > 0; --i) {
        PrefixPair pair{one_of(random, froms), tos[random.below(random.below(4) == 0 ? 6 : 5)]};
        if (std::none_of(pairs.begin(), pairs.end(), [&](const PrefixPair& each) { return each.from == pair.from; }))
            pairs.push_back(pair);
    }
    return pairs;
}

/// Made of what means something to somebody, some of it many times.
std::string random_contents(Random& random, const std::vector<PrefixPair>& pairs, std::size_t size) {
    static const std::string bits[] = {"/", "\0"s, "\0\0"s, "a", "b", ":", "/bb", "lib/x", "\x01", " ", "-", "/a/b"};
    std::string out;
    while (out.size() < size) {
        const PrefixPair& pair = pairs[random.below(pairs.size())];
        if (random.below(3) == 0) out += pair.from;
        else if (random.below(20) == 0) out += noise(random.below(3000), random.next());
        else out += one_of(random, bits);
    }
    return out;
}

/// The ranges of `before` that may differ: prefixes, the strings that moved up, and the slots that the report names.
std::string mask(std::string_view before, const Moved& moved, const std::vector<PrefixPair>& pairs) {
    std::string mask(before.size(), '.');
    for (const PrefixField& field : moved.result.fields) {
        const std::uint64_t end =
            field.fill == PrefixField::Fill::end ? field.end : field.offset + pairs[field.pair].from.size();
        std::fill(mask.begin() + static_cast<std::ptrdiff_t>(field.offset), mask.begin() + static_cast<std::ptrdiff_t>(end),
                  'x');
    }
    return mask;
}

}  // namespace

TEST_CASE("any bytes come out as the plainest program would have it, however they are cut") {
    Random random(11);
    for (int round = 0; round < 1500; ++round) {
        const std::vector<PrefixPair> pairs = random_pairs(random);
        const PrefixOptions& options = one_of(random, paddings);
        const std::string input = random_contents(random, pairs, random.below(4) == 0 ? 20'000 : 300);
        const Prefixes prefixes(pairs, options);
        CAPTURE(round);
        const std::optional<std::string> expected = plainly_moved(input, prefixes.pairs(), options);
        const Moved result = planned(input, prefixes);
        CHECK(result.result.refused == !expected);
        if (expected) CHECK((result.output == *expected));
        CHECK((moved({input}, prefixes) == result));
        CHECK((moved(cut(input, 0, random.next()), prefixes) == result));
        CHECK((moved(cut(input, 4096 + random.below(5000)), prefixes) == result));
    }
}

TEST_CASE("wide prefixes and boundaries: the result does not depend on how the file was cut, nor on a plan") {
    Random random(12);
    for (int round = 0; round < 400; ++round) {
        const std::vector<PrefixPair> pairs = random_pairs(random);
        PrefixOptions options = one_of(random, paddings);
        options.wide = random.below(3) != 0;
        options.boundary = random.below(2) == 0 ? Boundary::path : Boundary::none;
        std::string input;
        while (input.size() < 15'000)
            for (PrefixField::Encoding encoding : relocate::all_encodings)
                if (random.below(2) == 0)
                    input += relocate::encode(random_contents(random, pairs, 40).substr(0, 40 + random.below(20)), encoding)
                                 .value_or("\0"s);
        const Prefixes prefixes(pairs, options);
        CAPTURE(round);
        const Moved result = planned(input, prefixes);
        CHECK((moved({input}, prefixes) == result));
        CHECK((moved(cut(input, 0, random.next()), prefixes) == result));
        CHECK((moved(cut(input, 4096 + random.below(1000)), prefixes) == result));
        if (result.result.refused) continue;
        CHECK(result.output.size() == input.size());
        const FilePlan placed = plan_positions(MemorySource(input), prefixes, result.result.fields, {.mode = FileMode::binary});
        FileRelocation undigested = result.result;
        undigested.sha256_after.clear();
        CHECK((placed.result == undigested));
    }
}

TEST_CASE("images by chance: of one length, every slot right, nothing else changed but prefixes, their padding and slots") {
    Random random(13);
    const std::string from = "/opt/placeholder_placeholder_placeholder";
    int resealed = 0;
    for (int round = 0; round < 150; ++round) {
        CAPTURE(round);
        std::vector<std::string> images;
        std::vector<SliceSpec> slices;
        for (std::size_t i = 0, count = random.below(3) == 0 ? 2 : 1; i < count; ++i) {
            ImageSpec spec = random_spec(random);
            if (i > 0) spec.cputype = cpu_x86_64, spec.wide = true, spec.big_endian = false, spec.cpusubtype = 77;
            for (DirectorySpec& each : spec.signature.directories) each.page_shift = 12;
            spec.rpath = from + "/lib";
            const std::uint64_t room = spec.code_size > 8192 ? spec.code_size - 8192 : 0;
            if (room > 500) {
                spec.plants.push_back(
                    {6000 + random.below(room - 400), std::string(from).append("/share:").append(from).append("-x\0"s)});
                spec.plants.push_back({4096 + 1800, "\0"s + from + "/etc\0"s});
            }
            const Image image = build(spec);
            images.push_back(image.bytes);
            slices.emplace_back(image);
        }
        const std::string input = slices.size() == 1 ? images[0] : fat(slices, random.below(2) == 0).bytes;
        if (!check(input).good_and_signed()) continue;
        const Prefixes prefixes({{from, one_of(random, {"/n"s, "/opt/env"s, "/opt/placeholder_placeholder_placeholdeR"s})}},
                                one_of(random, paddings));
        const Moved result = planned(input, prefixes);
        CHECK((moved(cut(input, 0, random.next()), prefixes) == result));
        CHECK((moved(cut(input, 5000), prefixes) == result));
        if (result.result.refused) continue;
        CHECK(result.output.size() == input.size());
        CHECK_MESSAGE(check(result.output).good(), check(result.output).text());
        resealed += result.result.entry.status == EntryStatus::resealed;
        std::size_t slots = 0;
        for (const ImageReport& image : result.result.entry.images)
            for (const CodeDirectoryReport& each : image.codedirectories) slots += each.slots_changed.size() * 48;
        const std::string allowed = mask(input, result, prefixes.pairs());
        std::size_t differ = 0;
        for (std::size_t i = 0; i < input.size(); ++i) differ += input[i] != result.output[i] && allowed[i] == '.';
        CHECK(differ <= 2 * slots);
    }
    CHECK(resealed > 40);
}

}  // namespace reseal::laws_test
