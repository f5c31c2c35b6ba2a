// SPDX-License-Identifier: BSL-1.0
#pragma once
// What causes are sought in: a file's images, each read and verified once, beside what its caller knows of its surroundings.
#include <optional>
#include <reseal/explain.hpp>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bundle/entitlements.hpp"
#include "diagnose/cms.hpp"
#include "diagnose/placed_image.hpp"
#include "diagnose/profile.hpp"
#include "diagnose/program.hpp"
#include "macho/header.hpp"
#include "macho/layout.hpp"
#include "macho/signature.hpp"
#include "seal/file_layout.hpp"

namespace reseal::diagnose {

struct ImageFacts {
    const Source* file = nullptr;
    const Surroundings* around = nullptr;
    bool fat = false;       ///< in a universal file
    bool wide_fat = false;  ///< … of 64-bit offsets
    macho::Range slice;     ///< of the file
    ImageVerdict verdict;   ///< with every page and slot checked
    std::optional<macho::Header> header;
    macho::Layout layout;
    Program program;
    std::string signature;                   ///< bytes; empty where there is none, or none that can be read
    std::optional<macho::Signature> parsed;  ///< of them
    bundle::Entitlements entitlements;
    CmsReading cms;
    CmsBinding binding;  ///< where `cms` was read

    const std::string& arch() const { return verdict.arch; }
    bool is_arm64() const;
    const macho::CodeDirectory* chosen() const;  ///< the one that the kernel goes by; null: none
    const CodeDirectoryVerdict* chosen_verdict() const;
    const macho::CodeDirectory* primary() const;  ///< null: none
    bool cms_signed() const;
    bool adhoc() const { return parsed && !cms_signed(); }
    std::uint32_t flags() const;     ///< of the CodeDirectory that the kernel goes by
    std::uint32_t platform() const;  ///< its byte of that name: not 0 for a part of an Apple system
    std::string_view team() const;   ///< in that CodeDirectory
    std::string_view identifier() const;
    bool has(std::uint32_t slot) const;  ///< a blob

    /// The first problem with one of these codes; null: none.
    const Problem* problem(std::initializer_list<Code> codes) const;
    /// A new cause, of this image.
    Cause cause(CauseCode code, std::string verdict) const;
    /// A place in this image, without what stands there. `offset`: from the file's first byte.
    Evidence evidence(std::uint64_t offset, std::string what) const;
};

struct FileFacts {
    const Source* file = nullptr;
    const Surroundings* around = nullptr;
    seal::FileLayout layout;
    std::vector<ImageFacts> images;         ///< by offset
    std::optional<ImageVerdict> table;      ///< of a universal file whose table does not hold together
    std::optional<ProfileReading> profile;  ///< Surroundings::profile
};

FileFacts read_facts(const Source& file, const Surroundings& around);

}  // namespace reseal::diagnose
