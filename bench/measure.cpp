// SPDX-License-Identifier: BSL-1.0
#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace bench {

double seconds(const std::function<void()>& call) {
    auto begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<double> rates(const std::vector<Task>& tasks, int rounds) {
    std::vector<std::vector<double>> measured(tasks.size());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            double bytes = 0;
            double time = 0;
            while (time < 0.02) time += seconds([&] { bytes += static_cast<double>(tasks[i].run()); });
            measured[i].push_back(bytes / time);
        }
    }
    std::vector<double> medians;
    for (auto& one : measured) {
        auto middle = one.begin() + static_cast<std::ptrdiff_t>(one.size() / 2);
        std::nth_element(one.begin(), middle, one.end());
        medians.push_back(*middle);
    }
    return medians;
}

namespace {

// Letters of UTF-8, of which all bytes but the first begin with the bits 10.
std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
void Table::row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

void Table::print() const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& cells : rows_)
        for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], letters(cells[i]));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string& cell = rows_[row][i];
            const std::string space(widths[i] - letters(cell), ' ');
            if (i == 0) std::printf("| %s%s |", cell.c_str(), space.c_str());
            else std::printf(" %s%s |", space.c_str(), cell.c_str());
        }
        std::printf("\n");
        if (row != 0) continue;
        for (std::size_t i = 0; i < widths.size(); ++i)
            std::printf("%s%s%s", i == 0 ? "|" : "", std::string(widths[i] + 1, '-').c_str(), i == 0 ? "-|" : ":|");
        std::printf("\n");
    }
    std::printf("\n");
    std::fflush(stdout);
}

std::string number(double value) {
    char text[32];
    const int digits = value > 0 ? std::max(0, 2 - static_cast<int>(std::floor(std::log10(value)))) : 0;
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string circumstances() {
    std::string processor = "unknown processor";
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);) {
        if (!line.starts_with("model name")) continue;
        processor = line.substr(line.find(": ") + 2);
        break;
    }
#if defined(__clang__)
    const std::string compiler = "clang " __clang_version__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    char date[16];
    const std::time_t now = std::time(nullptr);
    std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
    return processor + ", " + compiler + ", " + date;
}

}  // namespace bench
