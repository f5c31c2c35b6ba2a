// SPDX-License-Identifier: BSL-1.0
#include "cli/layers.hpp"

#include <algorithm>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/sink.hpp>
#include <utility>

#include "codec/decompressor.hpp"
#include "codec/zip.hpp"

namespace reseal::cli {
namespace {

constexpr std::size_t head_size = std::max(codec::detect_bytes, codec::zip_magic.size());

struct TooMuch {};

}  // namespace

struct Layers::Shared {
    std::function<std::unique_ptr<LayerSearch>()> make;
    std::uint64_t max_expanded = 0;
    std::string path;            // of the file
    std::uint64_t expanded = 0;  // all that it has expanded to
    std::vector<Unread> unread;
};

/// A file, or what a layer of one expands to: finds out whether it is compressed, and if so searches what it expands to and
/// passes that on to the level below.
class Layers::Level final : public Sink {
public:
    Level(Shared& shared, std::size_t depth) : shared_(shared), depth_(depth) {}

    void begin(std::vector<PackedLayer> layers) {
        layers_ = std::move(layers);
        head_.clear();
        state_ = State::undecided;
    }

    void feed(std::string_view bytes) {
        if (state_ == State::undecided) {
            const std::size_t more = std::min(head_size - head_.size(), bytes.size());
            head_.append(bytes.substr(0, more));
            bytes.remove_prefix(more);
            if (head_.size() < head_size) return;
            decide();
        }
        expand(bytes);
    }

    void end() {
        if (state_ == State::undecided) decide();
        attempt([this] {
            if (decompressor_) return decompressor_->finish();
            zip_->end();
            judge_zip();
        });
        close();
        give_up();
    }

    /// No more of it, but what was found in it counts.
    void give_up() {
        state_ = State::over;
        if (below_) below_->give_up();
        close();
        decompressor_.reset();
        zip_.reset();
    }

private:
    enum class State { undecided, compressed, over };

    void decide() {
        const codec::Compression compression = codec::detect(head_);
        const bool zip = head_.starts_with(codec::zip_magic);
        state_ = State::over;
        if (!zip && compression == codec::Compression::none) return;
        if (depth_ == inside_max_layers)
            return unread(layers_, "there is a layer more than the " + std::to_string(depth_) + " that are looked into", true);
        state_ = State::compressed;
        if (zip) zip_.emplace();
        else decompressor_.emplace(compression, *this, std::string());
        if (!zip) open({std::string(codec::name(compression)), {}});
        expand(head_);
    }

    void expand(std::string_view bytes) {
        attempt([&] {
            if (decompressor_) decompressor_->write(bytes);
            else expand_zip(bytes);
        });
    }

    void expand_zip(std::string_view bytes) {
        zip_->feed(bytes);
        codec::Zip::Piece piece;
        while (zip_->next(piece)) {
            if (piece.first) open({zip_->stored() ? "zip, stored" : "zip", zip_->name()});
            write(piece.bytes);
            if (!piece.unread.empty()) {
                unread(open_, "the member " + std::string(piece.unread), piece.by_us);
                below_->give_up();
            }
            if (piece.last) close();
        }
        judge_zip();
    }

    void judge_zip() {
        if (zip_->malformed()) throw Error(ErrorCode::malformed, "the zip file " + *zip_->malformed());
    }

    /// A compressed stream that is broken is broken for this level only: the one around it may well be whole.
    template <class Work>
    void attempt(Work work) {
        if (state_ != State::compressed) return;
        try {
            work();
        } catch (const Error& error) {
            if (error.error() != ErrorCode::malformed) throw;
            unread(decompressor_ ? open_ : layers_, error.what(), false);
            give_up();
        } catch (const TooMuch&) {
            if (depth_ > 0) throw;
            unread({}, "expands to more than " + std::to_string(shared_.max_expanded) + " bytes", true);
            give_up();
        }
    }

    void open(PackedLayer layer) {
        open_ = layers_;
        open_.push_back(std::move(layer));
        is_open_ = true;
        if (!search_) search_ = shared_.make();
        if (!below_) below_ = std::make_unique<Level>(shared_, depth_ + 1);
        below_->begin(open_);
    }

    void close() {
        if (!std::exchange(is_open_, false)) return;
        below_->end();
        search_->end(shared_.path, open_);
    }

    void write(std::string_view bytes) override {
        if (bytes.size() > shared_.max_expanded - shared_.expanded) throw TooMuch();
        shared_.expanded += bytes.size();
        search_->write(bytes);
        below_->feed(bytes);
    }

    void unread(const std::vector<PackedLayer>& layers, std::string why, bool by_us) {
        shared_.unread.push_back({shared_.path, layers, std::move(why), by_us});
    }

    Shared& shared_;
    std::size_t depth_;
    std::vector<PackedLayer> layers_;  // that lead here
    std::string head_;
    State state_ = State::over;
    std::optional<codec::Decompressor> decompressor_;
    std::optional<codec::Zip> zip_;
    // What is being expanded: the whole of it, or a member.
    std::vector<PackedLayer> open_;
    bool is_open_ = false;
    std::unique_ptr<LayerSearch> search_;
    std::unique_ptr<Level> below_;
};

Layers::Layers(std::function<std::unique_ptr<LayerSearch>()> make, std::uint64_t max_expanded)
    : shared_(std::make_unique<Shared>()), outermost_(std::make_unique<Level>(*shared_, 0)) {
    shared_->make = std::move(make);
    shared_->max_expanded = max_expanded;
}
Layers::~Layers() = default;

void Layers::begin(std::string path) {
    shared_->path = std::move(path);
    shared_->expanded = 0;
    outermost_->begin({});
}
void Layers::write(std::string_view bytes) { outermost_->feed(bytes); }
void Layers::end() { outermost_->end(); }

const std::vector<Unread>& Layers::unread() const { return shared_->unread; }
std::uint64_t Layers::expanded() const { return shared_->expanded; }

}  // namespace reseal::cli
