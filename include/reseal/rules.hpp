// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reseal {

/// Replace `from` by `to`: any bytes, the same number of them.
struct Rule {
    std::string from;
    std::string to;
    bool operator==(const Rule&) const = default;
};

namespace match {
class Index;
}

/// A set of rules, checked and compiled for searching once, then shared by every copy.
///
/// A match is the leftmost one, of those the longest; matches do not overlap and what was written is never searched again.
class Rules {
public:
    static constexpr std::size_t max_count = 10'000;

    /// No rules: every stream passes unchanged.
    Rules();
    /// Throws Error (ErrorCode::rules) when a *from* is empty or stands there twice, when the lengths of a rule differ
    /// (both are named), or when there are more than max_count.
    explicit Rules(std::vector<Rule> rules);
    /// The same for rules written in place: Rules({{from, to}}).
    explicit Rules(std::initializer_list<Rule> rules) : Rules(std::vector<Rule>(rules)) {}

    std::size_t size() const { return rules().size(); }
    bool empty() const { return rules().empty(); }
    /// Bytes of the longest *from*; 0 without rules.
    std::size_t longest() const;
    /// In the order they were given.
    const std::vector<Rule>& rules() const;
    const Rule& operator[](std::size_t i) const { return rules()[i]; }

    /// The compiled form; for the library's own use.
    const match::Index& index() const { return *index_; }

private:
    std::shared_ptr<const match::Index> index_;
};

/// The rules of a rules file: one `FROM<TAB>TO` a line (LF or CRLF), blank lines and lines that begin with `#` skipped, escapes
/// `\\` and `\xNN` in both parts. Throws Error (ErrorCode::rules) naming `name` and the line.
std::vector<Rule> parse_rules(std::string_view text, const std::string& name);

}  // namespace reseal
