// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <reseal/error.hpp>
#include <reseal/references.hpp>
#include <reseal/store.hpp>
#include <utility>

#include "match/index.hpp"
#include "match/overlap.hpp"

namespace reseal {
namespace {

/// From the first character's own byte to the last one's: alike in either byte order.
std::string spread(const std::string& text, std::size_t width) {
    std::string bytes((text.size() - 1) * width + 1, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) bytes[i * width] = text[i];
    return bytes;
}

std::vector<std::string> checked(std::vector<std::string> hash_parts) {
    for (const std::string& each : hash_parts)
        if (!store::is_hash_part(each))
            throw Error(ErrorCode::misuse, "not a hash part: '" + each + "': 32 characters of Nix's base 32 are");
    std::sort(hash_parts.begin(), hash_parts.end());
    hash_parts.erase(std::unique(hash_parts.begin(), hash_parts.end()), hash_parts.end());
    return hash_parts;
}

/// The search is that of the rules; what a rule would write counts for nothing.
std::vector<Rule> patterns(const std::vector<std::string>& hash_parts, bool wide) {
    std::vector<Rule> rules;
    for (const std::size_t width : {1u, 2u, 4u}) {
        if (width > 1 && !wide) break;
        for (const std::string& each : hash_parts) {
            const std::string bytes = spread(each, width);
            rules.push_back({bytes, bytes});
        }
    }
    return rules;
}

}  // namespace

class ReferenceScanner::Work {
public:
    Work(std::vector<std::string> hash_parts, ReferenceOptions options)
        : hash_parts_(checked(std::move(hash_parts))),
          options_(options),
          index_(patterns(hash_parts_, options.wide)),
          overlap_(index_.longest() - std::min<std::size_t>(index_.longest(), 1)),
          references_(hash_parts_.size()) {}

    void write(std::string_view chunk) {
        if (hash_parts_.empty()) return;
        overlap_.write(chunk,
                       [this](std::string_view text, std::size_t to, std::uint64_t position) { scan(text, to, position); });
    }

    void finish() {
        overlap_.finish([this](std::string_view text, std::size_t to, std::uint64_t position) { scan(text, to, position); });
    }

    std::vector<Reference> found() const {
        std::vector<Reference> all;
        for (const std::size_t which : in_order()) {
            all.push_back(references_[which]);
            all.back().hash_part = hash_parts_[which];
        }
        return all;
    }

    std::vector<Reference> take() {
        std::vector<Reference> all;
        for (const std::size_t which : in_order()) {
            all.push_back(std::exchange(references_[which], {}));
            all.back().hash_part = hash_parts_[which];
        }
        seen_.clear();
        return all;
    }

private:
    std::vector<std::size_t> in_order() const {
        std::vector<std::size_t> seen = seen_;
        std::sort(seen.begin(), seen.end());
        return seen;
    }

    void scan(std::string_view text, std::size_t to, std::uint64_t position) {
        std::size_t at = 0;
        while (std::optional<match::Match> match = index_.find(text, at, to)) {
            const std::size_t which = match->rule % hash_parts_.size();
            Reference& reference = references_[which];
            if (reference.count++ == 0) seen_.push_back(which);
            if (options_.positions) reference.positions.push_back(position + match->start);
            at = match->start + 1;
        }
    }

    std::vector<std::string> hash_parts_;
    ReferenceOptions options_;
    match::Index index_;
    match::Overlap overlap_;
    std::vector<Reference> references_;
    std::vector<std::size_t> seen_;  // those whose count is not 0
};

ReferenceScanner::ReferenceScanner(std::vector<std::string> hash_parts, ReferenceOptions options)
    : work_(std::make_unique<Work>(std::move(hash_parts), options)) {}
ReferenceScanner::ReferenceScanner(ReferenceScanner&&) noexcept = default;
ReferenceScanner& ReferenceScanner::operator=(ReferenceScanner&&) noexcept = default;
ReferenceScanner::~ReferenceScanner() = default;

void ReferenceScanner::write(std::string_view chunk) { work_->write(chunk); }
void ReferenceScanner::finish() { work_->finish(); }
std::vector<Reference> ReferenceScanner::found() const { return work_->found(); }
std::vector<Reference> ReferenceScanner::take() { return work_->take(); }

}  // namespace reseal
