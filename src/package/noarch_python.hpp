// SPDX-License-Identifier: BSL-1.0
#pragma once
// noarch Python packages: one archive for every Python there is, whose paths are told apart only when it is installed, and
// whose commands are made then. Nothing is compiled here: Python does that itself, the first time.
#include <string>
#include <string_view>
#include <vector>

#include "package/index_json.hpp"
#include "package/record.hpp"

namespace reseal::package {

/// A file that no archive holds: a text with a placeholder in it, which moves like any other text of a package.
struct MadeFile {
    Record record;
    std::string contents;
    unsigned mode = 0755;
};

class NoarchPython {
public:
    /// `version`: "3.11", "3.13t", or with more behind it ("3.11.4"). `site_packages`: where that Python says they are
    /// (IndexJson::site_packages); empty: the usual place. Throws Error (ErrorCode::misuse) for a version that is none.
    explicit NoarchPython(std::string_view version, std::string site_packages = {});

    /// Where in the prefix a path of the package goes.
    std::string place(std::string_view path) const;
    /// The script in bin that calls an entry point.
    MadeFile script(const EntryPoint& point) const;

private:
    std::string python_, site_packages_;
};

}  // namespace reseal::package
