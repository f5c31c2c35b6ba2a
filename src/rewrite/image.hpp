// SPDX-License-Identifier: BSL-1.0
#pragma once
// One image (a thin Mach-O) on its way through: header → code → signature → what stands behind it. Everything passes at once,
// but for the signature, which is collected whole and goes out resealed. Bytes that turn out not to be an image just pass.
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <string>
#include <vector>

#include "macho/header.hpp"
#include "match/piece.hpp"
#include "rewrite/step.hpp"
#include "seal/derived_uuid.hpp"
#include "seal/page_hasher.hpp"
#include "seal/remark.hpp"
#include "seal/section_hasher.hpp"
#include "seal/signature_bytes.hpp"

namespace reseal::rewrite {

/// Whether the load commands may come out in other places than they came in: only for who put them there on purpose, and not
/// together with Options::uuids or Options::self_rule.
enum class CommandPlaces { fixed, may_move };

class Image {
public:
    /// `offset`: of the slice in its file; `size`: of the slice, unknown where it is the whole file. `options` must outlive the
    /// image.
    /// `uuid`: 16 bytes to put in place of its own, if it has one and its header says nothing that cannot be sealed; null to
    /// leave it. Must outlive the image too.
    Image(std::uint64_t offset, std::optional<std::uint64_t> size, const Options& options, const std::string* uuid = nullptr,
          CommandPlaces places = CommandPlaces::fixed);

    /// Takes at least one byte of a piece that is not empty.
    Step take(const match::Piece& piece);
    /// The slice or the stream ends here: what still waits goes out.
    std::string_view end();

    bool is_macho() const { return header_.has_value(); }
    bool refused() const { return report_.status == ImageStatus::refused; }
    /// Whether the signature that went by is a CMS one and still stands.
    bool cms_signed() const { return cms_signed_; }
    const ImageReport& report() const { return report_; }
    /// Offsets count from the image's first byte.
    const std::vector<seal::Remark>& remarks() const { return remarks_; }
    /// Ranges of the image in which nothing that was replaced is left.
    const std::vector<macho::Range>& erased() const { return erased_; }
    const Work& work() const { return work_; }

private:
    enum class Part { head, code, signature, behind, unsealed };

    std::size_t head_room() const;
    bool same_header() const;
    void read_head();
    void begin_code();
    bool put_uuid();
    std::string_view finish_signature();
    void add_code(const match::Piece& piece);
    void note_once(Code code, std::uint64_t offset, const char* what);
    void refuse(macho::Defect defect);
    void touch_unsealed(const match::Piece& piece);

    std::uint64_t offset_;
    std::optional<std::uint64_t> size_;
    const Options& options_;
    const std::string* new_uuid_;  // in options_
    CommandPlaces places_;

    Part part_ = Part::head;
    std::uint64_t position_ = 0;  // bytes taken
    std::string head_before_, head_after_;
    std::optional<macho::Header> header_;
    std::optional<seal::PageHasher> pages_;
    std::optional<seal::SectionHasher> info_plist_;
    std::optional<UuidReport> uuid_;  // of a signed image
    std::optional<seal::DerivedUuid> derived_uuid_;
    bool self_in_code_ = false;  // a self-reference
    std::optional<seal::SignatureBytes> signature_;
    bool cms_signed_ = false;
    ImageReport report_;
    std::vector<seal::Remark> remarks_;
    std::vector<macho::Range> erased_;
    Work work_;
};

}  // namespace reseal::rewrite
