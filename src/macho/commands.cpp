// SPDX-License-Identifier: BSL-1.0
#include "macho/commands.hpp"

#include "bytes/reader.hpp"
#include "macho/constants.hpp"

namespace reseal::macho {

std::optional<Start> read_start(std::string_view head) {
    for (bytes::Order order : {bytes::Order::little, bytes::Order::big}) {
        std::uint32_t magic = bytes::Reader(head, order).u32();
        if (magic == thin_magic_32 || magic == thin_magic_64) return Start{order, magic == thin_magic_64};
    }
    return {};
}

Commands::Commands(std::string_view head) : head_(head), start_(read_start(head)) {
    if (!start_ || head.size() < start_->size()) {
        start_.reset();
        return;
    }
    left_ = bytes::load<std::uint32_t>(head.data() + 16, start_->order);
    const auto size = bytes::load<std::uint32_t>(head.data() + 20, start_->order);
    at_ = start_->size();
    if (size <= head.size() - at_ && size <= max_load_commands) end_ = at_ + size;
    else end_ = at_;
}

std::optional<Command> Commands::next() {
    if (left_ == 0 || end_ - at_ < 8) return {};
    bytes::Reader reader(head_.substr(at_, end_ - at_), start_->order);
    const std::uint32_t cmd = reader.u32(), size = reader.u32();
    if (size < 8 || size % 4 != 0 || size > end_ - at_) return {};
    Command command{cmd, at_, head_.substr(at_, size)};
    at_ += size;
    --left_;
    return command;
}

}  // namespace reseal::macho
