// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <reseal/finding.hpp>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <reseal/source.hpp>

namespace reseal {

/// Bytes to be written over those that stand at an offset of the file.
struct Replacement {
    std::uint64_t offset = 0;
    std::string bytes;
    bool operator==(const Replacement&) const = default;
};

/// How a file is made one that verify() calls valid.
struct Fix {
    std::vector<ImageReport> images;        ///< none: it is not Mach-O. Untouched: nothing was wrong with it
    std::vector<Finding> findings;          ///< an error for each reason why an image is refused
    std::vector<Replacement> replacements;  ///< ascending, apart from each other; none where an image is refused
    bool refused() const;
};

/// New hashes in the signatures of `file`: of pages and blobs as they are now, in every slot that is stale. A hash that may be
/// that of a file outside (special slots −1 and −3) stays. No byte outside a signature changes, nor its length. That vouches
/// for whatever stands there, so it is for who knows why it was changed; a Rewriter never does it. `cms` says what becomes of a
/// CMS-signed image with a stale slot, or with a CMS blob that is not over its CodeDirectory. CmsPolicy::adhoc also makes a
/// consistent ad-hoc signature of one that is neither CMS-signed nor says that it is ad-hoc, of one that is and says so, and of
/// one without CMS that names a team. What no hash puts right, an unsigned program say, is refused. Nothing is written: a
/// system keeps the signature of a file it knows, so the result has to be a new file. Reads `file` as verify() does, and stale
/// pages again; throws Error only where `file` does.
Fix fix(const Source& file, CmsPolicy cms = CmsPolicy::refuse);

}  // namespace reseal
