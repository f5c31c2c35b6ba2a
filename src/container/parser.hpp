// SPDX-License-Identifier: BSL-1.0
#pragma once
// A push parser of one kind of archive: takes the stream in chunks of any size and tells which bytes are framing and which are
// contents. Knows nothing of what is done with them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "container/run.hpp"

namespace reseal::container {

/// Why a stream is no archive of its kind.
struct Malformed {
    std::string what;
    std::string entry;     ///< path of the entry it happened in, as far as it was read
    std::uint64_t offset;  ///< from the stream's first byte
};

/// Where a symbolic link points: bytes of a header run.
struct Target {
    std::size_t offset, size;
};

class Parser {
public:
    virtual ~Parser() = default;

    /// Hands over the next chunk. Drain next() until it returns false before the next feed() or end(); `chunk` must stay alive
    /// until then.
    virtual void feed(std::string_view chunk) = 0;
    /// The next run, in stream order; false when more input is needed or the stream is malformed.
    virtual bool next(Run& run) = 0;
    /// No more input. Drain next() once more afterwards; a stream cut short is malformed().
    virtual void end() = 0;

    /// Set as soon as the stream cannot be an archive of this kind: next() gives nothing any more.
    virtual const std::optional<Malformed>& malformed() const = 0;

    /// Path of the entry that the last header or contents run belongs to.
    virtual const std::string& path() const = 0;
    /// What the last header run calls its entry, and, for a hard link, the entry it stands for: each by any name that a tool
    /// may read there.
    virtual std::vector<std::string_view> names() const = 0;
    /// The target of the last header run's symbolic link where that has one in earlier framing, for all that follow; else
    /// empty.
    virtual std::string_view outer_target() const { return {}; }
    /// Where in the last header run's bytes the target of a symbolic link stands, and behind it in no order where it stands in
    /// another form that has to be edited by itself.
    virtual std::vector<Target> targets() const = 0;
    /// Puts right whatever in a header depends on the targets, after they were edited in `header`, a copy of the run's bytes.
    virtual void amend(std::string& header) const = 0;
    /// Why the contents of this entry must not be edited, if so: they are not stored as the file has them.
    virtual std::string_view uneditable() const { return {}; }
};

}  // namespace reseal::container
