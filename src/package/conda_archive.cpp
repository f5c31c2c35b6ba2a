// SPDX-License-Identifier: BSL-1.0
#include "package/conda_archive.hpp"

#include <reseal/error.hpp>

#include "package/index_json.hpp"
#include "package/safe_path.hpp"

namespace reseal::package {
namespace {

constexpr int max_members = 16;  // to look at
constexpr std::size_t max_format_text = 4096;

bool is_inner(const std::string& path, const std::string& prefix) {
    return path.starts_with(prefix) && path.find(".tar") != path.npos && path.find('/') == path.npos;
}

/// The one version there is.
void check_version(ArchiveReader& zip) {
    std::string text;
    for (std::string_view bytes = zip.read(); !bytes.empty() && text.size() < max_format_text; bytes = zip.read())
        text += bytes;
    check_conda_format(text, entry_name(zip.name(), "metadata.json"));
}

}  // namespace

/// What it holds is counted when it comes out of the archives within.
Meter CondaArchive::outer() const {
    Meter out(limits_);
    out.packed(file_.size());
    return out;
}

bool CondaArchive::is_one() {
    if (file_.name().ends_with(".conda")) return true;
    Meter meter = outer();
    ArchiveReader zip(file_, meter);
    bool metadata = false, payload = false;
    Entry entry;
    for (int i = 0; i < max_members && zip.next(entry); ++i) {
        metadata = metadata || entry.path == "metadata.json";
        payload = payload || is_inner(entry.path, "pkg-");
    }
    return metadata && payload;
}

void CondaArchive::open(const std::string& prefix, const std::function<void(ArchiveReader&)>& use) {
    Meter meter = outer();
    ArchiveReader zip(file_, meter);
    Entry entry;
    bool versioned = false, found = false;
    while (zip.next(entry)) {
        if (entry.path == "metadata.json") {
            check_version(zip);
            versioned = true;
        }
        if (found || !is_inner(entry.path, prefix)) continue;
        found = true;
        const std::string name = entry_name(file_.name(), entry.path);
        Expanded expanded(zip, meter_, name);
        ArchiveReader tar(expanded, meter_, name);
        use(tar);
        while (!zip.read().empty()) continue;  // to where its checksum is compared
    }
    if (!versioned) throw Error(ErrorCode::malformed, "a conda package without metadata.json", file_.name());
    if (!found) throw Error(ErrorCode::malformed, "a conda package without " + prefix + "*.tar.zst", file_.name());
}

}  // namespace reseal::package
