// The tutorial with the official Node SDKs. Arguments: address, key id, key, a video, and the URL
// of a receiver, or nothing for the reliable callback. Prints what the test looks at as JSON.
const fs = require("node:fs");
const { vod } = require("tencentcloud-sdk-nodejs-vod");
const COS = require("cos-nodejs-sdk-v5");

const [address, secretId, secretKey, video, receiver] = process.argv.slice(2);
const client = new vod.v20180717.Client({
  credential: { secretId, secretKey },
  region: "",
  profile: { httpProfile: { endpoint: address, protocol: "http://" } },
});

async function upload(way) {
  const applied = await client.ApplyUpload({ MediaType: "wmv", MediaName: `by ${way}` });
  const cos = new COS({
    SecretId: applied.TempCertificate.SecretId,
    SecretKey: applied.TempCertificate.SecretKey,
    SecurityToken: applied.TempCertificate.Token,
    Protocol: "http:",
    Domain: `${address}/cos/{Bucket}`,
  });
  const object = {
    Bucket: applied.StorageBucket,
    Region: applied.StorageRegion,
    Key: applied.MediaStoragePath.slice(1),
  };
  const progress = [];
  if (way === "putObject") {
    await cos.putObject({ ...object, Body: fs.createReadStream(video) });
  } else {
    await cos.sliceUploadFile({
      ...object, FilePath: video, ChunkSize: 1024 * 1024, AsyncLimit: 3,
      onProgress: (state) => progress.push(state.percent),
    });
  }
  const head = await cos.headObject(object);
  const committed = await client.CommitUpload({ VodSessionKey: applied.VodSessionKey });
  return { fileId: committed.FileId, url: committed.MediaUrl, progress,
           length: head.headers["content-length"] };
}

// As an application does: an empty queue is asked again, each batch is confirmed at once.
async function pullAndConfirm(count) {
  const events = [];
  for (let turn = 0; turn < 60 && events.length < count; turn++) {
    const batch = await client.PullEvents({}).catch((error) => {
      if (error.code !== "ResourceNotFound") throw error;
      return { EventSet: [] };
    });
    if (batch.EventSet.length === 0) continue;
    const handles = batch.EventSet.map((event) => event.EventHandle);
    await client.ConfirmEvents({ EventHandles: handles });
    events.push(...batch.EventSet);
  }
  return events;
}

async function main() {
  await client.ModifyEventConfig({
    Mode: receiver ? "PUSH" : "PULL", NotificationUrl: receiver || "",
    UploadMediaCompleteEventSwitch: "ON",
  });
  const uploads = [await upload("putObject"), await upload("sliceUploadFile")];
  const { TaskId } = await client.ProcessMedia({
    FileId: uploads[0].fileId,
    MediaProcessTask: {
      TranscodeTaskSet: [{ Definition: 10 }],
      CoverBySnapshotTaskSet: [{ Definition: 10, PositionType: "Time", PositionValue: 1 }],
    },
  });
  const events = [];
  let empty = null;
  if (!receiver) {
    events.push(...(await pullAndConfirm(3)));
    empty = await client.PullEvents({}).catch((error) => error.code);
  }
  const config = await client.DescribeEventConfig({});
  console.log(JSON.stringify({ uploads, task: TaskId, events, empty, mode: config.Mode }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
