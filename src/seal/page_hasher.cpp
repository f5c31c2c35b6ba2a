// SPDX-License-Identifier: BSL-1.0
#include "seal/page_hasher.hpp"

#include <algorithm>
#include <reseal/error.hpp>

namespace reseal::seal {
namespace {

constexpr std::uint32_t small_page = 4096, large_page = 16384;

std::vector<PageHash> every_way() {
    std::vector<PageHash> ways;
    for (std::uint32_t page_size : {small_page, large_page})
        for (HashType hash : {HashType::sha1, HashType::sha256, HashType::sha384})
            if (digest::available(hash)) ways.push_back({page_size, hash});
    return ways;
}

/// Those of every_way() that the hint names.
std::vector<PageHash> usable(const std::vector<PageHash>& hint) {
    std::vector<PageHash> ways = every_way();
    std::erase_if(ways, [&](const PageHash& way) {
        return std::none_of(hint.begin(), hint.end(), [&](const PageHash& how) {
            return how.page_size == way.page_size && digest::whole(how.hash) == way.hash;
        });
    });
    return ways;
}

Error not_hinted() { return {ErrorCode::misuse, "the hint does not name the way in which a CodeDirectory hashes its pages"}; }

}  // namespace

PageHasher::PageHasher(const std::vector<PageHash>& hint) {
    std::vector<PageHash> ways = usable(hint);
    hinted_ = !ways.empty();
    if (!hinted_) ways = every_way();
    for (const PageHash& how : ways) columns_.push_back({how, {}, {}});
    // Smaller windows copy and keep less: with 128 touched pages, each in a 16 KiB window of its own, a quarter of the memory.
    if (std::all_of(ways.begin(), ways.end(), [](const PageHash& how) { return how.page_size == small_page; }))
        window_size_ = small_page;
}

void PageHasher::add(match::Piece piece) {
    while (!piece.bytes.empty()) {
        std::size_t count = std::min(window_size_ - filled_, piece.bytes.size());
        match::Piece part = piece.part(0, count);
        piece = piece.part(count, piece.bytes.size() - count);
        bool change = part.changed();
        bool completes = filled_ + count == window_size_;
        if (change && !first_change_) {
            auto differs = std::mismatch(part.old.begin(), part.old.end(), part.bytes.begin()).first;
            first_change_ = current_.index * window_size_ + filled_ + static_cast<std::size_t>(differs - part.old.begin());
        }
        filled_ += count;
        // An unchanged window needs no copy once its end is in sight.
        if (!completes || changed_ || change) {
            current_.before.reserve(window_size_);  // growing by doubling would touch more memory
            if (change && !changed_) {
                current_.after.reserve(window_size_);
                current_.after = current_.before;
                changed_ = true;
            }
            current_.before.append(part.old);
            if (changed_) current_.after.append(part.bytes);
        }
        if (completes) close();
    }
}

void PageHasher::end() {
    if (filled_ > 0) close();
    current_ = {0, {}, {}};
}

void PageHasher::close() {
    std::uint64_t index = current_.index;
    if (changed_) {
        ++work_.windows_touched;
        if (waiting_.size() < waiting_budget / window_size_) {
            waiting_.push_back(std::move(current_));
            current_ = {};
        } else {
            fold();
        }
    }
    current_.before.clear();
    current_.after.clear();
    current_.index = index + 1;
    changed_ = false;
    filled_ = 0;
}

void PageHasher::fold() {
    ++work_.windows_folded;
    std::string_view before = current_.before, after = current_.after;
    for (Column& column : columns_) {
        for (std::size_t at = 0; at < before.size(); at += column.how.page_size) {
            std::string_view old_page = before.substr(at, column.how.page_size),
                             new_page = after.substr(at, column.how.page_size);
            if (old_page == new_page) continue;
            column.pages.push_back((current_.index * window_size_ + at) / column.how.page_size);
            column.digests += hash(column.how.hash, old_page).bytes();
            column.digests += hash(column.how.hash, new_page).bytes();
        }
    }
}

digest::Digest PageHasher::hash(HashType type, std::string_view page) {
    ++work_.pages_hashed;
    work_.bytes_hashed += page.size();
    return digest::digest(type, page);
}

PageHasher::Pages::Pages(PageHasher& hasher, PageHash how) : hasher_(hasher), how_(how) {}

std::optional<TouchedPage> PageHasher::Pages::next() {
    if (how_.page_size > hasher_.window_size_ && hasher_.first_change_) throw not_hinted();
    for (; window_ < hasher_.waiting_.size(); ++window_, offset_ = 0) {
        const Window& window = hasher_.waiting_[window_];
        while (offset_ < window.before.size()) {
            std::size_t at = offset_;
            offset_ += how_.page_size;
            std::string_view before = std::string_view(window.before).substr(at, how_.page_size);
            std::string_view after = std::string_view(window.after).substr(at, how_.page_size);
            if (before == after) continue;
            return TouchedPage{(window.index * hasher_.window_size_ + at) / how_.page_size, hasher_.hash(how_.hash, before),
                               hasher_.hash(how_.hash, after)};
        }
    }
    if (hasher_.work_.windows_folded == 0) return {};
    auto column = std::find_if(hasher_.columns_.begin(), hasher_.columns_.end(), [&](const Column& each) {
        return each.how == PageHash{how_.page_size, digest::whole(how_.hash)};
    });
    if (column == hasher_.columns_.end()) throw not_hinted();
    if (folded_ == column->pages.size()) return {};
    std::size_t size = digest_size(column->how.hash), wanted = digest_size(how_.hash);
    std::string_view digests = std::string_view(column->digests).substr(folded_ * 2 * size, 2 * size);
    return TouchedPage{column->pages[folded_++], digest::Digest(digests.substr(0, wanted)),
                       digest::Digest(digests.substr(size, wanted))};
}

}  // namespace reseal::seal
