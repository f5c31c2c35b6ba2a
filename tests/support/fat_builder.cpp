// SPDX-License-Identifier: BSL-1.0
#include "support/fat_builder.hpp"

#include <algorithm>

#include "support/octets.hpp"

namespace support {

Fat build(const FatSpec& spec) {
    Fat out;
    const std::size_t table_end = 8 + spec.slices.size() * (spec.wide ? 32 : 20);
    const std::uint64_t align = std::uint64_t{1} << spec.align;
    std::string body;
    std::vector<std::string> table;
    for (const SliceSpec& slice : spec.slices) {
        const std::uint64_t at = (table_end + body.size() + align - 1) / align * align;
        body.append(at - table_end - body.size(), spec.fill);
        body += slice.bytes;
        out.offsets.push_back(at);
        const std::uint64_t offset = slice.offset.value_or(at), size = slice.size.value_or(slice.bytes.size());
        table.push_back(be32(slice.cputype) + be32(slice.cpusubtype) +
                        (spec.wide ? be64(offset) + be64(size) : be32(offset) + be32(size)) + be32(spec.align) +
                        (spec.wide ? be32(0) : ""));
    }
    if (spec.table_reversed) std::reverse(table.begin(), table.end());
    const std::size_t count = spec.slices.size() - (spec.hidden_last ? 1 : 0);
    out.bytes = be32(spec.wide ? 0xcafebabf : 0xcafebabe) + be32(spec.count.value_or(static_cast<std::uint32_t>(count)));
    for (const std::string& entry : table) out.bytes += entry;
    out.bytes += body + spec.trailer;
    return out;
}

Fat fat(const std::vector<SliceSpec>& slices, bool wide) {
    FatSpec spec;
    spec.slices = slices;
    spec.wide = wide;
    return build(spec);
}

}  // namespace support
