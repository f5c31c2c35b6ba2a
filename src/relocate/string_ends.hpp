// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where the strings end that prefixes stand in, whether they look like strings of C, and which of them name sockets. The bytes
// behind a prefix are looked at as they go by, up to the string's end.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace reseal::relocate {

class StringEnds {
public:
    /// The end of a string that has not been seen yet.
    static constexpr std::uint64_t open = std::numeric_limits<std::uint64_t>::max();
    /// A NUL is expected so near behind a prefix in a string of C.
    static constexpr std::uint64_t nearby = 4096;
    /// Longer paths are no names of sockets to any system we know.
    static constexpr std::uint64_t max_socket_path = 107;

    /// `fields` must outlive it; what stands in them about ends is its business.
    explicit StringEnds(std::vector<PrefixField>& fields) : fields_(fields) {}

    /// The next bytes of the file.
    void read(std::string_view bytes);
    /// Bytes that are not looked at: only while all ends are known.
    void skip(std::uint64_t count);
    /// The last of the fields, a prefix of `size` bytes, has just been read.
    void add(std::size_t size);
    /// The file ends here.
    void end();

    /// How many of the fields know where their strings end, before the first that does not.
    std::size_t known() const;

    /// How many of the last bytes may turn out to be the NUL of a wide string.
    std::uint64_t undecided() const;

    /// A path longer than max_socket_path that names a socket, as it is in the file.
    struct SocketPath {
        std::size_t field;
        std::uint64_t length;
    };
    const std::vector<SocketPath>& sockets() const { return sockets_; }

private:
    struct Open {
        std::size_t field;
        std::uint64_t behind;  // where the prefix ends
    };
    void close(std::uint64_t nul);
    bool any_open() const;
    void look_for_controls(std::string_view bytes);
    void read_path(std::string_view bytes);
    void finish_path();

    std::vector<PrefixField>& fields_;
    std::array<std::deque<Open>, 3> open_;  // ascending; by the width of their units: 1, 2, 4
    std::uint64_t position_ = 0;
    std::uint64_t nuls_ = 0;          // right before position_, while strings are open
    std::uint64_t last_control_ = 0;  // behind the last control character, while strings of narrow units are open
    bool in_path_ = false;            // of the last field
    std::uint64_t path_length_ = 0;
    std::string path_end_;  // its last bytes
    std::vector<SocketPath> sockets_;
};

}  // namespace reseal::relocate
