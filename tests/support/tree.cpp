// SPDX-License-Identifier: BSL-1.0
#include "support/tree.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace support {
namespace {

std::string word(std::uint64_t value) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string object(const Node& node) {
    std::string out = nar_string("(") + nar_string("type");
    switch (node.kind) {
        case Node::Kind::symlink: out += nar_string("symlink") + nar_string("target") + nar_string(node.bytes); break;
        case Node::Kind::directory:
            out += nar_string("directory");
            for (const Node& child : node.children)
                out += nar_string("entry") + nar_string("(") + nar_string("name") + nar_string(child.name) +
                       nar_string("node") + object(child) + nar_string(")");
            break;
        case Node::Kind::executable:
        case Node::Kind::regular:
            out += nar_string("regular");
            if (node.kind == Node::Kind::executable) out += nar_string("executable") + nar_string("");
            out += nar_string("contents") + nar_string(node.bytes);
            break;
    }
    return out + nar_string(")");
}

void put(std::string& block, std::size_t at, const std::string& bytes) { block.replace(at, bytes.size(), bytes); }

std::string octal(std::uint64_t value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
    return text;
}

std::string pax_record(const std::string& key, const std::string& value) {
    std::size_t rest = key.size() + value.size() + 3, length = rest + 1;
    while (std::to_string(length).size() + rest != length) ++length;
    return std::to_string(length) + " " + key + "=" + value + "\n";
}

void add(std::string& out, const Node& node, const std::string& path, TarStyle style) {
    std::string target = node.kind == Node::Kind::symlink ? node.bytes : std::string();
    if (target.size() > 100 && style == TarStyle::pax) {
        std::string records = pax_record("mtime", "1.5") + pax_record("linkpath", target);
        out += tar_header(style, "PaxHeaders/" + node.name, 'x', records.size()) + tar_padded(records);
    } else if (target.size() > 100 && style == TarStyle::gnu) {
        out += tar_header(style, "././@LongLink", 'K', target.size() + 1) + tar_padded(target + '\0');
    }
    switch (node.kind) {
        case Node::Kind::symlink: out += tar_header(style, path, '2', 0, target.substr(0, 100)); break;
        case Node::Kind::directory:
            out += tar_header(style, path + "/", '5', 0);
            for (const Node& child : node.children) add(out, child, path + "/" + child.name, style);
            break;
        case Node::Kind::executable:
        case Node::Kind::regular: out += tar_header(style, path, '0', node.bytes.size()) + tar_padded(node.bytes); break;
    }
}

}  // namespace

Node file(std::string name, std::string contents, bool executable) {
    return {std::move(name), executable ? Node::Kind::executable : Node::Kind::regular, std::move(contents), {}};
}
Node link(std::string name, std::string target) { return {std::move(name), Node::Kind::symlink, std::move(target), {}}; }
Node folder(std::string name, std::vector<Node> children) {
    return {std::move(name), Node::Kind::directory, {}, std::move(children)};
}

std::string nar_string(const std::string& bytes) {
    return word(bytes.size()) + bytes + std::string((8 - bytes.size() % 8) % 8, '\0');
}

std::string nar(const Node& root) { return nar_string("nix-archive-1") + object(root); }

std::string tar_header(TarStyle style, const std::string& path, char type, std::uint64_t size, const std::string& link) {
    std::string block(512, '\0');
    put(block, 0, path.substr(0, 100));
    put(block, 100, "0000644");
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, 124, octal(size, 11));
    put(block, 136, octal(1, 11));
    block[156] = style == TarStyle::v7 && type == '0' ? '\0' : type;
    put(block, 157, link);
    if (style == TarStyle::ustar || style == TarStyle::pax)
        put(block, 257,
            std::string("ustar\0"
                        "00",
                        8));
    if (style == TarStyle::gnu) put(block, 257, std::string("ustar  \0", 8));
    put(block, 148, std::string(8, ' '));
    std::uint64_t sum = 0;
    for (char each : block) sum += static_cast<unsigned char>(each);
    put(block, 148, octal(sum, 6) + std::string("\0 ", 2));
    return block;
}

std::string tar_padded(const std::string& contents) {
    return contents + std::string((512 - contents.size() % 512) % 512, '\0');
}

std::string tar(const Node& root, TarStyle style) {
    std::string out;
    add(out, root, root.name, style);
    return out + std::string(1024, '\0');
}

}  // namespace support
