// SPDX-License-Identifier: BSL-1.0
#pragma once
// A `.conda` file: a zip file with two compressed tape archives in it, one of metadata and one of what is installed.
#include <functional>
#include <string>

#include "package/archive_reader.hpp"
#include "package/input.hpp"
#include "package/limits.hpp"

namespace reseal::package {

class CondaArchive {
public:
    /// `file`: seekable. Both must outlive it.
    CondaArchive(Input& file, Limits limits, Meter& meter) : file_(file), limits_(limits), meter_(meter) {}

    /// Whether it is one: a zip file with metadata.json and the two, in whatever order.
    bool is_one();
    // In whatever order they stand in the file. Throw Error, what `use` throws passes through.
    void metadata(const std::function<void(ArchiveReader&)>& use) { open("info-", use); }
    void payload(const std::function<void(ArchiveReader&)>& use) { open("pkg-", use); }

private:
    void open(const std::string& prefix, const std::function<void(ArchiveReader&)>& use);
    Meter outer() const;

    Input& file_;
    Limits limits_;
    Meter& meter_;
};

}  // namespace reseal::package
