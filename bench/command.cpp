// SPDX-License-Identifier: BSL-1.0
// The command itself: file to file against dd, sealing against not sealing, and the memory of large inputs.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "child.hpp"
#include "data.hpp"
#include "folder.hpp"
#include "measure.hpp"
#include "programs.hpp"
#include "sections.hpp"

namespace {

using bench::number;

constexpr std::size_t mib = std::size_t{1} << 20;

std::vector<std::string> rewrite(const std::vector<std::string>& rest) {
    std::vector<std::string> arguments = {
        RESEAL_COMMAND, "rewrite", "-q", "-r", bench::touching_rules()[0].from, bench::touching_rules()[0].to};
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    return arguments;
}

std::string mebibytes(std::uint64_t bytes) { return number(static_cast<double>(bytes) / mib); }

void file_to_file(int rounds) {
    const bench::Folder folder(bench::place_on_disk());
    const std::string program = bench::signed_program(64 * mib, 128);
    const std::string in = folder.path + "/program", other = folder.path + "/no-program";
    bench::put(in, program);
    bench::put(other, bench::no_program(program));
    const std::string out = folder.path + "/out";
    const auto timed = [&](const std::vector<std::string>& arguments) {
        return bench::Task{"", [=, size = program.size()] {
                               bench::run(arguments);
                               return size;
                           }};
    };
    const auto rates =
        bench::rates({timed({"dd", "if=" + in, "of=" + out, "bs=256K", "conv=fsync"}), timed(rewrite({"-o", out, in})),
                      timed(rewrite({"-o", out, other})), timed(rewrite({"-n", in})), timed(rewrite({"-n", other}))},
                     rounds);
    std::printf("## The command, file to file: 64 MiB, 128 touched pages, each in a window of its own\n\n");
    bench::Table table({"", "ms", "ratio"});
    const auto ms = [&](std::size_t i) { return static_cast<double>(program.size()) / rates[i] * 1e3; };
    table.row({"dd bs=256K conv=fsync", number(ms(0)), ""});
    table.row({"reseal rewrite -o", number(ms(1)), number(ms(1) / ms(0)) + "× dd"});
    table.row({"the same, not a program: nothing to seal", number(ms(2)),
               "sealing adds " + number(100 * (ms(1) / ms(2) - 1)) + " %"});
    table.row({"reseal rewrite -n", number(ms(3)), ""});
    table.row({"the same, not a program", number(ms(4)), "sealing adds " + number(100 * (ms(3) / ms(4) - 1)) + " %"});
    table.print();
}

void memory() {
    std::string origin;
    const std::string block = bench::program_bytes(64 * mib, origin);
    bench::Table table({"through a pipe", "MiB in", "peak MiB", ""});
    const std::uint64_t empty = bench::peak_memory(rewrite({}), "x", 1);
    table.row({"one byte", "0", mebibytes(empty), ""});
    const std::uint64_t large = bench::peak_memory(rewrite({}), bench::no_program(block), 128);
    table.row({"8 GiB of programs", "8192", mebibytes(large), ""});
    for (std::size_t pages : {1000u, 4096u, 16384u}) {
        const std::string program = bench::signed_program(64 * mib, pages);
        const std::uint64_t peak = bench::peak_memory(rewrite({}), program, 1);
        const double each = static_cast<double>(peak - std::min(peak, empty)) / static_cast<double>(pages);
        const std::string what = pages == 16384 ? "every page" : std::to_string(pages) + " pages";
        table.row({"a signed program, " + what + " touched, signature " + mebibytes(program.size() - 64 * mib) + " MiB",
                   mebibytes(program.size()), mebibytes(peak), number(each) + " bytes a touched page"});
    }
    std::printf("## The command, memory\n\n");
    table.print();
}

}  // namespace

namespace bench {

void command(int rounds) {
    file_to_file(rounds);
    memory();
}

}  // namespace bench
