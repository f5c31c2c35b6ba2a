// SPDX-License-Identifier: BSL-1.0
#include "bytes/utf8.hpp"

#include <doctest/doctest.h>

namespace reseal::utf8_test {
namespace {

bool is_character(char32_t value) { return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF); }

}  // namespace

TEST_CASE("a character does not come back from its UTF-8, or not from all of it") {
    std::size_t wrong = 0;
    for (char32_t value = 0; value <= 0x10FFFF; ++value) {
        if (!is_character(value)) continue;
        std::string text;
        append_utf8(text, value);
        const std::size_t size = text.size();
        const Utf8Character alone = first_character(text);
        const Utf8Character before = first_character(text + "\x80");
        const bool cut = size > 1 && first_character(std::string_view(text).substr(0, size - 1)).size != 0;
        const bool same = alone.value == value && alone.size == size && before.value == value && before.size == size;
        wrong += !same || cut ? 1U : 0U;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a length changes elsewhere than between these") {
    const auto size = [](char32_t value) {
        std::string text;
        append_utf8(text, value);
        return text.size();
    };
    CHECK(size(0x7F) == 1);
    CHECK(size(0x80) == 2);
    CHECK(size(0x7FF) == 2);
    CHECK(size(0x800) == 3);
    CHECK(size(0xFFFF) == 3);
    CHECK(size(0x10000) == 4);
}

TEST_CASE("overlong forms, surrogates, lone bytes or what is beyond U+10FFFF are taken for characters") {
    for (const char* text : {"\x80",
                             "\xBF",
                             "\xC0\x80",
                             "\xC1\xBF",
                             "\xE0\x80\x80",
                             "\xE0\x9F\xBF",
                             "\xED\xA0\x80",
                             "\xED\xBF\xBF",
                             "\xF0\x80\x80\x80",
                             "\xF0\x8F\xBF\xBF",
                             "\xF4\x90\x80\x80",
                             "\xF5\x80\x80\x80",
                             "\xFF",
                             "\xC3",
                             "\xC3x",
                             "\xE2\x82",
                             "\xE2\x82x",
                             "\xF0\x9F\x92",
                             "\xF0\x9F\x92x",
                             "\xF0\x9Fxx"}) {
        CAPTURE(text);
        CHECK(first_character(text).size == 0);
    }
}

TEST_CASE("some four bytes are a character that another one is too") {
    // Whatever is taken is what its value is written as.
    std::size_t taken = 0, wrong = 0;
    std::string text(4, '\0');
    for (unsigned lead = 0; lead < 256; ++lead)
        for (unsigned second = 0; second < 256; ++second)
            for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U})
                for (const unsigned fourth : {0x7FU, 0x80U, 0xBFU, 0xC0U}) {
                    text = {static_cast<char>(lead), static_cast<char>(second), static_cast<char>(third),
                            static_cast<char>(fourth)};
                    const Utf8Character found = first_character(text);
                    if (found.size == 0) continue;
                    std::string again;
                    append_utf8(again, found.value);
                    ++taken;
                    wrong += again != text.substr(0, found.size) || !is_character(found.value) ? 1U : 0U;
                }
    CHECK(taken > 0);
    CHECK(wrong == 0);
}

}  // namespace reseal::utf8_test
