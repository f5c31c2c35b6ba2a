// SPDX-License-Identifier: BSL-1.0
#pragma once
// Devices that misbehave in the ways a filter has to live with. What they got is kept outside, because Boost copies devices.
#include <algorithm>
#include <boost/iostreams/categories.hpp>
#include <cstring>
#include <ios>
#include <string>

namespace filter_tests {

/// What a broken device throws.
struct DiskFull : std::ios_base::failure {
    DiskFull() : std::ios_base::failure("no space left on device") {}
};

/// Takes everything.
struct Taker {
    using char_type = char;
    struct category : boost::iostreams::sink_tag {};
    std::string* got;
    std::streamsize write(const char* bytes, std::streamsize n) {
        got->insert(got->end(), bytes, bytes + n);
        return n;
    }
};

/// Takes `room` bytes, throws in the call that brings more, and would take them all afterwards.
struct Thrower {
    using char_type = char;
    struct category : boost::iostreams::sink_tag {};
    std::string* got;
    std::size_t room;
    int* thrown;
    std::streamsize write(const char* bytes, std::streamsize n) {
        if (*thrown == 0 && static_cast<std::size_t>(n) > room - std::min(room, got->size())) {
            ++*thrown;
            throw DiskFull();
        }
        got->insert(got->end(), bytes, bytes + n);
        return n;
    }
};

/// Takes one byte in every third call and none in the others.
struct Trickler {
    using char_type = char;
    struct category : boost::iostreams::sink_tag {};
    std::string* got;
    int* calls;
    std::streamsize write(const char* bytes, std::streamsize n) {
        if (n == 0 || ++*calls % 3 != 0) return 0;
        got->push_back(*bytes);
        return 1;
    }
};

/// Takes `room` bytes and then nothing, without a word: a std::ostream on a full disk.
struct Stuck {
    using char_type = char;
    struct category : boost::iostreams::sink_tag {};
    std::string* got;
    std::size_t room;
    std::streamsize write(const char* bytes, std::streamsize n) {
        std::size_t taken = std::min(static_cast<std::size_t>(n), room - got->size());
        got->insert(got->end(), bytes, bytes + taken);
        return static_cast<std::streamsize>(taken);
    }
};

/// Gives `chunk` bytes a call; with `blocking` false, none in every other call; throws at `bad`.
struct Giver {
    using char_type = char;
    struct category : boost::iostreams::source_tag {};
    const std::string* bytes;
    std::size_t chunk = std::string::npos;
    bool blocking = true;
    std::size_t bad = std::string::npos;
    std::size_t at = 0;
    bool idle = false;
    std::streamsize read(char* to, std::streamsize n) {
        if (!blocking) {
            idle = !idle;
            if (idle) return 0;
        }
        if (at >= bad) throw DiskFull();
        if (at == bytes->size()) return -1;
        std::size_t count = std::min({chunk, static_cast<std::size_t>(n), std::min(bad, bytes->size()) - at});
        std::memcpy(to, bytes->data() + at, count);
        at += count;
        return static_cast<std::streamsize>(count);
    }
};

}  // namespace filter_tests
