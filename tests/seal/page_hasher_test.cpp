// SPDX-License-Identifier: BSL-1.0
#include "seal/page_hasher.hpp"

#include <doctest/doctest.h>

#include <random>
#include <reseal/error.hpp>
#include <set>

namespace reseal::page_hasher_test {
using seal::PageHasher;

namespace {

constexpr std::size_t window = PageHasher::largest_window;
constexpr std::size_t waiting = PageHasher::waiting_budget / window;  // so many wait

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (char& each : bytes) each = static_cast<char>(random());
    return bytes;
}

/// An image's code before and after, cut into pieces where it changes and every `step` bytes.
void feed(PageHasher& hasher, const std::string& before, const std::string& after, std::size_t step) {
    for (std::size_t at = 0; at < before.size();) {
        std::size_t end = std::min(at + step, before.size());
        std::string_view old_part = std::string_view(before).substr(at, end - at),
                         new_part = std::string_view(after).substr(at, end - at);
        hasher.add(old_part == new_part ? match::Piece{old_part, old_part} : match::Piece{new_part, old_part});
        at = end;
    }
    hasher.end();
}

void flip(std::string& bytes, std::size_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }

std::vector<std::uint64_t> touched(PageHasher& hasher, PageHash how) {
    std::vector<std::uint64_t> pages;
    PageHasher::Pages all = hasher.pages(how);
    while (std::optional<seal::TouchedPage> page = all.next()) pages.push_back(page->index);
    return pages;
}

constexpr PageHash small{4096, HashType::sha256}, large{16384, HashType::sha256};
constexpr std::size_t steps[] = {1, 7, 4095, 4096, 16384, 65536, 1000000};

}  // namespace

TEST_CASE("code without a changed byte is never hashed") {
    std::string code = noise(5 * window + 100);
    PageHasher hasher;
    feed(hasher, code, code, 1000);
    CHECK_FALSE(hasher.first_change());
    CHECK(touched(hasher, small).empty());
    CHECK(hasher.work().pages_hashed == 0);
}

TEST_CASE("one changed byte touches one page of either size, and each is hashed twice") {
    std::string before = noise(5 * window), after = before;
    flip(after, 2 * window + 5000);
    for (std::size_t step : steps) {
        CAPTURE(step);
        PageHasher hasher;
        feed(hasher, before, after, step);
        CHECK(hasher.first_change() == 2 * window + 5000);
        CHECK(touched(hasher, small) == std::vector<std::uint64_t>{9});
        CHECK(touched(hasher, large) == std::vector<std::uint64_t>{2});
        CHECK(hasher.work().pages_hashed == 4);
        CHECK(hasher.work().bytes_hashed == 2 * 4096 + 2 * 16384);
    }
}

TEST_CASE("an edit across two pages that differs in one of them touches that one only") {
    std::string before = noise(2 * window), after = before;
    flip(after, 4096 + 3);
    PageHasher hasher;
    hasher.add({std::string_view(before).substr(0, 4000), std::string_view(before).substr(0, 4000)});
    hasher.add({std::string_view(after).substr(4000, 200), std::string_view(before).substr(4000, 200)});
    hasher.add({std::string_view(before).substr(4200), std::string_view(before).substr(4200)});
    hasher.end();
    CHECK(touched(hasher, small) == std::vector<std::uint64_t>{1});
}

TEST_CASE("an edit that replaces bytes by the same bytes touches nothing") {
    std::string before = noise(window), same = before;
    PageHasher hasher;
    hasher.add({same, before});
    hasher.end();
    CHECK_FALSE(hasher.first_change());
    CHECK(touched(hasher, small).empty());
}

TEST_CASE("the last page is hashed as long as it is, never padded") {
    std::string before = noise(window + 4096 + 10), after = before;
    flip(after, window + 4096 + 9);
    PageHasher hasher;
    feed(hasher, before, after, 512);
    PageHasher::Pages pages = hasher.pages(small);
    std::optional<seal::TouchedPage> page = pages.next();
    REQUIRE(page);
    CHECK(page->index == 5);
    CHECK(page->before == digest::digest(HashType::sha256, std::string_view(before).substr(window + 4096)));
    CHECK(page->after == digest::digest(HashType::sha256, std::string_view(after).substr(window + 4096)));
    CHECK_FALSE(pages.next());
}

