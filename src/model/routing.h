// Who must hear of an event, by the settings of its application. Pure rules.
#pragma once

#include "model/application.h"
#include "model/event.h"

namespace hookreel::model {

// The reel is pulled by the application, the endpoint is called by us.
enum class Recipient { nobody, reel, endpoint };

// In pull mode the reel, in push mode the endpoint when there is a URL (open point 11). The
// switches hold back their own kind of event only (Tencent ModifyEventConfig).
Recipient recipient(const EventSettings& settings, const Event& event);

// The one endpoint of an application's normal callback.
EndpointId callback_endpoint(ApplicationId application);

}  // namespace hookreel::model
