// SPDX-License-Identifier: BSL-1.0
// The command's `verify`: a large program and many small ones against what hashing alone takes and against a plain verifier in
// Python, and a folder of files that are none.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "child.hpp"
#include "digest/digest.hpp"
#include "folder.hpp"
#include "measure.hpp"
#include "programs.hpp"
#include "sections.hpp"

namespace {

using bench::number;

constexpr std::size_t mib = std::size_t{1} << 20;
constexpr std::size_t page = 4096;

/// Every page of as many bytes, from memory that is in the cache.
void hash_pages(std::string_view block, std::size_t bytes) {
    for (std::size_t done = 0; done < bytes; done += page)
        bench::keep(reseal::digest::digest(reseal::HashType::sha256, block.substr(done % block.size(), page)).bytes().size());
}

/// On so many cores at once: what they give together is not always so many times what one gives.
void hash_on(unsigned cores, std::string_view block, std::size_t bytes) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < cores; ++i) threads.emplace_back([=] { hash_pages(block, bytes / cores); });
    for (std::thread& thread : threads) thread.join();
}

std::vector<std::string> command(const std::string& path, unsigned jobs) {
    return {RESEAL_COMMAND, "verify", "-q", "--jobs", std::to_string(jobs), path};
}

/// Rates of hashing alone, of the command and of Python, over the same bytes.
void table_of(const char* title, const std::string& path, std::size_t bytes, int rounds) {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::string block = bench::signed_program(mib, 0);
    const auto timed = [&](const std::vector<std::string>& arguments) {
        return bench::Task{"", [=] {
                               bench::run(arguments);
                               return bytes;
                           }};
    };
    const auto hashed = [&](unsigned on) {
        return bench::Task{"", [&block, on, bytes] {
                               hash_on(on, block, bytes);
                               return bytes;
                           }};
    };
    const std::vector<double> rates = bench::rates({hashed(1), hashed(cores), timed(command(path, 1)),
                                                    timed(command(path, cores)), timed({"python3", PLAIN_VERIFIER, path})},
                                                   rounds);
    const std::string all = std::to_string(cores) + " cores";
    const auto gigabytes = [&](std::size_t i) { return number(rates[i] / 1e9); };
    std::printf("## verify: %s\n\n", title);
    bench::Table table({"", "GB/s", "÷ hashing", "wanted"});
    table.row({"hashing alone, one core", gigabytes(0), "", ""});
    table.row({"hashing alone, " + all + " at once", gigabytes(1), "", ""});
    table.row({"reseal verify, one core", gigabytes(2), number(rates[2] / rates[0]) + "×", "0.8×"});
    table.row({"reseal verify, " + all, gigabytes(3), number(rates[3] / rates[1]) + "×", "0.8×"});
    table.row({"a plain verifier in Python, one core", gigabytes(4),
               "reseal ÷ it: " + number(rates[2] / rates[4]) + "×, with " + all + " " + number(rates[3] / rates[4]) + "×",
               "2× a core"});
    table.print();
}

void small_files(int rounds) {
    constexpr std::size_t folders = 100, files = 1000;
    const bench::Folder folder;
    for (std::size_t i = 0; i < folders; ++i)
        for (std::size_t k = 0; k < files; ++k)
            bench::put(folder.path + "/" + std::to_string(i) + "/" + std::to_string(k), "neither program nor signature\n");
    const auto timed = [&](const std::vector<std::string>& arguments) {
        return bench::Task{"", [=] {
                               bench::run(arguments);
                               return folders * files;
                           }};
    };
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::vector<double> rates =
        bench::rates({timed({"find", folder.path, "-type", "f", "-size", "+1"}),
                      timed({"find", folder.path, "-type", "f", "-exec", "head", "-qc4", "{}", "+"}),
                      timed(command(folder.path, 1)), timed(command(folder.path, cores))},
                     rounds);
    std::printf("## verify: a folder of 100,000 files that are no programs\n\n");
    bench::Table table({"", "seconds", "÷ head"});
    const char* names[] = {"find -size: looks at each", "find -exec head -c4: opens each and reads four bytes",
                           "reseal verify, one core", "reseal verify, all cores"};
    for (std::size_t i = 0; i < rates.size(); ++i)
        table.row({names[i], number(static_cast<double>(folders * files) / rates[i]), number(rates[1] / rates[i]) + "×"});
    table.print();
}

}  // namespace

namespace bench {

void verify(int rounds) {
    {
        const Folder folder;
        put(folder.path + "/program", signed_program(256 * mib, 0));
        table_of("one program of 256 MiB", folder.path + "/program", 256 * mib, rounds);
    }
    {
        const Folder folder;
        const std::string program = signed_program(mib, 0);
        for (int i = 0; i < 256; ++i) put(folder.path + "/" + std::to_string(i), program);
        table_of("256 programs of 1 MiB", folder.path, 256 * mib, rounds);
    }
    small_files(rounds);
}

}  // namespace bench
