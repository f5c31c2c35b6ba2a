// SPDX-License-Identifier: BSL-1.0
// Whatever metadata says in its lines or in its Python, it is refused with an Error that names the file, or its records name
// files below the prefix, and mean the same when they are written out in Python again.
#include <reseal/error.hpp>

#include "bytes/hex.hpp"
#include "fuzz/feed.hpp"
#include "package/conda_unpack.hpp"
#include "package/paths_json.hpp"
#include "package/record_path.hpp"

namespace {

using namespace reseal::package;

std::string literal(const std::string& bytes) {
    std::string out = "b'";
    for (const char byte : bytes) out.append("\\x").append(reseal::to_hex({&byte, 1}));
    return out + "'";
}

std::string python(const std::vector<Record>& records) {
    std::string out = "_prefix_records = [";
    for (const Record& each : records) {
        out.append("(").append(literal(each.path)).append(",").append(literal(each.placeholder)).append(",'");
        out.append(word(each.mode)).append("'),\n");
    }
    return out + "]\n";
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const bool lines = feed.flag();
    try {
        const std::string text(feed.rest());
        const std::vector<Record> records = lines ? read_has_prefix(text, "fuzzed") : conda_unpack_records(text, "fuzzed");
        for (const Record& each : records) {
            fuzz::require(record_path(each.path, "") == each.path, "a path that has another name");
            fuzz::require(("/" + each.path + "/").find("/../") == std::string::npos, "a path leads out of the prefix");
            fuzz::require(each.placeholder.starts_with('/'), "a placeholder that is no absolute path");
        }
        fuzz::require(conda_unpack_records(python(records), "again") == records, "records change when they are written out");
    } catch (const reseal::Error& error) {
        fuzz::require(error.error() == reseal::ErrorCode::malformed, "an error that is not about the metadata");
        fuzz::require(std::string(error.what()).starts_with("fuzzed: "), "an error without a file");
    }
    return 0;
}
