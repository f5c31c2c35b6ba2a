// SPDX-License-Identifier: BSL-1.0
#pragma once
// Names of archives are UTF-8, whatever the locale of whoever unpacks them. libarchive converts to the locale of its thread.
#include <locale.h>

namespace reseal::package {

/// For the thread that made it, for as long as it lives, characters are UTF-8, where the system has such a locale.
class Utf8Locale {
public:
    Utf8Locale();
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;
    ~Utf8Locale();

private:
    locale_t before_;
};

/// The small letter of a character; ASCII only where the system has no such locale.
char32_t utf8_lower(char32_t c);

}  // namespace reseal::package
