// SPDX-License-Identifier: BSL-1.0
#pragma once
// A Homebrew bottle that lies on disk as it was packed, and which of its files are treated how. What the receipt does not say
// is found out by looking into the files.
#include <optional>
#include <reseal/relocation.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fs/entries.hpp"
#include "package/homebrew_places.hpp"
#include "package/receipt.hpp"

namespace reseal::package {

struct BottleFile {
    enum class Kind {
        text,     ///< every placeholder, in a file whose length may change
        program,  ///< placeholders in the paths by which it finds its libraries, and in `strings` what it was built with
    };
    fs::DiskEntry entry;
    Kind kind = Kind::text;
    bool strings = false;  ///< built_prefix is replaced wherever it stands
};

/// One NAME/VERSION.
struct Bottle {
    std::string keg;  ///< "NAME/VERSION"
    Receipt receipt;
    std::vector<BottleFile> files;     ///< in the order of the entries
    std::vector<std::string> missing;  ///< paths that the receipt names and that are not there, ascending
};

/// Looks through the bottles that lie below one folder; `entries` are named from there (`NAME/VERSION/…`). `tab`: instead of
/// the receipt in the bottle, which must be the only one then. Throws Error: ErrorCode::malformed for a receipt that means
/// nothing, a file that is in no NAME/VERSION; ErrorCode::io.
std::vector<Bottle> read_bottles(const std::vector<fs::DiskEntry>& entries, const std::optional<Receipt>& tab);

/// `hello--2.12.1.arm64_sonoma.bottle.tar.gz`, with any folders in front.
bool is_called_bottle(std::string_view archive);

}  // namespace reseal::package
