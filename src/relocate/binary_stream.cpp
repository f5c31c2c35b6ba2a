// SPDX-License-Identifier: BSL-1.0
#include "relocate/binary_stream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "relocate/field_findings.hpp"

namespace reseal::relocate {

BinaryStream::BinaryStream(const Prefixes& prefixes, const FileOptions& options, Sink& out)
    : prefixes_(prefixes),
      options_(options),
      finder_(prefixes_, FileRelocator::max_held),
      pass_(prefixes_.index(), finder_.decider().fields(), options_, &out) {}

void BinaryStream::write(std::string_view chunk) {
    finder_.write(chunk);
    release(chunk);
}

FileRelocation BinaryStream::finish() {
    finder_.end();
    release({});
    pass_.finish();
    FileRelocation result = pass_.result();
    std::vector<Finding> findings = field_findings(finder_.decider(), prefixes_, options_.name);
    findings.insert(findings.end(), result.findings.begin(), result.findings.end());
    result.findings = std::move(findings);
    result.fields = finder_.decider().take_fields();
    return result;
}

/// Lets go what is decided of the bytes that wait and of `chunk`, which comes behind them.
void BinaryStream::release(std::string_view chunk) {
    if (!finder_.decider().problems().empty()) pass_.refuse();
    std::uint64_t ready = finder_.decider().decided() - position_;
    position_ += ready;
    if (!held_.empty()) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(ready, held_.size()));
        pass_.write(held_.view().substr(0, count));
        held_.drop(count);
        ready -= count;
    }
    const auto count = static_cast<std::size_t>(ready);
    if (count > 0) pass_.write(chunk.substr(0, count));
    held_.append(chunk.substr(count));
}

}  // namespace reseal::relocate
