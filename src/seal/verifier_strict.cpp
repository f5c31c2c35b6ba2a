// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_strict.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "seal/block_reader.hpp"

namespace reseal::seal {
namespace {

std::optional<std::uint64_t> first_non_zero(const Source& file, const macho::Range& range) {
    BlockReader reader(file, range);
    std::uint64_t done = 0;
    for (std::string_view block = reader.next(); !block.empty(); block = reader.next()) {
        if (std::size_t found = block.find_first_not_of('\0'); found != std::string_view::npos)
            return range.offset + done + found;
        done += block.size();
    }
    return {};
}

}  // namespace

std::vector<Problem> strict_problems(const macho::Header& header, const macho::Signature& signature,
                                     const macho::Range& image) {
    std::vector<Problem> problems;
    auto problem = [&](Code code, std::uint64_t offset, std::string what) {
        problems.push_back({code, image.offset + offset, std::move(what), Layer::strict});
    };
    const std::uint64_t start = header.signature->offset, end = header.signature->end();
    if (end < image.size) problem(Code::trailing_data, end, std::to_string(image.size - end) + " bytes behind the signature");
    if (!header.linkedit)
        problem(Code::linkedit_end, end, "no __LINKEDIT segment, where the signature has to be the end of one");
    else if (header.linkedit->offset > end || header.linkedit->size != end - header.linkedit->offset)
        problem(Code::linkedit_end, header.linkedit->offset,
                "__LINKEDIT has " + std::to_string(header.linkedit->size) + " bytes from " +
                    std::to_string(header.linkedit->offset) + " on, but the signature ends at " + std::to_string(end));
    for (const macho::CodeDirectory& directory : signature.directories)
        if (directory.code_limit < start)
            problem(Code::not_covered, directory.code_limit,
                    std::to_string(start - directory.code_limit) + " bytes between the code limit and the signature, " +
                        std::string(name(directory.hash)));
    return problems;
}

std::vector<SliceProblem> strict_slice_problems(const Source& file, const FileLayout& layout) {
    std::vector<SliceProblem> problems;
    std::uint64_t covered = layout.table_size;
    for (std::size_t i = 0; i < layout.slices.size(); ++i) {
        const macho::Slice& slice = layout.slices[i];
        const std::uint64_t gap = slice.range.offset - covered;
        auto problem = [&](std::uint64_t at, std::string what) {
            problems.push_back({i == 0 ? 0 : i - 1, {Code::slice_gap, at, std::move(what), Layer::strict}});
        };
        if (slice.align < 64 && gap >> slice.align != 0)
            problem(covered, std::to_string(gap) + " bytes in front of a slice, more than its alignment of 2^" +
                                 std::to_string(slice.align) + " asks for");
        if (std::optional<std::uint64_t> at = first_non_zero(file, {covered, gap}))
            problem(*at, "bytes that are not zero in front of a slice");
        covered = slice.range.end();
    }
    if (covered < file.size())
        problems.push_back({layout.slices.size() - 1,
                            {Code::slice_gap, covered, std::to_string(file.size() - covered) + " bytes behind the last slice",
                             Layer::strict}});
    return problems;
}

}  // namespace reseal::seal
