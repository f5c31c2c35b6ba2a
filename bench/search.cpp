// SPDX-License-Identifier: BSL-1.0
// How fast a stream is searched, against reading it, copying it, memmem and the naive sink.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <reseal/rules.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "data.hpp"
#include "match/substituter.hpp"
#include "measure.hpp"
#include "naive.hpp"
#include "null_sink.hpp"
#include "sections.hpp"

namespace {

using bench::Kind;
using bench::Task;
using reseal::Rules;

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t chunk_size = std::size_t{1} << 16;
int rounds = 7;

template <class Take>
void in_chunks(std::string_view data, std::size_t size, Take take) {
    for (; !data.empty(); data.remove_prefix(std::min(size, data.size()))) take(data.substr(0, size));
}

std::size_t ours(const Rules& rules, std::string_view data, std::size_t size) {
    reseal::match::Substituter substituter(rules);
    bench::NullSink null;
    reseal::Sink& out = null;
    reseal::match::Piece piece;
    in_chunks(data, size, [&](std::string_view chunk) {
        substituter.feed(chunk);
        while (substituter.next(piece)) out.write(piece.bytes);
    });
    substituter.end();
    while (substituter.next(piece)) out.write(piece.bytes);
    if (null.size != data.size()) std::abort();
    return data.size();
}

// With many rules the first MiB is enough: the naive sink's time is the rules', not the memory's.
std::size_t naive(const std::vector<reseal::Rule>& rules, std::string_view data, std::size_t size) {
    if (rules.size() >= 100) data = data.substr(0, mib);
    bench::NullSink out;
    bench::NaiveSink sink(rules, out);
    in_chunks(data, size, [&](std::string_view chunk) { sink.write(chunk); });
    bench::keep(out.size);
    return data.size();
}

std::size_t read_all(std::string_view data) {
    std::uint64_t sum[4] = {};
    for (std::size_t i = 0; i + 32 <= data.size(); i += 32) {
        std::uint64_t words[4];
        std::memcpy(words, data.data() + i, 32);
        for (int k = 0; k < 4; ++k) sum[k] += words[k];
    }
    bench::keep(std::accumulate(sum, sum + 4, std::size_t{0}));
    return data.size();
}

std::size_t copy_all(std::string_view data, std::string& to) {
    in_chunks(data, chunk_size, [&](std::string_view chunk) {
        std::memcpy(to.data(), chunk.data(), chunk.size());
        bench::keep(static_cast<std::size_t>(to[0]));
    });
    return data.size();
}

std::size_t memmem_all(std::string_view data, const std::string& from) {
    std::size_t found = 0;
    in_chunks(data, chunk_size, [&](std::string_view chunk) {
        while (const void* at = memmem(chunk.data(), chunk.size(), from.data(), from.size())) {
            ++found;
            chunk.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(at) - chunk.data()) + 1);
        }
    });
    bench::keep(found);
    return data.size();
}

std::string gigabytes(double rate) { return bench::number(rate / 1e9); }
std::string times(double ratio) { return bench::number(ratio) + "×"; }

void references(std::string_view data) {
    std::string to(chunk_size, '\0');
    const auto one = bench::make_rules(Kind::hash, 1);
    auto rates = bench::rates({{"read", [&] { return read_all(data); }},
                               {"memcpy", [&] { return copy_all(data, to); }},
                               {"memmem", [&] { return memmem_all(data, one[0].from); }}},
                              rounds);
    std::printf("References: read %s GB/s, memcpy %s, memmem %s.\n\n", gigabytes(rates[0]).c_str(), gigabytes(rates[1]).c_str(),
                gigabytes(rates[2]).c_str());
}

// What is wanted of `count` rules of 16 bytes and more, by the rates of all rows, and whether it is so. Of shorter ones only
// that a hundred are searched for at 1 GB/s.
struct Wanted {
    std::string what;
    bool met = false;
};
Wanted wanted(Kind kind, std::size_t count, double mine, double naive, double memmem, double one) {
    if (kind == Kind::bytes8 || kind == Kind::bytes4) return count == 100 ? Wanted{"1 GB/s", mine >= 1e9} : Wanted{};
    switch (count) {
        case 1: return {"1.5× naive or 0.9× memmem", mine >= std::min(1.5 * naive, 0.9 * memmem)};
        case 10: return {"5× naive", mine >= 5 * naive};
        case 100: return {"40× naive", mine >= 40 * naive};
        case 1000: return {"100× naive, cost 5×", mine >= 100 * naive && one <= 5 * mine};
        default: return {"cost 15×", one <= 15 * mine};
    }
}

