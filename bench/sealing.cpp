// SPDX-License-Identifier: BSL-1.0
// What sealing costs: the time of a signed program less that of the same bytes that are none, against the time the library
// needs to hash as many bytes in messages of 4 KiB.
#include <cstdio>
#include <cstdlib>
#include <reseal/hint.hpp>
#include <reseal/rewriter.hpp>
#include <string>
#include <string_view>

#include "digest/digest.hpp"
#include "measure.hpp"
#include "null_sink.hpp"
#include "programs.hpp"
#include "sections.hpp"

namespace {

using reseal::HashType;
using reseal::Rules;

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t chunk_size = std::size_t{1} << 16;
constexpr std::size_t page_size = 4096;

reseal::Work rewrite(std::string_view data, const Rules& rules, const reseal::Hint& hint) {
    bench::NullSink sink;
    reseal::Options options;
    options.hint = hint;
    reseal::Rewriter rewriter(rules, sink, options);
    const std::size_t size = data.size();
    for (; !data.empty(); data.remove_prefix(std::min(chunk_size, data.size()))) rewriter.write(data.substr(0, chunk_size));
    rewriter.finish();
    if (sink.size != size) std::abort();
    return rewriter.work();
}

std::size_t hash_pages(std::string_view data, HashType type) {
    const std::size_t size = data.size();
    for (; !data.empty(); data.remove_prefix(page_size))
        bench::keep(reseal::digest::digest(type, data.substr(0, page_size)).bytes().size());
    return size;
}

// Seconds the library needs for what was hashed. The programs have one touched page in a window at most, or four: a window
// that waits is hashed once it is known to be SHA-256 over small pages; a folded one, without a hint, in all six ways.
double hashing(const reseal::Work& work, bool hinted, const std::vector<double>& rates) {
    const auto bytes = static_cast<double>(work.bytes_hashed);
    if (hinted || work.windows_folded == 0) return bytes / rates[1];
    const double waiting = bytes / static_cast<double>(work.windows_touched) *
                           static_cast<double>(work.windows_touched - work.windows_folded) / 15;
    return waiting / rates[1] + (bytes - waiting) / 3 * (1 / rates[0] + 1 / rates[1] + 1 / rates[2]);
}

}  // namespace

namespace bench {

void sealing(int rounds) {
    const Rules rules(touching_rules());
    std::printf("## Sealing: a signed program of 32 MiB, SHA-256 over pages of 4 KiB\n\n");
    Table table({"touched pages", "windows folded", "MiB hashed", "rewriting ms", "without sealing ms", "sealing ms",
                 "hashing alone ms", "sealing ÷ hashing", "overhead"});
    for (std::size_t pages : {0u, 1u, 100u, 128u, 1000u, 8192u}) {
        const std::string program = signed_program(32 * mib, pages);
        const std::string other = no_program(program);
        const reseal::Hint known = reseal::read_hint(reseal::MemorySource(program));
        for (bool hinted : {false, true}) {
            if (hinted && pages == 0) continue;
            const reseal::Hint hint = hinted ? known : reseal::Hint{};
            const reseal::Work work = rewrite(program, rules, hint);
            const std::string_view some = std::string_view(program).substr(0, 4 * mib);
            const auto speed = rates({{"", [&] { return hash_pages(some, HashType::sha1); }},
                                      {"", [&] { return hash_pages(some, HashType::sha256); }},
                                      {"", [&] { return hash_pages(some, HashType::sha384); }},
                                      {"", [&] { return rewrite(program, rules, hint), program.size(); }},
                                      {"", [&] { return rewrite(other, rules, hint), other.size(); }}},
                                     rounds);
            const double with = static_cast<double>(program.size()) / speed[3];
            const double without = static_cast<double>(program.size()) / speed[4];
            // The report's two cdhashes too: the signature is little but its CodeDirectory.
            const auto signature = static_cast<double>(program.size() - 32 * mib);
            const double alone = pages == 0 ? 0 : hashing(work, hinted, speed) + 2 * signature / speed[1];
            table.row({std::to_string(pages) + (hinted ? ", hint" : ""), std::to_string(work.windows_folded),
                       number((static_cast<double>(work.bytes_hashed) + (pages == 0 ? 0 : 2 * signature)) / mib),
                       number(1e3 * with), number(1e3 * without), number(1e3 * (with - without)), number(1e3 * alone),
                       alone > 0 ? number((with - without) / alone) + "×" : "", number(100 * (with / without - 1)) + " %"});
        }
    }
    table.print();
}

}  // namespace bench
