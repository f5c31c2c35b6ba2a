// SPDX-License-Identifier: BSL-1.0
// What the archive around files costs: a few large programs, where it should not be noticed, and very many small files, where
// there is little else.
#include <cstdio>
#include <cstdlib>
#include <reseal/rewriter.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data.hpp"
#include "measure.hpp"
#include "null_sink.hpp"
#include "sections.hpp"
#include "support/tree.hpp"

namespace {

using reseal::Rules;

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t chunk_size = std::size_t{1} << 16;

std::size_t rewrite(const Rules& rules, std::string_view stream) {
    bench::NullSink sink;
    reseal::Rewriter rewriter(rules, sink);
    const std::size_t size = stream.size();
    for (; !stream.empty(); stream.remove_prefix(std::min(chunk_size, stream.size())))
        rewriter.write(stream.substr(0, chunk_size));
    rewriter.finish();
    if (sink.size != size) std::abort();
    return size;
}

std::size_t one_by_one(const Rules& rules, const std::vector<support::Node>& files) {
    std::size_t size = 0;
    for (const support::Node& file : files) size += rewrite(rules, file.bytes);
    return size;
}

void compare(const std::vector<std::string>& contents, const Rules& rules, double least, const char* unit, int rounds) {
    std::vector<support::Node> files;
    for (std::size_t i = 0; i < contents.size(); ++i)
        files.push_back(support::file(std::to_string(10'000'000 + i), contents[i]));
    const support::Node root = support::folder("tree", std::move(files));
    const std::string nar = support::nar(root), tar = support::tar(root, support::TarStyle::pax);
    const auto speed = bench::rates({{"", [&] { return one_by_one(rules, root.children); }},
                                     {"", [&] { return rewrite(rules, nar); }},
                                     {"", [&] { return rewrite(rules, tar); }}},
                                    rounds);
    bench::Table table({"", "MiB", "GB/s", "÷ by themselves", "wanted", "met"});
    const std::pair<const char*, std::size_t> rows[] = {{"Nix archive", nar.size()}, {"tape archive", tar.size()}};
    table.row({"the files by themselves", "", bench::number(speed[0] / 1e9), "", "", ""});
    for (std::size_t i = 0; i < 2; ++i) {
        const double ratio = speed[i + 1] / speed[0];
        const bool relative = *unit == 'x';
        const bool met = relative ? ratio >= least : speed[i + 1] >= least * 1e9;
        table.row({rows[i].first, bench::number(static_cast<double>(rows[i].second) / mib), bench::number(speed[i + 1] / 1e9),
                   bench::number(ratio) + "×", bench::number(least) + (relative ? "×" : " GB/s"), met ? "yes" : "no"});
    }
    table.print();
}

}  // namespace

namespace bench {

void archives(int rounds) {
    const Rules rules(make_rules(Kind::path, 10));
    std::string origin;
    const std::vector<std::string> large = programs(300 * mib, origin);
    std::printf("## Archives: %zu programs from %s, 10 rules\n\n", large.size(), origin.c_str());
    compare(large, rules, 0.8, "x", rounds);
    std::printf("## Archives: 100,000 files of 1 KiB, 10 rules\n\n");
    const std::string text = store_text(100 * mib);
    std::vector<std::string> small;
    for (std::size_t i = 0; i < 100'000; ++i) small.push_back(text.substr(i * 1024, 1024));
    compare(small, rules, 1, "GB/s", rounds);
}

}  // namespace bench
