// SPDX-License-Identifier: BSL-1.0
// A narinfo of any bytes is refused with an Error that says so, or means the same when it is written out again; and what it
// leads to lies in its cache.
#include <reseal/error.hpp>

#include "fuzz/feed.hpp"
#include "store/narinfo.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace reseal;
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const store::NarInfo info = store::parse_narinfo(text, "fuzzed");
        const std::string again = info.text();
        fuzz::require(store::parse_narinfo(again, "again").text() == again, "a narinfo changes when it is written out");
        fuzz::require(info.fingerprint() == store::parse_narinfo(again, "again").fingerprint(), "a fingerprint changes");
        fuzz::require(info.fingerprint().find('\n') == std::string::npos, "a fingerprint of two lines");
        const std::string url = "/" + info.url + "/";
        for (const char* out : {"/../", "/./", "//"})
            fuzz::require(url.find(out) == std::string::npos, "a URL leads out of the cache");
    } catch (const Error& error) {
        fuzz::require(error.error() == ErrorCode::malformed, "an error that is not about the narinfo");
        fuzz::require(std::string(error.what()).starts_with("fuzzed: "), "an error without a file");
    }
    return 0;
}
