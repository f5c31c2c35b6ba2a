// SPDX-License-Identifier: BSL-1.0
#include "package/utf8_locale.hpp"

#include <wctype.h>

#include <initializer_list>
#ifdef __APPLE__
#include <xlocale.h>
#endif

namespace reseal::package {
namespace {

constexpr locale_t no_locale{};

/// Made once and never freed: threads may still use it when the program ends.
locale_t utf8() {
    static const locale_t made = [] {
        for (const char* name : {"C.UTF-8", "UTF-8", "en_US.UTF-8"})
            if (const locale_t locale = ::newlocale(LC_CTYPE_MASK, name, no_locale); locale != no_locale) return locale;
        return no_locale;
    }();
    return made;
}

}  // namespace

Utf8Locale::Utf8Locale() : before_(::uselocale(utf8())) {}

Utf8Locale::~Utf8Locale() { ::uselocale(before_); }

char32_t utf8_lower(char32_t c) {
    if (utf8() == no_locale) return c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
    return static_cast<char32_t>(::towlower_l(static_cast<wint_t>(c), utf8()));
}

}  // namespace reseal::package
