// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/sink.hpp>

namespace reseal {

struct ReferenceOptions {
    bool wide = false;       ///< also as UTF-16 and UTF-32, in either byte order
    bool positions = false;  ///< keep where each one stands
};

/// What of one candidate was found.
struct Reference {
    std::string hash_part;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> positions;  ///< bytes from the stream's first, ascending; only with ReferenceOptions::positions
    bool operator==(const Reference&) const = default;
};

/// Finds which of many hash parts (the 32 characters at the beginning of a store path's name) stand in the stream that is
/// written to it: anywhere, with or without a store in front, also where they overlap. Any number of candidates costs about as
/// much as one. Memory: the candidates, 124 bytes of the stream, and the positions where they are asked for.
class ReferenceScanner final : public Sink {
public:
    /// Throws Error (ErrorCode::misuse) for a candidate that is no hash part. One that comes twice counts once.
    explicit ReferenceScanner(std::vector<std::string> hash_parts, ReferenceOptions options = {});
    ReferenceScanner(ReferenceScanner&&) noexcept;
    ReferenceScanner& operator=(ReferenceScanner&&) noexcept;
    ~ReferenceScanner() override;

    void write(std::string_view chunk) override;
    /// The stream ends here; another may begin, and counts on from position 0.
    void finish();

    /// Those that were found so far, in the order of their characters; complete once the stream has ended.
    std::vector<Reference> found() const;
    /// What was found since the last call, also in the stream that has not ended; forgets it. Costs what it returns. A place is
    /// in it at the latest when 124 bytes have come behind its first.
    std::vector<Reference> take();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace reseal
