// SPDX-License-Identifier: BSL-1.0
#pragma once
// Keeps of a file that goes out what differs from the file that came in, so that it can be written as a copy and a few ranges
// instead of being read and hashed once more.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string_view>

namespace reseal::relocate {

class PatchSink final : public Sink {
public:
    /// `before` must outlive it. `limit`: of FilePatch::memory(); a file that needs more has no patch.
    PatchSink(const Source& before, std::size_t limit) : before_(before), limit_(limit) {}

    /// The bytes at `offset` of the file, as they came: what of them is written in their place has not changed, and nobody has
    /// to read them again to know. They must stay alive until the next call.
    void came(std::uint64_t offset, std::string_view bytes);
    /// The next bytes that go out.
    void write(std::string_view bytes) override;
    /// At the end; none where there is too much, or another length came out.
    std::optional<FilePatch> take();

private:
    void compare(std::string_view bytes, std::string_view old);
    void keep(std::uint64_t offset, std::string_view bytes);

    const Source& before_;
    std::size_t limit_, kept_ = 0;
    std::uint64_t position_ = 0;  // of what goes out next
    std::uint64_t came_at_ = 0;
    std::string_view came_;
    FilePatch patch_;
    bool given_up_ = false;
};

}  // namespace reseal::relocate
