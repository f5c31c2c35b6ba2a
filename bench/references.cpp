// SPDX-License-Identifier: BSL-1.0
// Which of many hash parts stand in a stream: the scanner against the restated one of Nix.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <reseal/references.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data.hpp"
#include "measure.hpp"
#include "ref_scan.hpp"
#include "sections.hpp"

namespace {

using bench::Kind;
using bench::number;
using reseal::ReferenceOptions;
using reseal::ReferenceScanner;

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t chunk_size = std::size_t{1} << 16;

std::vector<std::string> hash_parts(std::size_t count) {
    std::vector<std::string> all;
    for (reseal::Rule& rule : bench::make_rules(Kind::hash, count)) all.push_back(std::move(rule.from));
    return all;
}

template <class Sink>
std::size_t in_chunks(std::string_view data, Sink& sink) {
    for (std::string_view rest = data; !rest.empty(); rest.remove_prefix(std::min(chunk_size, rest.size())))
        sink.write(rest.substr(0, chunk_size));
    return data.size();
}

std::size_t ours(std::string_view data, ReferenceScanner& scanner) {
    in_chunks(data, scanner);
    scanner.finish();
    bench::keep(scanner.take().size());
    return data.size();
}

void check(std::string_view data, ReferenceScanner scanner, bench::RefScan theirs) {
    in_chunks(data, scanner);
    scanner.finish();
    in_chunks(data, theirs);
    std::set<std::string> seen;
    for (const reseal::Reference& each : scanner.take()) seen.insert(each.hash_part);
    if (seen != theirs.seen()) std::abort();
}

/// `wanted` of 2,000 candidates.
void compare(const std::string& clean, double wanted, int rounds) {
    std::string data = clean;
    bench::plant(data, bench::make_rules(Kind::hash, 20'000), 100'000);
    bench::Table table(
        {"candidates", "reseal GB/s", "with positions", "wide", "RefScanSink GB/s", "reseal ÷ RefScanSink", "wanted", "met"});
    for (const std::size_t count : {1u, 100u, 2000u, 20'000u}) {
        const std::vector<std::string> candidates = hash_parts(count);
        ReferenceScanner plain(candidates), positions(candidates, {.positions = true}), wide(candidates, {.wide = true});
        // All of them are made before: that takes either less than reading a few MiB. Theirs forgets what it has found once.
        bench::RefScan theirs({candidates.begin(), candidates.end()});
        check(data, ReferenceScanner(candidates), theirs);
        const std::vector<double> rates = bench::rates({{"", [&] { return ours(data, plain); }},
                                                        {"", [&] { return ours(data, positions); }},
                                                        {"", [&] { return ours(data, wide); }},
                                                        {"", [&] { return in_chunks(data, theirs); }}},
                                                       rounds);
        const double ratio = rates[0] / rates[3];
        const bool barred = count == 2000;
        table.row({std::to_string(count), number(rates[0] / 1e9), number(rates[1] / 1e9), number(rates[2] / 1e9),
                   number(rates[3] / 1e9), number(ratio) + "×", barred ? number(wanted) + "×" : "",
                   !barred           ? ""
                   : ratio >= wanted ? "yes"
                                     : "no"});
    }
    table.print();
}

}  // namespace

namespace bench {

void ref_scan(int rounds) {
    constexpr double on_programs = 0.9, on_text = 5;
    std::string origin;
    const std::string program = program_bytes(64 * mib, origin);
    const std::string text = store_text(64 * mib);
    for (const std::size_t size : {1 * mib, 64 * mib}) {
        std::printf("## References: programs, from %s, %zu MiB\n\n", origin.c_str(), size / mib);
        compare(program.substr(0, size), on_programs, rounds);
        std::printf("## References: text full of store paths, %zu MiB\n\n", size / mib);
        compare(text.substr(0, size), on_text, rounds);
    }
}

}  // namespace bench
