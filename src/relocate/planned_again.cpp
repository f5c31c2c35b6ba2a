// SPDX-License-Identifier: BSL-1.0
#include "relocate/planned_again.hpp"

#include <algorithm>

#include "relocate/null_sink.hpp"
#include "relocate/source_digest.hpp"

namespace reseal::relocate {
namespace {

class Planner {
public:
    Planner(const Source& file, const Prefixes& next, const FileOptions& options, const Remembered& remembered)
        : file_(file), next_(next), options_(options), remembered_(remembered), sha256_(sha256_of(file, options.name)) {}

    PlannedAgain plan() const {
        const Prefixes* back = state();
        if (back == nullptr) return as_stranger();
        NullSink nowhere;
        std::optional<FileRelocation> result = move_again(file_, remembered_.former, *back, next_, options_, nowhere);
        if (!result) return as_stranger();
        result->changed = result->sha256_after != sha256_;
        drop_unmoved(result->fields);
        return {{std::move(*result), next_, options_}, *back};
    }

private:
    /// What stands in it now; null: nobody knows.
    const Prefixes* state() const {
        if (sha256_ == remembered_.sha256) return &remembered_.placed;
        if (!remembered_.pending) return nullptr;
        if (sha256_ == remembered_.pending_sha256 || was_done()) return &*remembered_.pending;
        return is_to_do() ? &remembered_.placed : nullptr;
    }

    /// Whether the run that was killed would have made of this file what it wrote down, not knowing the digest of what was
    /// there.
    bool is_to_do() const {
        if (!remembered_.sha256.empty() || remembered_.pending_sha256.empty()) return false;
        NullSink nowhere;
        const std::optional<FileRelocation> after =
            move_again(file_, remembered_.former, remembered_.placed, *remembered_.pending, options_, nowhere);
        return after && after->sha256_after == remembered_.pending_sha256;
    }

    /// Whether the run that was killed had done this file: then taking it back gives the one that was there before.
    bool was_done() const {
        if (remembered_.sha256.empty()) return false;
        NullSink nowhere;
        const std::optional<FileRelocation> before =
            move_again(file_, remembered_.former, *remembered_.pending, remembered_.placed, options_, nowhere);
        return before && before->sha256_after == remembered_.sha256;
    }

    /// Prefixes that are none of this file's stand for themselves.
    void drop_unmoved(std::vector<PrefixField>& fields) const {
        std::erase_if(fields, [&](const PrefixField& field) {
            const PrefixPair& pair = next_.pairs()[field.pair];
            const auto& known = remembered_.former.fields;
            return pair.from == pair.to &&
                   std::none_of(known.begin(), known.end(), [&](const PrefixField& each) { return each.pair == field.pair; });
        });
    }

    PlannedAgain as_stranger() const {
        FileOptions known = options_;
        known.mode = remembered_.former.mode;
        PlannedAgain out{plan_file(file_, remembered_.search, known), {}};
        out.plan.result.findings.push_back({Severity::note, options_.name, 0, Code::digest_differs,
                                            "somebody has changed it since it was moved: prefixes are sought in it"});
        return out;
    }

    const Source& file_;
    const Prefixes& next_;
    const FileOptions& options_;
    const Remembered& remembered_;
    std::string sha256_;
};

}  // namespace

PlannedAgain plan_again(const Source& file, const Prefixes& next, const FileOptions& options, const Remembered& remembered) {
    return Planner(file, next, options, remembered).plan();
}

}  // namespace reseal::relocate
