// SPDX-License-Identifier: BSL-1.0
#include "support/trees.hpp"

#include <algorithm>

#include "support/random.hpp"

namespace support {
namespace {

void sort(std::vector<Node>& nodes) {
    std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.name < b.name; });
}

Node random_node(Random& random, std::string name, int depth) {
    switch (random.below(depth > 5 ? 4 : 7)) {
        case 0: return file(std::move(name), "");
        case 1: return file(std::move(name), std::string(random.below(300), 'x'), random.below(2) == 1);
        case 2: return link(std::move(name), "../" + std::string(random.below(40), 't'));
        case 3: return folder(std::move(name), {});
        default: break;
    }
    std::vector<Node> children;
    for (std::size_t i = 0, count = random.below(4); i < count; ++i)
        children.push_back(random_node(random, std::string(i + 1, 'n') + std::to_string(random.below(100)), depth + 1));
    sort(children);
    return folder(std::move(name), std::move(children));
}

}  // namespace

Node odd_tree() {
    std::vector<Node> names;
    for (const std::string& name : {std::string("-rf"),
                                    std::string("--"),
                                    std::string(" "),
                                    std::string("a\nb"),
                                    std::string("..."),
                                    std::string(".hidden"),
                                    std::string("\\x41"),
                                    std::string("~"),
                                    std::string("*"),
                                    std::string("\x01\x1b[31m"),
                                    std::string("\xff\xfe not UTF-8"),
                                    std::string("a\xcc\x82"),
                                    std::string("\xc3\xa2"),
                                    std::string("Z"),
                                    std::string("a"),
                                    std::string("a-b"),
                                    std::string("a.b"),
                                    std::string("ab"),
                                    std::string(255, 'n'),
                                    std::string(254, 'n')})
        names.push_back(file(name, name));
    sort(names);
    std::vector<Node> links = {link("absolute", "/etc/passwd"),
                               link("below", "x/y/z"),
                               link("dangling", "nowhere"),
                               link("itself", "itself"),
                               link("long", std::string(4000, 't')),
                               link("not UTF-8", "\xff\n"),
                               link("up", "../../../..")};
    std::vector<Node> sizes;
    for (std::size_t size : {0u, 1u, 7u, 8u, 9u, 15u, 16u, 17u, 4095u, 4096u, 4097u, 65536u})
        sizes.push_back(file("size-" + std::to_string(100000 + size), std::string(size, static_cast<char>('a' + size % 26))));
    return folder(
        "",
        {folder("empty", {}), folder("executables", {file("no", "#!/bin/sh\n"), file("yes", "#!/bin/sh\n", true)}),
         folder("links", std::move(links)), folder("names", std::move(names)),
         folder("nested", {folder("a", {folder("b", {folder("c", {})})}), file("b", "")}), folder("sizes", std::move(sizes))});
}

Node random_tree(std::uint64_t seed) {
    Random random(seed);
    return random_node(random, "", 0);
}

}  // namespace support
