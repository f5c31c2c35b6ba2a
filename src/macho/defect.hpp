// SPDX-License-Identifier: BSL-1.0
#pragma once
// What is wrong with a structure, as a value: parsers never throw for the sake of the format, their callers decide.
#include <cstdint>
#include <reseal/finding.hpp>
#include <string>
#include <utility>
#include <variant>

namespace reseal::macho {

struct Defect {
    Code code;
    std::uint64_t offset;  ///< from the first byte of what was parsed
    std::string what;
    bool operator==(const Defect&) const = default;

    Defect behind(std::uint64_t base) const { return {code, base + offset, what}; }
};

/// A parsed value, or the defect that kept it from being one.
template <class T>
class Parsed {
public:
    Parsed(T value) : result_(std::move(value)) {}
    Parsed(Defect defect) : result_(std::move(defect)) {}

    explicit operator bool() const { return std::holds_alternative<T>(result_); }
    const T& operator*() const { return std::get<T>(result_); }
    T& operator*() { return std::get<T>(result_); }
    const T* operator->() const { return &std::get<T>(result_); }
    const Defect& defect() const { return std::get<Defect>(result_); }

private:
    std::variant<T, Defect> result_;
};

}  // namespace reseal::macho
