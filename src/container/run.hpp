// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a container is cut into: the bytes of all runs, one after the other, are the stream.
#include <cstddef>
#include <string_view>

namespace reseal::container {

enum class RunKind {
    framing,   ///< belongs to the archive itself
    header,    ///< framing too: whole, of one entry, with its name or the target of a link in it
    contents,  ///< of a file
    behind,    ///< behind the archive's end; without bytes: entries there are cut short
};

struct Run {
    RunKind kind = RunKind::framing;
    std::string_view bytes;            ///< holds until the parser is asked again or fed
    bool first = false, last = false;  ///< contents only: begins, ends its file; an empty file is one empty run
};

}  // namespace reseal::container
