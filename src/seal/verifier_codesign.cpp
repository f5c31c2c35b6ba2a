// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_codesign.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "digest/digest.hpp"
#include "macho/constants.hpp"
#include "macho/signature.hpp"
#include "seal/page_rules.hpp"
#include "seal/signature_bytes.hpp"
#include "seal/verifier_directory.hpp"
#include "seal/verifier_kernel.hpp"
#include "seal/verifier_strict.hpp"

namespace reseal::seal {
namespace {

/// A CMS signature is over the primary CodeDirectory, so its signed attributes hold that one's digest as it is. Which hash it
/// chose we do not parse out of it; 20 random bytes do not turn up by chance.
bool cms_bound(const Examination& of, const macho::Signature& signature) {
    const std::string_view cms = slice(of.bytes, signature.super.find(macho::slot_cms)->range);
    const std::string_view primary = slice(of.bytes, signature.primary().blob);
    constexpr std::array hashes{HashType::sha256, HashType::sha1, HashType::sha384};
    return std::any_of(hashes.begin(), hashes.end(), [&](HashType hash) {
        return digest::available(hash) && cms.find(digest::digest(hash, primary).bytes()) != std::string_view::npos;
    });
}

/// Pages that cannot be checked by the stricter rules. Where the kernel would check them all the same, it is asked too.
void add_broken(const Examination& of, const macho::Defect& broken, const macho::Parsed<macho::KernelSignature>& as_kernel,
                const Checkable& directory, std::vector<Checkable>& checkable) {
    const bool chosen = of.verdict.codedirectories[directory.verdict].chosen;
    std::optional<macho::Defect> kernel;
    if (!as_kernel) kernel = as_kernel.defect();
    else if (chosen) kernel = kernel_rule_broken(of, as_kernel->chosen);
    const bool same = kernel && kernel->code == broken.code;
    of.problem(same ? Layer::kernel : Layer::codesign, broken);
    if (!chosen || same) return;
    if (kernel) of.problem(Layer::kernel, *kernel);
    else checkable.push_back({&as_kernel->chosen, directory.verdict});
}

void check_directories(const Examination& of, const macho::Signature& signature,
                       const macho::Parsed<macho::KernelSignature>& as_kernel) {
    std::vector<Checkable> checkable;
    const macho::CodeDirectory& chosen = signature.chosen();
    for (const macho::CodeDirectory& directory : signature.directories) {
        if (!add_directory(of, directory, signature.super, &directory == &chosen, Level::codesign)) continue;
        const Checkable each{&directory, of.verdict.codedirectories.size() - 1};
        if (std::optional<macho::Defect> broken = page_rule_broken(directory, of.header, of.image.offset))
            add_broken(of, *broken, as_kernel, each, checkable);
        else checkable.push_back(each);
    }
    check_code_slots(of, checkable);
    if (as_kernel) add_kernel_notes(of, *as_kernel);
}

}  // namespace

void examine_as_codesign(const Examination& of, const macho::Parsed<macho::KernelSignature>& as_kernel) {
    const macho::Parsed<macho::Signature> signature = macho::parse_signature(of.bytes);
    if (!signature) {
        of.problem(as_kernel ? Layer::codesign : Layer::kernel, signature.defect());
        if (as_kernel) examine_as_kernel(of, as_kernel);
        return;
    }
    of.team = slice(of.bytes, signature->chosen().team);
    check_directories(of, *signature, as_kernel);
    if (signature->super.cms_signed() && !cms_bound(of, *signature))
        of.problem(Layer::codesign, Code::cms_unbound,
                   of.signature_offset() + signature->super.find(macho::slot_cms)->range.offset,
                   "the CMS blob does not hold the digest of the primary CodeDirectory");
    if (of.options.strict)
        for (Problem& problem : strict_problems(of.header, *signature, of.image))
            of.verdict.problems.push_back(std::move(problem));
}

}  // namespace reseal::seal
