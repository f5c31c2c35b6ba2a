// SPDX-License-Identifier: BSL-1.0
#pragma once
// Keeps what is needed to hash the touched pages of an image once its CodeDirectory, which comes last, says how.
//
// The code goes by in windows of 16 KiB, the largest page size, or of 4 KiB where a hint says that no page is larger. A window
// without a changed byte leaves no trace. One with a changed byte waits, old and new bytes; when more wait than the budget
// allows, further ones are folded into digests of every kind that a CodeDirectory could ask for. No page without a changed byte
// is ever hashed.
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <string>
#include <vector>

#include "digest/digest.hpp"
#include "match/piece.hpp"

namespace reseal::seal {

/// A page with at least one changed byte.
struct TouchedPage {
    std::uint64_t index;  ///< counted in pages of the size that was asked for
    digest::Digest before, after;
};

class PageHasher {
public:
    static constexpr std::size_t largest_window = 16384;
    /// Bytes of the windows that wait, 128 of the largest; the old and the new ones make it 4 MiB. On real programs the median
    /// of touched pages is 1.25 %.
    static constexpr std::size_t waiting_budget = 128 * largest_window;

    /// With a hint, windows are folded only as it says; an empty one says nothing.
    explicit PageHasher(const std::vector<PageHash>& hint = {});

    /// The next bytes of the code, from the image's first byte on.
    void add(match::Piece piece);
    /// The code ends here: the last window may be a short one. add() no more.
    void end();

    /// Where the first changed byte stands in the image; nothing without one.
    std::optional<std::uint64_t> first_change() const { return first_change_; }
    const Work& work() const { return work_; }

    /// The touched pages of one size, ascending, hashed in one way as they are asked for. The last page is as long as the code
    /// is.
    class Pages {
    public:
        /// Throws Error (ErrorCode::misuse) when the hint kept a window from being kept or folded this way.
        std::optional<TouchedPage> next();

    private:
        friend PageHasher;
        Pages(PageHasher& hasher, PageHash how);
        PageHasher& hasher_;
        PageHash how_;
        std::size_t window_ = 0, offset_ = 0;  // among those that wait
        std::size_t folded_ = 0;
    };
    /// After end(). `how.hash` is available.
    Pages pages(PageHash how) { return {*this, how}; }

private:
    struct Window {
        std::uint64_t index;
        std::string before, after;
    };
    /// Digests of folded pages of one kind, side by side: two each.
    struct Column {
        PageHash how;
        std::vector<std::uint64_t> pages;
        std::string digests;
    };

    void close();
    void fold();
    digest::Digest hash(HashType type, std::string_view page);

    bool hinted_;
    std::size_t window_size_ = largest_window;
    std::vector<Column> columns_;
    std::vector<Window> waiting_;
    Window current_{0, {}, {}};
    bool changed_ = false;    // whether current_ holds a changed byte; only then current_.after is in use
    std::size_t filled_ = 0;  // bytes of the current window gone by
    std::optional<std::uint64_t> first_change_;
    Work work_;
};

}  // namespace reseal::seal
