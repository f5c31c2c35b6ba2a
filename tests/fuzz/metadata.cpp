// SPDX-License-Identifier: BSL-1.0
// Whatever JSON says that should be metadata, it is refused with an Error that names the file, or it is the same text again
// when it is read and written once more; and records of what it says name files below the prefix.
#include <reseal/error.hpp>

#include "fuzz/feed.hpp"
#include "package/index_json.hpp"
#include "package/memory.hpp"
#include "package/paths_json.hpp"
#include "package/prefix_record.hpp"

namespace {

using namespace reseal::package;

template <class Read, class Write>
void round_trip(const std::string& text, Read&& read, Write&& write) {
    const std::string written = write(read(text, "fuzzed"), "fuzzed");
    fuzz::require(write(read(written, "again"), "again") == written, "metadata changes when it is written out");
}

void check(const std::vector<Record>& records) {
    for (const Record& each : records)
        fuzz::require(("/" + each.path + "/").find("/../") == std::string::npos, "a path leads out of the prefix");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    const std::size_t kind = feed.below(5);
    const std::string text(feed.rest());
    try {
        switch (kind) {
            case 0:
                for (const PathEntry& each : read_paths_json(text, "fuzzed"))
                    fuzz::require(read_path_entry(write_path_entry(each), false, "again", "") == each,
                                  "an entry changes when it is written out");
                check(records_of(read_paths_json(text, "")));
                break;
            case 1:
                round_trip(text, read_prefix_record, write_prefix_record);
                check(records_of(read_prefix_record(text, "").paths));
                break;
            case 2: round_trip(text, read_memory, write_memory); break;
            case 3: {
                const IndexJson index = read_index_json(text, "fuzzed");
                fuzz::require(prefix_record_path(index).find('/', 11) == std::string::npos, "a record outside conda-meta");
                break;
            }
            default:
                for (const EntryPoint& each : read_link_json(text, "fuzzed"))
                    fuzz::require(each.command.find('/') == std::string::npos, "a command outside bin");
        }
    } catch (const reseal::Error& error) {
        fuzz::require(error.error() == reseal::ErrorCode::malformed, "an error that is not about the metadata");
        fuzz::require(std::string(error.what()).starts_with("fuzzed: "), "an error without a file");
    }
    return 0;
}
