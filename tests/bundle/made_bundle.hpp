// SPDX-License-Identifier: BSL-1.0
#pragma once
// A bundle of built_bundle.hpp on disk, and what is found in it, in words that a test compares.
#include <doctest/doctest.h>

#include <filesystem>
#include <reseal/bundle.hpp>
#include <string>

#include "built_bundle.hpp"
#include "fs/folder.hpp"

namespace support {

/// "file-changed Contents/Resources/a.txt", and "(note)" behind a note.
inline std::string told(const reseal::BundleVerdict& verdict) {
    std::string text;
    for (const reseal::BundleFinding& each : verdict.findings)
        text.append(text.empty() ? "" : ", ").append(name(each.code)).append(" ").append(each.path) +=
            each.severity == reseal::Severity::note ? " (note)" : "";
    return text;
}

struct MadeBundle {
    Folder folder;
    BundleSpec spec;
    std::string path;

    explicit MadeBundle(BundleSpec description = {}) : spec(std::move(description)) {
        path = write_bundle(folder.path(), spec).path;
    }
    std::string operator/(const std::string& name) const { return path + "/" + name; }
    void write(const std::string& name, const std::string& bytes) const { folder.write(spec.name + "/" + name, bytes); }
    std::string read(const std::string& name) const { return folder.read(spec.name + "/" + name); }
    reseal::BundleVerdict verify(bool strict = false) const {
        reseal::VerifyOptions options;
        options.strict = strict;
        return reseal::verify_bundle(path, options);
    }
    std::string findings(bool strict = false) const { return told(verify(strict)); }
};

}  // namespace support
