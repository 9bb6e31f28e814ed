// Templates of one's own with the official Node SDK. Arguments: address, key id, key. Prints what
// the test looks at as JSON.
const { vod } = require("tencentcloud-sdk-nodejs-vod");

const [address, secretId, secretKey] = process.argv.slice(2);
const client = new vod.v20180717.Client({
  credential: { secretId, secretKey },
  region: "",
  profile: { httpProfile: { endpoint: address, protocol: "http://" } },
});

async function main() {
  const transcode = await client.CreateTranscodeTemplate({
    Container: "hls",
    Name: "stream",
    VideoTemplate: { Codec: "libx264", Fps: 25, Bitrate: 500, Width: 0, Height: 240, HlsTime: 2 },
    AudioTemplate: { Codec: "libfdk_aac", Bitrate: 64, SampleRate: 48000, AudioChannel: 2 },
  });
  const snapshot = await client.CreateSnapshotByTimeOffsetTemplate({ Format: "webp" });
  const sprite = await client.CreateImageSpriteTemplate({
    SampleType: "Percent", SampleInterval: 10, RowCount: 2, ColumnCount: 5, Width: 128,
  });
  const own = { Type: "Custom" };
  const listed = await Promise.all([
    client.DescribeTranscodeTemplates(own),
    client.DescribeSnapshotByTimeOffsetTemplates(own),
    client.DescribeImageSpriteTemplates(own),
  ]);
  const refused = await client.CreateTranscodeTemplate({ Container: "avi" }).then(
    () => "no error",
    (error) => error.code,
  );
  console.log(JSON.stringify({
    made: [transcode, snapshot, sprite].map((answer) => answer.Definition),
    transcode: listed[0].TranscodeTemplateSet[0],
    snapshot: listed[1].SnapshotByTimeOffsetTemplateSet[0],
    sprite: listed[2].ImageSpriteTemplateSet[0],
    refused,
  }));
}

main();
