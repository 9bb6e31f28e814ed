#include "dialect/tencent_vod/rights.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dialect/tencent_vod/protocol/schema.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using model::Right;

TEST(Rights, ReadOnlyLooks) {
    for (const char* action : {"DescribeMediaInfos", "DescribeTasks", "DescribeTranscodeTemplates",
                               "DescribeWatermarkTemplates", "DescribeHeadTailTemplates",
                               "DescribeSubAppIds", "ParseStreamingManifest", "SearchMedia"})
        EXPECT_EQ(right_of(action), Right::read) << action;
    for (const schema::Action& action : schema::actions())
        if (right_of(action.name) == Right::read)
            for (const char* verb : {"Create", "Delete", "Modify", "Process", "Reset", "Manage"})
                EXPECT_FALSE(action.name.starts_with(verb)) << action.name;
}

TEST(Rights, AreOneFamilyEach) {
    EXPECT_EQ(right_of("ApplyUpload"), Right::upload);
    EXPECT_EQ(right_of("PullUpload"), Right::upload);
    EXPECT_EQ(right_of("PullEvents"), Right::events);
    EXPECT_EQ(right_of("ModifyEventConfig"), Right::events);
    EXPECT_EQ(right_of("DescribeEventConfig"), Right::events);
    EXPECT_EQ(right_of("CreateSubAppId"), Right::applications);
    for (const char* action :
         {"ProcessMedia", "EditMedia", "ComposeMedia", "DeleteMedia", "ModifyMediaInfo",
          "ManageTask", "CreateProcedureTemplate", "CreateWatermarkTemplate",
          "ModifyWatermarkTemplate", "DeleteWatermarkTemplate", "CreateHeadTailTemplate",
          "ModifyHeadTailTemplate", "DeleteHeadTailTemplate"})
        EXPECT_EQ(right_of(action), Right::write) << action;
}

// Who may only look must not gain by an action that is not known here.
TEST(Rights, OfAnUnknownActionIsTheStrongerOne) {
    EXPECT_EQ(right_of("RestoreMedia"), Right::write);
    EXPECT_EQ(right_of(""), Right::write);
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
