// SPDX-License-Identifier: BSL-1.0
// Any bytes as a program whose install names, rpaths or library paths move: the plan says what is written, the length stays,
// and what was sealed before is sealed after.
#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/relocation.hpp>
#include <reseal/verify.hpp>

#include "fuzz/feed.hpp"
#include "relocate/linkage.hpp"

namespace {

using namespace reseal;

bool rejected(const std::string& bytes) {
    const std::vector<ImageVerdict> images = verify(MemorySource(bytes));
    return std::any_of(images.begin(), images.end(), [](const auto& image) {
        return image.verdict != Verdict::valid && image.verdict != Verdict::unsigned_;
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    FileOptions options;
    options.mode = FileMode::binary;
    options.linkage = Prefixes({{"@P@", std::string("/").append(feed.u8(), 'x')}, {"@P@/lib", "/lib"}}, {});
    const std::string file(feed.rest());
    const MemorySource source(file);

    const relocate::Linkage linkage = relocate::plan_linkage(source, options.linkage.pairs(), "f");
    fuzz::require(linkage.findings.empty() || linkage.edits.empty(), "edits of a file that is refused");
    std::uint64_t end = 0;
    for (const relocate::PlacedEdit& each : linkage.edits.list()) {
        fuzz::require(each.offset >= end && each.before.size() == each.after.size(), "edits that overlap, or move something");
        fuzz::require(file.compare(each.offset, each.before.size(), each.before) == 0, "an edit of what is not there");
        end = each.offset + each.before.size();
    }

    const FilePlan plan = plan_file(source, {}, options);
    StringSink out;
    const FileRelocation done = relocate_file(source, plan, out);
    fuzz::require(linkage.findings.empty() || done.refused, "a file that is not refused although its linkage is");
    if (done.refused) {
        fuzz::require(out.bytes.empty(), "something was written of a file that is refused");
        return 0;
    }
    fuzz::require(out.bytes.size() == file.size(), "the length has changed");
    fuzz::require(done.changed == (out.bytes != file), "a change that is not so");
    if (!rejected(file)) fuzz::require(!rejected(out.bytes), "what was sealed before is not after");
    if (done.entry.images.empty()) {  // no seals to be renewed
        std::string expected = file;
        for (const relocate::PlacedEdit& each : linkage.edits.list())
            expected.replace(each.offset, each.after.size(), each.after);
        fuzz::require(out.bytes == expected, "something else has changed");
    }
    return 0;
}
