// SPDX-License-Identifier: BSL-1.0
#pragma once
// Decides what becomes of each prefix in a binary file, as soon as what stands behind it has been seen. It changes nothing and
// keeps no bytes: who lets the file pass holds back what is not decided.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "relocate/fill.hpp"
#include "relocate/image_heads.hpp"
#include "relocate/string_ends.hpp"
#include "relocate/text_search.hpp"

namespace reseal::relocate {

/// What is wrong with some prefixes of a file: the first of them, and how many.
struct PrefixProblem {
    Code code;
    std::size_t pair;
    std::uint64_t offset;
    std::uint64_t count;
};

class FieldDecider {
public:
    /// A file with more is refused.
    static constexpr std::size_t max_fields = std::size_t{1} << 21;
    /// So much of a string may wait for what stands behind prefixes that became shorter; one that needs more is refused.
    static constexpr std::uint64_t max_moved = std::uint64_t{16} << 20;

    static constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

    /// `max_wait`: a prefix whose fill its string's end decides is refused when that is further behind.
    FieldDecider(const Prefixes& prefixes, std::uint64_t max_wait);
    FieldDecider(const FieldDecider&) = delete;
    FieldDecider& operator=(const FieldDecider&) = delete;

    /// Bytes of the file that may hold load commands, ahead of take().
    ImageHeads& heads() { return heads_; }
    /// The next bytes of the file: without a prefix, or one.
    void take(const Stretch& stretch);
    /// Bytes of the file that are not looked at: only where open() is false.
    void skip(std::uint64_t count);
    /// Whether what stands behind the fields so far has to be seen.
    bool open() const { return !waiting_.empty() || ends_.known() < fields_.size(); }
    /// Decides what can be decided by now.
    void settle();
    /// The file ends here.
    void end();

    /// Ascending; those before decided() do not change any more, but for an end that is still open.
    const std::vector<PrefixField>& fields() const { return fields_; }
    std::vector<PrefixField> take_fields() { return std::move(fields_); }
    /// All prefixes before this offset are found and decided.
    std::uint64_t decided() const {
        return settled_ < fields_.size() ? fields_[settled_].offset : position_ - ends_.undecided();
    }
    const std::vector<PrefixProblem>& problems() const { return problems_; }
    const std::vector<StringEnds::SocketPath>& sockets() const { return ends_.sockets(); }

private:
    struct Waiting {
        std::size_t field;
        std::size_t at;  // where in ahead_ the bytes behind it begin
    };
    void look_ahead(std::string_view bytes);
    void choose_early(const Waiting& waiting);
    bool settle_one(PrefixField& field);
    void keep_in_bounds(PrefixField& field, FillChoice& choice);
    void add_problem(Code code, const PrefixField& field);

    Prefixes prefixes_;
    std::uint64_t max_wait_;
    ImageHeads heads_;
    std::vector<PrefixField> fields_;
    StringEnds ends_;
    std::uint64_t position_ = 0;      // of what is searched next
    std::deque<Waiting> waiting_;     // fields whose bytes behind have not all come
    std::string ahead_;               // the bytes behind the first of them
    std::deque<FillChoice> choices_;  // of fields_ from settled_ on
    std::size_t settled_ = 0;         // of fields_: those that are decided
    std::uint64_t consumed_ = 0;      // Padding::spack: up to here a suffix was looked at
    std::size_t mover_ = none;        // the field whose string moves up, and was decided last
    std::uint64_t moved_ = 0;         // bytes that have become free in that string
    std::vector<PrefixProblem> problems_;
    bool ended_ = false;

    static constexpr std::size_t none = ~std::size_t{0};
};

}  // namespace reseal::relocate
