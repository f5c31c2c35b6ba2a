// SPDX-License-Identifier: BSL-1.0
#include <reseal/fix.hpp>
#include <reseal/verify.hpp>

#include <algorithm>

#include "bytes/difference.hpp"
#include "digest/digest.hpp"
#include "macho/constants.hpp"
#include "macho/signature.hpp"
#include "seal/adhoc.hpp"
#include "seal/file_layout.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal {
namespace {

bool is_hash_only(const Problem& problem) {
    return problem.code == Code::page_stale || problem.code == Code::special_stale || problem.code == Code::cms_unbound;
}

/// What a signature says of itself that is not so, about a certificate or a team that one would have to vouch for. Empty:
/// nothing.
std::string contradiction_in(const macho::Signature& signature) {
    const bool certified = signature.super.cms_signed();
    for (const macho::CodeDirectory& directory : signature.directories) {
        const bool adhoc = (directory.flags & macho::flag_adhoc) != 0;
        if (adhoc && certified) return "the signature says that it is ad-hoc, and holds a certificate's";
        if (adhoc && directory.team.size > 0) return "the signature is ad-hoc, and names a team";
        if (!adhoc && !certified) return "the signature does not say that it is ad-hoc, and holds no certificate's";
    }
    return {};
}

/// One image: what it has to become, found out of what the verifier says.
class ImageFix {
public:
    ImageFix(const Source& file, const ImageVerdict& verdict, CmsPolicy cms, Fix& out)
        : file_(file), verdict_(verdict), cms_(cms), out_(out) {}

    void run() {
        report_.arch = verdict_.arch;
        report_.offset = verdict_.offset;
        for (const Problem& problem : verdict_.problems)
            if (!is_hash_only(problem) && !ends_with_adhoc(problem)) refuse(problem.code, problem.offset, problem.what);
        if (report_.status != ImageStatus::refused && verdict_.verdict != Verdict::unsigned_) fix_signature();
        out_.images.push_back(std::move(report_));
    }

private:
    /// Slices that name no team are of one.
    bool ends_with_adhoc(const Problem& problem) const {
        return problem.code == Code::teams_differ && cms_ == CmsPolicy::adhoc;
    }
    void refuse(Code code, std::uint64_t offset, std::string what) {
        report_.status = ImageStatus::refused;
        report_.codedirectories.clear();
        add(Severity::error, code, offset, std::move(what));
    }
    void add(Severity severity, Code code, std::uint64_t offset, std::string what) {
        out_.findings.push_back({severity, "", offset, code, std::move(what)});
    }

    /// The verifier has read all of this and found nothing but hashes to be wrong; only a file that changes meanwhile ends
    /// here.
    void fix_signature() {
        const seal::FileLayout layout = seal::read_layout(file_);
        const auto slice = std::find_if(layout.slices.begin(), layout.slices.end(),
                                        [&](const macho::Slice& each) { return each.range.offset == verdict_.offset; });
        if (slice == layout.slices.end()) return changed();
        const seal::SliceHead head =
            seal::read_head(file_, slice->range, layout.fat ? std::optional(slice->range.size) : std::nullopt);
        if (!head.header || !head.header->signature) return changed();
        start_ = slice->range.offset + head.header->signature->offset;
        before_ = seal::read_range(file_, {start_, head.header->signature->size});
        macho::Parsed<macho::Signature> signature = macho::parse_signature(before_);
        if (!signature || !is_verified(*signature)) return changed();
        decide(*signature);
    }
    /// What the verifier's slots are counted in is what was read again.
    bool is_verified(const macho::Signature& signature) const {
        return std::equal(signature.directories.begin(), signature.directories.end(), verdict_.codedirectories.begin(),
                          verdict_.codedirectories.end(),
                          [&](const macho::CodeDirectory& directory, const CodeDirectoryVerdict& verified) {
                              return cdhash(directory, before_) == verified.cdhash;
                          });
    }
    static std::string cdhash(const macho::CodeDirectory& directory, std::string_view signature) {
        return digest::digest(directory.hash, seal::slice(signature, directory.blob)).prefix(macho::cdhash_size).hex();
    }
    void changed() { refuse(Code::truncated, verdict_.offset, "the file changed while it was read"); }

