// The kinds of event on the wire: the name, and the member of EventContent that holds its content.
//
// The names are irregular and copied as they are (spec c.1, c.2). The types of the members are in
// the schema, under EventContent.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "model/event.h"

namespace hookreel::dialect::tencent_vod {

struct EventType {
    std::string_view name;     // EventType
    std::string_view member;   // Of EventContent.
    std::string_view neutral;  // model::type of the event, or empty when it is not rendered yet.
};

inline constexpr std::array<EventType, 35> event_types = {{
    {"NewFileUpload", "FileUploadEvent", model::FileUploaded::type},
    {"PullComplete", "PullCompleteEvent", model::MediaPulled::type},
    {"FileDeleted", "FileDeleteEvent", model::MediaDeleted::type},
    {"ProcedureStateChanged", "ProcedureStateChangeEvent", model::ProcedureChanged::type},
    {"EditMediaComplete", "EditMediaCompleteEvent", model::MediaEdited::type},
    {"ComposeMediaComplete", "ComposeMediaCompleteEvent", model::MediaComposed::type},
    {"SplitMediaComplete", "SplitMediaCompleteEvent", ""},
    {"RestoreMediaComplete", "RestoreMediaCompleteEvent", ""},
    {"WechatPublishComplete", "WechatPublishCompleteEvent", ""},
    {"WechatMiniProgramPublishComplete", "WechatMiniProgramPublishCompleteEvent", ""},
    {"RemoveWatermark", "RemoveWatermarkCompleteEvent", "media.watermark_removed"},
    {"RebuildMediaComplete", "RebuildMediaCompleteEvent", ""},
    {"ReviewAudioVideoComplete", "ReviewAudioVideoCompleteEvent", "media.reviewed"},
    {"ExtractTraceWatermarkComplete", "ExtractTraceWatermarkCompleteEvent",
     "media.trace_watermark_read"},
    {"ExtractCopyRightWatermarkComplete", "ExtractCopyRightWatermarkCompleteEvent",
     "media.copyright_watermark_read"},
    {"ExtractBlindWatermarkComplete", "ExtractBlindWatermarkComplete", ""},
    {"DescribeFileAttributesComplete", "DescribeFileAttributesCompleteEvent", ""},
    {"QualityInspectComplete", "QualityInspectCompleteEvent", "media.inspected"},
    {"QualityEnhanceComplete", "QualityEnhanceCompleteEvent", "media.enhanced"},
    {"MediaCastStatusChanged", "MediaCastStatusChangedEvent", ""},
    {"PersistenceComplete", "PersistenceCompleteEvent", ""},
    {"ComplexAdaptiveDynamicStreamingComplete", "ComplexAdaptiveDynamicStreamingCompleteEvent", ""},
    {"ProcessMediaByMPSComplete", "ProcessMediaByMPSCompleteEvent", ""},
    {"AigcImageTaskComplete", "AigcImageCompleteEvent", "image.generated"},
    {"AigcVideoTaskComplete", "AigcVideoCompleteEvent", "video.generated"},
    {"SceneAigcImageCompleteEvent", "SceneAigcImageCompleteEvent", ""},
    {"ProcessImageAsyncCompleteEvent", "ProcessImageAsyncCompleteEvent", ""},
    {"CreateAigcAdvancedCustomElementCompleteEvent", "CreateAigcAdvancedCustomElementCompleteEvent",
     ""},
    {"CreateAigcCustomVoiceCompleteEvent", "CreateAigcCustomVoiceCompleteEvent", ""},
    {"DescribeAigcFaceInfoAsyncComplete", "DescribeAigcFaceInfoAsyncCompleteEvent", ""},
    {"TranscodeComplete", "TranscodeCompleteEvent", ""},
    {"ConcatComplete", "ConcatCompleteEvent", ""},
    {"ClipComplete", "ClipCompleteEvent", ""},
    {"CreateImageSpriteComplete", "CreateImageSpriteCompleteEvent", ""},
    {"CreateSnapshotByTimeOffsetComplete", "SnapshotByTimeOffsetCompleteEvent", ""},
}};

// Null when no such event is on the wire.
constexpr const EventType* find_event_type(std::string_view name) {
    const auto found = std::ranges::find(event_types, name, &EventType::name);
    return found == event_types.end() ? nullptr : &*found;
}

}  // namespace hookreel::dialect::tencent_vod
