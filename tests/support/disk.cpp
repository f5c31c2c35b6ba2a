// SPDX-License-Identifier: BSL-1.0
#include "support/disk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

void require(bool worked, const std::string& path) {
    if (!worked) throw std::runtime_error("cannot put on disk or read: " + path);
}

}  // namespace

void put_on_disk(const std::string& path, const Node& node) {
    switch (node.kind) {
        case Node::Kind::symlink: require(::symlink(node.bytes.c_str(), path.c_str()) == 0, path); break;
        case Node::Kind::directory:
            require(::mkdir(path.c_str(), 0777) == 0, path);
            for (const Node& child : node.children) put_on_disk(path + "/" + child.name, child);
            break;
        case Node::Kind::executable:
        case Node::Kind::regular: {
            std::ofstream out(path, std::ios::binary);
            out << node.bytes;
            out.close();
            require(out.good(), path);
            require(::chmod(path.c_str(), node.kind == Node::Kind::executable ? 0755 : 0644) == 0, path);
        }
    }
}

Node read_from_disk(const std::string& path) {
    std::filesystem::path at(path);
    std::filesystem::file_status status = std::filesystem::symlink_status(at);
    std::string name = at.filename().string();
    if (status.type() == std::filesystem::file_type::symlink) return link(name, std::filesystem::read_symlink(at).string());
    if (status.type() == std::filesystem::file_type::directory) {
        std::vector<Node> children;
        for (const auto& entry : std::filesystem::directory_iterator(at))
            children.push_back(read_from_disk(entry.path().string()));
        std::sort(children.begin(), children.end(), [](const Node& a, const Node& b) { return a.name < b.name; });
        return folder(name, std::move(children));
    }
    require(status.type() == std::filesystem::file_type::regular, path);
    std::ostringstream bytes;
    bytes << std::ifstream(at, std::ios::binary).rdbuf();
    bool executable = (status.permissions() & std::filesystem::perms::owner_exec) != std::filesystem::perms::none;
    return file(name, bytes.str(), executable);
}

}  // namespace support