    void decide(const macho::Signature& signature) {
        const bool cms_signed = signature.super.cms_signed();
        const std::string contradiction = contradiction_in(signature);
        const bool downgrade = cms_ == CmsPolicy::adhoc && ((verdict_.bad && cms_signed) || !contradiction.empty());
        if (!contradiction.empty() && !downgrade)
            add(Severity::note, Code::cms_unbound, start_,
                contradiction + "; --cms adhoc makes a plain ad-hoc signature of it");
        if (!verdict_.bad && !downgrade) return;
        if (cms_signed && cms_ == CmsPolicy::refuse)
            return refuse(Code::cms_signed, start_ + signature.super.find(macho::slot_cms)->range.offset,
                          "signed with a certificate, whose signature new hashes break; --cms adhoc makes it ad-hoc");
        after_ = before_;
        if (downgrade)
            if (std::optional<macho::Defect> defect = seal::make_adhoc(signature, after_))
                return refuse(defect->code, start_ + defect->offset, defect->what);
        for (std::size_t i = 0; i < signature.directories.size(); ++i)
            fix_directory(signature, signature.directories[i], verdict_.codedirectories[i], downgrade);
        if (report_.status == ImageStatus::refused) return;
        report_.status = downgrade ? ImageStatus::downgraded : cms_signed ? ImageStatus::unbound : ImageStatus::resealed;
        keep_changes();
    }

    void fix_directory(const macho::Signature& signature, const macho::CodeDirectory& directory,
                       const CodeDirectoryVerdict& verdict, bool downgrade) {
        CodeDirectoryReport report{directory.slot,   directory.hash, static_cast<std::uint32_t>(directory.page_size()),
                                   verdict.stale,    verdict.cdhash, {},
                                   directory.scatter};
        const std::int64_t requirements = -std::int64_t{macho::slot_requirements};
        if (downgrade && signature.super.find(macho::slot_requirements) &&
            directory.has_special_hash(macho::slot_requirements, before_))
            report.slots_changed.push_back(requirements);
        std::sort(report.slots_changed.begin(), report.slots_changed.end());
        report.slots_changed.erase(std::unique(report.slots_changed.begin(), report.slots_changed.end()),
                                   report.slots_changed.end());
        if (ends_amid_stale_page(directory, report.slots_changed)) return;
        for (std::int64_t slot : report.slots_changed) {
            const std::string sealed = slot < 0 ? blob_of(signature, slot, downgrade) : page_of(directory, slot);
            const digest::Digest digest = digest::digest(directory.hash, sealed);
            after_.replace(static_cast<std::size_t>(directory.hash_range(slot).offset), digest.bytes().size(), digest.bytes());
        }
        report.cdhash_after = cdhash(directory, after_);
        report_.codedirectories.push_back(std::move(report));
    }

    /// Code goes on behind such a limit, so as likely as the page it may be the limit that is wrong.
    bool ends_amid_stale_page(const macho::CodeDirectory& directory, const std::vector<std::int64_t>& stale) {
        const std::uint64_t limit = directory.code_limit, last = limit - limit % directory.page_size();
        if (verdict_.offset + limit == start_ || last == limit || stale.empty() || stale.back() < 0) return false;
        if (directory.page_of(static_cast<std::uint64_t>(stale.back())) * directory.page_size() != last) return false;
        refuse(Code::code_limit_page, verdict_.offset + last,
               "the page of the code limit " + std::to_string(limit) + ", which is not the signature's offset, is stale");
        return true;
    }

    std::string blob_of(const macho::Signature& signature, std::int64_t slot, bool downgrade) {
        const macho::Blob* blob = signature.super.find(static_cast<std::uint32_t>(-slot));
        if (!blob) return changed(), std::string();
        macho::Range range = blob->range;
        if (downgrade && blob->slot == macho::slot_requirements) range.size = seal::empty_requirements;
        return std::string(seal::slice(after_, range));
    }

    std::string page_of(const macho::CodeDirectory& directory, std::int64_t slot) {
        const std::uint64_t offset = directory.page_of(static_cast<std::uint64_t>(slot)) * directory.page_size();
        const std::uint64_t size = std::min(directory.page_size(), directory.code_limit - offset);
        std::string page = seal::read_range(file_, {verdict_.offset + offset, size});
        if (page.size() < size) changed();
        return page;
    }

    void keep_changes() {
        for (Difference each = next_difference(before_, after_, 0); !each.empty();
             each = next_difference(before_, after_, each.to))
            out_.replacements.push_back({start_ + each.from, after_.substr(each.from, each.to - each.from)});
    }

    const Source& file_;
    const ImageVerdict& verdict_;
    CmsPolicy cms_;
    Fix& out_;
    ImageReport report_;
    std::uint64_t start_ = 0;  // of the signature in the file
    std::string before_, after_;
};

}  // namespace

bool Fix::refused() const {
    return std::any_of(findings.begin(), findings.end(), [](const Finding& each) { return each.severity == Severity::error; });
}

Fix fix(const Source& file, CmsPolicy cms) {
    Fix out;
    for (const ImageVerdict& verdict : verify(file)) ImageFix(file, verdict, cms, out).run();
    if (out.refused()) out.replacements.clear();
    return out;
}

}  // namespace reseal
