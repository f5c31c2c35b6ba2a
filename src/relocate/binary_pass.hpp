// SPDX-License-Identifier: BSL-1.0
#pragma once
// A binary file whose fields are decided, on its way out: fields → pieces → images and their seals → sink, and what all that
// came to.
#include <cstdint>
#include <optional>
#include <reseal/relocation.hpp>
#include <string_view>
#include <vector>

#include "digest/digest.hpp"
#include "relocate/filler.hpp"
#include "relocate/placed_edit.hpp"
#include "relocate/placer.hpp"
#include "rewrite/file.hpp"

namespace reseal::relocate {

class BinaryPass {
public:
    /// All must outlive it but `linkage`, edits that count more than fields. `fields` as Filler asks for them; `out` may be
    /// null: then nothing is written, nor hashed.
    BinaryPass(const PrefixIndex& index, const std::vector<PrefixField>& fields, const FileOptions& options, Sink* out,
               PlacedEdits linkage = {});
    BinaryPass(const BinaryPass&) = delete;
    BinaryPass& operator=(const BinaryPass&) = delete;

    /// Nothing goes out any more.
    void refuse() { refused_ = true; }
    bool refused() const { return refused_; }

    void write(std::string_view bytes);
    void finish();
    /// At the end: whether the file was what fields and linkage say.
    bool as_planned() const { return filler_.as_planned() && placer_.as_planned() && placer_.finished(); }
    /// At the end: sizes, whether anything changed, images, digest, what was found about them.
    FileRelocation result();

private:
    void drain();
    void pass_on(match::Piece piece);
    void emit(std::string_view bytes);

    Options options_;
    Filler filler_;
    PlacedEdits linkage_;
    Placer placer_;
    rewrite::File file_;
    Sink* out_;
    std::optional<digest::Hasher> after_;
    std::uint64_t size_ = 0, edits_ = 0;
    bool changed_ = false, refused_ = false;
};

}  // namespace reseal::relocate