TEST_CASE("windows beyond the budget give the same digests as those that wait") {
    const std::size_t windows = 5 * waiting;  // more than wait even where they are a quarter as large
    std::string before = noise(windows * window + 777), after = before;
    std::set<std::uint64_t> small_pages, large_pages;
    std::mt19937 random(11);
    for (std::size_t w = 0; w <= windows; ++w) {
        std::size_t at = w == windows ? w * window + 700 : w * window + random() % window;
        flip(after, at);
        small_pages.insert(at / 4096);
        large_pages.insert(at / window);
    }
    for (bool hinted : {false, true}) {
        for (HashType hash : {HashType::sha1, HashType::sha256, HashType::sha256_truncated, HashType::sha384}) {
            if (!digest::available(hash)) continue;
            for (std::uint32_t page_size : {4096u, 16384u}) {
                CAPTURE(hinted);
                CAPTURE(page_size);
                PageHash how{page_size, hash};
                PageHasher hasher(hinted ? std::vector<PageHash>{how} : std::vector<PageHash>{});
                feed(hasher, before, after, 65536);
                CHECK(hasher.work().windows_touched == windows + 1);
                const std::size_t fitting = hinted && page_size == 4096 ? 4 * waiting : waiting;
                CHECK(hasher.work().windows_folded == windows + 1 - fitting);
                const std::set<std::uint64_t>& expected = page_size == 4096 ? small_pages : large_pages;
                auto next = expected.begin();
                PageHasher::Pages pages = hasher.pages(how);
                while (std::optional<seal::TouchedPage> page = pages.next()) {
                    REQUIRE(next != expected.end());
                    REQUIRE(page->index == *next++);
                    REQUIRE(page->before ==
                            digest::digest(hash, std::string_view(before).substr(page->index * page_size, page_size)));
                    REQUIRE(page->after ==
                            digest::digest(hash, std::string_view(after).substr(page->index * page_size, page_size)));
                }
                CHECK(next == expected.end());
                if (hinted) CHECK(hasher.work().pages_hashed == 2 * expected.size());
            }
        }
    }
}

TEST_CASE("a hint that is not true is an error where it would have mattered, and only there") {
    std::string before = noise((waiting + 1) * window), few = before, many = before;
    flip(few, 0);
    for (std::size_t at = 0; at < before.size(); at += window) flip(many, at);
    PageHasher one({large});
    feed(one, before, few, 65536);
    CHECK(touched(one, small) == std::vector<std::uint64_t>{0});
    PageHasher all({large});
    feed(all, before, many, 65536);
    CHECK(touched(all, large).size() == waiting + 1);
    CHECK_THROWS_AS(touched(all, small), Error);
}

TEST_CASE("a hint of small pages leaves nothing to hash large ones from, even where nothing is folded") {
    std::string before = noise(window), after = before;
    flip(after, 5000);
    PageHasher hasher({small});
    feed(hasher, before, after, 65536);
    CHECK(touched(hasher, small) == std::vector<std::uint64_t>{1});
    CHECK_THROWS_AS(touched(hasher, large), Error);
    PageHasher untouched({small});
    feed(untouched, before, before, 65536);
    CHECK(touched(untouched, large).empty());
}

TEST_CASE("a hint nobody can follow counts as none") {
    std::string before = noise((waiting + 1) * window), after = before;
    for (std::size_t at = 0; at < before.size(); at += window) flip(after, at);
    PageHasher hasher({{8192, HashType::sha256}, {0, HashType::sha1}, {4096, HashType::sha512}});
    feed(hasher, before, after, 65536);
    CHECK(touched(hasher, small).size() == waiting + 1);
}

}  // namespace reseal::page_hasher_test
