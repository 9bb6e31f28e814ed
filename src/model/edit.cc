#include "model/edit.h"

#include <algorithm>

namespace hookreel::model {
namespace {

// Collects the files of a work.
struct Collect {
    std::vector<FileId>& files;

    void add(const FileId& file) const {
        if (std::ranges::find(files, file) == files.end()) files.push_back(file);
    }
    void operator()(const VideoItem& item) const { add(item.file); }
    void operator()(const AudioItem& item) const { add(item.file); }
    void operator()(const StickerItem& item) const { add(item.file); }
    void operator()(const TransitionItem&) const {}
    void operator()(const EmptyItem&) const {}

    void operator()(const Cut& cut) const {
        for (const CutPiece& piece : cut.pieces)
            add(piece.file);
    }
    void operator()(const Composition& composition) const {
        for (const Track& track : composition.tracks)
            for (const TrackItem& item : track.items)
                std::visit(*this, item);
    }
};

}  // namespace

std::vector<FileId> sources_of(const EditWork& work) {
    std::vector<FileId> files;
    std::visit(Collect{files}, work);
    return files;
}

}  // namespace hookreel::model