// One kind of rules in one kind of data, by the number of rules.
void by_count(const std::string& clean, Kind kind) {
    std::vector<std::size_t> counts = {1, 10, 100, 1000, 10000};
    if (kind == Kind::bytes8 || kind == Kind::bytes4) counts = {1, 100};
    std::string data = clean;
    bench::plant(data, bench::make_rules(kind, counts.back()), 100'000);

    std::vector<std::vector<reseal::Rule>> sets;
    std::vector<Rules> compiled;
    for (std::size_t count : counts) {
        sets.push_back(bench::make_rules(kind, count));
        compiled.emplace_back(sets.back());
    }
    std::vector<Task> tasks = {{"memmem", [&] { return memmem_all(data, sets[0][0].from); }}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        tasks.push_back({"", [&, i] { return ours(compiled[i], data, chunk_size); }});
        if (counts[i] <= 1000) tasks.push_back({"", [&, i] { return naive(sets[i], data, chunk_size); }});
    }
    const std::vector<double> rates = bench::rates(tasks, rounds);

    bench::Table table({"rules: " + std::string(name(kind)), "reseal GB/s", "naive sink GB/s", "reseal ÷ naive",
                        "reseal ÷ memmem", "cost ÷ one rule", "wanted", "met"});
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double mine = rates[1 + 2 * i];
        const double other = counts[i] <= 1000 ? rates[2 + 2 * i] : 0;
        const Wanted target = wanted(kind, counts[i], mine, other, rates[0], rates[1]);
        table.row({std::to_string(counts[i]), gigabytes(mine), other > 0 ? gigabytes(other) : "",
                   other > 0 ? times(mine / other) : "", counts[i] == 1 ? times(mine / rates[0]) : "", times(rates[1] / mine),
                   target.what,
                   target.what.empty() ? ""
                   : target.met        ? "yes"
                                       : "no"});
    }
    table.print();
}

void small_writes(const std::string& data) {
    bench::Table table({"bytes a write", "rules: hashes", "reseal GB/s", "naive sink GB/s", "reseal ÷ naive"});
    const std::string_view part = std::string_view(data).substr(0, 4 * mib);
    for (std::size_t count : {1u, 10u}) {
        const auto set = bench::make_rules(Kind::hash, count);
        const Rules rules(set);
        for (std::size_t size : {8u, 64u, 512u, 4096u}) {
            auto rates = bench::rates(
                {{"", [&] { return ours(rules, part, size); }}, {"", [&] { return naive(set, part, size); }}}, rounds);
            table.row({std::to_string(size), std::to_string(count), gigabytes(rates[0]), gigabytes(rates[1]),
                       times(rates[0] / rates[1])});
        }
    }
    table.print();
}

void compiling() {
    bench::Table table({"10,000 rules", "ms to compile"});
    for (Kind kind : {Kind::hash, Kind::path, Kind::bytes16}) {
        const auto rules = bench::make_rules(kind, 10'000);
        auto rates = bench::rates({{"", [&] { return Rules(rules).size(); }}}, rounds);
        table.row({name(kind), bench::number(1e3 * 10'000 / rates[0])});
    }
    table.print();
}

}  // namespace

namespace bench {

void search(int rounds_wanted) {
    rounds = rounds_wanted;
    std::string origin;
    const std::string program = program_bytes(64 * mib, origin);
    const std::string text = store_text(64 * mib);
    for (std::size_t size : {1 * mib, 64 * mib}) {
        for (const std::string* data : {&program, &text}) {
            std::printf("## Search: %s, %zu MiB\n\n",
                        data == &program ? ("programs, from " + origin).c_str() : "text full of store paths", size / mib);
            const std::string part = data->substr(0, size);
            references(part);
            for (Kind kind : {Kind::hash, Kind::path, Kind::bytes16, Kind::bytes8, Kind::bytes4}) by_count(part, kind);
        }
    }
    std::printf("## Search: small writes, programs\n\n");
    small_writes(program);
    std::printf("## Compiling rules\n\n");
    compiling();
}

}  // namespace bench
