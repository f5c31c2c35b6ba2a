// SPDX-License-Identifier: BSL-1.0
#pragma once
// Times things against each other: every round runs every thing once, so that what disturbs the machine disturbs all of them,
// and the median over the rounds counts. Only ratios within one run mean anything.
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// Something to time: does its work once and says over how many bytes.
struct Task {
    std::string name;
    std::function<std::size_t()> run;
};

/// Bytes per second of each task, the median of `rounds`. Short tasks are repeated until a round of them takes 20 ms.
std::vector<double> rates(const std::vector<Task>& tasks, int rounds);

/// Seconds that one call takes.
double seconds(const std::function<void()>& call);

/// Keeps the compiler from leaving out what led to `value`.
inline void keep(std::size_t value) { asm volatile("" : : "r"(value) : "memory"); }

/// A Markdown table.
class Table {
public:
    explicit Table(std::vector<std::string> head);
    void row(std::vector<std::string> cells);
    void print() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// `value` with three significant digits.
std::string number(double value);

/// The machine, the compiler and the date, as a line.
std::string circumstances();

}  // namespace bench
