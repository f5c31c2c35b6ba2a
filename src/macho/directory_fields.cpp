// SPDX-License-Identifier: BSL-1.0
#include "macho/directory_fields.hpp"

#include "bytes/reader.hpp"
#include "macho/codedirectory.hpp"

namespace reseal::macho {

DirectoryFields read_directory_fields(std::string_view blob) {
    bytes::Reader reader(blob, bytes::Order::big);
    DirectoryFields fields;
    reader.skip(4);  // magic
    fields.length = reader.u32();
    fields.version = reader.u32();
    fields.flags = reader.u32();
    fields.hash_offset = reader.u32();
    fields.identifier_offset = reader.u32();
    fields.special_slots = reader.u32();
    fields.code_slots = reader.u32();
    fields.code_limit = reader.u32();
    fields.hash_size = reader.u8();
    fields.hash_type = reader.u8();
    fields.platform = reader.u8();
    fields.page_size_log2 = reader.u8();
    reader.skip(4);
    if (fields.version >= version_with_scatter) fields.scatter_offset = reader.u32();
    if (fields.version >= version_with_team) fields.team_offset = reader.u32();
    if (fields.version >= version_with_limit_64) reader.skip(4), fields.code_limit_64 = reader.u64();
    if (fields.version >= version_with_exec_segment) {
        const ExecSegment segment{reader.u64(), reader.u64(), reader.u64()};
        if (reader.ok()) fields.exec_segment = segment;
    }
    if (fields.version >= version_with_pre_encrypt) fields.runtime = reader.u32(), fields.pre_encrypt_offset = reader.u32();
    if (fields.version >= version_with_linkage) {
        fields.linkage_hash_type = reader.u8();
        fields.linkage_application_type = reader.u8();
        fields.linkage_application_subtype = reader.u16();
        fields.linkage_offset = reader.u32();
        fields.linkage_size = reader.u32();
    }
    fields.whole = reader.ok();
    return fields;
}

std::optional<std::string_view> directory_string(std::string_view blob, std::uint64_t offset) {
    if (offset >= blob.size()) return {};
    const std::string_view rest = blob.substr(static_cast<std::size_t>(offset));
    const std::size_t end = rest.find('\0');
    if (end == rest.npos) return {};
    return rest.substr(0, end);
}

}  // namespace reseal::macho
