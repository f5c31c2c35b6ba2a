// SPDX-License-Identifier: BSL-1.0
#pragma once
// One input, searched in one pass: the references in its bytes, the entries they stand in, and those inside of compressed
// files.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/options.hpp>
#include <reseal/references.hpp>
#include <reseal/sink.hpp>
#include <string>
#include <vector>

#include "cli/inside.hpp"
#include "container/demux.hpp"

namespace reseal::cli {

/// Which bytes of an entry.
enum class Part {
    contents,
    name,
    target,   ///< where a link points
    framing,  ///< of an archive: none of these
};
const char* name(Part part);

struct Place {
    std::string path;  ///< of the entry; "." for a file by itself
    Part part = Part::contents;
    std::uint64_t offset = 0;  ///< from the part's first byte; framing: from the stream's
};

struct RefsFound {
    std::uint64_t count = 0;
    std::vector<Place> places;  ///< in the stream's order; only where they are asked for
};

struct RefsOptions {
    bool positions = false, wide = false, inside = false;
};

class RefsScan final : public Sink {
public:
    RefsScan(const std::vector<std::string>& hash_parts, RefsOptions options, Format format);

    void write(std::string_view chunk) override;
    /// The end of the input. What was found stands, also when it turns out to be an archive that does not hold together: that
    /// is returned.
    std::optional<Error> finish();

    const std::map<std::string, RefsFound>& found() const { return found_; }
    const std::vector<InsideReference>& inside() const;
    const std::vector<Unread>& unread() const;

private:
    /// Goes up to where the next one begins.
    struct Segment {
        std::uint64_t begin;
        Part part;
        std::string path;
        std::uint64_t zero;  // what offsets count from
    };

    struct Waiting {
        std::string hash_part;
        std::uint64_t position;
    };

    void runs();
    void note(const container::Run& run);
    void note_header(const container::Run& run);
    void add_framing();
    void add(std::uint64_t begin, Part part, std::uint64_t zero);
    void settle(bool all);
    std::deque<Segment>::const_iterator segment_behind(std::uint64_t position) const;
    Place place(std::uint64_t position) const;

    RefsOptions options_;
    ReferenceScanner scanner_;
    container::Demux demux_;
    std::unique_ptr<Inside> inside_;
    bool in_file_ = false;
    std::uint64_t offset_ = 0;  // of the next run
    std::deque<Segment> segments_;
    std::vector<Waiting> waiting_;  // found, but not yet where
    std::map<std::string, RefsFound> found_;
};

}  // namespace reseal::cli
